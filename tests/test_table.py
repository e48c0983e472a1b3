"""One row a call: what each column holds, as CSV and as a data frame."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace

import pytest
from conversations import agent, customer, dialogue, heard_call, small_talk

from calltone.analysis.judge import failed, judge
from calltone.analysis.results import CallScore
from calltone.analysis.rubric import DIMENSIONS
from calltone.analysis.settings import Settings
from calltone.analysis.table import COLUMNS, to_csv, to_frame, to_row

HEARD = heard_call(
    dialogue(
        [
            agent("Thank you for calling Brightline, how can I help you?"),
            *small_talk(4),
            customer("The boiler is cold and I'm so upset about this."),
            agent("I'm so sorry about the cold boiler. What happened?", "flat"),
            customer("Thank you so much."),
            agent("You're welcome.", wait_s=1.25),
        ]
    )
)
CALL = judge(HEARD, "team/a.wav", Settings(), {"team": "north", "agent": "Chris"})
FAILED = failed("b.wav", Settings(), HEARD.engine, "b.wav is empty", {"agent": "Dana"})
MONO = replace(HEARD, sound=replace(HEARD.sound, channels=HEARD.sound.channels[:1]))


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_columns_as_documented() -> None:
    sides = ("words", "tone", "together")
    assert (
        "file", "status", "reasons", "words", "tone", "words_and_tone",
        *(f"{name}_{side}" for name in DIMENSIONS for side in sides),
        "moments", "mismatches", "duration_s", "agent_speech_s", "customer_speech_s",
        "interruptions", "median_wait_s", "agent_channel", "role_confidence", "language",
        "engine", "model", "sha256", "fingerprint",
    ) == COLUMNS  # fmt: skip
    assert len(set(COLUMNS)) == len(COLUMNS) == 38


class TestRow:
    def test_every_column_of_a_scored_call_has_the_value_of_the_result(self) -> None:
        row = to_row(CALL)
        assert tuple(row) == (*COLUMNS, "team", "agent")
        assert CALL.talk is not None
        assert CALL.roles is not None
        expected = {
            "file": "team/a.wav",
            "status": "scored",
            "reasons": "",
            "words": CALL.words,
            "tone": CALL.tone,
            "words_and_tone": CALL.words_and_tone,
            "moments": 1,
            "mismatches": 1,
            "duration_s": round(HEARD.facts.duration_s, 2),
            "agent_speech_s": CALL.talk.agent_s,
            "customer_speech_s": CALL.talk.customer_s,
            "interruptions": 0,
            "median_wait_s": CALL.talk.median_wait_s,
            "agent_channel": "left",
            "role_confidence": CALL.roles.confidence,
            "language": "en",
            "engine": "none",
            "model": "script",
            "sha256": HEARD.facts.sha256,
            "fingerprint": CALL.fingerprint,
            "team": "north",
            "agent": "Chris",
        }
        for dimension in CALL.dimensions:
            assert dimension.words is not None
            assert dimension.tone is not None
            expected[f"{dimension.name}_words"] = dimension.words.score
            expected[f"{dimension.name}_tone"] = dimension.tone.score
            expected[f"{dimension.name}_together"] = dimension.together
        assert row == expected

    def test_agent_on_the_right_channel(self) -> None:
        call = judge(HEARD, "a.wav", Settings(agent_channel="right"))
        assert to_row(call)["agent_channel"] == "right"

    def test_failed_recording_knows_only_why(self) -> None:
        row = to_row(FAILED)
        known = {name: value for name, value in row.items() if value is not None}
        assert known == {
            "file": "b.wav",
            "status": "failed",
            "reasons": "b.wav is empty",
            "moments": 0,
            "mismatches": 0,
            "fingerprint": FAILED.fingerprint,
            "agent": "Dana",
        }

    def test_unusable_sound_has_facts_and_no_scores(self) -> None:
        row = to_row(judge(MONO, "m.wav", Settings()))
        assert row["status"] == "not scored"
        assert row["duration_s"] == round(HEARD.facts.duration_s, 2)
        assert row["words"] is row["tone"] is row["agent_channel"] is row["agent_speech_s"] is None

    def test_dimension_that_does_not_apply_is_unknown_not_nought(self) -> None:
        calm = heard_call(dialogue([agent("How can I help you?"), *small_talk()]))
        row = to_row(judge(calm, "c.wav", Settings()))
        assert row["validating_words"] is row["validating_together"] is None
        assert row["unhurried_words"] == 100

    def test_several_reasons_stand_in_one_cell(self) -> None:
        short = replace(MONO, facts=replace(MONO.facts, duration_s=2.0))
        assert to_row(judge(short, "m.wav", Settings()))["reasons"] == (
            "too short: 2.0 s, expected at least 5 s; one channel, speakers not separated"
        )

    def test_metadata_cannot_replace_a_score(self) -> None:
        row = to_row(replace(CALL, metadata={"words": "100", "file": "x", "shift": "late"}))
        assert (row["words"], row["file"], row["shift"]) == (CALL.words, "team/a.wav", "late")


class TestCsv:
    def test_metadata_of_all_calls_comes_last_and_sorted(self) -> None:
        other = replace(CALL, metadata={"shift": "late"})
        header = to_csv([to_row(CALL), to_row(other), to_row(FAILED)]).splitlines()[0].split(",")
        assert header == [*COLUMNS, "agent", "shift", "team"]

    def test_rows_come_back(self) -> None:
        first, second = read(to_csv([to_row(CALL), to_row(FAILED)]))
        assert (first["file"], first["words"]) == ("team/a.wav", str(CALL.words))
        assert (second["words"], second["sha256"], second["team"]) == ("", "", "")

    def test_no_calls_leave_the_header(self) -> None:
        assert to_csv([]) == ",".join(COLUMNS) + "\n"

    def test_lines_end_the_same_on_every_system(self) -> None:
        text = to_csv([to_row(CALL)])
        assert "\r" not in text
        assert text.count("\n") == 2

    @pytest.mark.parametrize("text", ["=cmd()", "+1", "-1+2", "@SUM(A1)", "\tx", "\rx"])
    def test_text_that_a_spreadsheet_would_run_is_disarmed(self, text: str) -> None:
        risky = replace(CALL, file=text, metadata={"agent": text})
        (row,) = read(to_csv([to_row(risky)]))
        assert row["file"] == row["agent"] == f"'{text}".replace("\r", " ")

    @pytest.mark.parametrize("text", ["a=b", 'say "hi", please', "a\nb", "5-3", "Zoë"])
    def test_other_text_stays_as_it_is(self, text: str) -> None:
        (row,) = read(to_csv([to_row(replace(CALL, metadata={"agent": text}))]))
        assert row["agent"] == text

    def test_carriage_return_does_not_break_the_row(self) -> None:
        (row,) = read(to_csv([to_row(replace(CALL, metadata={"agent": "a\rb"}))]))
        assert row["agent"] == "a b"

    def test_negative_number_is_no_formula(self) -> None:
        assert CALL.talk is not None
        early = replace(CALL, talk=replace(CALL.talk, median_wait_s=-0.25))
        (row,) = read(to_csv([to_row(early)]))
        assert row["median_wait_s"] == "-0.25"


class TestFrame:
    @pytest.mark.parametrize("calls", [[CALL, FAILED], [FAILED], [CALL], []])
    def test_numbers_are_floats_whatever_is_unknown(self, calls: list[CallScore]) -> None:
        frame = to_frame(calls)
        scores = [name for name in COLUMNS if name.endswith(("words", "tone", "together"))]
        for name in [*scores, "duration_s", "median_wait_s", "interruptions"]:
            assert frame[name].dtype == float
        assert len(frame) == len(calls)

    def test_frame_has_the_columns_and_values_of_the_rows(self) -> None:
        frame = to_frame(iter([CALL, FAILED]))
        assert list(frame.columns) == [*COLUMNS, "agent", "team"]
        assert list(frame["file"]) == ["team/a.wav", "b.wav"]
        assert frame["words_and_tone"][0] == CALL.words_and_tone
        assert frame["words_and_tone"].isna().tolist() == [False, True]
        assert frame["team"].isna().tolist() == [False, True]
        assert frame["moments"].tolist() == [1, 0]

    def test_frame_is_not_disarmed(self) -> None:
        risky = replace(CALL, metadata={"agent": "=cmd()"})
        assert to_frame([risky])["agent"][0] == "=cmd()"

    def test_without_pandas_the_install_command_is_named(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "pandas", None)
        with pytest.raises(ModuleNotFoundError) as raised:
            to_frame([CALL])
        assert str(raised.value) == "to_frame needs pandas: pip install 'calltone[table]'"
        assert raised.value.name == "pandas"

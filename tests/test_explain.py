"""The judgement in plain text: all of it, in the words and at the times of the call."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conversations import agent, customer, dialogue, heard_call, small_talk

from calltone.analysis.explain import WIDTH, clock, explain
from calltone.analysis.judge import failed, judge
from calltone.analysis.results import NOTICE
from calltone.analysis.settings import Settings

UPSET = "The boiler is cold and I'm so upset about this."
ANSWER = "I'm so sorry about the cold boiler."
TURNS = dialogue(
    [
        agent("Thank you for calling Brightline, how can I help you?"),
        *small_talk(6),
        customer(UPSET, "raised"),
        agent(f"{ANSWER} I'll send an engineer today.", "flat"),
        customer("And I have a very long story to tell about it, which goes on and on. " * 6),
        agent("We open at nine o'clock.", wait_s=-1.5),
        customer("Thank you so much."),
    ]
)
HEARD = heard_call(TURNS)
CALL = judge(HEARD, "a.wav", Settings(), {"agent": "Chris"})
TEXT = explain(CALL)


def lines(text: str) -> list[str]:
    return text.splitlines()


def flat(text: str) -> str:
    """Return a text with its lines joined again."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00.0"),
        (0.04, "0:00.0"),
        (5.5, "0:05.5"),
        (59.99, "0:59.9"),
        (60, "1:00.0"),
        (65.25, "1:05.2"),
        (600.1, "10:00.1"),
        (3661.3, "61:01.3"),
    ],
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_no_tenth_of_a_second_is_lost_to_binary_numbers() -> None:
    for tenths in range(20_000):
        assert clock(tenths / 10) == f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


class TestHead:
    def test_file_status_scores_and_roles_come_first(self) -> None:
        assert CALL.words is not None
        assert CALL.tone is not None
        assert CALL.words_and_tone is not None
        assert lines(TEXT)[:4] == [
            "a.wav: scored",
            f"words {CALL.words:.0f}, tone {CALL.tone:.0f}, "
            f"words and tone {CALL.words_and_tone:.0f}, out of 100",
            "agent Chris",
            "agent: left channel (said “Thank you for calling”; confidence 0.99)",
        ]
        assert "interruptions by the agent: 1; answers after" in TEXT

    def test_reasons_are_listed(self) -> None:
        cut = replace(HEARD, facts=replace(HEARD.facts, cut_short_s=12.0, lost_s=1.0))
        assert lines(explain(judge(cut, "a.wav", Settings())))[:3] == [
            "a.wav: caution",
            "  - the recording breaks off 12.0 s early",
            "  - 1.0 s of the recording could not be decoded",
        ]

    def test_call_that_is_not_scored_shows_no_scores(self) -> None:
        text = explain(judge(replace(HEARD, language="it"), "a.wav", Settings()))
        assert lines(text)[:2] == [
            "a.wav: not scored",
            "  - words not scored: the call is in Italian",
        ]
        assert "out of 100" not in text
        assert "tone " in text

    def test_failed_recording(self) -> None:
        call = failed("a.wav", Settings(), HEARD.engine, "a.wav is empty", {})
        assert explain(call, transcript=True) == (f"a.wav: failed\n  - a.wav is empty\n\n{NOTICE}")

    def test_agent_who_never_answers_has_no_median(self) -> None:
        heard = heard_call(dialogue([agent(f"How can I help you? {ANSWER} " * 2), customer(UPSET)]))
        text = explain(judge(heard, "a.wav", Settings()))
        assert "interruptions by the agent: 0\n" in text


class TestMoments:
    def test_need_and_answer_are_quoted_with_their_times(self) -> None:
        need = next(turn for turn in TURNS if turn.text == UPSET)
        reply = next(turn for turn in TURNS if turn.text.startswith(ANSWER))
        assert f"MOMENT 1, {clock(need.start_s)} to " in TEXT
        assert f"customer, {clock(need.start_s)}: “{UPSET}”" in TEXT
        assert f"agent, {clock(reply.start_s)}: “{ANSWER}” [apologise: “I'm so sorry”]" in TEXT
        assert "calls for empathy (" in TEXT
        assert "(“I'm so upset”)" in TEXT
        assert "against the customer's usual" in flat(TEXT)

    def test_mismatch_is_told(self) -> None:
        assert "MISMATCH: the words care, the voice does not follow" in TEXT

    def test_every_part_of_every_score_is_there(self) -> None:
        joined = flat(TEXT)
        for dimension in CALL.dimensions:
            assert f"{dimension.name} (weight {dimension.weight:g}):" in joined
            for side in (dimension.words, dimension.tone):
                for part in side.parts if side else ():
                    assert f"{part.points:+.2f} {part.reason}" in joined
                    if part.quote:
                        assert f"“{part.quote.strip()}" in joined

    def test_measured_parts_show_value_unit_and_limit(self) -> None:
        assert "talks over the customer for 1.5 s" in TEXT
        assert "(1.5 s; held against 0.5)" in flat(TEXT)
        assert "syllables a second; held against 4.5)" in flat(TEXT)

    def test_dimension_that_does_not_apply_says_why(self) -> None:
        calm = heard_call(dialogue([agent("How can I help you?"), *small_talk()]))
        text = explain(judge(calm, "a.wav", Settings()))
        line = "validating (weight 25): not applicable: nothing in the call asks for empathy"
        assert line in lines(text)
        assert "MOMENT" not in text

    def test_sums_can_be_done_again_by_hand(self) -> None:
        for name, score in (
            ("words", CALL.words),
            ("tone", CALL.tone),
            ("words and tone", CALL.words_and_tone),
        ):
            (told,) = [
                part for part in flat(TEXT).split(") / ") if f" {name} {score:.2f} = (" in part
            ]
            addends = told.rsplit("= (", 1)[1].split(" + ")
            pairs = [tuple(map(float, addend.split(" x "))) for addend in addends]
            weight = sum(pair[0] for pair in pairs)
            total = sum(pair[0] * pair[1] for pair in pairs)
            assert total / weight == pytest.approx(score, abs=0.005)
            assert f") / {weight:g}" in flat(TEXT)


class TestForm:
    def test_notice_comes_last(self) -> None:
        assert lines(TEXT)[-2:] == ["", NOTICE]
        assert lines(explain(CALL, transcript=True))[-1] == NOTICE

    def test_no_line_is_too_long(self) -> None:
        odd = replace(
            CALL,
            file="team/" * 40 + "a.wav",
            metadata={"agent": "Chris " * 30, "note": "x" * 250},
            roles=replace(CALL.roles, source="said “" + "for security " * 20)
            if CALL.roles
            else None,
        )
        for line in lines(explain(odd, transcript=True)):
            assert len(line) <= WIDTH == 100

    def test_no_points_are_minus_nothing(self) -> None:
        assert "-0.00" not in TEXT


class TestTranscript:
    def test_transcript_names_the_speakers(self) -> None:
        text = explain(CALL, transcript=True)
        assert f"0:00.0 agent: {TURNS[0].text}" in lines(text)
        assert f"{clock(TURNS[2].start_s)} customer: {TURNS[2].text}" in lines(text)
        assert "TRANSCRIPT" not in TEXT

    def test_all_that_was_said_is_there(self) -> None:
        text = flat(explain(CALL, transcript=True).split("TRANSCRIPT")[1])
        for turn in TURNS:
            assert flat(turn.text) in text

    def test_sound_without_words_is_a_gap(self) -> None:
        heard = heard_call([*TURNS, *dialogue([agent("", length_s=2.0)], start_s=500.0)])
        text = explain(judge(heard, "a.wav", Settings()), transcript=True)
        assert "8:20.0 agent: …" in lines(text)

    def test_refused_call_names_channels_or_just_a_speaker(self) -> None:
        same = replace(HEARD, sound=replace(HEARD.sound, correlation=1.0))
        text = explain(judge(same, "a.wav", Settings()), transcript=True)
        assert f"0:00.0 left: {TURNS[0].text}" in lines(text)
        assert f"{clock(TURNS[2].start_s)} right: {TURNS[2].text}" in lines(text)
        mono = replace(
            HEARD,
            facts=replace(HEARD.facts, channels=1),
            sound=replace(HEARD.sound, channels=HEARD.sound.channels[:1]),
        )
        text = explain(judge(mono, "a.wav", Settings()), transcript=True)
        assert f"0:00.0 speaker: {TURNS[0].text}" in lines(text)

"""The fixture calls through the whole of calltone, with real Whisper: what a user would see."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import jiwer
import pytest
from click.testing import CliRunner
from conftest import FIXTURES, ScoredFixtures, score_arguments

import calltone
from calltone.analysis.results import CallScore, Dimension
from calltone.analysis.status import SCORED_LANGUAGE
from calltone.cli import main

pytestmark = [pytest.mark.whisper, pytest.mark.timeout(600)]

TRUTH = json.loads((FIXTURES / "calls" / "transcripts.json").read_text())
SAME_WORDS = ("late-gift-warm", "late-gift-flat", "late-gift-hurried", "late-gift-raised")
STOCK = ("stock-sentence-1", "stock-sentence-2", "stock-sentence-3")
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
IN_ENGLISH = sorted(set(TRUTH) - {"italian"})


def both(call: CallScore) -> float:
    assert call.words_and_tone is not None
    return call.words_and_tone


def dimension(call: CallScore, name: str) -> Dimension:
    return next(d for d in call.dimensions if d.name == name)


def tone(call: CallScore, name: str) -> float:
    side = dimension(call, name).tone
    assert side is not None
    return side.score


def words(call: CallScore, name: str) -> float:
    side = dimension(call, name).words
    assert side is not None
    return side.score


def agent_words(call: CallScore) -> set[str]:
    return {b.name for m in call.moments for said in m.response for b in said.behaviours}


# What the recordings are scored


@pytest.mark.parametrize("worse", ["flat", "hurried", "raised"])
def test_the_same_words_score_less_when_the_voice_is(scored: ScoredFixtures, worse: str) -> None:
    warm, other = scored.calls["late-gift-warm"], scored.calls[f"late-gift-{worse}"]
    assert both(warm) > both(other)
    assert warm.words is not None
    assert other.words == pytest.approx(warm.words, abs=2)


def test_the_voice_loses_where_it_differs(scored: ScoredFixtures) -> None:
    warm = scored.calls["late-gift-warm"]
    assert tone(scored.calls["late-gift-flat"], "genuine") < tone(warm, "genuine") - 20
    assert tone(scored.calls["late-gift-raised"], "validating") < tone(warm, "validating") - 20
    assert tone(scored.calls["late-gift-hurried"], "unhurried") < tone(warm, "unhurried") - 10


def test_warm_voice_does_not_make_good_dismissive_words(scored: ScoredFixtures) -> None:
    dismissive = scored.calls["late-gift-warm-voice-dismissive-words"]
    assert both(dismissive) < both(scored.calls["late-gift-flat"])
    assert both(dismissive) < 50
    assert tone(dismissive, "validating") > 60
    assert agent_words(dismissive) >= {"dismiss", "blame"}


@pytest.mark.parametrize("name", ["late-gift-flat", "late-gift-raised"])
def test_warm_words_in_a_cold_voice_are_told_as_a_mismatch(
    scored: ScoredFixtures, name: str
) -> None:
    assert any(
        "the voice does not follow" in m.mismatch
        for m in scored.calls[name].mismatches
        if m.mismatch
    )


def test_a_warm_voice_with_dismissive_words_is_told_as_a_mismatch(scored: ScoredFixtures) -> None:
    mismatches = scored.calls["late-gift-warm-voice-dismissive-words"].mismatches
    assert any("the words do not answer" in (m.mismatch or "") for m in mismatches)


def test_warm_words_in_a_warm_voice_are_no_mismatch(scored: ScoredFixtures) -> None:
    assert scored.calls["late-gift-warm"].mismatches == ()


def test_a_customer_who_calms_down_was_eased(scored: ScoredFixtures) -> None:
    calms = scored.calls["double-charge-customer-calms"]
    stays = scored.calls["double-charge-customer-stays-upset"]
    assert words(calms, "easing") > 80
    assert words(stays, "easing") < 40
    assert agent_words(stays) >= {"dismiss", "blame"}


@pytest.mark.parametrize("name", STOCK)
def test_a_sentence_that_comes_back_in_three_calls_is_not_genuine(
    scored: ScoredFixtures, name: str
) -> None:
    genuine = dimension(scored.calls[name], "genuine")
    assert genuine.words is not None
    assert genuine.words.score == 0
    assert "the same sentence in 3 calls" in genuine.words.parts[0].reason
    assert "apologise" in agent_words(scored.calls[name])


def test_where_no_empathy_was_called_for_there_is_no_score(scored: ScoredFixtures) -> None:
    call = scored.calls["no-empathy-needed"]
    assert call.status == "not scored"
    assert call.moments == ()
    assert call.words_and_tone is None
    assert dimension(call, "validating").not_applicable == "nothing in the call asks for empathy"


@pytest.mark.parametrize("name", IN_ENGLISH)
def test_the_agent_is_found(scored: ScoredFixtures, name: str) -> None:
    roles = scored.calls[name].roles
    assert roles is not None
    assert roles.agent_channel == (1 if name == "customer-left-agent-right" else 0)
    assert roles.confidence > 0.9


@pytest.mark.parametrize("name", IN_ENGLISH)
def test_nearly_every_word_is_right(scored: ScoredFixtures, name: str) -> None:
    heard = scored.calls[name].heard
    assert heard is not None
    told = " ".join(turn.text for turn in heard.turns)
    truth = " ".join(turn["text"] for turn in TRUTH[name])
    assert jiwer.wer(_plain(truth), _plain(told)) < 0.08  # "10" for "ten", a name split


@pytest.mark.parametrize("name", IN_ENGLISH)
def test_turns_begin_and_end_when_they_do(scored: ScoredFixtures, name: str) -> None:
    heard = scored.calls[name].heard
    assert heard is not None
    assert len(heard.turns) == len(TRUTH[name])
    for turn, truth in zip(heard.turns, TRUTH[name], strict=True):
        assert turn.start_s == pytest.approx(truth["start_s"], abs=0.1)
        assert turn.end_s == pytest.approx(truth["end_s"], abs=0.2)


@pytest.mark.parametrize("name", IN_ENGLISH)
def test_words_lie_in_their_turns_in_order(scored: ScoredFixtures, name: str) -> None:
    heard = scored.calls[name].heard
    assert heard is not None
    for turn in heard.turns:
        said = [word for sentence in turn.sentences for word in sentence.words]
        assert said
        assert turn.start_s <= said[0].start_s
        assert said[-1].end_s <= turn.end_s
        assert all(a.start_s <= b.start_s for a, b in pairwise(said))


def test_a_call_in_another_language_has_its_transcript_and_says_so(scored: ScoredFixtures) -> None:
    call = scored.calls["italian"]
    assert call.status == "not scored"
    assert call.reasons[0].text == "words not scored: the call is in Italian"
    assert call.heard is not None
    assert call.heard.language != SCORED_LANGUAGE
    assert "pacco" in " ".join(turn.text for turn in call.heard.turns)
    assert all(turn.delivery.speech_s > 0 for turn in call.heard.turns)
    assert call.words is None
    assert call.tone is not None


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("silence", "not scored", "no speech"),
        ("hold-music", "not scored", "mostly music or tones"),
        ("ring-tones", "not scored", "no speech"),
        ("same-both-channels", "not scored", "both channels hold the same sound"),
        ("one-channel-empty", "not scored", "one-sided: 0.0 s of speech on the right channel"),
        ("mono", "not scored", "one channel, speakers not separated"),
        ("clipped", "not scored", "clipped"),
        ("too-short", "not scored", "too short: 0.4 s"),
        ("truncated", "not scored", "breaks off 1.7 s early"),
        ("text-file", "failed", "is not a sound file"),
        ("zero-bytes", "failed", "is empty (0 bytes)"),
        ("six-channels", "failed", "has 6 channels"),
    ],
)
def test_what_cannot_be_judged_says_why(
    scored: ScoredFixtures, name: str, status: str, reason: str
) -> None:
    call = scored.calls[name]
    assert call.status == status
    assert any(reason in found.text for found in call.reasons)
    assert (call.words, call.words_and_tone) == (None, None)


def test_a_one_channel_call_has_its_transcript_and_delivery(scored: ScoredFixtures) -> None:
    heard = scored.calls["mono"].heard
    assert heard is not None
    assert "heating has been off" in " ".join(turn.text for turn in heard.turns)
    assert heard.turns[0].delivery.pitch_median_st is not None


@pytest.mark.parametrize("name", ["endless-header", "zero-length-header", "a-law"])
def test_odd_encodings_are_heard(scored: ScoredFixtures, name: str) -> None:
    heard = scored.calls[name].heard
    assert heard is not None
    assert "So when will somebody come?" in " ".join(turn.text for turn in heard.turns)


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_every_score_is_the_sum_of_its_parts(scored: ScoredFixtures, name: str) -> None:
    call = scored.calls[name]
    sides = [side for d in call.dimensions for side in (d.words, d.tone) if side]
    sides += [side for m in call.moments for side in (m.words, m.tone) if side]
    assert sides
    for side in sides:
        assert round(sum(part.points for part in side.parts), 2) == side.score
        assert 0 <= side.score <= 100


# What a run prints and writes


def test_the_run_ends_with_1_since_some_files_could_not_be_read(scored: ScoredFixtures) -> None:
    assert scored.printed.exit_code == 1
    assert scored.printed.exception is None or isinstance(scored.printed.exception, SystemExit)


def test_the_table_names_every_call(scored: ScoredFixtures) -> None:
    for name in scored.calls:
        assert name[:20] in scored.printed.output
    assert re.search(r"\d+ scored, .*\d+ not scored, 3 failed", scored.printed.output)


def test_the_table_on_disk_agrees_with_the_results(scored: ScoredFixtures) -> None:
    with (scored.out / "calls.csv").open(newline="") as file:
        rows = {Path(row["file"]).stem: row for row in csv.DictReader(file)}
    assert rows.keys() == scored.calls.keys()
    for name, call in scored.calls.items():
        assert rows[name]["status"] == call.status
        expected = "" if call.words_and_tone is None else str(call.words_and_tone)
        assert rows[name]["words_and_tone"] == expected


def test_the_same_folder_scored_again_from_nothing_gives_the_same_bytes(
    scored: ScoredFixtures, tmp_path: Path
) -> None:
    CliRunner().invoke(main, score_arguments(scored.engine, tmp_path))
    for path in scored.out.rglob("*.*"):
        assert (tmp_path / path.relative_to(scored.out)).read_bytes() == path.read_bytes(), path


def test_a_second_run_hears_nothing_again_and_changes_nothing(scored: ScoredFixtures) -> None:
    before = {path: path.read_bytes() for path in scored.out.rglob("*.*")}
    again = CliRunner().invoke(main, score_arguments(scored.engine, scored.out))
    there = sum(call.status != "failed" for call in scored.calls.values())
    assert f"({there} of them in an earlier run)" in again.output
    assert {path: path.read_bytes() for path in scored.out.rglob("*.*")} == before


def test_processes_side_by_side_find_the_same(scored: ScoredFixtures, tmp_path: Path) -> None:
    names = ["calls/stock-sentence-1.wav", "odd/text-file.wav", "calls/no-empathy-needed.wav"]
    paths = [str(FIXTURES / name) for name in names]
    options = ["--out", str(tmp_path), "--jobs", "2", "--engine", scored.engine]
    run = CliRunner().invoke(main, ["score", *paths, *options])
    assert run.exit_code == 1
    for name in ("stock-sentence-1", "no-empathy-needed"):
        call = calltone.read_result(tmp_path / "calls" / f"{name}.json")
        assert call.status == scored.calls[name].status
        assert call.heard is not None
        assert scored.calls[name].heard is not None
        assert [t.text for t in call.heard.turns] == [
            t.text for t in scored.calls[name].heard.turns
        ]


def test_explain_proves_the_apology_with_quote_and_time(scored: ScoredFixtures) -> None:
    path = scored.out / "calls" / "late-gift-warm.json"
    told = CliRunner().invoke(main, ["explain", str(path), "--transcript"])
    assert told.exit_code == 0
    assert "apologises 0:20.0 “I am so sorry about that.”" in told.output
    assert "0:15.7 customer: My daughter's birthday gift is late." in told.output
    assert "Not for employment decisions" in told.output


def test_one_call_scored_from_python_is_what_the_command_line_found(
    scored: ScoredFixtures,
) -> None:
    recording = FIXTURES / "calls" / "late-gift-warm.wav"
    call = calltone.score_call(recording, engine=scored.engine)
    assert call == scored.calls["late-gift-warm"]


def test_a_folder_is_scored_lazily(tmp_path: Path) -> None:
    for name in ("odd/a-law.wav", "odd/text-file.wav"):
        (tmp_path / Path(name).name).write_bytes((FIXTURES / name).read_bytes())
    results = calltone.score_folder(tmp_path)
    assert next(results).file == "a-law.wav"
    assert next(results).status == "failed"
    with pytest.raises(StopIteration):
        next(results)


def test_a_file_that_cannot_be_read_raises_from_python() -> None:
    with pytest.raises(calltone.RecordingError, match="is empty"):
        calltone.score_call(FIXTURES / "odd" / "zero-bytes.wav")


def test_the_command_runs_as_a_module(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "calltone.cli", "score", str(FIXTURES / "odd" / "mono.wav")]
    run = subprocess.run(
        [*command, "--out", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "one channel, speakers not separated" in run.stdout


def _plain(text: str) -> str:
    """Return lower-case words alone, numbers digit by digit as the fixtures speak them."""
    spoken = re.sub(r"\d", lambda digit: f" {DIGITS[int(digit[0])]} ", text.lower())
    return re.sub(r"[^\w ]", "", spoken.replace("-", " "))

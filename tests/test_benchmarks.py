"""The benchmark's calls are what it says they are, and its counts count right."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import assemble
import bench
import nonspeech
import numpy as np
import parts
import pytest
import report
import sides
import soundfile
from assemble import CONDITIONS, AssembledCall, Clip, MissingDataError, TrueTurn, read_clips
from click.testing import CliRunner
from measures import (
    TurnErrors,
    WordErrors,
    normalised,
    spoken_texts,
    turn_errors,
    turns_of_words,
    word_errors,
)
from sounds import silence, steady, write_wav

from calltone.audio.spans import Span

RATE_HZ = nonspeech.RATE_HZ
PACKET = 160  # samples in 20 ms
LEAD_S = 0.25  # of silence before the tone of a clip, and after it
TEXTS = {
    "ann_1.wav": "one two",
    "ann_2.wav": "three",
    "ann_3.wav": "four",
    "ben_1.wav": "five",
    "ben_2.wav": "six",
    "cleo_1.wav": "L: seven || R: eight nine",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of evaluation data: "speech" of known length with silence around it."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "asr").mkdir()
    for index, name in enumerate(TEXTS):
        clip = sound(1 + 0.5 * index)
        write_wav(folder / "asr" / name, [clip, clip[::-1]] if "cleo" in name else clip)
    write_references(folder, TEXTS)
    return folder


def sound(speech_s: float) -> list[float]:
    return [*silence(LEAD_S), *steady(150, speech_s), *silence(LEAD_S)]


def write_references(folder: Path, texts: dict[str, str]) -> None:
    with (folder / "asr" / "references.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "transcript"])
        rows.writerows(texts.items())


@pytest.fixture(scope="module")
def clips(data: Path) -> list[Clip]:
    return read_clips(data)


@pytest.fixture(scope="module")
def calls(clips: list[Clip]) -> dict[str, AssembledCall]:
    return {condition: assemble.assemble(clips, condition, seed=3) for condition in CONDITIONS}


def rms_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(samples**2) + 1e-20))


def piece(call: AssembledCall, channel: int, start_s: float, end_s: float) -> np.ndarray:
    return call.samples[channel, round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]


# Clips


def test_the_silence_around_a_clip_is_cut_off(clips: list[Clip]) -> None:
    # Levels are taken every 10 ms, and the band filter rings a little: 20 ms at either end.
    for index, clip in enumerate(clips[:5]):
        assert clip.speech.duration_s == pytest.approx(1 + 0.5 * index, abs=0.04)
        assert clip.start_known
        assert clip.end_known


def test_speech_is_brought_to_one_level(clips: list[Clip]) -> None:
    for clip in clips:
        inside = clip.samples[round(0.1 * RATE_HZ) : -round(0.1 * RATE_HZ)]
        assert rms_db(inside) == pytest.approx(nonspeech.SPEECH_DBFS, abs=0.5)


def test_two_readers_on_one_file_are_two_clips(clips: list[Clip]) -> None:
    assert [(clip.reader, clip.text) for clip in clips[-2:]] == [
        ("cleo left", "seven"),
        ("cleo right", "eight nine"),
    ]


def test_an_edge_in_the_middle_of_speech_is_not_known() -> None:
    span, start_known, end_known = assemble.speech_span(np.asarray(steady(150, 1.0), float))
    assert (span, start_known, end_known) == (Span(0.0, 1.0), False, False)


def test_a_breath_apart_is_no_speech_and_a_soft_ending_is() -> None:
    breath, soft = 0.03 * steady(150, 0.1), 0.03 * steady(150, 0.2)  # 30 dB down
    pieces = [breath, silence(0.2), steady(150, 1.0), soft, silence(0.2)]
    span, start_known, end_known = assemble.speech_span(np.concatenate(pieces).astype(float))
    assert span.start_s == pytest.approx(0.3, abs=0.011)  # one hop
    assert span.end_s == pytest.approx(1.5, abs=0.011)
    assert start_known
    assert end_known


def test_a_stop_consonant_does_not_end_the_speech() -> None:
    end = 0.05 * steady(150, 0.1)  # 26 dB down: soft, so it counts only where it is joined
    for closure_s, expected_s in ((0.04, 1.34), (0.08, 1.2)):
        pieces = [silence(0.2), steady(150, 1.0), silence(closure_s), end, silence(0.2)]
        span, _, _ = assemble.speech_span(np.concatenate(pieces).astype(float))
        assert span.end_s == pytest.approx(expected_s, abs=0.011)


def test_names_are_the_words_with_a_capital_inside_a_sentence(clips: list[Clip]) -> None:
    text = "So I said that New York, like Boston, is far. Then Ann left."
    assert assemble.terms([replace(clips[0], text=text)]) == ("Ann", "Boston", "New York")


# Calls


def test_every_clip_is_said_once(calls: dict[str, AssembledCall], clips: list[Clip]) -> None:
    said = sorted(turn.text for turn in calls["clean"].turns)
    assert said == sorted(clip.text for clip in clips)


def test_channels_take_turns_and_a_reader_stays_on_one(calls: dict[str, AssembledCall]) -> None:
    turns = calls["clean"].turns
    assert all(a.channel != b.channel for a, b in pairwise(turns[:6]))
    for reader in ("ann", "ben"):
        assert len({turn.channel for turn in turns if turn.file.startswith(reader)}) == 1


def test_gaps_are_2_to_20_s(calls: dict[str, AssembledCall]) -> None:
    turns = calls["clean"].turns
    gaps_s = [b.start_s - a.end_s for a, b in pairwise(turns)]
    assert min(gaps_s) >= assemble.GAP_S[0] - 1 / RATE_HZ
    assert max(gaps_s) <= assemble.GAP_S[1] + 1 / RATE_HZ
    assert np.ptp(gaps_s) > 1
    assert turns[0].start_s == assemble.LEAD_S
    assert calls["clean"].duration_s == pytest.approx(turns[-1].end_s + assemble.TAIL_S, abs=0.001)


def test_turns_sound_where_they_are_said_to_be(calls: dict[str, AssembledCall]) -> None:
    call = calls["clean"]
    for turn in call.turns:
        edge_s = assemble.FADE_S + 0.001  # the fade lies outside of the turn
        before = piece(call, turn.channel, turn.start_s - 0.2, turn.start_s - edge_s)
        after = piece(call, turn.channel, turn.end_s + edge_s, turn.end_s + 0.2)
        first = piece(call, turn.channel, turn.start_s + 0.02, turn.start_s + 0.06)
        last = piece(call, turn.channel, turn.end_s - 0.06, turn.end_s - 0.02)
        for quiet in (before, after):
            assert rms_db(quiet) == pytest.approx(nonspeech.LINE_NOISE_DBFS, abs=1)
        for loud in (first, last):
            assert rms_db(loud) == pytest.approx(nonspeech.SPEECH_DBFS, abs=2)
        other = piece(call, 1 - turn.channel, turn.start_s, turn.end_s)
        assert rms_db(other) == pytest.approx(nonspeech.LINE_NOISE_DBFS, abs=1)


def test_all_conditions_are_the_same_call(calls: dict[str, AssembledCall]) -> None:
    assert {call.turns for call in calls.values()} == {calls["clean"].turns}
    assert len({call.samples.shape for call in calls.values()}) == 1


def test_noise_is_15_db_below_speech(calls: dict[str, AssembledCall]) -> None:
    for noisy, clean in zip(calls["noise"].samples, calls["clean"].samples, strict=True):
        assert rms_db(noisy - clean) == pytest.approx(nonspeech.SPEECH_DBFS - 15, abs=0.1)


def test_1_percent_of_the_packets_is_lost_in_runs(calls: dict[str, AssembledCall]) -> None:
    for channel in calls["loss"].samples:
        packets = channel[: len(channel) // PACKET * PACKET].reshape(-1, PACKET)
        lost = ~packets.any(axis=1)
        assert lost.mean() == pytest.approx(0.01, abs=0.5 / len(lost))
        runs = int((np.diff(lost.astype(int), prepend=0) == 1).sum())
        assert runs < lost.sum()


def test_nothing_but_lost_packets_changes(calls: dict[str, AssembledCall]) -> None:
    changed = calls["loss"].samples != calls["clean"].samples
    assert not calls["loss"].samples[changed].any()


def test_music_plays_between_the_turns_only(calls: dict[str, AssembledCall]) -> None:
    music, clean = calls["music"], calls["clean"]
    added = np.stack([music.samples[c] - clean.samples[c] for c in range(2)])
    assert not added[1 - assemble.MUSIC_CHANNEL].any()
    only = AssembledCall("music", added, music.turns)
    for before, after in pairwise(music.turns):
        apart_s = assemble.MUSIC_APART_S
        gap = piece(only, assemble.MUSIC_CHANNEL, before.end_s + apart_s, after.start_s - apart_s)
        assert rms_db(gap) == pytest.approx(assemble.MUSIC_DBFS, abs=1)
    for turn in music.turns:
        assert not piece(only, assemble.MUSIC_CHANNEL, turn.start_s, turn.end_s).any()


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_same_seed_gives_the_same_bytes(
    condition: str, clips: list[Clip], calls: dict[str, AssembledCall], tmp_path: Path
) -> None:
    written = [
        call.write(tmp_path).read_bytes()
        for call in (calls[condition], assemble.assemble(clips, condition, seed=3))
    ]
    assert written[0] == written[1]
    other = assemble.assemble(clips, condition, seed=4)
    assert other.turns != calls[condition].turns


def test_a_call_is_written_as_telephone_sound(
    calls: dict[str, AssembledCall], tmp_path: Path
) -> None:
    facts = soundfile.info(calls["clean"].write(tmp_path))
    assert (facts.samplerate, facts.channels, facts.subtype) == (8000, 2, "ULAW")


def test_a_repeated_call_is_the_call_over_and_over(
    calls: dict[str, AssembledCall], tmp_path: Path
) -> None:
    once = calls["clean"].write(tmp_path)
    assemble.write_repeated(tmp_path / "long.wav", once, 2.5 * calls["clean"].duration_s)
    short, _ = soundfile.read(once)
    long, _ = soundfile.read(tmp_path / "long.wav")
    np.testing.assert_array_equal(long, np.tile(short, (3, 1)))


# What is missing is said


def test_missing_references_are_told(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match=r"references\.csv.*--data or in CALLTONE_DATA"):
        read_clips(tmp_path)


def test_missing_clips_are_named(tmp_path: Path) -> None:
    (tmp_path / "asr").mkdir()
    write_wav(tmp_path / "asr" / "ann_1.wav", sound(1.0))
    write_references(tmp_path, TEXTS)
    with pytest.raises(MissingDataError, match=r"lacks 5 of the 6 clips.*ann_2\.wav, ann_3\.wav"):
        read_clips(tmp_path)


def test_an_empty_table_is_told(tmp_path: Path) -> None:
    (tmp_path / "asr").mkdir()
    write_references(tmp_path, {})
    with pytest.raises(MissingDataError, match="names no clips"):
        read_clips(tmp_path)


def test_the_commands_tell_it_in_one_line(tmp_path: Path) -> None:
    assembled = CliRunner().invoke(
        assemble.main, ["--out", str(tmp_path)], env={"CALLTONE_DATA": str(tmp_path)}
    )
    benched = CliRunner().invoke(bench.main, ["--data", str(tmp_path)])
    for printed, missing in ((assembled, "references.csv"), (benched, bench.REAL_CALL)):
        assert printed.exit_code == 1
        assert printed.output.startswith("Error: no '")
        assert missing in printed.output


def test_nothing_is_written_into_the_repository(data: Path) -> None:
    inside = assemble.ROOT / "benchmarks" / "calls"
    for command in (assemble.main, bench.main):
        printed = CliRunner().invoke(command, ["--data", str(data), "--out", str(inside)])
        assert printed.exit_code == 2
        assert "inside the repository" in printed.output
    assert not inside.exists()


def test_the_command_writes_what_is_asked_for(data: Path, tmp_path: Path) -> None:
    arguments = ["--data", str(data), "--out", str(tmp_path), "--condition", "noise"]
    assert CliRunner().invoke(assemble.main, arguments).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["noise.json", "noise.wav"]


# Sound without speech


@pytest.mark.parametrize("kind", nonspeech.KINDS)
def test_sound_without_speech_has_its_length_and_its_seed(kind: str) -> None:
    both = nonspeech.on_two_channels(kind, 12.5, seed=1)
    assert both.shape == (2, 100_000)
    assert np.abs(both).max() < 1
    assert not np.array_equal(both[0], both[1])
    np.testing.assert_array_equal(both, nonspeech.on_two_channels(kind, 12.5, seed=1))


def test_silence_is_quiet_and_music_is_as_loud_as_speech() -> None:
    assert rms_db(nonspeech.on_two_channels("silence", 5)) == pytest.approx(-60, abs=0.5)
    assert rms_db(nonspeech.on_two_channels("music", 5)) == pytest.approx(-22, abs=0.5)


# Counts


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Twenty-one, please!", "21 please"),
        ("Mr. Quilter", "mister quilter"),
        ("side-by-side", "side by side"),
        ("You'll", "you will"),
        ("", ""),
    ],
)
def test_what_counts_as_the_same_words(text: str, same: str) -> None:
    assert normalised(text) == same


def test_word_errors_are_counted_by_kind_and_add_up() -> None:
    errors = word_errors(["so it goes", "red green blue"], ["so goes", "red green and brown"])
    assert errors == WordErrors(substituted=1, left_out=1, invented=1, spoken=6)
    assert errors.rate == pytest.approx(0.5)
    assert errors + WordErrors(1, 0, 0, 4) == WordErrors(2, 1, 1, 10)


def test_a_channel_where_nothing_was_said_or_heard_counts() -> None:
    assert word_errors(["", "good day"], ["thank you", ""]) == WordErrors(0, 2, 2, 2)
    assert word_errors(["", ""], ["", ""]).rate == 0


def test_texts_are_by_channel_and_in_order() -> None:
    turns = [true(0, 1, 2, "a"), true(1, 3, 4, "b"), true(0, 5, 6, "c")]
    assert spoken_texts(turns) == ["a c", "b"]


def true(channel: int, start_s: float, end_s: float, text: str = "x") -> TrueTurn:
    return TrueTurn(channel, start_s, end_s, text, "x.wav")


def test_turn_edges_are_those_of_the_pieces_together() -> None:
    found = [[Span(1.1, 2.0), Span(2.5, 2.9)], []]
    errors = turn_errors([true(0, 1.0, 3.0)], found)
    assert errors.start_s == pytest.approx([0.1])
    assert errors.end_s == pytest.approx([0.1])
    assert (errors.true, errors.missed, errors.extra) == (1, 0, 0)


def test_turns_on_the_wrong_channel_are_missed_and_extra() -> None:
    errors = turn_errors([true(0, 1.0, 3.0)], [[], [Span(1.0, 3.0)]])
    assert errors == TurnErrors(true=1, missed=1, extra=1)


def test_an_edge_that_is_not_known_is_left_out() -> None:
    turn = TrueTurn(0, 1.0, 3.0, "x", "x.wav", start_known=False)
    errors = turn_errors([turn], [[Span(0.0, 3.25)], []])
    assert (errors.start_s, errors.end_s) == ((), (0.25,))


def test_words_make_a_turn_until_a_pause() -> None:
    words = [("a", 1.0, 1.5), ("b", 2.1, 2.5), ("c", 3.3, 3.4)]
    assert turns_of_words(words) == [Span(1.0, 2.5), Span(3.3, 3.4)]


# The report


def test_the_report_replaces_what_stands_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Top\n\n<!-- bench -->\nold\n<!-- /bench -->\n\nBottom\n")
    report.write_page(page, "new \\1 figures\n")
    expected = "# Top\n\n<!-- bench -->\nnew \\1 figures\n<!-- /bench -->\n\nBottom\n"
    assert page.read_text() == expected


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Top\n")
    with pytest.raises(report.ReportError, match="expected the lines <!-- bench -->"):
        report.write_page(page, "figures")
    assert page.read_text() == "# Top\n"


def test_the_page_in_docs_has_its_marks() -> None:
    text = bench.PAGE.read_text()
    assert text.index(report.BEGIN) < text.index(report.END)


def test_the_report_names_targets_that_are_missed() -> None:
    targets = (report.Target("time", 0.3, 0.25), report.Target("mb", 9, 10))
    text = report.report([report.Part("Table", targets)], "make bench", 0.5, ["click"])
    assert "| time | 0.3 | 0.25 | yes |" in text
    assert "| mb | 9 | 10 | **no** |" in text
    assert "`make bench`" in text


def test_help_tells_of_the_data_and_of_both_lengths() -> None:
    printed = CliRunner().invoke(bench.main, ["--help"]).output
    for option in ("--data", "CALLTONE_DATA", "--quick", "--long", "--repeats", "--no-write"):
        assert option in printed


def test_peak_memory_is_that_of_this_process() -> None:
    assert sides.peak_mb() > 10


def test_the_sides_know_each_other() -> None:
    measured = parts.Bench(Path(), ["faster-whisper"], seed=0)
    assert measured.sides == [sides.FASTER, "calltone, faster-whisper"]
    assert measured.with_terms == ["calltone, faster-whisper, vocabulary"]


def test_a_side_that_fails_says_why(tmp_path: Path) -> None:
    nowhere = sides.Job(f"{sides.CALLTONE}no such engine", ("call.wav",))
    with pytest.raises(parts.SideError, match="failed:"):
        parts.Bench(tmp_path, [], seed=0).run(nowhere)

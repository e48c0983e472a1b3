"""Turns are found where speech is, and nowhere else.

Measured on the 13 fixture calls, 121 lines: beginnings are off by 0.00 s in the median, 0.01 s at
the 95th percentile and 0.04 s at most; endings by 0.01, 0.04 and 0.13 s (a final consonant that
sinks into the line noise).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from silero_vad import load_silero_vad
from sounds import FIXTURES, Signal, noise, silence, spoken_lines, tone, write_wav

from calltone.audio import speech
from calltone.audio.recording import open_recording
from calltone.audio.spans import Span
from calltone.audio.speech import (
    FRAME_S,
    LEVEL_HOP_S,
    SpeechDetector,
    detector_rate_hz,
    find_turns,
    level_db,
    noise_floor_db,
)
from calltone.audio.survey import survey

CALLS = sorted(path.stem for path in (FIXTURES / "calls").glob("*.wav"))
QUIET_DB, LOUD_DB = -60.0, -20.0


def turns_of(path: Path) -> list[list[Span]]:
    with open_recording(path) as recording:
        return [list(spans) for spans in survey(recording).turns]


def turns_in(folder: Path, samples: Signal, rate_hz: int = 8000) -> list[Span]:
    return turns_of(write_wav(folder / "call.wav", samples, rate_hz))[0]


def speech_sample(rate_hz: int = 8000) -> Signal:
    """5.4 s of the agent without a pause that would end a turn."""
    with open_recording(FIXTURES / "calls" / "late-gift-warm.wav") as recording:
        return recording.read(0, Span(20.2, 25.6), rate_hz)


# --- Where turns are -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def edge_errors() -> NDArray[np.float64]:
    """Found minus true beginning and end, in seconds, shape (lines of all calls, 2)."""
    errors = []
    for call in CALLS:
        first = "customer" if call == "customer-left-agent-right" else "agent"
        found = turns_of(FIXTURES / "calls" / f"{call}.wav")
        for line in spoken_lines(call):
            spoken = Span(line["start_s"], line["end_s"])
            [turn] = [t for t in found[line["speaker"] != first] if t.overlap_s(spoken) > 0]
            errors.append((turn.start_s - spoken.start_s, turn.end_s - spoken.end_s))
    return np.array(errors)


def test_every_line_is_one_turn_and_nothing_else_is_one() -> None:
    for call in CALLS:
        found = turns_of(FIXTURES / "calls" / f"{call}.wav")
        assert sum(map(len, found)) == len(spoken_lines(call)), call


def test_turns_begin_when_the_speaker_does(edge_errors: NDArray[np.float64]) -> None:
    # Levels are taken every 10 ms, so half of that and the 10 ms of the table are as good as it
    # gets; 50 ms at most is less than a syllable and less than an answer's delay.
    off = np.abs(edge_errors[:, 0])
    assert np.percentile(off, 95) <= 0.02
    assert off.max() <= 0.05


def test_turns_end_when_the_speaker_does(edge_errors: NDArray[np.float64]) -> None:
    # Final consonants sink into the noise: one of them costs up to 0.13 s, most nothing.
    off = np.abs(edge_errors[:, 1])
    assert np.median(off) <= 0.015
    assert np.percentile(off, 95) <= 0.05
    assert off.max() <= 0.15


def test_an_answer_that_cuts_in_begins_before_the_other_ends() -> None:
    agent, customer = turns_of(FIXTURES / "calls" / "late-gift-hurried.wav")
    # Made 0.15 s early; both edges may be 10 ms off.
    assert agent[5].start_s - customer[4].end_s == pytest.approx(-0.15, abs=0.03)


@pytest.mark.parametrize("name", ["silence", "hold-music", "ring-tones"])
def test_line_noise_music_and_ring_tones_are_no_turns(name: str) -> None:
    assert turns_of(FIXTURES / "odd" / f"{name}.wav") == [[], []]


@pytest.mark.parametrize("rate_hz", [8000, 16000])
@pytest.mark.parametrize(
    "sound",
    ["digital silence", "soft noise", "loud noise", "tone", "clicks", "pulsed noise"],
)
def test_sound_without_a_voice_is_no_turn(tmp_path: Path, sound: str, rate_hz: int) -> None:
    on_and_off = np.repeat(np.arange(20) % 2, rate_hz // 2).astype(np.float32)
    clicks = silence(10, rate_hz)
    clicks[:: rate_hz // 4] = 0.9
    made = {
        "digital silence": silence(10, rate_hz),
        "soft noise": noise(10, rate_hz, 0.003),
        "loud noise": noise(10, rate_hz, 0.2),
        "tone": tone(440, 10, rate_hz),
        "clicks": clicks,
        "pulsed noise": noise(10, rate_hz, 0.1) * on_and_off,
    }
    assert turns_in(tmp_path, made[sound], rate_hz) == []


@pytest.mark.parametrize("rate_hz", [8000, 11025, 16000, 48000])
def test_speech_between_silences_is_found_at_any_rate(tmp_path: Path, rate_hz: int) -> None:
    quiet = noise(2, rate_hz, 0.0005)
    call = np.concatenate([quiet, speech_sample(rate_hz), quiet])
    [turn] = turns_in(tmp_path, call, rate_hz)
    # The excerpt is cut inside speech: it begins and ends within a hop or two of its samples.
    assert turn.start_s == pytest.approx(2.0, abs=0.03)
    assert turn.end_s == pytest.approx(7.4, abs=0.15)


@pytest.mark.parametrize("gain_db", [-30, -12, 8])
def test_turns_do_not_hang_on_how_loud_the_line_is(tmp_path: Path, gain_db: int) -> None:
    call = np.concatenate([noise(2, level=0.0005), speech_sample(), noise(2, level=0.0005)])
    [as_it_is] = turns_in(tmp_path, call)
    [louder] = turns_in(tmp_path, (call * 10 ** (gain_db / 20)).astype(np.float32))
    assert louder.start_s == pytest.approx(as_it_is.start_s, abs=0.02)
    assert louder.end_s == pytest.approx(as_it_is.end_s, abs=0.1)


def test_speech_without_end_is_cut_into_turns_that_whisper_can_hear(tmp_path: Path) -> None:
    with open_recording(FIXTURES / "calls" / "late-gift-warm.wav") as recording:
        words = recording.read(0, Span(29.5, 31.0))
    turns = turns_in(tmp_path, np.tile(words, 50))
    assert max(turn.duration_s for turn in turns) < 29.0
    assert turns[0].start_s == pytest.approx(0.0, abs=0.05)
    # Nothing is lost where it is cut, and nothing is heard twice.
    assert all(0 <= later.start_s - turn.end_s <= 0.1 for turn, later in pairwise(turns))
    assert turns[-1].end_s == pytest.approx(75.0, abs=0.3)


# --- The detector --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("native_hz", "heard_at_hz"),
    [(6000, 8000), (8000, 8000), (8001, 16000), (11025, 16000), (16000, 16000), (48000, 16000)],
)
def test_telephone_recordings_are_heard_at_8_khz_and_all_others_at_16(
    native_hz: int, heard_at_hz: int
) -> None:
    assert detector_rate_hz(native_hz) == heard_at_hz


@pytest.fixture(scope="module", params=[8000, 16000])
def by_the_package(request: pytest.FixtureRequest) -> tuple[int, Signal, list[float]]:
    """Speech at a rate, and silero's own probabilities for it, frame by frame."""
    rate_hz = int(request.param)
    frame = round(FRAME_S * rate_hz)
    sound = np.concatenate([silence(0.5, rate_hz), speech_sample(rate_hz)])
    sound = sound[: sound.size // frame * frame]
    model = load_silero_vad()
    with torch.no_grad():
        frames = [torch.from_numpy(sound[at : at + frame]) for at in range(0, sound.size, frame)]
        return rate_hz, sound, [model(one, rate_hz).item() for one in frames]


@pytest.mark.parametrize("frames_per_block", [1, 5, 1000])
def test_block_by_block_is_what_silero_finds_frame_by_frame(
    by_the_package: tuple[int, Signal, list[float]], frames_per_block: int
) -> None:
    rate_hz, sound, expected = by_the_package
    detector = SpeechDetector(rate_hz, channels=2)
    step = frames_per_block * round(FRAME_S * rate_hz)
    both = np.stack([np.zeros_like(sound), sound])
    fed = [detector.feed(both[:, at : at + step]) for at in range(0, sound.size, step)]
    quiet, found = np.concatenate(fed, axis=1)
    # Another order of the same float32 operations: 2e-6 was measured.
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert found.max() > 0.9
    assert quiet.max() < 0.2


@pytest.fixture
def two_threads() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("two_threads")
def test_the_detector_runs_on_one_thread_and_gives_the_others_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # silero-vad's import sets them to one for good: Whisper would run on one core. On two, the
    # detector itself takes 50 times as long where another process has one of them.
    seen = []
    detector = SpeechDetector(8000, 1)
    decode = detector._decode

    def decoded(hidden: torch.Tensor) -> torch.Tensor:
        seen.append(torch.get_num_threads())
        result: torch.Tensor = decode(hidden)
        return result

    monkeypatch.setattr(detector, "_decode", decoded)
    detector.feed(np.zeros((1, 256), np.float32))
    assert seen == [1]
    assert torch.get_num_threads() == 2


# --- From probabilities to turns -----------------------------------------------------------------


def turns_from(*parts: tuple[float, float], level_at: list[Span] | None = None) -> list[Span]:
    """Cut (probability, seconds) parts into turns; ``level_at`` is where it is loud."""
    probabilities = np.concatenate([np.full(round(s / FRAME_S), p, np.float32) for p, s in parts])
    duration_s = probabilities.size * FRAME_S
    levels = np.full(round(duration_s / LEVEL_HOP_S), QUIET_DB, np.float32)
    for span in level_at if level_at is not None else [Span(0, duration_s)]:
        levels[round(span.start_s / LEVEL_HOP_S) : round(span.end_s / LEVEL_HOP_S)] = LOUD_DB
    return find_turns(probabilities, levels, duration_s)


QUIET = (0.01, 1.6)
SPEECH = (0.95, 1.6)


def test_no_frames_are_no_turns() -> None:
    nothing = np.zeros(0, np.float32)
    assert find_turns(nothing, nothing, 0.0) == []


def test_frames_without_levels_are_no_turns() -> None:
    assert find_turns(np.ones(10, np.float32), np.zeros(0, np.float32), 0.32) == []


def test_edges_move_to_where_the_sound_is() -> None:
    turns = turns_from(QUIET, SPEECH, QUIET, level_at=[Span(1.5, 3.35)])
    assert turns == [Span(1.5, 3.35)]


def test_edges_are_not_looked_for_further_than_a_fifth_of_a_second() -> None:
    turns = turns_from(QUIET, SPEECH, QUIET, level_at=[Span(1.0, 4.0)])
    assert turns == [Span(1.4, 3.4)]


def test_speech_that_is_not_louder_than_the_noise_is_no_turn() -> None:
    assert turns_from(QUIET, SPEECH, QUIET, level_at=[]) == []


def test_speech_to_the_very_end_ends_with_the_recording() -> None:
    assert turns_from(QUIET, SPEECH, level_at=[Span(1.6, 3.2)]) == [Span(1.6, 3.2)]


def test_where_the_detector_is_never_sure_there_is_no_turn() -> None:
    where = [Span(1.6, 3.2)]
    assert turns_from(QUIET, (0.45, 1.6), QUIET, level_at=where) == []
    assert turns_from(QUIET, (0.45, 0.8), (0.55, 0.8), QUIET, level_at=where) == where


@pytest.mark.parametrize(("pause_s", "count"), [(0.672, 1), (0.768, 2)])
def test_a_pause_of_seven_tenths_of_a_second_parts_turns(pause_s: float, count: int) -> None:
    end_s = 3.2 + pause_s
    loud = [Span(1.6, 3.2), Span(end_s, end_s + 1.6)]
    turns = turns_from(QUIET, SPEECH, (0.01, pause_s), SPEECH, QUIET, level_at=loud)
    assert len(turns) == count
    assert (turns[0].start_s, turns[-1].end_s) == (1.6, round(end_s + 1.6, 2))


def test_a_click_is_too_short_for_a_turn() -> None:
    assert turns_from(QUIET, (0.95, 0.064), QUIET, level_at=[Span(1.6, 1.67)]) == []


@pytest.mark.parametrize("frames_before", range(0, 100, 7))
def test_turns_cut_for_length_meet_but_do_not_overlap(frames_before: int) -> None:
    start_s = frames_before * FRAME_S
    loud = Span(start_s, start_s + 200)
    turns = turns_from((0.01, start_s), (0.95, 200.0), (0.01, 40.0), level_at=[loud])
    assert len(turns) == 8  # 200 s in pieces of 28
    assert max(turn.duration_s for turn in turns) < 29.0
    # Each begins in the very hop in which the one before ends, wherever in the call that is.
    assert all(turn.end_s == later.start_s for turn, later in pairwise(turns))
    assert turns[0].start_s == pytest.approx(start_s, abs=LEVEL_HOP_S)
    assert turns[-1].end_s == pytest.approx(start_s + 200, abs=LEVEL_HOP_S)


# --- Levels --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate_hz", [8000, 16000])
def test_the_level_is_that_of_the_effective_value(rate_hz: int) -> None:
    # Ten whole periods a hop: the mean square of a sine is half its peak squared.
    levels = level_db(tone(1000, 1.0, rate_hz, 0.5), rate_hz)
    assert levels.shape == (100,)
    np.testing.assert_allclose(levels, 10 * np.log10(0.125), atol=0.01)


def test_a_hop_that_is_not_whole_is_left_out() -> None:
    assert level_db(np.zeros((2, 399), np.float32), 8000).shape == (2, 4)


def test_silence_has_a_level_too() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        levels = level_db(silence(0.02), 8000)
    np.testing.assert_allclose(levels, [-100.0, -100.0], atol=1e-4)


def test_the_noise_floor_is_what_sounds_between_words() -> None:
    levels = np.repeat(np.array([QUIET_DB, LOUD_DB], np.float32), [30, 70])
    assert noise_floor_db(levels) == QUIET_DB
    assert noise_floor_db(np.zeros(0, np.float32)) == speech.SILENCE_DB

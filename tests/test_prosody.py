"""How it is said, measured on sound whose pitch, level, pace and pauses are known."""

from __future__ import annotations

import warnings
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import soxr
from numpy.typing import ArrayLike
from sounds import FIXTURES, Signal, noise, silence, spoken_lines, steady, tone, vowel, write_wav

from calltone.audio.prosody import (
    HOP_S,
    MIN_SPEECH_S,
    MIN_VOICED_S,
    PITCH_MAX_HZ,
    PITCH_MIN_HZ,
    RATE_HZ,
    PitchLimits,
    Track,
    follow,
    measure,
    pitch_limits,
)
from calltone.audio.recording import open_recording
from calltone.audio.spans import Span
from calltone.audio.turns import Delivery

FLOOR_DB = -60.0
ANY_PITCH = PitchLimits(PITCH_MIN_HZ, PITCH_MAX_HZ)
# Pitch candidates lie 0.2 semitones apart: half of that is lost in rounding to the nearest.
HALF_STEP_ST = 0.11


def delivered(samples: Signal, floor_db: float = FLOOR_DB) -> Delivery:
    track = follow(samples, 0.0, floor_db)
    return measure(track, pitch_limits([track]))


def semitones(pitch_hz: float) -> float:
    return float(12 * np.log2(pitch_hz / 100))


def on_the_line(samples: Signal) -> Signal:
    """Add line noise at -66 dB: no two periods are the same any more."""
    return samples + noise(samples.size / RATE_HZ, level=0.0005)[: samples.size]


def syllables(
    per_s: float, duration_s: float, dip_db: float = 12.0, pitch_hz: float = 120.0
) -> Signal:
    """Return a voice that swells so often a second; it grows softer by 1 dB a second."""
    moments_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    swell_db = -dip_db * (0.5 + 0.5 * np.cos(2 * np.pi * per_s * moments_s)) - moments_s
    return on_the_line((steady(pitch_hz, duration_s) * 10 ** (swell_db / 20)).astype(np.float32))


def with_gap(before_s: float, gap_s: float, after_s: float) -> Signal:
    return on_the_line(
        np.concatenate([steady(120, before_s), silence(gap_s), steady(120, after_s)])
    )


# --- Pitch ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("pitch_hz", [75, 100, 123.4, 150, 220, 300, 400])
def test_the_median_is_the_pitch_of_a_steady_voice(pitch_hz: float) -> None:
    found = delivered(steady(pitch_hz, 1.5))
    assert found.pitch_median_st == pytest.approx(semitones(pitch_hz), abs=HALF_STEP_ST)
    assert found.pitch_range_st in (0.0, 0.2)  # one candidate, or two where it lies between them


@pytest.mark.parametrize("range_st", [2.0, 6.0, 12.0])
@pytest.mark.parametrize("middle_hz", [110.0, 200.0])
def test_the_range_of_a_glide_is_eight_tenths_of_it(range_st: float, middle_hz: float) -> None:
    glide_st = np.linspace(-range_st / 2, range_st / 2, 2 * RATE_HZ)
    found = delivered(vowel(middle_hz * 2 ** (glide_st / 12)))
    # The 10th and the 90th percentile, each of which may be rounded to its candidate.
    assert found.pitch_range_st == pytest.approx(0.8 * range_st, abs=2 * HALF_STEP_ST)
    assert found.pitch_median_st == pytest.approx(semitones(middle_hz), abs=2 * HALF_STEP_ST)


def test_a_pulse_train_without_its_fundamental_keeps_its_pitch() -> None:
    # A telephone passes nothing below 300 Hz: of a man's voice, only the harmonics arrive.
    pulses = silence(2.0)
    pulses[:: RATE_HZ // 100] = 0.9
    spectrum = np.fft.rfft(pulses)
    frequencies = np.fft.rfftfreq(pulses.size, 1 / RATE_HZ)
    spectrum[(frequencies < 300) | (frequencies > 3400)] = 0
    found = delivered(np.fft.irfft(spectrum, pulses.size).astype(np.float32))
    assert found.pitch_median_st == pytest.approx(0.0, abs=HALF_STEP_ST)


def test_pitch_lies_at_its_time() -> None:
    step = follow(np.concatenate([steady(100, 1.0), steady(200, 1.0)]), 0.0, FLOOR_DB)
    low, high = step.cut(Span(0.1, 0.9)).pitch_hz, step.cut(Span(1.1, 1.9)).pitch_hz
    # One candidate is 0.2 semitones, 1.2 percent.
    np.testing.assert_allclose(low, 100, rtol=0.007)
    np.testing.assert_allclose(high, 200, rtol=0.007)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_octave_errors_lie_outside_of_the_speakers_limits(factor: float) -> None:
    track = follow(steady(150, 2.0), 0.0, FLOOR_DB)
    wrong = track.pitch_hz.copy()
    wrong[80:120] *= factor
    mistaken = replace(track, pitch_hz=wrong)
    found = measure(mistaken, pitch_limits([mistaken]))
    assert found.pitch_median_st == pytest.approx(semitones(150), abs=HALF_STEP_ST)
    assert found.pitch_range_st == 0.0
    assert found.voiced_s == pytest.approx(track.speech.sum() * HOP_S - 0.4)
    # Without the limits a fifth of the pitch would be an octave off.
    assert measure(mistaken, ANY_PITCH).pitch_range_st == pytest.approx(12.0, abs=0.01)


def test_limits_are_those_of_the_speaker_over_all_turns() -> None:
    low, high = (follow(steady(pitch, 1.0), 0.0, FLOOR_DB) for pitch in (120, 180))
    limits = pitch_limits([low, high])
    # Quartiles of two notes, equally long: the notes. 0.75 of the lower, 1.8 of the upper.
    assert limits.low_hz == pytest.approx(0.75 * 120, rel=0.007)
    assert limits.high_hz == pytest.approx(1.8 * 180, rel=0.007)
    assert {type(limits.low_hz), type(limits.high_hz)} == {float}


@pytest.mark.parametrize("unvoiced", [False, True])
def test_without_any_pitch_the_limits_are_those_of_human_voices(unvoiced: bool) -> None:
    tracks = [follow(silence(1.0), 0.0, FLOOR_DB)] * unvoiced
    assert pitch_limits(tracks) == ANY_PITCH


# --- Level and balance ---------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.5, 0.05])
def test_the_level_of_a_tone_is_its_effective_value(level: float) -> None:
    found = delivered(tone(400, 1.0, level=level))
    # The half of its peak's square; the window's side lobes stay inside the band.
    assert found.level_db == pytest.approx(10 * np.log10(level**2 / 2), abs=0.05)


@pytest.mark.parametrize("ratio_db", [-20.0, -6.0, 6.0])
def test_balance_is_the_high_band_against_the_low(ratio_db: float) -> None:
    mix = tone(250, 1.0, level=0.2) + tone(2000, 1.0, level=0.2 * 10 ** (ratio_db / 20))
    assert delivered(mix).balance_db == pytest.approx(ratio_db, abs=0.1)


@pytest.mark.parametrize("gain_db", [-12.0, 12.0])
def test_gain_moves_the_level_and_nothing_else(gain_db: float) -> None:
    sound = agent_speech()
    plain = delivered(sound)
    louder = delivered((sound * 10 ** (gain_db / 20)).astype(np.float32), FLOOR_DB + gain_db)
    assert plain.level_db is not None
    assert louder.level_db == pytest.approx(plain.level_db + gain_db, abs=0.011)  # two decimals
    assert replace(louder, level_db=None) == replace(plain, level_db=None)


# --- Pace and pauses -----------------------------------------------------------------------------


@pytest.mark.parametrize("per_s", [2.0, 3.5, 5.0, 6.5, 8.0])
def test_the_rate_is_that_of_the_syllables(per_s: float) -> None:
    # One syllable more or less at the ends of 4 s.
    assert delivered(syllables(per_s, 4.0)).rate_syll_per_s == pytest.approx(per_s, abs=0.25)


@pytest.mark.parametrize(("dip_db", "counted"), [(1.0, False), (4.0, True)])
def test_a_dip_of_two_decibels_parts_syllables(dip_db: float, counted: bool) -> None:
    rate = delivered(syllables(4.0, 4.0, dip_db)).rate_syll_per_s
    assert rate is not None
    assert rate == pytest.approx(4.0, abs=0.25) if counted else rate <= 0.5


def test_unvoiced_bursts_are_no_syllables() -> None:
    moments_s = np.arange(4 * RATE_HZ) / RATE_HZ
    hiss = noise(4.0) * (0.55 - 0.45 * np.cos(2 * np.pi * 4 * moments_s)).astype(np.float32)
    voiced = delivered(syllables(4.0, 4.0)).rate_syll_per_s
    unvoiced = measure(follow(hiss, 0.0, FLOOR_DB), ANY_PITCH).rate_syll_per_s
    assert voiced is not None
    assert unvoiced is not None
    # pYIN takes some hiss for a voice; the most of it must not count.
    assert unvoiced < 0.5 * voiced


def test_pauses_slow_nobody_down() -> None:
    without = delivered(syllables(4.0, 4.0)).rate_syll_per_s
    parts = [syllables(4.0, 2.0), silence(1.5), syllables(4.0, 2.0)]
    with_pause = delivered(np.concatenate(parts))
    assert with_pause.rate_syll_per_s == pytest.approx(without, abs=0.3)
    assert with_pause.pause_share == pytest.approx(1.5 / 5.5, abs=0.02)


@pytest.mark.parametrize("gap_s", [0.4, 0.7, 1.5])
def test_pause_share_is_the_share_of_gaps(gap_s: float) -> None:
    found = delivered(with_gap(1.5, gap_s, 1.5))
    # Half a window of 32 ms and a hop of 10 ms reach into the gap from either side.
    assert found.pause_share == pytest.approx(gap_s / (3 + gap_s), abs=0.05 / (3 + gap_s))
    assert found.speech_s == pytest.approx(3.0, abs=0.06)


def test_gaps_inside_words_are_no_pauses() -> None:
    assert delivered(with_gap(1.5, 0.2, 1.5)).pause_share == 0.0


@pytest.mark.parametrize(("before_s", "after_s"), [(0.6, 0.0), (0.0, 0.6), (0.1, 0.1)])
def test_silence_around_the_speech_counts_as_silent_however_short(
    before_s: float, after_s: float
) -> None:
    sound = np.concatenate([silence(before_s), steady(120, 2.0), silence(after_s)])
    share = (before_s + after_s) / (2 + before_s + after_s)
    assert delivered(on_the_line(sound)).pause_share == pytest.approx(share, abs=0.02)


def test_two_gaps_are_filled_or_kept_one_by_one() -> None:
    parts = [silence(0.5), steady(120, 1.0), silence(0.15), steady(120, 1.0), silence(0.5)]
    found = delivered(on_the_line(np.concatenate([*parts, steady(120, 1.0)])))
    assert found.speech_s == pytest.approx(3.15, abs=0.06)


# --- Too little to measure -----------------------------------------------------------------------


def test_too_little_speech_gives_no_figures() -> None:
    found = delivered(on_the_line(np.concatenate([steady(120, 0.4), silence(1.0)])))
    assert found.speech_s < MIN_SPEECH_S
    assert found.voiced_s < MIN_VOICED_S
    assert set(list(asdict(found).values())[2:]) == {None}


def test_half_a_second_of_voice_has_a_pitch_but_no_rate() -> None:
    found = delivered(on_the_line(np.concatenate([steady(120, 0.7), silence(1.0)])))
    assert found.pitch_median_st == pytest.approx(semitones(120), abs=HALF_STEP_ST)
    assert found.level_db is not None
    assert found.rate_syll_per_s is None
    assert found.pause_share is None


def test_an_empty_stretch_measures_nothing_without_a_warning() -> None:
    track = follow(steady(120, 2.0), 10.0, FLOOR_DB)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for span in (Span(11.0, 11.0), Span(50.0, 60.0), Span(1.0, 2.0)):
            found = measure(track.cut(span), ANY_PITCH)
            assert found == Delivery(0.0, 0.0, None, None, None, None, None, None)


@pytest.mark.parametrize("floor_db", [-100.0, -60.0])
def test_silence_measures_nothing_without_a_warning(floor_db: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = delivered(silence(3.0), floor_db)
    assert found == Delivery(0.0, 0.0, None, None, None, None, None, None)


@pytest.mark.parametrize("samples", [0, 1, 79, 255, 256, 511, 512, 700])
def test_the_shortest_turns_are_followed_without_a_warning(samples: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = delivered(steady(120, 1.0)[:samples])
    # A hop at either end, and half a window beyond.
    assert found.speech_s <= samples / RATE_HZ + 0.04
    assert set(list(asdict(found).values())[2:]) == {None}


# --- Cutting -------------------------------------------------------------------------------------


def a_track(start_s: float = 20.0, hops: int = 100) -> Track:
    numbers = np.arange(hops, dtype=np.float32)
    every = np.ones(hops, np.bool_)
    return Track(start_s, numbers, numbers, numbers, every, every)


@pytest.mark.parametrize(
    ("span", "start_s", "hops"),
    [
        (Span(20.0, 21.0), 20.0, range(100)),
        (Span(20.25, 20.5), 20.25, range(25, 50)),
        (Span(19.0, 20.1), 20.0, range(10)),
        (Span(20.9, 30.0), 20.9, range(90, 100)),
        (Span(20.5, 20.5), 20.5, range(0)),
        (Span(18.0, 19.0), 20.0, range(0)),
        (Span(20.5, 20.2), 20.5, range(0)),
    ],
)
def test_a_cut_holds_the_hops_of_the_span(span: Span, start_s: float, hops: range) -> None:
    cut = a_track().cut(span)
    assert cut.start_s == pytest.approx(start_s)
    for field in ("pitch_hz", "level_db", "balance_db"):
        assert getattr(cut, field).tolist() == list(hops)
    assert len(cut.speech) == len(cut.nucleus) == len(hops)


def test_a_cut_measures_what_the_stretch_alone_would() -> None:
    slow, fast = syllables(2.5, 3.0), syllables(6.0, 3.0, pitch_hz=180.0)
    whole = follow(np.concatenate([slow, fast]), 5.0, FLOOR_DB)
    second = measure(whole.cut(Span(8.0, 11.0)), ANY_PITCH)
    assert second.rate_syll_per_s == pytest.approx(6.0, abs=0.35)
    assert second.pitch_median_st == pytest.approx(semitones(180), abs=HALF_STEP_ST)


# --- Recordings ----------------------------------------------------------------------------------


def agent_speech() -> Signal:
    with open_recording(FIXTURES / "calls" / "late-gift-warm.wav") as recording:
        return recording.read(0, Span(20.03, 25.73))


@pytest.mark.parametrize("rate_hz", [11025, 16000, 48000])
@pytest.mark.parametrize("bright_level", [0.0, 0.1])
def test_a_wider_band_gives_the_figures_of_the_telephone(
    tmp_path: Path, rate_hz: int, bright_level: float
) -> None:
    narrow = agent_speech()
    wide: ArrayLike = soxr.resample(narrow, RATE_HZ, rate_hz)
    # What lies above the telephone's band, as bright consonants do, must not count.
    bright = tone(0.45 * rate_hz, 6.0, rate_hz, bright_level)[: np.size(wide)]
    path = write_wav(tmp_path / "wide.wav", wide + bright, rate_hz, "FLOAT")
    with open_recording(path) as recording:
        found = asdict(delivered(recording.read(0, recording.span, RATE_HZ)))
    # The filter's last ripple may move a figure by its last decimal, a voiced frame by 20 ms.
    assert found == pytest.approx(asdict(delivered(narrow)), abs=0.021)


def agent_in(style: str) -> dict[str, list[Delivery]]:
    """Measure the agent's lines of a late-gift call, by the style they are spoken in."""
    call = f"late-gift-{style}"
    lines = [line for line in spoken_lines(call) if line["speaker"] == "agent"]
    with open_recording(FIXTURES / "calls" / f"{call}.wav") as recording:
        tracks = [
            follow(recording.read(0, Span(line["start_s"], line["end_s"]), RATE_HZ), 0.0, FLOOR_DB)
            for line in lines
        ]
    limits = pitch_limits(tracks)
    found: dict[str, list[Delivery]] = {}
    for line, track in zip(lines, tracks, strict=True):
        found.setdefault(line["style"], []).append(measure(track, limits))
    return found


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, float]]:
    """The agent's figures in each style, averaged by their voiced seconds."""
    found: dict[str, dict[str, float]] = {}
    for style in ("warm", "flat", "hurried", "raised"):
        by_style = agent_in(style)
        lines = by_style[style]
        found[style] = averaged(lines)
        found[f"plain before {style}"] = averaged(by_style["normal"])
    return found


def averaged(lines: list[Delivery]) -> dict[str, float]:
    weights = [line.voiced_s for line in lines]
    names = list(asdict(lines[0]))[2:]
    columns = {name: [getattr(line, name) for line in lines] for name in names}
    return {name: float(np.average(column, weights=weights)) for name, column in columns.items()}


Answers = dict[str, dict[str, float]]


def test_plain_lines_measure_the_same_in_each_call(answers: Answers) -> None:
    # Only the line noise and the speaker's limits differ: 0.3 semitones and 0.2 dB were measured.
    for name in ("pitch_median_st", "pitch_range_st", "level_db", "balance_db", "rate_syll_per_s"):
        values = [answers[style][name] for style in answers if style.startswith("plain")]
        assert max(values) - min(values) < 0.4, name


def test_a_flat_answer_has_hardly_any_range_and_is_otherwise_plain(answers: Answers) -> None:
    plain, flat = answers["plain before flat"], answers["flat"]
    # Made with 0.15 of the range.
    assert flat["pitch_range_st"] < 0.25 * plain["pitch_range_st"]
    assert flat["rate_syll_per_s"] == pytest.approx(plain["rate_syll_per_s"], rel=0.1)
    assert flat["balance_db"] == pytest.approx(plain["balance_db"], abs=1.0)


def test_a_warm_answer_is_slower_and_pauses(answers: Answers) -> None:
    plain, warm, flat = answers["plain before warm"], answers["warm"], answers["flat"]
    # Made at 0.92 of the pace, with pauses of 0.35 s between sentences.
    assert 0.8 < warm["rate_syll_per_s"] / plain["rate_syll_per_s"] < 0.97
    assert warm["pause_share"] > flat["pause_share"] + 0.05
    assert warm["pitch_range_st"] > 5 * flat["pitch_range_st"]


def test_a_hurried_answer_is_faster_than_plain_and_warm_ones(answers: Answers) -> None:
    plain, hurried = answers["plain before hurried"], answers["hurried"]
    # Made 1.4 times faster. Nuclei closer than the smoothing's 50 ms melt: 1.14 was measured.
    assert hurried["rate_syll_per_s"] > 1.1 * plain["rate_syll_per_s"]
    assert hurried["rate_syll_per_s"] > 1.2 * answers["warm"]["rate_syll_per_s"]
    assert hurried["pause_share"] < 0.03


def test_a_raised_answer_is_higher_louder_and_sharper(answers: Answers) -> None:
    plain, raised = answers["plain before raised"], answers["raised"]
    # Made with 4 semitones and 7 dB; 6 dB above 2 kHz, rising from 1 kHz. Other sentences than
    # the plain ones: their own pitch and vowels move it by 1 semitone and 1 to 2 dB.
    assert raised["pitch_median_st"] - plain["pitch_median_st"] == pytest.approx(3.5, abs=1.0)
    assert raised["level_db"] - plain["level_db"] == pytest.approx(7.5, abs=1.0)
    assert raised["balance_db"] - plain["balance_db"] == pytest.approx(5.0, abs=1.0)
    # The same sentences, flat: nearly the raise alone.
    flat = answers["flat"]
    assert raised["pitch_median_st"] - flat["pitch_median_st"] == pytest.approx(4.2, abs=0.6)
    assert raised["level_db"] - flat["level_db"] == pytest.approx(7.0, abs=0.6)


def test_every_figure_is_a_plain_float_of_two_decimals() -> None:
    values = list(asdict(delivered(agent_speech())).values())
    assert {type(value) for value in values} == {float}
    assert [round(value, 2) for value in values] == values

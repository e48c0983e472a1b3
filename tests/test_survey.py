"""What a recording holds besides words: music, clipping, noise, one side heard on the other."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from sounds import FIXTURES, Signal, encode, noise, silence, tone, write_wav

from calltone.audio.recording import Recording, open_recording
from calltone.audio.survey import Sound, Survey, crosstalk_db, survey


def surveyed(path: Path) -> Survey:
    with open_recording(path) as recording:
        return survey(recording)


def sound_of(folder: Path, samples: ArrayLike, rate_hz: int = 8000) -> Sound:
    return surveyed(write_wav(folder / "call.wav", samples, rate_hz)).sound


@pytest.fixture(scope="module")
def call() -> Signal:
    """A fixture call: agent and customer, 8 kHz, shape (2, n)."""
    with open_recording(FIXTURES / "calls" / "late-gift-warm.wav") as recording:
        return np.stack([recording.read(channel, recording.span) for channel in (0, 1)])


# --- Both channels -------------------------------------------------------------------------------


def test_the_same_sound_on_both_channels_correlates_fully() -> None:
    assert surveyed(FIXTURES / "odd" / "same-both-channels.wav").sound.correlation == 1.0


def test_the_same_sound_softer_and_upside_down_correlates_too(tmp_path: Path, call: Signal) -> None:
    assert sound_of(tmp_path, [call[0], -0.5 * call[0]]).correlation == -1.0


def test_correlation_is_the_share_of_sound_in_common(tmp_path: Path) -> None:
    common, left, right = (noise(10, seed=seed) for seed in (1, 2, 3))
    # Half of the power of each channel is common. 80 000 samples: 0.5 to within 0.01.
    correlation = sound_of(tmp_path, [common + left, common + right]).correlation
    assert correlation == pytest.approx(0.5, abs=0.015)


@pytest.mark.parametrize(
    "name", ["late-gift-warm", "late-gift-hurried", "double-charge-customer-calms"]
)
def test_two_speakers_on_their_own_channels_do_not_correlate(name: str) -> None:
    correlation = surveyed(FIXTURES / "calls" / f"{name}.wav").sound.correlation
    assert correlation == pytest.approx(0.0, abs=0.02)


def test_an_offset_of_the_line_is_nothing_in_common(tmp_path: Path) -> None:
    offset = np.stack([noise(4, level=0.01, seed=1), noise(4, level=0.01, seed=2)]) + 0.1
    assert sound_of(tmp_path, offset).correlation == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("level", [0.0, 0.1])
def test_a_channel_without_sound_correlates_with_nothing(tmp_path: Path, level: float) -> None:
    still = np.full(16000, level, np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        assert sound_of(tmp_path, [still, still]).correlation == 0.0
        assert sound_of(tmp_path, [tone(440, 2), still]).correlation == 0.0


def test_one_channel_has_neither_correlation_nor_crosstalk() -> None:
    sound = surveyed(FIXTURES / "odd" / "mono.wav").sound
    assert len(sound.channels) == 1
    assert sound.correlation is None
    assert sound.crosstalk_db is None


# --- Cross-talk ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mixed_db", [-10.0, -20.0, -30.0])
@pytest.mark.parametrize("heard_on", ["customer", "agent", "both"])
def test_crosstalk_is_measured_at_the_level_that_was_mixed(
    tmp_path: Path, call: Signal, mixed_db: float, heard_on: str
) -> None:
    gain = 10 ** (mixed_db / 20)
    mix = call.copy()
    if heard_on != "agent":
        mix[1] += gain * call[0]
    if heard_on != "customer":
        mix[0] += gain * call[1]
    # Line noise at -60 dB lifts the soft parts of what is heard: 0.5 dB at -30 were measured.
    assert sound_of(tmp_path, mix).crosstalk_db == pytest.approx(mixed_db, abs=0.8)


def test_the_worse_direction_counts(tmp_path: Path, call: Signal) -> None:
    mix = np.stack([call[0] + 0.1 * call[1], call[1] + 10 ** (-30 / 20) * call[0]])
    assert sound_of(tmp_path, mix).crosstalk_db == pytest.approx(-20.0, abs=0.8)


@pytest.mark.parametrize("name", ["late-gift-warm", "late-gift-hurried", "no-empathy-needed"])
def test_clean_channels_have_no_crosstalk(name: str) -> None:
    assert surveyed(FIXTURES / "calls" / f"{name}.wav").sound.crosstalk_db is None


def test_noise_that_only_sounds_at_the_same_time_is_no_crosstalk(
    tmp_path: Path, call: Signal
) -> None:
    # An office behind the customer, 20 dB above the line's noise, for half of the call.
    office = noise(call.shape[1] / 8000, level=0.01)[: call.shape[1]]
    office[: office.size // 2] = 0
    assert sound_of(tmp_path, [call[0], office]).crosstalk_db is None


def test_levels_that_never_move_are_no_crosstalk() -> None:
    levels = np.full((2, 1000), -60.0, np.float32)
    levels[:, 500:] = [[-20.0], [-40.0]]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert crosstalk_db(levels) is None


@pytest.mark.parametrize("channels", [1, 2])
def test_no_levels_are_no_crosstalk(channels: int) -> None:
    assert crosstalk_db(np.zeros((channels, 0), np.float32)) is None


# --- Clipping ------------------------------------------------------------------------------------


def test_clean_calls_are_not_clipped() -> None:
    for path in sorted((FIXTURES / "calls").glob("*.wav")):
        assert [channel.clipped_share for channel in surveyed(path).sound.channels] == [0.0, 0.0]


@pytest.mark.parametrize("rate_hz", [8000, 16000, 44100])
@pytest.mark.parametrize("subtype", ["PCM_16", "ULAW"])
def test_the_clipped_share_is_that_of_the_speech(
    tmp_path: Path, rate_hz: int, subtype: str
) -> None:
    with open_recording(FIXTURES / "calls" / "late-gift-warm.wav") as recording:
        speech = recording.read(0, recording.span, rate_hz)
    loud = 10 * speech
    path = write_wav(tmp_path / "call.wav", np.clip(loud, -1, 1), rate_hz, subtype)
    channel = surveyed(path).sound.channels[0]
    clipped = np.count_nonzero(np.abs(loud) >= 1) / (channel.speech_s * rate_hz)
    # At 8 kHz a clipped top is often two samples wide, of which the second is seen as flat; the
    # upper rates lose less. mu-law flattens what lies just under the top, too.
    assert 0.6 * clipped < channel.clipped_share < 1.3 * clipped
    assert channel.clipped_share > 0.02


def test_clipping_outside_of_speech_is_not_counted(tmp_path: Path, call: Signal) -> None:
    square = np.clip(10 * tone(425, 4), -1, 1)
    [channel] = sound_of(tmp_path, np.concatenate([call[0], silence(1), square])).channels
    assert channel.speech_s > 20
    assert channel.clipped_share == 0.0


def test_a_loud_voice_within_full_scale_is_not_clipped(tmp_path: Path, call: Signal) -> None:
    [channel] = sound_of(tmp_path, 0.999 * call[0] / np.abs(call[0]).max()).channels
    assert channel.clipped_share < 1e-4


# --- Music, tones and noise ----------------------------------------------------------------------


def test_hold_music_is_music_from_end_to_end() -> None:
    for channel in surveyed(FIXTURES / "odd" / "hold-music.wav").sound.channels:
        assert channel.speech_s == 0.0
        assert 5.5 < channel.music_s <= 6.0  # 6 s; the chords' first frames are no tones yet


def test_ring_tones_are_music_while_they_sound() -> None:
    left, right = surveyed(FIXTURES / "odd" / "ring-tones.wav").sound.channels
    # Two tones of 1 s, and three dialled keys on the right; each edge may take a 32 ms frame.
    assert left.music_s == pytest.approx(2.0, abs=0.1)
    assert right.music_s > left.music_s + 0.3


def test_a_tone_is_never_longer_than_the_recording(tmp_path: Path) -> None:
    # 10 s are not a whole number of frames.
    assert sound_of(tmp_path, tone(440, 10)).channels[0].music_s == 10.0


def test_noise_and_silence_are_no_music(tmp_path: Path) -> None:
    sound = sound_of(tmp_path, [noise(5), silence(5)])
    assert [channel.music_s for channel in sound.channels] == [0.0, 0.0]


def test_speech_is_hardly_ever_taken_for_music() -> None:
    for path in sorted((FIXTURES / "calls").glob("*.wav")):
        for channel in surveyed(path).sound.channels:
            # Soft ends of vowels: 0.19 s at most were measured.
            assert channel.music_s < 0.05 * channel.speech_s


@pytest.mark.parametrize("level", [0.001, 0.01])
@pytest.mark.parametrize("duration_s", [0.81, 20.0])
def test_the_noise_floor_is_that_of_the_noise(
    tmp_path: Path, level: float, duration_s: float
) -> None:
    # A tenth of the hops lie lower than the floor. A hop of 80 random samples spreads by
    # 4.34 * sqrt(2 / 80) = 0.7 dB, so that the floor lies 1.28 times that under the level.
    [channel] = sound_of(tmp_path, noise(duration_s, level=level)).channels
    assert channel.floor_db == pytest.approx(20 * np.log10(level) - 0.9, abs=0.5)


def test_speech_seconds_are_those_of_the_turns() -> None:
    found = surveyed(FIXTURES / "calls" / "late-gift-warm.wav")
    for turns, channel in zip(found.turns, found.sound.channels, strict=True):
        assert channel.speech_s == round(sum(turn.duration_s for turn in turns), 2)


# --- All of it -----------------------------------------------------------------------------------


class _OtherBlocks:
    """A recording that hands out its blocks in another length."""

    def __init__(self, recording: Recording, block_s: float) -> None:
        self.facts = recording.facts
        self.read = recording.read
        self._recording, self._block_s = recording, block_s

    def blocks(self, rate_hz: int) -> Iterator[NDArray[np.float32]]:
        return self._recording.blocks(rate_hz, self._block_s)


@pytest.mark.parametrize("block_s", [0.05, 0.16, 7.77, 1000.0])
@pytest.mark.parametrize("name", ["calls/late-gift-hurried.wav", "odd/clipped.wav"])
def test_the_length_of_a_block_changes_nothing(name: str, block_s: float) -> None:
    with open_recording(FIXTURES / name) as recording:
        as_usual = survey(recording)
        assert survey(_OtherBlocks(recording, block_s)) == as_usual  # type: ignore[arg-type]


@pytest.mark.parametrize("rate_hz", [8000, 16000, 44100])
@pytest.mark.parametrize("samples", [1, 40, 300, 1500])
def test_the_shortest_recordings_are_surveyed(tmp_path: Path, rate_hz: int, samples: int) -> None:
    path = write_wav(tmp_path / "call.wav", noise(1, rate_hz)[:samples], rate_hz)
    assert surveyed(path).turns == ((),)


@pytest.mark.parametrize("codec", ["libmp3lame", "libopus"])
def test_a_call_from_a_lossy_codec_has_the_same_turns(
    tmp_path: Path, call: Signal, codec: str
) -> None:
    suffix, rate_hz = {"libmp3lame": ("mp3", 8000), "libopus": ("opus", 8000)}[codec]
    found = surveyed(encode(tmp_path / f"call.{suffix}", call, rate_hz, codec))
    expected = surveyed(FIXTURES / "calls" / "late-gift-warm.wav")
    for turns, true in zip(found.turns, expected.turns, strict=True):
        starts = [turn.start_s for turn in turns]
        # Their padding shifts the sound by up to two frames of the codec.
        assert starts == pytest.approx([turn.start_s for turn in true], abs=0.15)


@pytest.mark.parametrize("name", ["calls/late-gift-warm.wav", "odd/clipped.wav", "odd/silence.wav"])
def test_every_figure_is_a_plain_float(name: str) -> None:
    sound = surveyed(FIXTURES / name).sound
    values = [sound.correlation, *(v for c in sound.channels for v in asdict(c).values())]
    assert {type(value) for value in values} == {float}
    assert "-0.0" not in json.dumps(asdict(sound))

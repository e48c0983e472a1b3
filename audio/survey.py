"""What a recording holds: speech activity, levels, and whether the sound can be judged at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from calltone.audio.recording import Recording
from calltone.audio.spans import Span, total_s
from calltone.audio.speech import (
    FRAME_S,
    LEVEL_HOP_S,
    SURE_THRESHOLD,
    SpeechDetector,
    detector_rate_hz,
    find_turns,
    level_db,
    noise_floor_db,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Blocks are multiples of this: silero's frames are 32 ms, levels are taken every 10 ms.
GRID_S = 0.160
# A sample is clipped where the wave stays flat near the top. G.711's largest value is 0.98.
CLIP_LEVEL = 0.95
CLIP_FLAT_PER_S = 8.0  # full scales a second: 0.001 from sample to sample at 8 kHz
STILL_POWER = 1e-11  # -110 dB, under the last bit of 16: a channel that holds nothing
AUDIBLE_DB = -55.0
# Spectral flatness of music, ring-back and keypad tones lies well below that of noise.
TONAL_FLATNESS = 0.05
TELEPHONE_BAND_HZ = (300.0, 3_400.0)
# One side leads where it is louder than the other by this; what is left of it there is cross-talk.
LEAD_DB = 6.0
# Cross-talk follows the leading side's level; line noise does not.
CROSSTALK_CORRELATION = 0.5
MIN_CROSSTALK_S = 1.0


@dataclass(frozen=True, slots=True)
class ChannelSound:
    """What one channel holds.

    Attributes:
        speech_s: Seconds of speech.
        music_s: Seconds of music, ring-back and other tones.
        clipped_share: Share of its speech samples that are clipped, 0 to 1.
        floor_db: Noise floor, dB re full scale.
    """

    speech_s: float
    music_s: float
    clipped_share: float
    floor_db: float


@dataclass(frozen=True, slots=True)
class Sound:
    """Checks of the sound, made before anything is recognised.

    Attributes:
        channels: One entry a channel.
        correlation: Of the two channels' samples, -1 to 1; None with one channel.
        crosstalk_db: How loud the leading side is heard on the other one, relative to itself; None
            where it is not heard.
    """

    channels: tuple[ChannelSound, ...]
    correlation: float | None
    crosstalk_db: float | None


@dataclass(frozen=True, slots=True)
class Survey:
    """Turns by channel, in order, and the checks of the sound."""

    turns: tuple[tuple[Span, ...], ...]
    sound: Sound


def survey(recording: Recording) -> Survey:
    """Pass over a recording, block by block; what is kept grows by 0.1 MB a minute of call."""
    rate_hz = detector_rate_hz(recording.facts.rate_hz)
    count = recording.facts.channels
    detector = SpeechDetector(rate_hz, count)
    products = _Products(count)
    probabilities, levels, tonal = [], [], []
    for block in _on_grid(recording.blocks(rate_hz), count, round(GRID_S * rate_hz)):
        probabilities.append(detector.feed(block))
        levels.append(level_db(block, rate_hz))
        tonal.append(_tonal(block, rate_hz))
        products.feed(block)
    speech, level = np.concatenate(probabilities, axis=1), np.concatenate(levels, axis=1)
    music = _music(speech, level, np.concatenate(tonal, axis=1))
    # Without the silence that filled up the last block: it is no noise floor.
    level = level[:, : int(recording.facts.duration_s / LEVEL_HOP_S + 1e-6)]
    turns = [find_turns(speech[c], level[c], recording.facts.duration_s) for c in range(count)]
    channels = [
        ChannelSound(
            speech_s=round(total_s(turns[c]), 2),
            music_s=round(min(float(music[c].sum() * FRAME_S), recording.facts.duration_s), 2),
            clipped_share=_clipped_share(recording, c, turns[c]),
            floor_db=round(noise_floor_db(level[c]), 1),
        )
        for c in range(count)
    ]
    samples = round(recording.facts.duration_s * rate_hz)
    sound = Sound(tuple(channels), products.correlation(samples), crosstalk_db(level))
    return Survey(tuple(tuple(spans) for spans in turns), sound)


def crosstalk_db(levels_db: NDArray[np.float32]) -> float | None:
    """Measure how loud one side is heard on the other, from levels of shape (channels, hops).

    Where one side leads clearly, the other should hold its own noise only. It is cross-talk when
    the weaker level rises and falls with the leading one; the figure is the median difference of
    the worse direction, in dB (negative). None: not heard, or only one channel.
    """
    if len(levels_db) != 2:
        return None
    both_ways = (_heard_on(levels_db[lead], levels_db[1 - lead]) for lead in (0, 1))
    return max((value for value in both_ways if value is not None), default=None)


def _heard_on(leading: NDArray[np.float32], other: NDArray[np.float32]) -> float | None:
    above_floor = other > max(noise_floor_db(other) + LEAD_DB, AUDIBLE_DB)
    leads = (leading - other > LEAD_DB) & above_floor
    if leads.sum() * LEVEL_HOP_S < MIN_CROSSTALK_S:
        return None
    with np.errstate(invalid="ignore"):  # levels that never move give NaN: they follow nothing
        correlation = np.corrcoef(leading[leads], other[leads])[0, 1]
    if not correlation > CROSSTALK_CORRELATION:
        return None
    return round(float(np.median(other[leads] - leading[leads])), 1)


def _on_grid(
    blocks: Iterable[NDArray[np.float32]], channels: int, multiple: int
) -> Iterator[NDArray[np.float32]]:
    """Regroup blocks of shape (channels, n) to multiples, at least one; silence fills it up."""
    rest = np.zeros((channels, 0), np.float32)
    given = 0
    for block in blocks:
        joined = np.concatenate([rest, block], axis=1)
        whole = joined.shape[1] // multiple * multiple
        rest = joined[:, whole:]
        given += whole
        if whole:
            yield joined[:, :whole]
    if rest.shape[1] or not given:
        yield np.pad(rest, ((0, 0), (0, multiple - rest.shape[1])))


def _music(
    speech: NDArray[np.float32], level: NDArray[np.float32], tonal: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Mark the 32 ms frames that sound, are tonal and are not speech; all (channels, frames)."""
    hop_of_frame = (np.arange(speech.shape[1]) * FRAME_S / LEVEL_HOP_S).astype(int)
    marked: NDArray[np.bool_] = (
        (level[:, hop_of_frame] > AUDIBLE_DB) & tonal & (speech < SURE_THRESHOLD)
    )
    return marked


def _tonal(block: NDArray[np.float32], rate_hz: int) -> NDArray[np.bool_]:
    """Mark the 32 ms frames whose energy stands in few narrow peaks, shape (channels, frames)."""
    import librosa

    frame = round(FRAME_S * rate_hz)
    spectrum = np.abs(librosa.stft(block, n_fft=frame, hop_length=frame, center=False))
    frequencies = librosa.fft_frequencies(sr=rate_hz, n_fft=frame)
    inside = (frequencies >= TELEPHONE_BAND_HZ[0]) & (frequencies <= TELEPHONE_BAND_HZ[1])
    flatness = librosa.feature.spectral_flatness(S=spectrum[:, inside])
    marked: NDArray[np.bool_] = flatness[:, 0] < TONAL_FLATNESS
    return marked


def _clipped_share(recording: Recording, channel: int, turns: Iterable[Span]) -> float:
    """Share of clipped samples in the turns, at the recording's own rate: resampling hides them."""
    clipped = samples = 0
    for turn in turns:
        sound = recording.read(channel, turn)
        flat = np.abs(np.diff(sound)) * recording.facts.rate_hz < CLIP_FLAT_PER_S
        clipped += int(((np.abs(sound[1:]) > CLIP_LEVEL) & flat).sum())
        samples += sound.size
    return round(clipped / max(1, samples), 5)


class _Products:
    """Sums of the channels' samples and of their products, for the correlation."""

    def __init__(self, channels: int) -> None:
        self._sums = np.zeros(channels)
        self._products = np.zeros((channels, channels))

    def feed(self, block: NDArray[np.float32]) -> None:
        samples = block.astype(np.float64)
        self._sums += samples.sum(axis=1)
        self._products += samples @ samples.T

    def correlation(self, count: int) -> float | None:
        """Return it for ``count`` samples; silence fed beyond them adds nothing to the sums."""
        if len(self._sums) != 2:
            return None
        # Without their means: an offset of the line is on both channels, and no sound.
        means = self._sums / max(1, count)
        about_means = self._products / max(1, count) - np.outer(means, means)
        if about_means.diagonal().min() < STILL_POWER:
            return 0.0
        energy = float(np.sqrt(about_means[0, 0] * about_means[1, 1]))
        return round(float(about_means[0, 1]) / energy, 3) + 0.0  # no -0.0

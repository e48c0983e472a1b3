"""How it is said: pitch, level, balance, pace and pauses of every turn, from librosa.

Everything is measured at 8 kHz and below 3.4 kHz, so that a wide-band recording and a telephone
line give the same figures. A turn is followed once, frame by frame (``follow``); a turn, a
sentence or any other stretch of it is then summed up from the frames (``measure``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from calltone.audio.spans import Span
from calltone.audio.speech import EDGE_ABOVE_FLOOR_DB, EDGE_BELOW_PEAK_DB
from calltone.audio.turns import Delivery

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE_HZ = 8_000
HOP = 80  # 10 ms
HOP_S = HOP / RATE_HZ
STFT_SIZE = 256  # 32 ms: tells syllables apart, still resolves 31 Hz
PITCH_HOP = 160  # 20 ms
PITCH_WINDOW = 512  # 64 ms: four periods of the lowest voice
PITCH_MIN_HZ, PITCH_MAX_HZ = 65.0, 500.0
# Semitones between pitch candidates: as good in voicing as librosa's 0.1, and several times faster.
PITCH_RESOLUTION_ST = 0.2
# librosa's 0.01 loses two thirds of the voicing of a rough voice on a telephone line; at 0.1 voiced
# seconds and median agree with Praat's there, and nothing changes on a clear voice.
PITCH_NO_TROUGH = 0.1
REFERENCE_HZ = 100.0  # pitch is given in semitones above this
# A speaker's own limits, from the quartiles of all his pitch (De Looze and Hirst 2008: 0.75 Q1 and
# 1.5 Q3, up to 2.5 Q3 for expressive speech). An octave error from the middle falls outside both.
FLOOR_OF_Q1, CEILING_OF_Q3 = 0.75, 1.8
LOW_BAND_HZ, HIGH_BAND_HZ = (100.0, 1_000.0), (1_000.0, 3_400.0)
# Syllable nuclei (de Jong and Wempe 2009): voiced peaks of intensity with a dip of 2 dB before.
NUCLEUS_DIP_DB = 2.0
NUCLEUS_BELOW_PEAK_DB = 25.0
# Hops: 30 ms, longer than a pitch period; at 50 ms a third of the syllables of fast speech melt.
NUCLEUS_SMOOTHING = 3
# A nucleus may lie this far from pitch that was found: at the edges of short vowels it is not.
NUCLEUS_NEAR_VOICE = 3
MIN_PAUSE_S = 0.25  # shorter gaps are stops and clusters, not pauses (Goldman-Eisler 1968)
# Speech that a value must rest on. Pitch statistics settle with half a second of voiced sound,
# a rate needs a handful of syllables.
MIN_VOICED_S = 0.5
MIN_SPEECH_S = 1.0


@dataclass(frozen=True, slots=True)
class Track:
    """One turn, frame by frame; every array has shape (hops,), one hop is 10 ms.

    Attributes:
        start_s: Call time of the first hop.
        pitch_hz: Pitch, NaN where unvoiced.
        level_db: Level from 0.1 to 3.4 kHz, dB re full scale.
        balance_db: Energy of the high band against the low band, dB.
        speech: True where the hop is speech, False in pauses.
        nucleus: True at the middle of a syllable.
    """

    start_s: float
    pitch_hz: NDArray[np.float32]
    level_db: NDArray[np.float32]
    balance_db: NDArray[np.float32]
    speech: NDArray[np.bool_]
    nucleus: NDArray[np.bool_]

    def cut(self, span: Span) -> Track:
        """Return the hops that lie inside a span of the call."""
        first = max(0, round((span.start_s - self.start_s) / HOP_S))
        last = max(first, round((span.end_s - self.start_s) / HOP_S))
        part = slice(first, last)
        return Track(
            self.start_s + first * HOP_S,
            self.pitch_hz[part],
            self.level_db[part],
            self.balance_db[part],
            self.speech[part],
            self.nucleus[part],
        )


@dataclass(frozen=True, slots=True)
class PitchLimits:
    """Between which pitches a speaker's own voice lies, in Hz."""

    low_hz: float
    high_hz: float


def follow(samples: NDArray[np.float32], start_s: float, floor_db: float) -> Track:
    """Follow a turn frame by frame.

    Args:
        samples: The turn at 8 kHz, shape (n,). Silence fills up what is shorter than 64 ms.
        start_s: Where it begins in the call.
        floor_db: Noise floor of its channel, dB re full scale.
    """
    import librosa

    samples = np.pad(samples, (0, max(0, PITCH_WINDOW - samples.size)))
    spectrum = librosa.stft(samples, n_fft=STFT_SIZE, hop_length=HOP, center=True)
    power = np.square(np.abs(spectrum))
    frequencies = librosa.fft_frequencies(sr=RATE_HZ, n_fft=STFT_SIZE)
    low = _band_power(power, frequencies, LOW_BAND_HZ)
    high = _band_power(power, frequencies, HIGH_BAND_HZ)
    level = _decibels(low + high)
    pitch = _pitch(samples, len(level))
    speech = _speech(level, floor_db)
    return Track(
        start_s,
        pitch,
        level,
        (_decibels(high) - _decibels(low)).astype(np.float32),
        speech,
        _nuclei(level, np.isfinite(pitch)) & speech,
    )


def pitch_limits(tracks: Sequence[Track]) -> PitchLimits:
    """Return a speaker's own pitch limits from all turns; octave errors lie outside."""
    pitch = np.concatenate([track.pitch_hz for track in tracks]) if tracks else np.zeros(0)
    pitch = pitch[np.isfinite(pitch)]
    if not pitch.size:
        return PitchLimits(PITCH_MIN_HZ, PITCH_MAX_HZ)
    q1, q3 = np.percentile(pitch, [25, 75])
    return PitchLimits(float(FLOOR_OF_Q1 * q1), float(CEILING_OF_Q3 * q3))


def measure(track: Track, limits: PitchLimits) -> Delivery:
    """Sum up a stretch of speech. Values that rest on too little speech are None."""
    voiced = (track.pitch_hz >= limits.low_hz) & (track.pitch_hz <= limits.high_hz) & track.speech
    speech_s = float(track.speech.sum() * HOP_S)
    voiced_s = float(voiced.sum() * HOP_S)
    enough_voice = voiced_s >= MIN_VOICED_S
    enough_speech = speech_s >= MIN_SPEECH_S
    semitones = 12 * np.log2(track.pitch_hz[voiced] / REFERENCE_HZ)
    pitch_range = np.subtract(*np.percentile(semitones, [90, 10])) if enough_voice else None
    return Delivery(
        speech_s=round(speech_s, 2),
        voiced_s=round(voiced_s, 2),
        pitch_median_st=_rounded(np.median(semitones)) if enough_voice else None,
        pitch_range_st=_rounded(pitch_range),
        level_db=_rounded(np.median(track.level_db[voiced])) if enough_voice else None,
        balance_db=_rounded(np.median(track.balance_db[voiced])) if enough_voice else None,
        rate_syll_per_s=_rounded(track.nucleus.sum() / speech_s) if enough_speech else None,
        pause_share=_rounded(1 - track.speech.mean()) if enough_speech else None,
    )


def _rounded(value: float | np.floating | None) -> float | None:
    return None if value is None else round(float(value), 2)


def _band_power(
    power: NDArray[np.float32], frequencies: NDArray[np.float64], band_hz: tuple[float, float]
) -> NDArray[np.float32]:
    """Mean square of the signal in a band, per hop (Parseval; the Hann window's gain undone)."""
    inside = (frequencies >= band_hz[0]) & (frequencies < band_hz[1])
    hann_gain = 0.375 * STFT_SIZE**2 / 2
    summed: NDArray[np.float32] = power[inside].sum(axis=0) / hann_gain
    return summed


def _decibels(power: NDArray[np.float32]) -> NDArray[np.float32]:
    decibels: NDArray[np.float32] = 10 * np.log10(np.maximum(power, 1e-10))
    return decibels


def _pitch(samples: NDArray[np.float32], hops: int) -> NDArray[np.float32]:
    import librosa

    pitch, _, _ = librosa.pyin(
        samples,
        fmin=PITCH_MIN_HZ,
        fmax=PITCH_MAX_HZ,
        sr=RATE_HZ,
        frame_length=PITCH_WINDOW,
        hop_length=PITCH_HOP,
        resolution=PITCH_RESOLUTION_ST,
        no_trough_prob=PITCH_NO_TROUGH,
    )
    per_hop = np.repeat(pitch, PITCH_HOP // HOP)[:hops]
    padded: NDArray[np.float32] = np.full(hops, np.nan, np.float32)
    padded[: len(per_hop)] = per_hop
    return padded


def _speech(level_db: NDArray[np.float32], floor_db: float) -> NDArray[np.bool_]:
    """Mark the hops that are speech; gaps too short for a pause count as speech."""
    peak_db = float(np.percentile(level_db, 95))
    loud = level_db > max(floor_db + EDGE_ABOVE_FLOOR_DB, peak_db - EDGE_BELOW_PEAK_DB)
    speech = loud.copy()
    edges = np.flatnonzero(np.diff(loud.astype(np.int8)))
    for begin, end in pairwise(edges):
        if not loud[end] and (end - begin) * HOP_S < MIN_PAUSE_S:
            speech[begin : end + 1] = True
    return speech


def _nuclei(level_db: NDArray[np.float32], voiced: NDArray[np.bool_]) -> NDArray[np.bool_]:
    from scipy.ndimage import binary_dilation
    from scipy.signal import find_peaks

    window = np.ones(NUCLEUS_SMOOTHING) / NUCLEUS_SMOOTHING
    smooth = np.convolve(np.pad(level_db, NUCLEUS_SMOOTHING // 2, mode="edge"), window, "valid")
    loudest_db = np.percentile(smooth, 99)
    peaks, _ = find_peaks(
        smooth, height=loudest_db - NUCLEUS_BELOW_PEAK_DB, prominence=NUCLEUS_DIP_DB
    )
    voiced = binary_dilation(voiced, iterations=NUCLEUS_NEAR_VOICE)
    nuclei = np.zeros(len(level_db), np.bool_)
    nuclei[peaks[voiced[peaks]]] = True
    return nuclei

"""Sound in which nothing is said: line noise, hold music, telephone tones, noise. All at 8 kHz."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.signal import butter, sosfilt

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples: TypeAlias = NDArray[np.float64]

RATE_HZ = 8_000
TELEPHONE_BAND_HZ = (300.0, 3_400.0)  # ITU-T G.712
SPEECH_DBFS = -22.0  # active speech, a little above the -26 dBov of ITU-T P.56 tests
LINE_NOISE_DBFS = -60.0  # a quiet line
ROOM_NOISE_DBFS = -32.0
KEYS_HZ = [(low, high) for low in (697, 770, 852, 941) for high in (1209, 1336, 1477)]
# Tone pairs in Hz with seconds on and off: ITU-T E.180 (Europe) and North American practice.
RINGING = ((425,), 1.0, 4.0), ((440, 480), 2.0, 4.0), ((400, 450), 0.4, 0.2)
BUSY = ((425,), 0.5, 0.5), ((480, 620), 0.5, 0.5), ((480, 620), 0.25, 0.25)
STEADY = ((425,), 5.0, 1.0), ((350, 440), 5.0, 1.0), ((1100,), 0.5, 3.0), ((2100,), 3.0, 1.0)
PROGRESSIONS = ((0, -3, -7, -5), (0, 5, -3, -5), (-3, -7, 0, -5), (0, -5, -3, -7))
MAJOR_STEPS = (0, 2, 4, 5, 7, 9, 11, 12)
BAR_S = 2.0


def from_db(level_db: float) -> float:
    """Return the amplitude factor of a level in dB."""
    return float(10 ** (level_db / 20))


def at_level(samples: Samples, level_dbfs: float) -> Samples:
    """Return the sound with that RMS level; silence stays silence."""
    rms = float(np.sqrt(np.mean(samples**2))) if samples.size else 0.0
    return np.asarray(samples * (from_db(level_dbfs) / rms)) if rms else samples


def through_band(samples: Samples) -> Samples:
    """Return the sound as a telephone line lets it through."""
    low_hz, high_hz = TELEPHONE_BAND_HZ
    samples = sosfilt(butter(2, low_hz, "highpass", fs=RATE_HZ, output="sos"), samples)
    samples = sosfilt(butter(8, high_hz, "lowpass", fs=RATE_HZ, output="sos"), samples)
    return np.asarray(samples, np.float64)


def line_noise(length: int, random: np.random.Generator) -> Samples:
    """Return ``length`` samples of the steady noise of a quiet line."""
    return at_level(through_band(random.standard_normal(length)), LINE_NOISE_DBFS)


def pink_noise(length: int, random: np.random.Generator) -> Samples:
    """Return noise whose power falls by 3 dB an octave, as that of rooms and streets does."""
    spectrum = np.fft.rfft(random.standard_normal(length))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    return through_band(np.fft.irfft(spectrum, length))


def silence(duration_s: float, random: np.random.Generator) -> Samples:
    """Return an open line on which nothing happens."""
    return line_noise(round(duration_s * RATE_HZ), random)


def hold_music(duration_s: float, random: np.random.Generator) -> Samples:
    """Return chords, a bass and a melody that is plucked in one phrase and bowed in the next."""
    length = round(duration_s * RATE_HZ)
    bars = [_bar(place, random) for place in range(1 + int(duration_s / BAR_S))]
    return at_level(through_band(np.concatenate(bars)[:length]), SPEECH_DBFS)


def tones(duration_s: float, random: np.random.Generator) -> Samples:
    """Return ring-back, busy and other tones and dialled keys, one after the other."""
    length = round(duration_s * RATE_HZ)
    pieces: list[Samples] = []
    while sum(map(len, pieces)) < length:
        pieces += _signals(random)
    sound = np.concatenate(pieces)[:length]
    return sound * (from_db(SPEECH_DBFS) * 2**0.5) + line_noise(length, random)


def noise(duration_s: float, random: np.random.Generator) -> Samples:
    """Return a noisy room: a level that wanders by 8 dB, and knocks and clicks."""
    length = round(duration_s * RATE_HZ)
    seconds = np.arange(2 + int(duration_s / 2)) * 2.0
    wander_db = np.interp(
        np.arange(length) / RATE_HZ, seconds, random.uniform(-8, 8, size=len(seconds))
    )
    sound = at_level(pink_noise(length, random), ROOM_NOISE_DBFS) * 10 ** (wander_db / 20)
    for _ in range(int(duration_s / 3)):
        knock = random.standard_normal(round(random.uniform(0.02, 0.2) * RATE_HZ))
        knock = knock * np.exp(-np.arange(len(knock)) / (len(knock) / 4))
        knock = at_level(through_band(knock), SPEECH_DBFS + random.uniform(-10, 0))
        start = int(random.integers(max(1, length - len(knock))))
        sound[start : start + len(knock)] += knock[: length - start]
    return sound


KINDS: dict[str, Callable[[float, np.random.Generator], Samples]] = {
    "silence": silence,
    "music": hold_music,
    "tones": tones,
    "noise": noise,
}


def on_two_channels(kind: str, duration_s: float, seed: int = 0) -> Samples:
    """Return one of KINDS, other sound on either channel, shape (2, n), -1 to 1."""
    random = np.random.default_rng([seed, list(KINDS).index(kind)])
    both = np.stack([KINDS[kind](duration_s, random) for _ in range(2)])
    return np.clip(both, -0.98, 0.98)


def _sines(frequencies_hz: Sequence[float], duration_s: float) -> Samples:
    """Return sines of equal share that peak at 1 together."""
    time_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    waves = [np.sin(2 * np.pi * frequency * time_s) for frequency in frequencies_hz]
    return np.asarray(np.sum(waves, axis=0) / len(waves))


def _signals(random: np.random.Generator) -> Iterator[Samples]:
    """Yield one kind of signal a few times: what a caller hears while nobody answers."""
    kinds = (RINGING, BUSY, STEADY)
    chosen = int(random.integers(len(kinds) + 1))
    if chosen == len(kinds):
        for _ in range(int(random.integers(4, 13))):
            yield _sines(KEYS_HZ[int(random.integers(len(KEYS_HZ)))], random.uniform(0.08, 0.2))
            yield np.zeros(round(random.uniform(0.1, 0.5) * RATE_HZ))
        yield np.zeros(RATE_HZ)
        return
    frequencies_hz, on_s, off_s = kinds[chosen][int(random.integers(len(kinds[chosen])))]
    for _ in range(int(random.integers(2, 6))):
        yield _sines(frequencies_hz, on_s)
        yield np.zeros(round(off_s * RATE_HZ))


def _bar(place: int, random: np.random.Generator) -> Samples:
    progression = PROGRESSIONS[place // 16 % len(PROGRESSIONS)]
    root = progression[place % 4] - 9  # C, in semitones from A4
    sound = _note(root - 24, BAR_S, bowed=False) * 2
    for step in (0, 4, 7):
        sound += _note(root - 12 + step, BAR_S, bowed=place // 8 % 2 == 0)
    notes = int(random.choice([2, 3, 4, 6]))
    melody = [
        _note(int(random.choice(MAJOR_STEPS)) - 9, BAR_S / notes, bowed=place // 4 % 2 == 1)
        for _ in range(notes)
    ]
    line = np.concatenate(melody)
    sound[: len(line)] += 2 * line[: len(sound)]
    return sound


def _note(semitones_from_a4: int, duration_s: float, *, bowed: bool) -> Samples:
    """Return a note of eight harmonics: plucked and dying away, or held with vibrato."""
    time_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    pitch_hz = 440 * 2 ** (semitones_from_a4 / 12)
    swing = 0.004 * np.sin(2 * np.pi * 5.5 * time_s) if bowed else np.zeros(len(time_s))
    phase = 2 * np.pi * pitch_hz * np.cumsum(1 + swing) / RATE_HZ
    audible = [k for k in range(1, 9) if k * pitch_hz < RATE_HZ / 2]
    sound = np.sum([np.sin(k * phase) / k for k in audible], axis=0)
    edge = np.minimum(time_s, time_s[::-1])
    envelope = np.minimum(edge / 0.08, 1) if bowed else np.minimum(edge / 0.01, 1)
    return np.asarray(sound * (envelope if bowed else envelope * np.exp(-time_s / 0.5)))

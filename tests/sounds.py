"""Sound with known answers, for tests: tones, files in every format, and their measures.

Signals are float arrays, -1 to 1: ``(n,)`` for one channel, ``(channels, n)`` for a file.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile  # type: ignore[import-untyped]
from numpy.typing import ArrayLike, NDArray

Signal = NDArray[np.float32]

# FFmpeg's own Vorbis encoder, the only one here, calls itself experimental.
_EXPERIMENTAL = {"strict": "experimental"}


def tone(frequency_hz: float, duration_s: float, rate_hz: int = 8000, level: float = 0.5) -> Signal:
    """Return a sine of shape ``(n,)`` whose peaks reach ``level``."""
    moments_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    return (level * np.sin(2 * np.pi * frequency_hz * moments_s)).astype(np.float32)


def silence(duration_s: float, rate_hz: int = 8000) -> Signal:
    """Return zeros of shape ``(n,)``."""
    return np.zeros(round(duration_s * rate_hz), np.float32)


def noise(duration_s: float, rate_hz: int = 8000, level: float = 0.1, seed: int = 0) -> Signal:
    """Return white noise of shape ``(n,)`` whose effective value is ``level``."""
    random = np.random.default_rng(seed)
    return (level * random.standard_normal(round(duration_s * rate_hz))).astype(np.float32)


def dominant_hz(signal: ArrayLike, rate_hz: int) -> float:
    """Return the frequency of the strongest partial of a signal of shape ``(n,)``, above 0 Hz."""
    values = np.asarray(signal, np.float64)
    spectrum = np.abs(np.fft.rfft(values * np.hanning(values.size)))
    spectrum[0] = 0
    return float(np.argmax(spectrum) * rate_hz / values.size)


def peak_level(signal: ArrayLike) -> float:
    """Return the peak of the sine that has the same effective value as a signal."""
    return float(np.sqrt(2 * np.mean(np.square(np.asarray(signal, np.float64)))))


def write_wav(
    path: Path, samples: ArrayLike, rate_hz: int = 8000, subtype: str = "PCM_16", **options: Any
) -> Path:
    """Write ``(n,)`` or ``(channels, n)`` with libsndfile and return the path.

    ``subtype`` is libsndfile's: PCM_U8, PCM_16, PCM_24, FLOAT, ALAW, ULAW, GSM610, ...
    ``format="RF64"``, ``"WAVEX"``, ``"W64"`` or ``"RAW"`` choose another container.
    """
    channels = np.atleast_2d(np.asarray(samples, np.float32))
    options.setdefault("format", "WAV")
    soundfile.write(path, channels.T, rate_hz, subtype=subtype, **options)
    return path


def encode(
    path: Path, samples: ArrayLike, rate_hz: int, codec: str, container: str | None = None
) -> Path:
    """Write ``(n,)`` or ``(channels, n)`` with one of FFmpeg's encoders and return the path."""
    channels = np.atleast_2d(np.asarray(samples, np.float32))
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(channels)]
    with av.open(str(path), "w", format=container) as output:
        stream: Any = output.add_stream(codec, rate=rate_hz, layout=layout, options=_EXPERIMENTAL)
        if codec.startswith("wma"):
            stream.bit_rate = 64_000 * len(channels)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(channels), "fltp", layout)
        frame.sample_rate = rate_hz
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def pcm16(samples: ArrayLike) -> bytes:
    """Return ``(n,)`` or ``(channels, n)`` as interleaved 16-bit little-endian bytes."""
    channels = np.atleast_2d(np.asarray(samples, np.float64))
    return np.rint(np.clip(channels.T, -1, 1) * 32767).astype("<i2").tobytes()


def chunk(name: bytes, content: bytes, length: int | None = None, *, pad: bool = True) -> bytes:
    """Return a RIFF chunk; ``length`` is what it claims to hold, whatever it holds."""
    size = len(content) if length is None else length
    return name + struct.pack("<I", size) + content + bytes(len(content) % 2 * pad)


def wav_bytes(
    data: bytes,
    *,
    data_length: int | None = None,
    riff_length: int | None = None,
    rate_hz: int = 8000,
    channels: int = 1,
    bits: int = 16,
    tag: int = 1,
    magic: bytes = b"RIFF",
    before: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """Return a WAV file byte by byte, with whatever its header is to claim.

    ``before`` and ``after`` are chunks around ``fmt`` and ``data``.
    """
    align = channels * bits // 8
    fmt = struct.pack("<HHIIHH", tag, channels, rate_hz, rate_hz * align, align, bits)
    body = b"WAVE" + before + chunk(b"fmt ", fmt)
    body += chunk(b"data", data, data_length, pad=bool(after)) + after
    return magic + struct.pack("<I", len(body) if riff_length is None else riff_length) + body


FIXTURES = Path(__file__).parent.parent / "fixtures"


def spoken_lines(call: str) -> list[dict[str, Any]]:
    """Return what is said in a fixture call: speaker, text, style, start_s and end_s of each."""
    lines: list[dict[str, Any]] = json.loads(
        (FIXTURES / "calls" / "transcripts.json").read_text(encoding="utf-8")
    )[call]
    return lines


def vowel(pitch_hz: ArrayLike, level: float = 0.3, rate_hz: int = 8000) -> Signal:
    """Return a voice-like sound: harmonics of 1/k up to 3.4 kHz, of shape ``(n,)`` like its pitch.

    ``pitch_hz`` gives the pitch of every sample; peaks reach ``level``.
    """
    pitch = np.asarray(pitch_hz, np.float64)
    phase = 2 * np.pi * np.cumsum(pitch) / rate_hz
    partials = np.zeros_like(pitch)
    for number in range(1, int(3400 / pitch.min()) + 1):
        partials += np.where(number * pitch < 3400, np.sin(number * phase) / number, 0)
    return (level * partials / np.abs(partials).max()).astype(np.float32)


def steady(pitch_hz: float, duration_s: float) -> Signal:
    """Return a vowel on one note, at 8 kHz."""
    return vowel(np.full(round(duration_s * 8000), pitch_hz))

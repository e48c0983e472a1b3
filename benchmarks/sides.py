"""One side of the comparison, in a process of its own: `python benchmarks/sides.py JOB RESULT`.

JOB is a file with a ``Job``, RESULT the one to write a ``Result`` to, both in JSON. A process of
its own, so that its peak memory is its own, and neither libraries nor thread settings of one side
help or hurt another.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WHISPER = "whisper channels"
FASTER = "faster-whisper channels"
CALLTONE = "calltone, "  # and the engine's name
WITH_TERMS = ", vocabulary"  # after it, where the engine is told the job's
RATE_HZ = 16_000  # Whisper's
MODEL = "base"

TimedWord: TypeAlias = tuple[str, float, float]


@dataclass(frozen=True, slots=True)
class Job:
    """What to hear, and by what.

    ``warm_up`` is a recording that is heard first and not measured: it loads what is loaded late
    and compiles what is compiled at its first use. ``pitch`` lets WHISPER follow the pitch too;
    ``vocabulary`` is for a side whose name ends in WITH_TERMS.
    """

    side: str
    calls: tuple[str, ...]
    warm_up: str | None = None
    pitch: bool = True
    vocabulary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What one side made of one call; words and turns by channel, in seconds of call time."""

    duration_s: float
    words: tuple[tuple[TimedWord, ...], ...]
    turns: tuple[tuple[tuple[float, float], ...], ...] | None = None
    held_back: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A call as it was heard, how long that took, and how much processor time."""

    heard: Heard
    wall_s: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Result:
    """All calls of a job. ``load_s`` is for imports and weights, ``peak_mb`` for the process."""

    load_s: float
    peak_mb: float
    calls: tuple[Measured, ...]


Listen: TypeAlias = Callable[[Path], Heard]


def run(job: Job) -> Result:
    """Do a job in this process."""
    began_s = time.perf_counter()
    listen = _side(job)
    load_s = time.perf_counter() - began_s
    if job.warm_up is not None:
        listen(Path(job.warm_up))
    calls = tuple(_measured(listen, Path(call)) for call in job.calls)
    return Result(load_s, peak_mb(), calls)


def peak_mb() -> float:
    """Return the peak memory of this process, or of a child that it has had, in MB (10^6 bytes)."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    status = Path("/proc/self/status")
    if not status.is_file():  # macOS, where ru_maxrss is in bytes
        return max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, children) / 1e6
    # Not RUSAGE_SELF: Linux hands the parent's peak down to a new process.
    lines = status.read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    return max(own, children) * 1024 / 1e6


def _measured(listen: Listen, call: Path) -> Measured:
    cpu_s, wall_s = _cpu_s(), time.perf_counter()
    heard = listen(call)
    return Measured(heard, time.perf_counter() - wall_s, _cpu_s() - cpu_s)


def _cpu_s() -> float:
    return sum(os.times()[:4])


def _side(job: Job) -> Listen:
    if job.side == WHISPER:
        return _whisper(pitch=job.pitch)
    if job.side == FASTER:
        return _faster_whisper()
    engine = job.side.removeprefix(CALLTONE).removesuffix(WITH_TERMS)
    return _calltone(engine, job.vocabulary if job.side.endswith(WITH_TERMS) else ())


def _channels(path: Path) -> Iterator[NDArray[np.float32]]:
    """Yield each channel whole, at Whisper's rate, read as calltone reads it."""
    from calltone.audio.recording import open_recording

    with open_recording(path) as recording:
        for channel in range(recording.facts.channels):
            yield recording.read(channel, recording.span, RATE_HZ)


def _whisper(*, pitch: bool) -> Listen:
    """Channel by channel: openai-whisper with word times, then librosa's pYIN at its defaults."""
    import librosa
    import torch
    import whisper

    from calltone.audio.weights import find_weights

    model: Any = whisper.load_model(str(find_weights(MODEL).path), device="cpu")
    # A model loaded from a path does not know them; word times are poor without.
    model.set_alignment_heads(whisper._ALIGNMENT_HEADS[MODEL])

    def listen(path: Path) -> Heard:
        torch.manual_seed(0)  # its fallback to higher temperatures draws words by chance
        words, duration_s = [], 0.0
        for samples in _channels(path):
            duration_s = len(samples) / RATE_HZ
            found: Any = model.transcribe(samples, word_timestamps=True, fp16=False)
            words.append(
                tuple(
                    (word["word"].strip(), float(word["start"]), float(word["end"]))
                    for segment in found["segments"]
                    for word in segment["words"]
                )
            )
            if pitch:
                low_hz, high_hz = map(float, librosa.note_to_hz(["C2", "C7"]))
                librosa.pyin(samples, fmin=low_hz, fmax=high_hz, sr=RATE_HZ)
        return Heard(duration_s, tuple(words))

    return listen


def _faster_whisper() -> Listen:
    """Channel by channel: faster-whisper in 8-bit integers, with its VAD filter and word times."""
    from faster_whisper import WhisperModel

    from calltone.audio.weights import find_converted_weights

    folder = find_converted_weights(MODEL).path
    model = WhisperModel(str(folder), device="cpu", compute_type="int8")

    def listen(path: Path) -> Heard:
        words, duration_s = [], 0.0
        for samples in _channels(path):
            duration_s = len(samples) / RATE_HZ
            segments, _ = model.transcribe(samples, word_timestamps=True, vad_filter=True)
            words.append(
                tuple(
                    (word.word.strip(), float(word.start), float(word.end))
                    for segment in segments
                    for word in segment.words or ()
                )
            )
        return Heard(duration_s, tuple(words))

    return listen


def _calltone(engine: Any, vocabulary: tuple[str, ...]) -> Listen:
    """All that `calltone score` does for a call."""
    from calltone.analysis.judge import judge
    from calltone.analysis.settings import Settings
    from calltone.audio.engines import choose
    from calltone.audio.hearing import hear

    transcriber = choose(engine, MODEL, vocabulary=vocabulary).load()
    settings = Settings()

    def listen(path: Path) -> Heard:
        call = hear(path, transcriber)
        judge(call, path.name, settings)
        channels = range(call.facts.channels)
        of_channel = [[turn for turn in call.turns if turn.channel == c] for c in channels]
        return Heard(
            call.facts.duration_s,
            tuple(
                tuple(
                    (word.text, word.start_s, word.end_s)
                    for turn in turns
                    for sentence in turn.sentences
                    for word in sentence.words
                )
                for turns in of_channel
            ),
            tuple(tuple((turn.start_s, turn.end_s) for turn in turns) for turns in of_channel),
            tuple(held.text for held in call.held_back),
        )

    return listen


if __name__ == "__main__":
    task, answer = map(Path, sys.argv[1:])
    answer.write_bytes(msgspec.json.encode(run(msgspec.json.decode(task.read_bytes(), type=Job))))

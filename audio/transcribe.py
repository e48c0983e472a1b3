"""What is said: turns packed into Whisper's 30-second windows, and words put back into call time.

Whisper always works on 30 seconds. A turn a window wastes most of them and, worse, tiny fragments
make it guess; a whole channel makes it drift over the other side's turns. So the turns of one
channel are laid end to end, with a little of the real pause around each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from calltone.audio.recording import Recording
from calltone.audio.spans import Span
from calltone.audio.turns import HeldBack, Word

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from whisper.timing import WordTiming

WHISPER_RATE_HZ = 16_000
WINDOW_S = 30.0
# Sound kept on each side of a turn: silero ends turns early on soft word endings, and Whisper
# wants to hear the pause that makes a sentence end.
PAD_S = 0.3
# Whisper's own limits for "nothing was said" and "it is looping" (openai-whisper, transcribe.py).
NO_SPEECH_PROBABILITY = 0.6
MIN_LOG_PROBABILITY = -1.0
MAX_COMPRESSION_RATIO = 2.4
# Whisper keeps half of its text context for what came before, less the mark that begins it.
MAX_PROMPT_TOKENS = 223
# What Whisper says to music and noise: lines of the subtitles that it was trained on.
STOCK_PHRASES = frozenset(
    {"thanks for watching", "thank you for watching", "please subscribe", "subscribe", "the end"}
)


@dataclass(frozen=True, slots=True)
class Engine:
    """Which recogniser made the words: part of every result's fingerprint.

    Attributes:
        name: "openai-whisper" or "faster-whisper".
        version: Of the package.
        model: Whisper's name of the model, or the name of its file.
        weights_sha256: Of the file that the weights come from.
        device: "cpu" or "cuda".
        precision: What it multiplies in: "float32", "bfloat16", "float16" or "int8".
        vocabulary: The terms that it was told to expect.
    """

    name: str
    version: str
    model: str
    weights_sha256: str
    device: str
    precision: str = "float32"
    vocabulary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WindowText:
    """What an engine hears in one window; word times are seconds from the window's start."""

    words: tuple[Word, ...]
    no_speech_probability: float
    log_probability: float
    compression_ratio: float

    @property
    def text(self) -> str:
        """The words in a row."""
        return " ".join(word.text for word in self.words)


class Transcriber(Protocol):
    """A recogniser of windows: mono float32 samples, shape (n,), 16 kHz, at most 30 s each."""

    @property
    def engine(self) -> Engine:
        """What it is, for the fingerprint."""

    @property
    def batch(self) -> int:
        """How many windows it takes best at a time. The words do not depend on it."""

    def detect_language(self, windows: Sequence[NDArray[np.float32]]) -> tuple[str, float]:
        """Return the language code that all windows together make likeliest, and how likely."""

    def transcribe(self, windows: Sequence[NDArray[np.float32]], language: str) -> list[WindowText]:
        """Recognise each window, in order."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the call inside a window: ``source`` in call time, laid at ``at_s``."""

    turn: Span
    source: Span
    at_s: float


@dataclass(frozen=True, slots=True)
class Window:
    """Turns of one channel laid end to end, at most 30 s."""

    channel: int
    pieces: tuple[Piece, ...]

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.pieces[-1].at_s + self.pieces[-1].source.duration_s

    def piece_at(self, at_s: float) -> Piece:
        """Return the piece that sounds at a time of the window (the last one past its end)."""
        return next(
            (piece for piece in self.pieces if at_s < piece.at_s + piece.source.duration_s),
            self.pieces[-1],
        )

    def halves(self) -> tuple[Window, Window]:
        """Split into two windows of half the pieces each."""
        middle = len(self.pieces) // 2
        return (
            _window(self.channel, [(piece.turn, piece.source) for piece in self.pieces[:middle]]),
            _window(self.channel, [(piece.turn, piece.source) for piece in self.pieces[middle:]]),
        )


@dataclass(frozen=True, slots=True)
class Transcript:
    """All words of a call, in call time, and what was held back.

    ``words[channel][turn]`` holds the words of that turn, in order.
    """

    language: str
    language_confidence: float
    words: tuple[tuple[tuple[Word, ...], ...], ...]
    held_back: tuple[HeldBack, ...]


def pack(channel: int, turns: Sequence[Span], call: Span) -> list[Window]:
    """Lay the turns of one channel, in order, into windows of at most 30 s."""
    windows: list[Window] = []
    open_window: list[tuple[Span, Span]] = []
    used_s = 0.0
    for turn, source in zip(turns, _padded(turns, call), strict=True):
        if open_window and used_s + source.duration_s > WINDOW_S:
            windows.append(_window(channel, open_window))
            open_window, used_s = [], 0.0
        open_window.append((turn, source))
        used_s += source.duration_s
    if open_window:
        windows.append(_window(channel, open_window))
    return windows


def transcribe(
    recording: Recording,
    turns: Sequence[Sequence[Span]],
    transcriber: Transcriber,
    language: str | None = None,
) -> Transcript:
    """Recognise the turns of every channel.

    Args:
        recording: The open recording.
        turns: For each channel its turns, in order, none longer than 29 s.
        transcriber: The recogniser.
        language: Whisper's code ("en"); None lets the recogniser find out.
    """
    call = Span(0.0, recording.facts.duration_s)
    windows = [
        window for channel, spans in enumerate(turns) for window in pack(channel, spans, call)
    ]
    confidence = 1.0
    if language is None:
        language, confidence = _language(recording, windows, transcriber)
    words: list[dict[Span, list[Word]]] = [{turn: [] for turn in spans} for spans in turns]
    held_back: list[HeldBack] = []
    for window, heard in _hear(recording, windows, transcriber, language):
        reason = _distrust(heard)
        if reason:
            held_back.append(_held_back(window, heard, reason))
        else:
            for word in heard.words:
                piece = window.piece_at((word.start_s + word.end_s) / 2)
                words[window.channel][piece.turn].append(_to_call_time(word, piece))
    return Transcript(
        language,
        confidence,
        tuple(tuple(tuple(of_turn) for of_turn in channel.values()) for channel in words),
        tuple(held_back),
    )


def _padded(turns: Sequence[Span], call: Span) -> Iterator[Span]:
    """Widen each turn, but never past the middle of the pause to the next one."""
    for index, turn in enumerate(turns):
        start_s = (turns[index - 1].end_s + turn.start_s) / 2 if index else call.start_s
        last = index + 1 == len(turns)
        end_s = call.end_s if last else (turn.end_s + turns[index + 1].start_s) / 2
        yield turn.padded(PAD_S, Span(start_s, end_s))


def _window(channel: int, spans: Iterable[tuple[Span, Span]]) -> Window:
    pieces: list[Piece] = []
    at_s = 0.0
    for turn, source in spans:
        pieces.append(Piece(turn, source, at_s))
        at_s += source.duration_s
    return Window(channel, tuple(pieces))


def _samples(recording: Recording, window: Window) -> NDArray[np.float32]:
    return np.concatenate(
        [recording.read(window.channel, piece.source, WHISPER_RATE_HZ) for piece in window.pieces]
    )


def _language(
    recording: Recording, windows: Sequence[Window], transcriber: Transcriber
) -> tuple[str, float]:
    """Ask the recogniser about the fullest window of each channel."""
    fullest: dict[int, Window] = {}
    for window in windows:
        best = fullest.get(window.channel)
        if best is None or window.duration_s > best.duration_s:
            fullest[window.channel] = window
    if not fullest:
        return "en", 0.0
    return transcriber.detect_language([_samples(recording, w) for w in fullest.values()])


def _hear(
    recording: Recording, windows: Sequence[Window], transcriber: Transcriber, language: str
) -> Iterator[tuple[Window, WindowText]]:
    """Recognise in batches; a window that loops is heard again in halves, which breaks the loop."""
    again: list[Window] = []
    for start in range(0, len(windows), transcriber.batch):
        batch = windows[start : start + transcriber.batch]
        heard = transcriber.transcribe([_samples(recording, w) for w in batch], language)
        for window, text in zip(batch, heard, strict=True):
            if text.compression_ratio > MAX_COMPRESSION_RATIO and len(window.pieces) > 1:
                again += window.halves()
            else:
                yield window, text
    if again:
        yield from _hear(recording, again, transcriber, language)


def _distrust(heard: WindowText) -> str | None:
    if not heard.words:
        return None
    if heard.compression_ratio > MAX_COMPRESSION_RATIO:
        return f"repeats itself (compression ratio {heard.compression_ratio:.1f})"
    if (
        heard.no_speech_probability > NO_SPEECH_PROBABILITY
        and heard.log_probability < MIN_LOG_PROBABILITY
    ):
        return f"probably no speech ({heard.no_speech_probability:.2f})"
    if heard.text.strip(" .!").lower() in STOCK_PHRASES:
        return "a phrase that Whisper says to music and noise"
    return None


def _held_back(window: Window, heard: WindowText, reason: str) -> HeldBack:
    first, last = window.pieces[0].source, window.pieces[-1].source
    return HeldBack(window.channel, first.start_s, last.end_s, heard.text, reason)


def _to_call_time(word: Word, piece: Piece) -> Word:
    """Move a word from window time to call time, inside the turn that it is part of."""
    shift_s = piece.source.start_s - piece.at_s
    start_s = min(max(word.start_s + shift_s, piece.turn.start_s), piece.turn.end_s)
    end_s = min(max(word.end_s + shift_s, start_s), piece.turn.end_s)
    return Word(word.text, round(start_s, 3), round(end_s, 3), word.confidence)


def likeliest_language(per_window: Sequence[Mapping[str, float]]) -> tuple[str, float]:
    """Return the code with the highest mean probability over windows, and that mean."""
    mean = {code: np.mean([window[code] for window in per_window]) for code in per_window[0]}
    best = max(mean, key=lambda code: mean[code])
    return best, round(float(mean[best]), 3)


def as_prompt(vocabulary: Sequence[str]) -> str:
    """Return terms as the words before a window, which is how Whisper is told what to expect."""
    return f" {', '.join(vocabulary)}." if vocabulary else ""


def timed_words(timings: Sequence[WordTiming]) -> tuple[Word, ...]:
    """Make words of whisper's timings, with the punctuation and what it cuts off a word.

    Args:
        timings: What ``whisper.timing.find_alignment`` returns; times from the window's start.
    """
    from whisper.timing import merge_punctuations

    merge_punctuations(timings, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、")  # noqa: RUF001
    words: list[Word] = []
    for timing in timings:
        text, end_s = timing.word.strip(), float(timing.end)
        # Whisper cuts "a.m." and "it's" into pieces without a space between them.
        if words and text and timing.word[0] != " " and not text[0].isalnum():
            words[-1] = replace(words[-1], text=words[-1].text + text, end_s=end_s)
        elif text:
            confidence = round(float(timing.probability), 3)
            words.append(Word(text, float(timing.start), end_s, confidence))
    return tuple(words)

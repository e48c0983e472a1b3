"""What is counted: word errors, and how far found turns lie from the true ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from calltone.audio.spans import Span, merge

if TYPE_CHECKING:
    from assemble import TrueTurn

# Words further apart belong to two turns: calltone's own rule (audio/speech.py, MIN_PAUSE_S).
TURN_PAUSE_S = 0.7


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Counts of one or more texts; they add up."""

    substituted: int = 0
    left_out: int = 0
    invented: int = 0
    spoken: int = 0

    def __add__(self, other: WordErrors) -> WordErrors:
        """Count the texts of both."""
        return WordErrors(
            self.substituted + other.substituted,
            self.left_out + other.left_out,
            self.invented + other.invented,
            self.spoken + other.spoken,
        )

    @property
    def rate(self) -> float:
        """Errors for each word that was spoken: 0 is perfect, and above 1 is possible."""
        return (self.substituted + self.left_out + self.invented) / max(1, self.spoken)


@dataclass(frozen=True, slots=True)
class TurnErrors:
    """How far the edges of turns are off, in seconds, and what was missed or made up."""

    start_s: tuple[float, ...] = ()
    end_s: tuple[float, ...] = ()
    true: int = 0
    missed: int = 0
    extra: int = 0

    def __add__(self, other: TurnErrors) -> TurnErrors:
        """Put the turns of both together."""
        return TurnErrors(
            self.start_s + other.start_s,
            self.end_s + other.end_s,
            self.true + other.true,
            self.missed + other.missed,
            self.extra + other.extra,
        )


def normalised(text: str) -> str:
    """Return a text as it is compared: lower case, no punctuation, numbers as digits.

    It is openai-whisper's own normaliser for English: "Mr." is "mister", "you'll" is "you will",
    "twenty-one" is "21", British spelling is American.
    """
    return str(_normaliser()(text)).strip()


def word_errors(spoken: Sequence[str], heard: Sequence[str]) -> WordErrors:
    """Count the word errors of texts, one a channel, against what was really spoken there."""
    import jiwer

    total = WordErrors()
    for truth, text in zip(map(normalised, spoken), map(normalised, heard), strict=True):
        if not truth or not text:  # nothing to align
            total += WordErrors(0, len(truth.split()), len(text.split()), len(truth.split()))
            continue
        found = jiwer.process_words(truth, text)
        total += WordErrors(
            found.substitutions, found.deletions, found.insertions, len(truth.split())
        )
    return total


def spoken_texts(turns: Iterable[TrueTurn], channels: int = 2) -> list[str]:
    """Return all that is said on each channel."""
    texts: list[list[str]] = [[] for _ in range(channels)]
    for turn in turns:
        texts[turn.channel].append(turn.text)
    return [" ".join(of_channel) for of_channel in texts]


def turn_errors(true: Iterable[TrueTurn], found: Sequence[Sequence[Span]]) -> TurnErrors:
    """Compare true turns with those that were found on each channel.

    A true turn begins where the first found turn that meets it begins, and ends where the last one
    does. So a turn that was found in pieces is no error, and one that swallows a neighbour or the
    music before it is a large one. Edges that are not known (see ``Clip``) are left out.
    """
    starts, ends, missed, count = [], [], 0, 0
    met: set[tuple[int, Span]] = set()
    for turn in true:
        count += 1
        meeting = [span for span in found[turn.channel] if span.overlap_s(turn.span) > 0]
        met |= {(turn.channel, span) for span in meeting}
        if not meeting:
            missed += 1
            continue
        if turn.start_known:
            starts.append(abs(min(span.start_s for span in meeting) - turn.start_s))
        if turn.end_known:
            ends.append(abs(max(span.end_s for span in meeting) - turn.end_s))
    extra = sum((channel, span) not in met for channel, spans in enumerate(found) for span in spans)
    return TurnErrors(tuple(starts), tuple(ends), count, missed, extra)


def turns_of_words(words: Iterable[tuple[str, float, float]]) -> list[Span]:
    """Return the turns that words with start and end in seconds make up."""
    return merge((Span(start_s, end_s) for _, start_s, end_s in words), TURN_PAUSE_S)


@cache
def _normaliser() -> Any:
    from whisper.normalizers import EnglishTextNormalizer

    return EnglishTextNormalizer()

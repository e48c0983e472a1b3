"""Stretches of time in a call, and the few things one does with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A stretch of time of a call, in seconds from its beginning."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s

    def overlap_s(self, other: Span) -> float:
        """Seconds that both spans share; 0 where they do not meet."""
        return max(0.0, min(self.end_s, other.end_s) - max(self.start_s, other.start_s))

    def padded(self, pad_s: float, within: Span) -> Span:
        """Return this span widened by ``pad_s`` on both sides, kept inside ``within``."""
        return Span(
            max(within.start_s, self.start_s - pad_s), min(within.end_s, self.end_s + pad_s)
        )


def merge(spans: Iterable[Span], gap_s: float = 0.0) -> list[Span]:
    """Join spans that overlap or lie at most ``gap_s`` apart; the result is in order."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start_s - merged[-1].end_s <= gap_s:
            merged[-1] = Span(merged[-1].start_s, max(merged[-1].end_s, span.end_s))
        else:
            merged.append(span)
    return merged


def total_s(spans: Iterable[Span]) -> float:
    """Seconds covered by the spans, overlaps counted once."""
    return sum((span.duration_s for span in merge(spans)), 0.0)

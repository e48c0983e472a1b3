"""Stock sentences: the same sentence call after call, whoever the customer is.

A sentence is compared by its content words alone, so that names of days, small words and the
recogniser's spelling do not hide it. What everybody says ("I'm so sorry about that": one content
word) is not stock, and neither is a sentence that takes up this customer's own words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from calltone.analysis.results import CallScore, Evidence
from calltone.analysis.sentences import Wording, content_stems

MIN_CONTENT_WORDS = 2
# Twice can be chance; three calls with the same empathic sentence are a habit.
MIN_CALLS = 3

NOBODY = ""
# The feature of the parts of a score that stock sentences cause.
STOCK_FEATURE = "calls_with_sentence"


def stock_key(quote: str, taken_up: Iterable[str]) -> str | None:
    """Return what a sentence has in common with its repetitions; None if it cannot be stock."""
    stems = [stem for stem in content_stems(Wording.of(quote)) if not stem.isdigit()]
    if len(stems) < MIN_CONTENT_WORDS or any(True for _ in taken_up):
        return None
    return " ".join(sorted(stems))


@dataclass(frozen=True, slots=True)
class StockSentences:
    """In how many calls of an agent (metadata ``agent``), or of all, a sentence is said."""

    calls: Mapping[tuple[str, str], int]

    def calls_with(self, agent: str, quote: str, taken_up: Iterable[str]) -> int | None:
        """Return the number of calls that share a stock sentence; None if it is not stock."""
        key = stock_key(quote, taken_up)
        count = self.calls.get((agent, key), 0) if key else 0
        return count if count >= MIN_CALLS else None

    def matters_to(self, call: CallScore) -> bool:
        """Whether a call holds stock sentences, or was judged when it did."""
        agent = call.metadata.get("agent", NOBODY)
        return _judged_by_stock(call) or any(
            self.calls_with(agent, said.quote, said.taken_up) for said in _sentences(call)
        )


NO_STOCK = StockSentences({})


class StockCounter:
    """Counts sentences over calls, one call after the other; keeps their keys only."""

    def __init__(self) -> None:
        self._calls: Counter[tuple[str, str]] = Counter()

    def add(self, call: CallScore) -> None:
        """Count the sentences of one call, each once."""
        agent = call.metadata.get("agent", NOBODY)
        keys = (stock_key(said.quote, said.taken_up) for said in _sentences(call))
        self._calls.update({(agent, key) for key in keys if key})

    def stock(self) -> StockSentences:
        """Return what has been found so far."""
        return StockSentences({k: n for k, n in self._calls.items() if n >= MIN_CALLS})


def _judged_by_stock(call: CallScore) -> bool:
    parts = (
        part
        for dimension in call.dimensions
        if dimension.words is not None
        for part in dimension.words.parts
    )
    return any(part.feature == STOCK_FEATURE for part in parts)


def _sentences(call: CallScore) -> Iterable[Evidence]:
    return (said for moment in call.moments for said in moment.response)

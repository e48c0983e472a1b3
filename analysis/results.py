"""What a call's judgement consists of. The JSON on disk is the exact image of these classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from calltone.analysis.needs import Need
from calltone.analysis.tone import Tone
from calltone.analysis.words import Behaviour
from calltone.audio.hearing import HeardCall

SCHEMA_VERSION = 1
NOTICE = "For coaching and quality work. Not for employment decisions."

Status = Literal["scored", "caution", "not scored", "failed"]


@dataclass(frozen=True, slots=True)
class Part:
    """One addend of a score, with its proof.

    Attributes:
        points: What it adds, out of 100; negative takes away.
        reason: In plain words.
        quote: What was said, where words are the proof.
        start_s: Where to listen.
        end_s: Until when.
        feature: The measured feature, where sound is the proof.
        value: Its value.
        baseline: The speaker's usual value, or the limit that it is held against.
    """

    points: float
    reason: str
    quote: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    feature: str | None = None
    value: float | None = None
    baseline: float | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """The words or the tone of something: a score from 0 to 100 that is the sum of its parts."""

    score: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the six dimensions. A side that cannot be judged is None, with the reason."""

    name: str
    weight: float
    words: Side | None
    tone: Side | None
    together: float | None
    not_applicable: str | None = None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A customer's turn (or several in a row) that calls for empathy."""

    start_s: float
    end_s: float
    quote: str
    needs: tuple[Need, ...]
    raised_voice: float | None
    strength: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of the agent's response: what it does, and how it is said."""

    quote: str
    start_s: float
    end_s: float
    behaviours: tuple[Behaviour, ...]
    taken_up: tuple[str, ...]
    tone: Tone


@dataclass(frozen=True, slots=True)
class Moment:
    """An opportunity with its response: the unit of proof."""

    opportunity: Opportunity
    response: tuple[Evidence, ...]
    words: Side | None
    tone: Side | None
    together: float | None
    mismatch: str | None


@dataclass(frozen=True, slots=True)
class Roles:
    """Which channel is whom, how sure that is, and how it was found."""

    agent_channel: int
    customer_channel: int
    confidence: float
    source: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a call is judged with caution or not at all, with the value that caused it."""

    text: str
    value: float | str | None = None
    limit: float | str | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """How the two sides share the call, from the sound alone."""

    agent_s: float
    customer_s: float
    interruptions: int
    median_wait_s: float | None


@dataclass(frozen=True, slots=True)
class CallScore:
    """Everything about one call: status, scores, moments, and what they rest on.

    ``words``, ``tone`` and ``words_and_tone`` are 0 to 100, or None where the status says why.
    ``metadata`` holds what came with the recording (agent, team, date, ...), as text.
    """

    schema_version: int
    notice: str
    file: str
    fingerprint: str
    status: Status
    reasons: tuple[Reason, ...]
    words: float | None = None
    tone: float | None = None
    words_and_tone: float | None = None
    dimensions: tuple[Dimension, ...] = ()
    moments: tuple[Moment, ...] = ()
    roles: Roles | None = None
    talk: Talk | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    heard: HeardCall | None = None

    @property
    def mismatches(self) -> tuple[Moment, ...]:
        """The moments in which words and tone disagree."""
        return tuple(moment for moment in self.moments if moment.mismatch)


def side(parts: Sequence[Part]) -> Side:
    """Sum parts up to a score within 0 to 100; what the limits take or give is a part itself."""
    rounded = [_rounded(part) for part in parts]
    total = round(sum((part.points for part in rounded), 0.0), 2)
    if total > 100:
        rounded.append(Part(round(100 - total, 2), "100 is the most"))
    elif total < 0:
        rounded.append(Part(-total, "0 is the least"))
    return Side(min(100.0, max(0.0, total)), tuple(rounded))


def together(words: Side | None, tone: Side | None, words_share: float) -> float | None:
    """Weighted geometric mean: high only where both are. None where one side is not known."""
    if words is None or tone is None:
        return None
    return round(float(words.score**words_share * tone.score ** (1 - words_share)), 2)


def _rounded(part: Part) -> Part:
    """Round the points, and make all numbers floats, as they are when they come back from JSON."""
    return replace(
        part,
        points=round(float(part.points), 2) + 0.0,  # no -0.0
        value=None if part.value is None else float(part.value),
        baseline=None if part.baseline is None else float(part.baseline),
    )

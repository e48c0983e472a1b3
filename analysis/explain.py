"""A result in plain text: what the customer needed, what the agent answered, and every point."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from calltone.analysis.results import (
    CallScore,
    Dimension,
    Evidence,
    Moment,
    Opportunity,
    Part,
    Side,
)
from calltone.analysis.roles import CHANNEL_NAMES
from calltone.audio.turns import Turn

WIDTH = 100
UNITS = {
    "overlap_s": "s",
    "rate_syll_per_s": "syllables a second",
}


def explain(call: CallScore, *, transcript: bool = False) -> str:
    """Return the judgement of a call as text, moment by moment and point by point.

    Args:
        call: The result.
        transcript: Also give all that was recognised.
    """
    lines = list(_head(call))
    for number, moment in enumerate(call.moments, 1):
        lines += ["", *_moment(number, moment)]
    if call.dimensions:
        lines += ["", "DIMENSIONS"]
        for dimension in call.dimensions:
            lines += _dimension(dimension)
        lines += ["", *_sum(call)]
    if transcript and call.heard is not None:
        lines += ["", "TRANSCRIPT"]
        lines += [line for turn in call.heard.turns for line in _turn(turn, call)]
    return "\n".join([*lines, "", call.notice])


def clock(seconds: float) -> str:
    """Return a time of the call as people read it: 65.25 is "1:05.2"."""
    tenths = int(seconds * 10)
    return f"{tenths // 600}:{tenths % 600 // 10:02d}.{tenths % 10}"


def _head(call: CallScore) -> Iterator[str]:
    yield from _wrapped(f"{call.file}: {call.status}", "")
    for reason in call.reasons:
        yield from _wrapped(f"- {reason.text}", "  ")
    if call.status in ("scored", "caution"):
        yield (
            f"words {_score(call.words)}, tone {_score(call.tone)}, "
            f"words and tone {_score(call.words_and_tone)}, out of 100"
        )
    if call.metadata:
        known = ", ".join(f"{name} {value}" for name, value in call.metadata.items())
        yield from _wrapped(known, "")
    if call.roles is not None:
        channel = CHANNEL_NAMES[call.roles.agent_channel]
        sure = f"{call.roles.source}; confidence {call.roles.confidence:.2f}"
        yield from _wrapped(f"agent: {channel} channel ({sure})", "")
    if call.talk is not None:
        wait = call.talk.median_wait_s
        yield from _wrapped(
            f"agent speaks {call.talk.agent_s:.0f} s, customer {call.talk.customer_s:.0f} s; "
            f"interruptions by the agent: {call.talk.interruptions}"
            + ("" if wait is None else f"; answers after {wait:.1f} s (median)"),
            "",
        )


def _moment(number: int, moment: Moment) -> Iterator[str]:
    need = moment.opportunity
    yield f"MOMENT {number}, {clock(need.start_s)} to {clock(_end_s(moment))}"
    yield from _wrapped(f"customer, {clock(need.start_s)}: “{need.quote}”", "  ")
    yield from _wrapped(f"calls for empathy ({need.strength:.2f} of 1): {_needs(need)}", "    ")
    for said in moment.response:
        yield from _wrapped(f"agent, {clock(said.start_s)}: “{said.quote}”{_does(said)}", "  ")
    yield from _side("words", moment.words)
    yield from _side("tone", moment.tone)
    if moment.together is not None:
        yield f"  words and tone together: {moment.together:.0f}"
    if moment.mismatch:
        yield from _wrapped(f"MISMATCH: {moment.mismatch}", "  ")


def _end_s(moment: Moment) -> float:
    ends = [moment.opportunity.end_s, *(said.end_s for said in moment.response)]
    return max(ends)


def _needs(need: Opportunity) -> str:
    told = [f"{n.kind} {n.strength:.2f} (“{n.carried_by}”)" for n in need.needs]
    if need.raised_voice is not None:
        told.append(f"voice {need.raised_voice:+.2f} against the customer's usual")
    return ", ".join(told)


def _does(said: Evidence) -> str:
    return "".join(f" [{b.name}: “{b.carried_by}”]" for b in said.behaviours)


def _dimension(dimension: Dimension) -> Iterator[str]:
    head = f"{dimension.name} (weight {dimension.weight:g})"
    if dimension.together is None:
        yield f"{head}: not applicable: {dimension.not_applicable}"
    else:
        yield f"{head}: {dimension.together:.0f}"
    yield from _side("words", dimension.words)
    yield from _side("tone", dimension.tone)


def _side(name: str, side: Side | None) -> Iterator[str]:
    if side is None:
        return
    yield f"  {name} {side.score:.0f}"
    for part in side.parts:
        yield from _wrapped(_part(part), "    ", hanging=9)


def _part(part: Part) -> str:
    at = "" if part.start_s is None else f" {clock(part.start_s)}"
    quote = "" if part.quote is None else f" “{part.quote}”"
    points = part.points + 0.0  # without the sign of a rounded -0.0
    return f"{points:+7.2f}  {part.reason}{at}{quote}{_measured(part)}"


def _measured(part: Part) -> str:
    if part.value is None:
        return ""
    unit = UNITS.get(part.feature or "", "")
    value = f"{part.value:g} {unit}".strip()
    return f" ({value})" if part.baseline is None else f" ({value}; held against {part.baseline:g})"


def _sum(call: CallScore) -> Iterator[str]:
    for name, score, scores in (
        ("words", call.words, [d.words.score if d.words else None for d in call.dimensions]),
        ("tone", call.tone, [d.tone.score if d.tone else None for d in call.dimensions]),
        ("words and tone", call.words_and_tone, [d.together for d in call.dimensions]),
    ):
        if score is not None:
            yield from _wrapped(f"{name} {score:.2f} = {_weighted(call.dimensions, scores)}", "")


def _weighted(dimensions: Sequence[Dimension], scores: Sequence[float | None]) -> str:
    known = [(d.weight, s) for d, s in zip(dimensions, scores, strict=True) if s is not None]
    addends = " + ".join(f"{weight:g} x {score:.2f}" for weight, score in known)
    return f"({addends}) / {sum(weight for weight, _ in known):g}"


def _turn(turn: Turn, call: CallScore) -> Iterator[str]:
    return _wrapped(f"{clock(turn.start_s)} {_speaker(turn, call)}: {turn.text or '…'}", "")


def _speaker(turn: Turn, call: CallScore) -> str:
    if call.roles is not None:
        return "agent" if turn.channel == call.roles.agent_channel else "customer"
    if call.heard is not None and call.heard.facts.channels == 1:
        return "speaker"
    return CHANNEL_NAMES[turn.channel]


def _score(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def _wrapped(text: str, indent: str, hanging: int = 2) -> Iterator[str]:
    yield from textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent + " " * hanging
    )

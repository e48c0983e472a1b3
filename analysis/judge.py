"""From what was heard to a judgement: roles, conversation, moments, dimensions, scores, status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median

from calltone.analysis.conversation import Conversation, answers, converse, interruptions
from calltone.analysis.dimensions import dimensions
from calltone.analysis.moments import find_moments
from calltone.analysis.results import (
    NOTICE,
    SCHEMA_VERSION,
    CallScore,
    Dimension,
    Reason,
    Talk,
)
from calltone.analysis.roles import find_roles
from calltone.analysis.rubric import Rubric
from calltone.analysis.settings import Settings, fingerprint
from calltone.analysis.status import (
    cautions,
    in_english,
    unclear,
    unread,
    unsupported,
    unusable,
)
from calltone.analysis.stock import NO_STOCK, NOBODY, StockSentences
from calltone.audio.hearing import HeardCall
from calltone.audio.transcribe import Engine
from calltone.audio.turns import Turn


def judge(
    heard: HeardCall,
    file: str,
    settings: Settings,
    metadata: Mapping[str, str] | None = None,
    stock: StockSentences = NO_STOCK,
) -> CallScore:
    """Judge a call.

    Args:
        heard: What is in its sound.
        file: How the recording is called in results.
        settings: Roles, language and rubric.
        metadata: What came with the recording; ``agent`` names whose stock sentences count.
        stock: The sentences that return call after call, where other calls are known.
    """
    rubric = settings.rubric
    blank = CallScore(
        SCHEMA_VERSION,
        NOTICE,
        file,
        fingerprint(settings, heard.engine),
        "not scored",
        unusable(heard, rubric),
        metadata=dict(metadata or {}),
        heard=heard,
    )
    if blank.reasons:
        return blank
    roles = find_roles(heard.turns, settings.agent_channel, in_english=in_english(heard))
    conversation = converse(
        heard.turns, roles.agent_channel, roles.customer_channel, read_words=in_english(heard)
    )
    judged = replace(blank, roles=roles, talk=_talk(conversation, rubric))
    warnings = cautions(heard, roles, rubric)
    if stops := unclear(heard, roles, rubric):
        return replace(judged, reasons=(*stops, *warnings))
    moments = find_moments(conversation, rubric)
    found = dimensions(conversation, moments, rubric, stock, judged.metadata.get("agent", NOBODY))
    stops = unread(heard) or unsupported(found, rubric)
    return replace(
        judged,
        status="not scored" if stops else "caution" if warnings else "scored",
        reasons=(*stops, *warnings),
        words=None if stops else _mean(found, [d.words.score if d.words else None for d in found]),
        tone=_mean(found, [d.tone.score if d.tone else None for d in found]),
        words_and_tone=None if stops else _mean(found, [d.together for d in found]),
        dimensions=found,
        moments=moments,
    )


def failed(
    file: str, settings: Settings, engine: Engine, error: str, metadata: Mapping[str, str]
) -> CallScore:
    """Return the result of a recording that could not be heard."""
    return CallScore(
        SCHEMA_VERSION,
        NOTICE,
        file,
        fingerprint(settings, engine),
        "failed",
        (Reason(error),),
        metadata=dict(metadata),
    )


def _mean(found: Sequence[Dimension], scores: Sequence[float | None]) -> float | None:
    """Average over the dimensions that apply, by their weights."""
    known = [(d.weight, s) for d, s in zip(found, scores, strict=True) if s is not None]
    total = sum(weight for weight, _ in known)
    return round(sum(weight * score for weight, score in known) / total, 2) if total else None


def _talk(conversation: Conversation, rubric: Rubric) -> Talk:
    waits = [answer.wait_s for answer in answers(conversation, rubric)]
    return Talk(
        _speech_s(conversation.agent_turns),
        _speech_s(conversation.customer_turns),
        len(interruptions(conversation, rubric)),
        round(median(waits), 2) if waits else None,
    )


def _speech_s(turns: Iterable[Turn]) -> float:
    return round(sum(turn.delivery.speech_s for turn in turns), 2)

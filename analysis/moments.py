"""Moments: what the customer needed, what the agent answered, and whether words and tone agree."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, repeat

from calltone.analysis.conversation import Brought, Conversation, Said
from calltone.analysis.needs import OPPORTUNITY_KINDS, Need
from calltone.analysis.results import Evidence, Moment, Opportunity, Part, Side, side, together
from calltone.analysis.rubric import Rubric
from calltone.analysis.tone import AS_USUAL, Baseline, Cue, Tone, mean
from calltone.analysis.words import NEGATIVE, is_formula
from calltone.audio.spans import Span
from calltone.audio.turns import Turn

EMPATHIC = ("acknowledge", "apologise", "reassure")
COMMITMENT = ("own", "reassure", "offer")
# What each behaviour does, in the words of the report.
DOES = {
    "acknowledge": "acknowledges what the customer goes through",
    "apologise": "apologises",
    "reflect": "gives back what the customer said",
    "explore": "asks what happened or what is needed",
    "reassure": "reassures",
    "own": "takes it on: commits to an action",
    "appreciate": "thanks or praises for something specific",
    "offer": "offers more than was asked",
    "dismiss": "brushes it aside",
    "blame": "puts the fault on the customer",
    "rush": "presses the customer",
}
# Deviations as a listener would say them: (feature, sign of z) in order of what is told first.
SOUNDS_LIKE = {
    ("pitch_range_st", -1): "the voice moves less than usual",
    ("rate_syll_per_s", 1): "faster than usual",
    ("pitch_median_st", 1): "higher than usual",
    ("level_db", 1): "louder than usual",
    ("balance_db", 1): "sharper than usual",
    ("pause_share", -1): "with fewer pauses than usual",
}
CALM = ("calm", "calmer than usual", "the voice is more raised than usual")
ALIVE = ("alive", "the pitch moves more than usual", "the pitch moves less than usual")
UNHURRIED = ("unhurried", "more time than usual", "more hurried than usual: pace and pauses")
TONE_PARTS = (CALM, ALIVE, UNHURRIED)
# Points of a tone like the agent's usual one: good, with room for better. What is all wrong in one
# part (0 of 1) costs 80 of them.
TONE_AS_USUAL = 80.0
TONE_GAIN = 105.0
MIN_USUAL_STRETCHES = 5  # sentences outside the moments that make a usual voice
TELLING_Z = 1.0  # a deviation of one spread can be heard


def find_moments(conversation: Conversation, rubric: Rubric) -> tuple[Moment, ...]:
    """Find the opportunities and judge the response to each."""
    runs = list(_opportunities(conversation, rubric))
    ends = [*(run[0].turn.start_s for run in runs[1:]), float("inf")][: len(runs)]
    responses = [
        _response(conversation, run[0].turn.start_s, until_s, rubric)
        for run, until_s in zip(runs, ends, strict=True)
    ]
    usual = UsualVoice.outside(conversation, [said for response in responses for said in response])
    return tuple(
        _moment(run, as_evidence(conversation, response, usual), conversation.words_read, rubric)
        for run, response in zip(runs, responses, strict=True)
    )


def strength(brought: Brought, rubric: Rubric) -> float:
    """How strongly a customer's turn calls for empathy, 0 to 1: the words, or the raised voice.

    A raised voice alone counts only over enough speech to be sure of it, and not where the words
    are glad: joy raises the voice as anger does.
    """
    from_words = max((n.strength for n in brought.needs if n.kind in OPPORTUNITY_KINDS), default=0)
    raised = brought.raised_voice or 0.0
    long_enough = brought.turn.delivery.speech_s >= rubric.raised_opportunity_s
    by_voice = raised >= rubric.raised_opportunity and long_enough and brought.valence <= 0
    return round(max(from_words, raised if by_voice else 0.0), 3)


def behaviour_parts(
    said: Iterable[tuple[str, Span, Sequence[str]]], points: dict[str, float]
) -> list[Part]:
    """Give points for behaviours: in full the first time, a quarter again; faults always in full.

    Args:
        said: Quote, time and behaviours of each sentence.
        points: Points by behaviour; others count nothing.
    """
    seen: set[str] = set()
    parts: list[Part] = []
    for quote, span, names in said:
        for name in names:
            if name not in points:
                continue
            again = name in seen and points[name] > 0
            value = points[name] / 4 if again else points[name]
            reason = DOES[name] + (" again" if again else "")
            parts.append(Part(value, reason, quote, span.start_s, span.end_s))
            seen.add(name)
    return parts


def tone_parts(
    tones: Sequence[tuple[Tone, float]], parts: Sequence[tuple[str, str, str]] = TONE_PARTS
) -> list[Part]:
    """Start from the usual voice, and let each part of tone add to it or take away from it.

    So one thing that is wrong with a voice is not made good by two that are as usual.

    Args:
        tones: Tones, each with its weight.
        parts: Attribute of the tone, and what to say where it is as good as usual, and where not.

    Returns:
        Parts for ``side``; none where nothing could be measured.
    """
    means = [
        (part, mean([(getattr(tone, part[0]), weight) for tone, weight in tones])) for part in parts
    ]
    changes = [_change(part, round(value, 3)) for part, value in means if value is not None]
    return [Part(TONE_AS_USUAL, "the agent's usual voice"), *changes] if changes else []


def _change(part: tuple[str, str, str], value: float) -> Part:
    name, better, worse = part
    reason = f"{name} as usual" if value == AS_USUAL else better if value > AS_USUAL else worse
    points = TONE_GAIN * (value - AS_USUAL)
    return Part(points, reason, feature=name, value=value, baseline=AS_USUAL)


@dataclass(frozen=True, slots=True)
class UsualVoice:
    """What a sentence is held against: the agent's speech outside the moments.

    So an agent who is hurried in every answer is still held against the way he or she speaks when
    nothing is at stake. Where there is too little of that, all but the sentence's own turn counts.
    """

    conversation: Conversation
    answering: frozenset[float]
    outside_moments: Baseline | None

    @classmethod
    def outside(cls, conversation: Conversation, responses: Iterable[Said]) -> UsualVoice:
        """Leave out the turns with sentences that do something for the customer."""
        answering = frozenset(said.turn.start_s for said in responses if said.behaviours)
        turns = [turn for turn in conversation.agent_turns if turn.start_s not in answering]
        if sum(len(turn.sentences) or 1 for turn in turns) < MIN_USUAL_STRETCHES:
            return cls(conversation, answering, None)
        left_out = [turn for turn in conversation.agent_turns if turn.start_s in answering]
        return cls(conversation, answering, conversation.agent_baseline(leaving_out=left_out))

    def of(self, turn: Turn) -> Baseline:
        """Return the baseline for a turn, which is never part of it."""
        if self.outside_moments is not None and turn.start_s in self.answering:
            return self.outside_moments
        return self.conversation.agent_baseline(leaving_out=[turn])


def as_evidence(
    conversation: Conversation, said: Sequence[Said], usual: UsualVoice
) -> tuple[Evidence, ...]:
    """Judge the tone of sentences against the agent's usual voice."""
    return tuple(
        Evidence(
            each.sentence.text,
            each.sentence.start_s,
            each.sentence.end_s,
            each.behaviours,
            each.taken_up,
            conversation.tone_of(each, baseline),
        )
        for _, of_turn in groupby(said, key=lambda s: s.turn.start_s)
        for each, baseline in _with_baseline(list(of_turn), usual)
    )


def _with_baseline(said: Sequence[Said], usual: UsualVoice) -> Iterable[tuple[Said, Baseline]]:
    """Pair the sentences of one turn with the baseline that they share."""
    return zip(said, repeat(usual.of(said[0].turn)), strict=False)


def discounted(parts: Iterable[Part], evidence: Iterable[Evidence]) -> list[Part]:
    """Halve what formulas earn: a customer hears that anyone could have been told the same."""
    formulas = {e.quote for e in evidence if not e.taken_up and is_formula(e.quote)}
    return [
        replace(part, points=part.points / 2, reason=f"{part.reason}, in a formula")
        if part.quote in formulas and part.points > 0
        else part
        for part in parts
    ]


def telling(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentences whose tone matters: those that do something for the customer.

    Where none does, greetings and good-byes are left out; where that leaves none, all count.
    """
    doing = [said for said in evidence if said.behaviours]
    return doing or [said for said in evidence if not is_formula(said.quote)] or list(evidence)


def _opportunities(conversation: Conversation, rubric: Rubric) -> Iterable[list[Brought]]:
    """Group customer's turns that call for empathy; with no agent in between they are one."""
    calling = [brought for brought in conversation.brought if strength(brought, rubric) > 0]
    starts = [
        turn.start_s
        for turn in conversation.agent_turns
        if turn.text and turn.span.duration_s > rubric.back_channel_s
    ]
    for _, run in groupby(calling, key=lambda b: bisect_left(starts, b.turn.start_s)):
        yield list(run)


def _moment(
    run: Sequence[Brought], evidence: tuple[Evidence, ...], words_read: bool, rubric: Rubric
) -> Moment:
    words = _words(evidence, rubric) if evidence and words_read else None
    tone = _tone(evidence)
    return Moment(
        _opportunity(run, rubric),
        evidence,
        words,
        tone,
        together(words, tone, rubric.words_share),
        _mismatch(words, tone, evidence, rubric),
    )


def _opportunity(run: Sequence[Brought], rubric: Rubric) -> Opportunity:
    strongest: dict[str, Need] = {}
    for need in (need for brought in run for need in brought.needs):
        if need.kind in OPPORTUNITY_KINDS:
            best = strongest.get(need.kind)
            strongest[need.kind] = need if best is None or need.strength > best.strength else best
    raised = [brought.raised_voice for brought in run if brought.raised_voice is not None]
    return Opportunity(
        run[0].turn.start_s,
        run[-1].turn.end_s,
        " ".join(brought.turn.text for brought in run).strip(),
        tuple(strongest.values()),
        max(raised, default=None),
        max(strength(brought, rubric) for brought in run),
    )


def _response(
    conversation: Conversation, from_s: float, until_s: float, rubric: Rubric
) -> list[Said]:
    """What the agent says next, up to the next opportunity or 30 s of speech."""
    turns: list[Turn] = []
    for turn in conversation.agent_turns:
        if from_s < turn.start_s < until_s:
            turns.append(turn)
            if sum(t.span.duration_s for t in turns) >= rubric.response_speech_s:
                break
    starts = {turn.start_s for turn in turns}
    return [said for said in conversation.said if said.turn.start_s in starts]


def _words(evidence: Sequence[Evidence], rubric: Rubric) -> Side:
    said = [(e.quote, Span(e.start_s, e.end_s), [b.name for b in e.behaviours]) for e in evidence]
    parts = discounted(behaviour_parts(said, dict(rubric.response_points)), evidence)
    return side(parts or [Part(0, "nothing in the response answers the customer's need")])


def _tone(evidence: Sequence[Evidence]) -> Side | None:
    chosen = [e for e in telling(evidence) if e.tone.measured]
    parts = tone_parts([(e.tone, e.end_s - e.start_s) for e in chosen])
    return side(parts) if parts else None


def _mismatch(
    words: Side | None, tone: Side | None, evidence: Sequence[Evidence], rubric: Rubric
) -> str | None:
    if words is None or tone is None:
        return None
    apart = abs(words.score - tone.score) >= rubric.mismatch_points
    if not apart or min(words.score, tone.score) >= rubric.mismatch_below:
        return None
    if words.score > tone.score:
        return f"the words care, the voice does not follow: {_told(telling(evidence))}"
    if any(b.name in NEGATIVE for said in evidence for b in said.behaviours):
        return "the voice is as usual or better, the words turn the customer away"
    if tone.score > TONE_AS_USUAL + rubric.mismatch_friendlier:
        return "the voice is calmer or livelier than usual, the words do not answer the customer"
    return None


def _told(evidence: Sequence[Evidence]) -> str:
    """Name the deviations that a listener would hear, largest first."""
    loudest: dict[tuple[str, int], Cue] = {}
    for cue in (cue for e in evidence for cue in e.tone.cues):
        key = (cue.feature, 1 if cue.z > 0 else -1)
        if key in SOUNDS_LIKE and abs(cue.z) >= TELLING_Z:
            best = loudest.get(key)
            loudest[key] = cue if best is None or abs(cue.z) > abs(best.z) else best
    order = sorted(loudest, key=lambda key: -abs(loudest[key].z))
    return (
        ", ".join(
            f"{SOUNDS_LIKE[key]} ({loudest[key].value:g} against {loudest[key].baseline:g}"
            f" {UNITS[key[0]]})"
            for key in order[:3]
        )
        or "each part is a little below usual"
    )


UNITS = {
    "pitch_median_st": "semitones above 100 Hz",
    "pitch_range_st": "semitones",
    "level_db": "dB",
    "balance_db": "dB",
    "rate_syll_per_s": "syllables a second",
    "pause_share": "of the time silent",
}

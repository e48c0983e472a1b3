"""The six dimensions: what each takes from words and tone, as a sum of parts with their proof."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import fmean, median

from calltone.analysis.conversation import (
    Brought,
    Conversation,
    Said,
    answers,
    back_channels,
    interruptions,
)
from calltone.analysis.moments import (
    ALIVE,
    CALM,
    COMMITMENT,
    EMPATHIC,
    TONE_PARTS,
    UNHURRIED,
    UsualVoice,
    as_evidence,
    behaviour_parts,
    discounted,
    telling,
    tone_parts,
)
from calltone.analysis.results import Dimension, Evidence, Moment, Part, Side, side, together
from calltone.analysis.rubric import Rubric
from calltone.analysis.stock import NOBODY, STOCK_FEATURE, StockSentences
from calltone.analysis.tone import SMALLEST_SPREAD, mean
from calltone.analysis.words import NEGATIVE, Behaviour, is_formula
from calltone.audio.spans import Span
from calltone.audio.turns import Turn

CALM_AND_STEADY = (
    CALM,
    ("unhurried", "steady: more time than usual", "unsteady: more hurried than usual"),
)

NO_OPPORTUNITY = "nothing in the call asks for empathy"
NO_EMPATHIC_SENTENCE = "no empathic sentence whose genuineness could be judged"
NO_RESPONSE = "the agent says nothing after the customer's need"
TOO_LITTLE_SPEECH = "too little speech to measure the tone"
WORDS_NOT_READ = "the words are not in English"

# How a dimension's 100 points are shared out.
TOLD_ON = 0.5
LISTENING_FINISH, LISTENING_TIMING, LISTENING_ROOM = 50.0, 30.0, 20.0
PER_INTERRUPTION = 25.0
PER_BACK_CHANNEL, BACK_CHANNELS_MOST = 5.0, 10.0
UNHURRIED_OWN, UNHURRIED_CUSTOMER = 75.0, 25.0
GENUINE_OWN_WORDS, GENUINE_ALIVE, GENUINE_AGREEING = 70.0, 70.0, 30.0
FORMULA_SHARE = 0.25  # of the points of a sentence in the agent's own words
EASING_END, EASING_CHANGE = 50.0, 25.0
EASING_VOICE, EASING_RAISED_END, EASING_SETTLING = 70.0, 100.0, 50.0
LAST_TURNS = 2  # the customer's last turns tell how he or she leaves

# Words, tone, and why the dimension does not apply where it does not.
_Sides = tuple[Side | None, Side | None, str | None]


def dimensions(
    conversation: Conversation,
    moments: Sequence[Moment],
    rubric: Rubric,
    stock: StockSentences,
    agent: str = NOBODY,
) -> tuple[Dimension, ...]:
    """Judge all six, in the order of reports.

    Args:
        conversation: The call with roles.
        moments: Its moments.
        rubric: Points and weights.
        stock: What is said call after call.
        agent: Whose calls ``stock`` is asked for.
    """
    sides = {
        "validating": _validating(moments, rubric),
        "listening": _listening(conversation, moments, rubric),
        "unhurried": _unhurried(conversation, moments, rubric),
        "genuine": _genuine(conversation, moments, rubric, stock, agent),
        "easing": _easing(conversation, moments),
        "resolving": _resolving(conversation, moments, rubric),
    }
    return tuple(
        _dimension(name, found, rubric, words_read=conversation.words_read)
        for name, found in sides.items()
    )


def _dimension(name: str, sides: _Sides, rubric: Rubric, *, words_read: bool) -> Dimension:
    words, tone, reason = sides
    if not words_read:
        words, reason = None, WORDS_NOT_READ
    elif reason is None and tone is None:
        reason = TOO_LITTLE_SPEECH
    both = together(words, tone, rubric.words_share)
    return Dimension(
        name, rubric.weights[name], words, tone, both, reason if both is None else None
    )


def _validating(moments: Sequence[Moment], rubric: Rubric) -> _Sides:
    if not moments:
        return None, None, NO_OPPORTUNITY
    points = dict(rubric.validating_points)
    shares = _shares(moments, set(points))
    parts: list[Part] = []
    for moment, share in zip(moments, shares, strict=True):
        earned = discounted(behaviour_parts(_said(moment.response), points), moment.response)
        answered = side(earned or [_unanswered(moment)])
        parts += [replace(part, points=part.points * share) for part in answered.parts]
    tone = _tone_of(_doing(moments, EMPATHIC) or _telling(moments), TONE_PARTS)
    return side(parts), tone, None


def _shares(moments: Sequence[Moment], validating: set[str]) -> list[float]:
    """Weigh moments by the strength of the need; one told on after an answer counts half.

    A customer who was just understood goes on with details of the same trouble: it need not be
    acknowledged sentence by sentence.
    """
    needs: list[float] = []
    understood = False
    for moment in moments:
        needs.append(moment.opportunity.strength * (TOLD_ON if understood else 1.0))
        done = {name for said in moment.response for name in _names(said.behaviours)}
        understood = bool(done & validating - NEGATIVE)
    return [need / sum(needs) for need in needs]


def _unanswered(moment: Moment) -> Part:
    need = moment.opportunity
    reason = "the answer to this does not acknowledge it" if moment.response else NO_RESPONSE
    return Part(0, reason, need.quote, need.start_s, need.end_s)


def _listening(conversation: Conversation, moments: Sequence[Moment], rubric: Rubric) -> _Sides:
    tone = _listening_tone(conversation, rubric)
    if not moments:
        return None, tone, NO_OPPORTUNITY
    points = dict(rubric.listening_points)
    since = _since_first_need(conversation, moments)
    parts = behaviour_parts([_doing_what(said) for said in since], points)
    parts += _taken_up(since, rubric)
    return side(parts or [Part(0, "neither asks, nor gives back what was said")]), tone, None


def _listening_tone(conversation: Conversation, rubric: Rubric) -> Side | None:
    waits = answers(conversation, rubric)
    if not waits:
        return None
    talked_over = [
        Part(
            -PER_INTERRUPTION,
            f"talks over the customer for {over_s:.1f} s",
            turn.text or None,
            turn.start_s,
            turn.end_s,
            feature="overlap_s",
            value=over_s,
            baseline=rubric.overlap_grace_s,
        )
        for turn, over_s in interruptions(conversation, rubric)
    ][: int(LISTENING_FINISH / PER_INTERRUPTION)]
    late = [answer for answer in waits if answer.wait_s > rubric.dead_air_s]
    in_time = 1 - len(late) / len(waits)
    agent_s, customer_s = (
        _speech_s(conversation.agent_turns),
        _speech_s(conversation.customer_turns),
    )
    customer_share = customer_s / (agent_s + customer_s)
    parts = [
        Part(LISTENING_FINISH, "lets the customer finish"),
        *talked_over,
        Part(
            LISTENING_TIMING * in_time,
            "answers without leaving the customer in silence",
            feature="answers_in_time",
            value=round(in_time, 3),
            baseline=1.0,
        ),
        Part(
            LISTENING_ROOM * min(1.0, customer_share / rubric.customer_talk_share),
            "leaves the customer room to talk",
            feature="customer_talk_share",
            value=round(customer_share, 3),
            baseline=rubric.customer_talk_share,
        ),
    ]
    return side([*parts, *_back_channels(conversation, rubric)])


def _back_channels(conversation: Conversation, rubric: Rubric) -> list[Part]:
    heard = len(back_channels(conversation, rubric))
    if not heard:
        return []
    points = min(BACK_CHANNELS_MOST, PER_BACK_CHANNEL * heard)
    return [Part(points, "shows that he or she is listening", feature="back_channels", value=heard)]


def _unhurried(conversation: Conversation, moments: Sequence[Moment], rubric: Rubric) -> _Sides:
    said = [_doing_what(said) for said in conversation.said]
    words = side(
        [
            Part(100, "no word presses the customer or sends him or her off, but for what follows"),
            *behaviour_parts(said, dict(rubric.unhurried_points)),
        ]
    )
    return words, _pace(_telling(moments) or _everything(conversation), conversation), None


def _pace(evidence: Sequence[Evidence], conversation: Conversation) -> Side | None:
    own = _tone_of(evidence, (UNHURRIED,))
    if own is None:
        return None
    parts = [replace(part, points=part.points * UNHURRIED_OWN / 100) for part in own.parts]
    rates = [
        (cue.value, e.end_s - e.start_s)
        for e in evidence
        for cue in e.tone.cues
        if cue.feature == "rate_syll_per_s"
    ]
    agent_rate = mean(rates)
    customer_rate = _usual_rate(conversation.customer_turns)
    if agent_rate is None or customer_rate is None:
        return side([replace(part, points=part.points * 100 / UNHURRIED_OWN) for part in parts])
    # Within one step of the customer's own pace nothing is lost, three steps above it all is.
    steps = (agent_rate - customer_rate) / SMALLEST_SPREAD["rate_syll_per_s"]
    share = min(1.0, max(0.0, (3 - steps) / 2))
    matched = Part(
        UNHURRIED_CUSTOMER * share,
        "not much faster than the customer",
        feature="rate_syll_per_s",
        value=round(agent_rate, 2),
        baseline=round(customer_rate, 2),
    )
    return side([*parts, matched])


def _genuine(
    conversation: Conversation,
    moments: Sequence[Moment],
    rubric: Rubric,
    stock: StockSentences,
    agent: str,
) -> _Sides:
    empathic = _doing(moments, EMPATHIC)
    if not empathic:
        return None, None, NO_EMPATHIC_SENTENCE if moments else NO_OPPORTUNITY
    points = GENUINE_OWN_WORDS / len(empathic)
    parts = [_own_words(said, points, stock, agent) for said in empathic]
    parts += _taken_up(_since_first_need(conversation, moments), rubric)
    return side(parts), _genuine_tone(moments, empathic), None


def _own_words(said: Evidence, points: float, stock: StockSentences, agent: str) -> Part:
    calls = stock.calls_with(agent, said.quote, said.taken_up)
    if calls is not None:
        return Part(
            0,
            f"the same sentence in {calls} calls",
            said.quote,
            said.start_s,
            said.end_s,
            STOCK_FEATURE,
            calls,
        )
    if is_formula(said.quote) and not said.taken_up:
        return Part(
            points * FORMULA_SHARE,
            "a formula that any customer could be told",
            said.quote,
            said.start_s,
            said.end_s,
        )
    return Part(points, "in the agent's own words", said.quote, said.start_s, said.end_s)


def _genuine_tone(moments: Sequence[Moment], empathic: Sequence[Evidence]) -> Side | None:
    alive = _tone_of(empathic, (ALIVE,))
    if alive is None:
        return None
    judged = [moment for moment in moments if moment.together is not None]
    agreeing = sum(moment.mismatch is None for moment in judged)
    share = agreeing / len(judged) if judged else 1.0
    return side(
        [
            *(replace(part, points=part.points * GENUINE_ALIVE / 100) for part in alive.parts),
            Part(
                GENUINE_AGREEING * share,
                "words and tone agree",
                feature="moments_agreeing",
                value=round(share, 3),
                baseline=1.0,
            ),
        ]
    )


def _easing(conversation: Conversation, moments: Sequence[Moment]) -> _Sides:
    if not moments:
        return None, None, NO_OPPORTUNITY
    first_s, last_s = moments[0].opportunity.start_s, moments[-1].opportunity.end_s
    since = [b for b in conversation.brought if b.turn.start_s >= first_s]
    later = [b for b in since if b.turn.start_s > moments[0].opportunity.end_s]
    if not later:
        return None, None, "the customer says nothing after the first need"
    ending = [b for b in since if b.turn.start_s > last_s] or since[-1:]
    return _easing_words(since, ending), _easing_tone(moments, later), None


def _easing_words(since: Sequence[Brought], ending: Sequence[Brought]) -> Side:
    """Compare the customer's words after the last need with the worst of the call."""
    worst = min(since, key=lambda b: b.valence)
    telling_turns = [b for b in ending if b.valence] or list(ending[-1:])
    end = fmean(b.valence for b in telling_turns)
    return side(
        [
            Part(
                EASING_END * (1 + end),
                "how the customer ends the call",
                " … ".join(b.turn.text for b in telling_turns) or None,
                telling_turns[0].turn.start_s,
                telling_turns[-1].turn.end_s,
                "words_valence",
                round(end, 2),
                0.0,
            ),
            Part(
                EASING_CHANGE * (end - worst.valence),
                "the change since this",
                worst.turn.text or None,
                worst.turn.start_s,
                worst.turn.end_s,
                "words_valence",
                worst.valence,
                0.0,
            ),
        ]
    )


def _easing_tone(moments: Sequence[Moment], later: Sequence[Brought]) -> Side | None:
    """Compare the customer's voice at the end with the highest at a need."""
    needs = [moment.opportunity for moment in moments]
    most = max(needs, key=lambda need: need.raised_voice or -1.0)
    last = [b for b in later if b.raised_voice is not None][-LAST_TURNS:]
    if not last or most.raised_voice is None:
        return None
    end, peak = fmean(b.raised_voice or 0.0 for b in last), most.raised_voice
    return side(
        [
            Part(EASING_VOICE, "the customer's usual voice"),
            Part(
                EASING_RAISED_END * min(0.0, -end),
                "how far the voice is raised at the end",
                None,
                last[0].turn.start_s,
                last[-1].turn.end_s,
                "raised_voice",
                round(end, 3),
                0.0,
            ),
            Part(
                EASING_SETTLING * max(0.0, peak - max(0.0, end)),
                "how far it has settled since this need",
                None,
                most.start_s,
                most.end_s,
                "raised_voice",
                peak,
                0.0,
            ),
        ]
    )


def _resolving(conversation: Conversation, moments: Sequence[Moment], rubric: Rubric) -> _Sides:
    if not moments:
        return None, None, NO_OPPORTUNITY
    said = [_doing_what(said) for said in _since_first_need(conversation, moments)]
    first_fix_s = min((span.start_s for _, span, names in said if "own" in names), default=None)
    in_order = [
        (quote, span, [n for n in names if n != "explore" or _before(span, first_fix_s)])
        for quote, span, names in said
    ]
    parts = behaviour_parts(in_order, dict(rubric.resolving_points))
    tone = _tone_of(_doing(moments, COMMITMENT) or _telling(moments), CALM_AND_STEADY)
    return side(parts or [Part(0, "no commitment, no way out offered")]), tone, None


def _before(span: Span, first_fix_s: float | None) -> bool:
    """Whether a question comes before the fix: asked afterwards it finds no root cause."""
    return first_fix_s is None or span.start_s < first_fix_s


def _taken_up(agent_said: Iterable[Said], rubric: Rubric) -> list[Part]:
    """Give points for the customer's own words, each word once, up to the limit."""
    seen: set[str] = set()
    parts: list[Part] = []
    left = rubric.taken_up_limit
    for said in agent_said:
        new = [word for word in said.taken_up if word not in seen]
        points = min(left, rubric.taken_up_points * len(new))
        if points > 0:
            reason = f"takes up the customer's words: {', '.join(new)}"
            quote, span, _ = _doing_what(said)
            parts.append(Part(points, reason, quote, span.start_s, span.end_s))
        seen.update(new)
        left -= points
    return parts


def _tone_of(evidence: Sequence[Evidence], parts: Sequence[tuple[str, str, str]]) -> Side | None:
    measured = [(e.tone, e.end_s - e.start_s) for e in evidence if e.tone.measured]
    found = tone_parts(measured, parts)
    return side(found) if found else None


def _doing(moments: Sequence[Moment], names: Sequence[str]) -> list[Evidence]:
    return [e for e in _responses(moments) if any(b.name in names for b in e.behaviours)]


def _telling(moments: Sequence[Moment]) -> list[Evidence]:
    return [evidence for moment in moments for evidence in telling(moment.response)]


def _responses(moments: Sequence[Moment]) -> list[Evidence]:
    return [evidence for moment in moments for evidence in moment.response]


def _since_first_need(conversation: Conversation, moments: Sequence[Moment]) -> list[Said]:
    first_s = moments[0].opportunity.start_s
    return [said for said in conversation.said if said.turn.start_s >= first_s]


def _doing_what(said: Said) -> tuple[str, Span, list[str]]:
    return said.sentence.text, said.sentence.span, _names(said.behaviours)


def _said(evidence: Iterable[Evidence]) -> list[tuple[str, Span, list[str]]]:
    return [(e.quote, Span(e.start_s, e.end_s), _names(e.behaviours)) for e in evidence]


def _everything(conversation: Conversation) -> tuple[Evidence, ...]:
    """Judge every sentence of the agent against the rest of the call."""
    usual = UsualVoice.outside(conversation, [])
    return as_evidence(conversation, conversation.said, usual)


def _names(behaviours: Iterable[Behaviour]) -> list[str]:
    return [behaviour.name for behaviour in behaviours]


def _speech_s(turns: Iterable[Turn]) -> float:
    return sum(turn.delivery.speech_s for turn in turns)


def _usual_rate(turns: Iterable[Turn]) -> float | None:
    rates = [turn.delivery.rate_syll_per_s for turn in turns]
    known = [rate for rate in rates if rate is not None]
    return median(known) if known else None

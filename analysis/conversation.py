"""A heard call with roles: what the agent said and did, what the customer brought, who waited."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from calltone.analysis import tone as tones
from calltone.analysis.needs import Need, read_customer, valence
from calltone.analysis.rubric import Rubric
from calltone.analysis.tone import Tone
from calltone.analysis.words import Behaviour, read_sentence, taken_up
from calltone.audio.turns import Delivery, Sentence, Turn


@dataclass(frozen=True, slots=True)
class Said:
    """An agent's sentence: what it does for the customer, and the turn that it stands in."""

    sentence: Sentence
    turn: Turn
    behaviours: tuple[Behaviour, ...]
    taken_up: tuple[str, ...]

    def does(self, *names: str) -> bool:
        """Whether the sentence shows one of the behaviours."""
        return any(behaviour.name in names for behaviour in self.behaviours)


@dataclass(frozen=True, slots=True)
class Brought:
    """A customer's turn: what it asks for, and how raised the voice is (-1 to 1)."""

    turn: Turn
    needs: tuple[Need, ...]
    valence: float
    raised_voice: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """All stretches of a speaker: baselines without some of the turns come quickly from it.

    Attributes:
        features: What `tone.features` returns, of shape ``(stretches, features)``.
        turn_starts_s: The start of the turn that each stretch belongs to, of shape
            ``(stretches,)``.
    """

    features: NDArray[np.float64]
    turn_starts_s: NDArray[np.float64]

    @classmethod
    def of(cls, turns: Iterable[Turn]) -> Voice:
        """Collect the stretches of a speaker's turns."""
        stretches = [(turn.start_s, sound) for turn in turns for sound in _stretches(turn)]
        return cls(
            tones.features(sound for _, sound in stretches),
            np.array([start_s for start_s, _ in stretches], np.float64),
        )

    def baseline(self, leaving_out: Iterable[Turn] = ()) -> tones.Baseline:
        """The usual delivery, without some turns."""
        skipped = np.isin(self.turn_starts_s, [turn.start_s for turn in leaving_out])
        return tones.baseline_of(self.features[~skipped])


@dataclass(frozen=True)  # without slots, so that the voice can be kept
class Conversation:
    """Both sides of a call, each in order of time.

    ``words_read`` is False where the words are in a language that is not judged: then no sentence
    has behaviours and no turn has needs.
    """

    agent_turns: tuple[Turn, ...]
    customer_turns: tuple[Turn, ...]
    said: tuple[Said, ...]
    brought: tuple[Brought, ...]
    words_read: bool = True

    def agent_baseline(self, leaving_out: Iterable[Turn] = ()) -> tones.Baseline:
        """The agent's usual delivery by sentence, without some turns."""
        return self._agent_voice.baseline(leaving_out)

    def tone_of(self, said: Said, usual: tones.Baseline) -> Tone:
        """The tone of a sentence, or of its turn where the sentence is too short to tell."""
        own = tones.tone(said.sentence.delivery, usual)
        return own if own.calm is not None else tones.tone(said.turn.delivery, usual)

    @cached_property
    def _agent_voice(self) -> Voice:
        return Voice.of(self.agent_turns)


@dataclass(frozen=True, slots=True)
class Answer:
    """An agent's turn that follows a customer's: how long it took (negative: overlap)."""

    turn: Turn
    wait_s: float


def converse(
    turns: Sequence[Turn], agent: int, customer: int, *, read_words: bool = True
) -> Conversation:
    """Read the words of both sides and measure the customer's voice against itself."""
    agent_turns = tuple(turn for turn in turns if turn.channel == agent)
    customer_turns = tuple(turn for turn in turns if turn.channel == customer)
    customer_voice = Voice.of(customer_turns)
    return Conversation(
        agent_turns,
        customer_turns,
        tuple(_said(agent_turns, customer_turns, read_words)),
        tuple(_brought(turn, customer_voice, read_words) for turn in customer_turns),
        read_words,
    )


def is_back_channel(turn: Turn, rubric: Rubric) -> bool:
    """Whether a turn only says "I am listening": short, two words at most."""
    return turn.span.duration_s <= rubric.back_channel_s and len(turn.text.split()) <= 2


def back_channels(conversation: Conversation, rubric: Rubric) -> list[Turn]:
    """Return the agent's back-channels that fall into a customer's turn, or right behind it."""
    return [
        turn
        for turn in conversation.agent_turns
        if is_back_channel(turn, rubric)
        and any(
            other.start_s < turn.start_s < other.end_s + rubric.overlap_grace_s
            for other in conversation.customer_turns
        )
    ]


def answers(conversation: Conversation, rubric: Rubric) -> list[Answer]:
    """Pair each customer's turn with the agent's answer, from the sound alone."""
    found: list[Answer] = []
    for turn, following in _with_next(conversation.customer_turns):
        latest_s = following.start_s if following else float("inf")
        answer = next(
            (
                candidate
                for candidate in conversation.agent_turns
                if turn.start_s < candidate.start_s < latest_s
                and candidate.end_s > turn.end_s
                and not is_back_channel(candidate, rubric)
            ),
            None,
        )
        if answer is not None:
            found.append(Answer(answer, round(answer.start_s - turn.end_s, 3)))
    return found


def interruptions(conversation: Conversation, rubric: Rubric) -> list[tuple[Turn, float]]:
    """Agent's turns that begin while the customer goes on talking past the grace time.

    About 40 % of turn changes overlap a little, so overlap alone is no interruption.

    Returns:
        The agent's turn and the seconds talked over.
    """
    return [
        (turn, round(over_s, 2))
        for turn in conversation.agent_turns
        if not is_back_channel(turn, rubric)
        and (over_s := _talked_over_s(turn, conversation.customer_turns)) > rubric.overlap_grace_s
    ]


def _talked_over_s(turn: Turn, others: Sequence[Turn]) -> float:
    begun_before = (other for other in others if other.start_s < turn.start_s < other.end_s)
    return max((turn.span.overlap_s(other.span) for other in begun_before), default=0.0)


def _said(
    agent_turns: Sequence[Turn], customer_turns: Sequence[Turn], read_words: bool
) -> Iterable[Said]:
    starts_s = [turn.start_s for turn in customer_turns]
    for turn in agent_turns:
        before = _text_before(turn, customer_turns[: bisect_left(starts_s, turn.start_s)])
        for sentence in turn.sentences:
            if read_words:
                behaviours = read_sentence(sentence.text, before)
                yield Said(sentence, turn, behaviours, taken_up(sentence.text, before))
            else:
                yield Said(sentence, turn, (), ())


def _text_before(turn: Turn, earlier: Sequence[Turn]) -> str:
    """What the customer said just before, up to a minute back.

    Pauses cut one telling into turns, with scraps of a word or two between them: the last turn
    counts, and the two before it that say more than that.
    """
    recent = [other.text for other in earlier[-8:] if turn.start_s - other.end_s < 60]
    tellings = [text for text in recent[:-1] if len(text.split()) > 2]
    return " ".join([*tellings[-2:], *recent[-1:]])


def _brought(turn: Turn, voice: Voice, read_words: bool) -> Brought:
    raised = _raised_voice(turn, voice.baseline(leaving_out=[turn]))
    if not read_words:
        return Brought(turn, (), 0.0, raised)
    return Brought(turn, read_customer(turn.text), round(valence(turn.text), 3), raised)


def _raised_voice(turn: Turn, usual: tones.Baseline) -> float | None:
    """How raised the sentences are; the turn, where each of them is too short to tell."""
    heard = tones.mean(
        [
            (tones.tone(stretch, usual).raised_voice, stretch.speech_s)
            for stretch in _stretches(turn)
        ]
    )
    if heard is None:
        return tones.tone(turn.delivery, usual).raised_voice
    return round(heard, 3)


def _stretches(turn: Turn) -> list[Delivery]:
    """The sentences of a turn, or the turn itself where nothing was recognised."""
    return [sentence.delivery for sentence in turn.sentences] or [turn.delivery]


def _with_next(turns: Sequence[Turn]) -> Iterable[tuple[Turn, Turn | None]]:
    return zip_longest(turns, turns[1:])

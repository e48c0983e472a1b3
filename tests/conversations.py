"""Calls without sound, for tests: turns with words, times and delivery as `hear` would give them.

A call reads like a script::

    turns = dialogue([
        agent("Thank you for calling, how can I help?"),
        customer("I was charged twice. I'm so upset about this!", "raised"),
        agent("I'm so sorry. I'll refund it right now.", "flat", wait_s=-0.8),
    ])
    conversation = converse(turns, AGENT, CUSTOMER)

Delivery is that of the speaker's usual manner, another manner, or whatever a test asks for by
name: ``agent("Okay.", "hurried", pause_share=None)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypedDict, Unpack

from calltone.audio.hearing import HeardCall
from calltone.audio.recording import RecordingFacts
from calltone.audio.survey import ChannelSound, Sound
from calltone.audio.transcribe import Engine
from calltone.audio.turns import Delivery, Sentence, Turn, Word

AGENT, CUSTOMER = 0, 1
CONFIDENCE = 0.9
WORD_S = 0.4  # 150 words a minute, where no end is given
WAIT_S = 0.5

Manner = Literal["usual", "flat", "hurried", "raised", "warm", "unmeasured"]


class DeliveryChanges(TypedDict, total=False):
    """The fields of `Delivery`, all optional."""

    speech_s: float
    voiced_s: float
    pitch_median_st: float | None
    pitch_range_st: float | None
    level_db: float | None
    balance_db: float | None
    rate_syll_per_s: float | None
    pause_share: float | None


# The two speakers differ where voices differ, not in how lively or how fast they are.
_VOICES: Mapping[int, Delivery] = {
    AGENT: Delivery(0.0, 0.0, 4.0, 6.0, -22.0, -8.0, 4.5, 0.1),
    CUSTOMER: Delivery(0.0, 0.0, 9.0, 6.0, -26.0, -6.0, 4.5, 0.1),
}
# What a manner adds to the usual values.
_SHIFTS: Mapping[Manner, Mapping[str, float]] = {
    "usual": {},
    "flat": {"pitch_range_st": -4.5},
    "hurried": {"rate_syll_per_s": 2.5, "pause_share": -0.1},
    "raised": {"pitch_median_st": 5.0, "level_db": 8.0, "balance_db": 7.0},
    "warm": {"pitch_median_st": -0.5, "pitch_range_st": 2.0, "rate_syll_per_s": -0.7},
}


def delivery(
    channel: int = AGENT,
    manner: Manner = "usual",
    *,
    length_s: float = 4.0,
    **changes: Unpack[DeliveryChanges],
) -> Delivery:
    """Return how a speaker sounds; ``changes`` set values, a manner shifts them."""
    usual = _VOICES[channel]
    sound = replace(
        usual,
        speech_s=round(length_s * 0.9, 2),  # the usual pause share is 0.1
        voiced_s=round(length_s * 0.6, 2),
    )
    if manner == "unmeasured":
        sound = Delivery(sound.speech_s, sound.voiced_s, None, None, None, None, None, None)
    else:
        shifts = _SHIFTS[manner].items()
        sound = replace(sound, **{name: getattr(usual, name) + by for name, by in shifts})
    return replace(sound, **changes)


def say(
    channel: int,
    text: str,
    start_s: float,
    end_s: float | None = None,
    manner: Manner = "usual",
    **changes: Unpack[DeliveryChanges],
) -> Turn:
    """Return a turn with one sentence per sentence of the text, its words evenly timed.

    Without an end the turn takes `WORD_S` a word. Without text it is sound that nothing was
    recognised in.
    """
    words = text.split()
    if end_s is None:
        end_s = start_s + WORD_S * max(1, len(words))
    each_s = (end_s - start_s) / max(1, len(words))
    timed = [
        Word(word, start_s + index * each_s, start_s + (index + 1) * each_s, CONFIDENCE)
        for index, word in enumerate(words)
    ]
    sentences: list[Sentence] = []
    for said in re.split(r"(?<=[.?!])\s+", text.strip()):
        own, timed = timed[: len(said.split())], timed[len(said.split()) :]
        if own:
            length_s = own[-1].end_s - own[0].start_s
            sound = delivery(channel, manner, length_s=length_s, **changes)
            sentences.append(Sentence(said, own[0].start_s, own[-1].end_s, tuple(own), sound))
    whole = delivery(channel, manner, length_s=end_s - start_s, **changes)
    return Turn(channel, start_s, end_s, whole, tuple(sentences))


@dataclass(frozen=True, slots=True)
class Line:
    """A turn of a script; its start is ``wait_s`` after the end of the line before."""

    channel: int
    text: str
    manner: Manner
    wait_s: float
    length_s: float | None
    changes: DeliveryChanges


def agent(
    text: str,
    manner: Manner = "usual",
    *,
    wait_s: float = WAIT_S,
    length_s: float | None = None,
    **changes: Unpack[DeliveryChanges],
) -> Line:
    """Return a line of the agent; a negative wait overlaps the line before."""
    return Line(AGENT, text, manner, wait_s, length_s, changes)


def customer(
    text: str,
    manner: Manner = "usual",
    *,
    wait_s: float = WAIT_S,
    length_s: float | None = None,
    **changes: Unpack[DeliveryChanges],
) -> Line:
    """Return a line of the customer; a negative wait overlaps the line before."""
    return Line(CUSTOMER, text, manner, wait_s, length_s, changes)


def dialogue(lines: Iterable[Line], start_s: float = 0.0) -> tuple[Turn, ...]:
    """Lay lines one after the other; the turns come in the order of their beginnings."""
    turns: list[Turn] = []
    for line in lines:
        begin_s = turns[-1].end_s + line.wait_s if turns else start_s
        end_s = None if line.length_s is None else begin_s + line.length_s
        turns.append(say(line.channel, line.text, begin_s, end_s, line.manner, **line.changes))
    return tuple(sorted(turns, key=lambda turn: (turn.start_s, turn.channel)))


def small_talk(count: int = 6) -> list[Line]:
    """Return usual speech of both sides that asks for nothing: what baselines are made of."""
    lines: list[Line] = []
    for index in range(count):
        lines.append(agent(f"The delivery takes three to five days from the {index + 1} of May."))
        lines.append(customer(f"It's the card ending in four four one {index}, from the bank."))
    return lines


def heard_call(turns: Iterable[Turn]) -> HeardCall:
    """Return the call as it comes from a clean recording; `dataclasses.replace` spoils it."""
    told = tuple(turns)
    end_s = max((turn.end_s for turn in told), default=0.0)
    speech_s = [
        sum((turn.delivery.speech_s for turn in told if turn.channel == channel), 0.0)
        for channel in (AGENT, CUSTOMER)
    ]
    return HeardCall(
        RecordingFacts("0" * 64, "pcm_s16le", 8000, 2, end_s + 1.0),
        Sound(tuple(ChannelSound(each_s, 0.0, 0.0, -60.0) for each_s in speech_s), 0.0, None),
        Engine("none", "0", "script", "0" * 64, "cpu"),
        "en",
        1.0,
        told,
        (),
    )

"""Which channel is the agent, from the words: who greets, offers help and asks who is calling."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from calltone.analysis.patterns import family
from calltone.analysis.results import Roles
from calltone.analysis.sentences import Family, Wording
from calltone.audio.turns import Turn

AgentChannel = Literal["auto", "left", "right"]
CHANNEL_NAMES = ("left", "right")


@dataclass(frozen=True, slots=True)
class _Sign:
    """Something that one role says, and how much it speaks for that role, in log-odds."""

    says: Family
    log_odds: float


# The weights are choices, not fits: one plain sign of the trade ("thank you for calling") makes a
# channel the agent at odds of 7 to 1, a hint ("let me check") at odds of 2 to 1.
_STRONG, _HINT = 2.0, 0.7
# Agents answer inbound calls and so speak first; 2 to 1, as outbound calls exist.
_FIRST_SPEAKER = 0.7

_AGENT = (
    _Sign(
        family(
            r"""
            (?:thank you|thanks) for (?:calling|contacting|choosing|ringing)
            (?:this is|my name is|i am|you are (?:speaking|talking) (?:to|with)) \w+ <four>how
            you (?:are|have) (?:through to|reached)
            welcome to <two>[^ .?]+
            """,
            # A customer who is called back says this.
            "for (?:calling|contacting|ringing) (?:me|back)",
        ),
        _STRONG,
    ),
    _Sign(
        family(
            r"""
            (?:how|what) (?:can|may|could) (?:i|we) (?:help|assist|do for)
            how (?:can|may) i be of
            (?:happy|glad|pleased|able) to (?:help|assist) you
            """
        ),
        _STRONG,
    ),
    _Sign(
        family(
            r"""
            (?:can|could|may) (?:i|you) <four>(?:have|get|take|confirm|give me|tell me|spell
                |verify) <four>(?:your|the) <four><identity>
            (?:what|when) (?:is|was) your <four><identity>
            for (?:verification|security|data protection)
            """
        ),
        _STRONG,
    ),
    _Sign(
        family(
            r"""
            (?:anything|something) (?:else|more|further) <two>(?:i|we) can
            can i (?:do|help(?: you)? with) anything else
            """
        ),
        _STRONG,
    ),
    _Sign(
        family(
            r"""
            (?:let me|i will|i am going to) (?:just )?(?:check|have a look|look|pull up|see|bring)
            (?:i|we) (?:can )?see (?:in|on|here|that) <two>(?:system|screen|account|record|you)
            (?:our|the) system
            have a (?:\w+ )?(?:day|evening|weekend|afternoon|one)
            """
        ),
        _HINT,
    ),
)
_CUSTOMER = (
    _Sign(
        family(
            r"""
            i am (?:calling|phoning|ringing) <two>(?:about|because|to|regarding|in|with|as)
            i need (?:some )?help with
            you (?:have )?(?:charged|billed|sent|promised|told) me
            """,
            # An agent who calls the customer says this.
            "i am (?:calling|phoning|ringing) <four>your",
        ),
        _STRONG,
    ),
    _Sign(
        family(
            r"""
            my (?:order|account|bill|parcel|package|phone|card|car|boiler|heating|internet|booking
                |flight|money|policy|delivery|contract) <two>(?:is|was|has|did|never|number|came
                |stopped|broke|keeps|will|not)
            i (?:bought|ordered|paid|booked|received|returned|cancelled)
            i (?:would like|want) to (?:speak|talk|cancel|complain|return|buy|order|know)
            """
        ),
        _HINT,
    ),
)


def find_roles(turns: Sequence[Turn], agent_channel: AgentChannel, *, in_english: bool) -> Roles:
    """Tell agent from customer in a two-channel call.

    Args:
        turns: All turns of both channels, in order of time.
        agent_channel: "auto", or the channel that the user says is the agent's.
        in_english: Whether the words can be read; else only who spoke first counts.
    """
    if agent_channel != "auto":
        agent = CHANNEL_NAMES.index(agent_channel)
        return Roles(agent, 1 - agent, 1.0, "given")
    evidence = [_evidence(turns, channel) if in_english else (0.0, "") for channel in (0, 1)]
    odds = evidence[0][0] - evidence[1][0]
    first = next((turn.channel for turn in turns if turn.text), 0)
    log_odds = odds + (_FIRST_SPEAKER if first == 0 else -_FIRST_SPEAKER)
    agent = 0 if log_odds > 0 else 1
    quote = evidence[agent][1]
    source = f"said “{quote}”" if quote else "spoke first" if agent == first else "what is said"
    confidence = 1 / (1 + math.exp(-abs(log_odds)))
    return Roles(agent, 1 - agent, round(confidence, 3), source)


def _evidence(turns: Sequence[Turn], channel: int) -> tuple[float, str]:
    """Return the log-odds that a channel's words make it the agent, and the words that say most."""
    wording = Wording.of(" . ".join(turn.text for turn in turns if turn.channel == channel))
    found = [(sign.log_odds, sign.says.first(wording)) for sign in _AGENT]
    for_agent = [(log_odds, quote) for log_odds, quote in found if quote]
    against = sum(sign.log_odds for sign in _CUSTOMER if sign.says.first(wording))
    quote = max(for_agent, key=lambda pair: pair[0], default=(0.0, ""))[1]
    return sum(log_odds for log_odds, _ in for_agent) - against, quote

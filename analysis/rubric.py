"""The house's view of a good call: weights, points and thresholds, in one place.

Every number of a score that is a choice, not a measurement, stands here. The rubric is part of
every result's fingerprint: scores under different rubrics are different things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

DIMENSIONS = ("validating", "listening", "unhurried", "genuine", "easing", "resolving")


def _table(**values: float) -> Mapping[str, float]:
    return MappingProxyType({name: float(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Rubric:
    """Weights, points and thresholds. Points are out of 100.

    Attributes:
        weights: How much each dimension counts in the call's scores.
        words_share: Weight of the words in "words and tone"; the tone has the rest.
        response_points: What each behaviour adds to a moment's words.
        validating_points: What each behaviour adds to validating.
        resolving_points: What each behaviour adds to resolving.
        taken_up_points: For each of the customer's own words taken up, at most ``taken_up_limit``.
        response_speech_s: A response ends after this much agent speech.
        mismatch_points: Words and tone of a moment this far apart are a mismatch,
        mismatch_below: if the weaker side is also below this.
        mismatch_friendlier: Poor words need a tone this much above the usual one for a mismatch,
            unless they turn the customer away.
        raised_opportunity: A customer voice raised this far calls for empathy without words,
        raised_opportunity_s: over at least this much speech.
        overlap_grace_s: Talking over the customer for longer is an interruption.
        back_channel_s: A turn no longer than this, of at most two words, is a back-channel.
        dead_air_s: An answer later than this leaves the customer waiting.
        customer_talk_share: The customer should have at least this share of the talk.
        min_agent_speech_s: With less agent speech there is nothing to judge.
        min_call_s: A shorter recording is no call.
        max_music_share: With more music and tones than this the recording is not scored.
        same_sound_correlation: Channels that correlate more are the same sound.
        min_weight: A call is scored where dimensions of this share of the weight apply.
        min_role_confidence: Below it the roles are called unclear.
        caution_role_confidence: Below it the roles are used, and said to be a guess.
        caution_clipped_share: More clipped speech than this distorts level and balance.
        caution_crosstalk_db: A side heard louder than this on the other one muddles the turns.
        caution_word_confidence: A lower mean confidence means words are often misheard.
    """

    weights: Mapping[str, float] = field(
        default_factory=lambda: _table(
            validating=25, listening=15, unhurried=10, genuine=15, easing=15, resolving=20
        )
    )
    words_share: float = 2 / 3
    response_points: Mapping[str, float] = field(
        default_factory=lambda: _table(
            acknowledge=50,
            apologise=35,
            reflect=25,
            explore=20,
            reassure=30,
            own=45,
            appreciate=10,
            offer=15,
            dismiss=-50,
            blame=-50,
            rush=-30,
        )
    )
    validating_points: Mapping[str, float] = field(
        default_factory=lambda: _table(acknowledge=60, apologise=40, dismiss=-60, blame=-60)
    )
    resolving_points: Mapping[str, float] = field(
        default_factory=lambda: _table(own=50, reassure=20, offer=20, explore=10, dismiss=-50)
    )
    listening_points: Mapping[str, float] = field(
        default_factory=lambda: _table(reflect=35, explore=35)
    )
    taken_up_points: float = 10
    taken_up_limit: float = 30
    unhurried_points: Mapping[str, float] = field(
        default_factory=lambda: _table(rush=-40, dismiss=-30, blame=-30)
    )
    response_speech_s: float = 30.0
    mismatch_points: float = 35.0
    mismatch_below: float = 50.0
    mismatch_friendlier: float = 5.0
    # The fixtures' upset lines (2 semitones, 3.5 dB up) come out at 0.63 to 0.68, the raised line
    # (4 semitones, 7 dB) of a caller who also speaks plainly at 0.73.
    raised_opportunity: float = 0.7
    raised_opportunity_s: float = 2.0
    overlap_grace_s: float = 0.5
    back_channel_s: float = 1.0
    dead_air_s: float = 4.0
    customer_talk_share: float = 0.25
    min_agent_speech_s: float = 5.0
    min_call_s: float = 5.0
    max_music_share: float = 0.5
    same_sound_correlation: float = 0.95
    min_weight: float = 0.5
    min_role_confidence: float = 0.6
    caution_role_confidence: float = 0.8
    caution_clipped_share: float = 0.005
    caution_crosstalk_db: float = -25.0
    caution_word_confidence: float = 0.5

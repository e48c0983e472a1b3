"""How a stretch of speech sounds against the same speaker's other speech.

No value names an emotion. ``raised_voice`` is the training-free index of Bone, Lee and Narayanan
(2014): pitch, level and spectral balance as z-scores against the speaker's own baseline, squashed
and averaged. ``calm``, ``alive`` and ``unhurried`` turn such comparisons into 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from calltone.audio.turns import Delivery

FEATURES = (
    "pitch_median_st",
    "pitch_range_st",
    "level_db",
    "balance_db",
    "rate_syll_per_s",
    "pause_share",
)
# The least spread that a speaker is given, so that an even speaker's small change is not a large
# z-score. Pitch: differences under 1.5 semitones hardly play a part in speech ('t Hart 1981 asks
# for 3); level: the ear's step in running speech; rate: four times the 5 % that listeners just
# notice (Quene 2007); the others are the same order of size.
SMALLEST_SPREAD: Mapping[str, float] = MappingProxyType(
    {
        "pitch_median_st": 1.5,
        "pitch_range_st": 1.5,
        "level_db": 2.0,
        "balance_db": 2.5,
        "rate_syll_per_s": 0.8,
        "pause_share": 0.1,
    }
)
# What people in general do, as a few imagined stretches beside the speaker's own: so a speaker who
# is flat or hurried in the whole call is not his own excuse. Only for features that do not depend
# on the voice or the line. Range: lively talk moves 6 to 7 semitones, monotone 2 to 3 (Traunmuller
# and Eriksson 1995); rate: conversation runs at 4 to 5 syllables a second, nuclei lose some (de
# Jong and Wempe 2009).
PEOPLE: Mapping[str, float] = MappingProxyType({"pitch_range_st": 6.0, "rate_syll_per_s": 4.0})
PEOPLE_COUNT = 3
MIN_STRETCHES = 3  # own stretches without which there is no baseline
# Parts of the raised voice. The recorder may level the level, so it counts least.
RAISED_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"pitch_median_st": 0.4, "balance_db": 0.4, "level_db": 0.2}
)
# A delivery like the speaker's usual one gets 0.77: fine, with room above for better than usual.
# One spread worse gets 0.5.
USUAL = 1.2
AS_USUAL = round(1 / (1 + math.exp(-USUAL)), 3)  # calm, alive, unhurried of the usual delivery


@dataclass(frozen=True, slots=True)
class Cue:
    """One feature of a stretch against the speaker's baseline; ``z`` counts spreads."""

    feature: str
    value: float
    baseline: float
    spread: float
    z: float


@dataclass(frozen=True, slots=True)
class Tone:
    """How a stretch is spoken, against the speaker's own baseline. None: too little to tell.

    Attributes:
        raised_voice: -1 (lower, softer, darker) to 1 (higher, louder, brighter); 0 is usual.
        calm: 0 to 1, low where the voice is raised.
        alive: 0 to 1, low where the pitch hardly moves.
        unhurried: 0 to 1, low where syllables come faster and pauses are fewer.
        cues: The comparisons behind them.
    """

    raised_voice: float | None
    calm: float | None
    alive: float | None
    unhurried: float | None
    cues: tuple[Cue, ...]

    @property
    def measured(self) -> bool:
        """Whether anything could be told."""
        return any(value is not None for value in (self.calm, self.alive, self.unhurried))


@dataclass(frozen=True, slots=True)
class Baseline:
    """A speaker's usual delivery: centre and spread by feature."""

    centres: Mapping[str, float]
    spreads: Mapping[str, float]

    def cue(self, feature: str, value: float | None) -> Cue | None:
        """Compare a value; None where either side is missing."""
        if value is None or feature not in self.centres:
            return None
        centre, spread = self.centres[feature], self.spreads[feature]
        z = (value - centre) / spread
        return Cue(feature, value, round(centre, 2), round(spread, 2), round(z, 2))


def baseline(deliveries: Iterable[Delivery]) -> Baseline:
    """Sum up a speaker's stretches by median and MAD, leaning on what people do in general."""
    return baseline_of(features(deliveries))


def features(deliveries: Iterable[Delivery]) -> NDArray[np.float64]:
    """Return the values of stretches, of shape ``(stretches, features)``; NaN: not known."""
    rows = [[getattr(delivery, feature) for feature in FEATURES] for delivery in deliveries]
    return np.array(rows, np.float64).reshape(-1, len(FEATURES))


def baseline_of(values: NDArray[np.float64]) -> Baseline:
    """Sum up stretches given as `features` returns them."""
    centres, spreads = {}, {}
    for feature, column in zip(FEATURES, values.T, strict=True):
        known = column[~np.isnan(column)]
        if len(known) >= MIN_STRETCHES:
            own = float(np.median(known))
            # 1.4826 makes the MAD of a normal distribution its standard deviation.
            own_spread = 1.4826 * float(np.median(np.abs(known - own)))
            centres[feature] = _centre(feature, own, len(known))
            spreads[feature] = max(SMALLEST_SPREAD[feature], own_spread)
    return Baseline(MappingProxyType(centres), MappingProxyType(spreads))


def tone(delivery: Delivery, usual: Baseline) -> Tone:
    """Judge one stretch of speech against a baseline that it is not part of."""
    cues = {
        feature: cue
        for feature in FEATURES
        if (cue := usual.cue(feature, getattr(delivery, feature))) is not None
    }
    raised = raised_voice(cues)
    return Tone(
        raised_voice=raised,
        calm=None if raised is None else _share(USUAL - 3 * raised),
        alive=_share(USUAL * (1 + cues["pitch_range_st"].z)) if "pitch_range_st" in cues else None,
        unhurried=_unhurried(cues),
        cues=tuple(cues.values()),
    )


def raised_voice(cues: Mapping[str, Cue]) -> float | None:
    """Return the squashed mean of pitch, level and balance; None unless all three are known."""
    if not RAISED_WEIGHTS.keys() <= cues.keys():
        return None
    weighted = (weight * math.tanh(cues[name].z) for name, weight in RAISED_WEIGHTS.items())
    return round(sum(weighted), 3)


def mean(values: Sequence[tuple[float | None, float]]) -> float | None:
    """Average (value, weight) pairs, leaving out what is not known."""
    known = [(value, weight) for value, weight in values if value is not None and weight > 0]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None


def _unhurried(cues: Mapping[str, Cue]) -> float | None:
    """Pace counts twice as much as pauses, which short stretches hardly have."""
    if "rate_syll_per_s" not in cues:
        return None
    rate_z = cues["rate_syll_per_s"].z
    pause_z = cues["pause_share"].z if "pause_share" in cues else 0.0
    return _share(USUAL * (1 - (2 * rate_z - pause_z) / 3))


def _share(x: float) -> float:
    return round(1 / (1 + math.exp(-x)), 3)


def _centre(feature: str, own: float, count: int) -> float:
    if feature not in PEOPLE:
        return own
    return (count * own + PEOPLE_COUNT * PEOPLE[feature]) / (count + PEOPLE_COUNT)

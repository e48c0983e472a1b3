"""What a customer turn calls for, and whether it turns to the good, read from its words.

A need is found by families of patterns over the turn in plain form. Its strength follows one
rule: `PLAIN` for one plain sign, `STRONG` if a sign is strong in itself ("furious", "desperate"),
plus `STEP` for every further sign of the same kind and for an intensifier ("so", "really", a
swear word), at most 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from calltone.analysis.patterns_customer import TABLES, family
from calltone.analysis.sentences import Wording

KINDS: tuple[str, ...] = (
    "distress", "complaint", "setback", "worry", "vulnerability", "relief", "thanks",
)  # fmt: skip

#: The kinds that call for empathy.
OPPORTUNITY_KINDS: tuple[str, ...] = KINDS[:5]

PLAIN = 0.45
STRONG = 0.75
STEP = 0.15


@dataclass(frozen=True, slots=True)
class Need:
    """Something in a customer turn that calls for empathy, or shows that it came.

    Attributes:
        kind: One of `KINDS`.
        strength: 0 to 1.
        carried_by: The words of its strongest sign, exactly as they stand in the turn.
    """

    kind: str
    strength: float
    carried_by: str


_PLAIN = {kind: family(table.plain, table.unless) for kind, table in TABLES.items()}
_STRONG = {kind: family(table.strong, table.unless) for kind, table in TABLES.items()}
_INTENSE = family(
    r"so|really|very|extremely|absolutely|completely|totally|utterly|incredibly|bloody|damn|fucking"
    r"|beyond|such|again|ever|always|every|massive|huge"
)


def read_customer(text: str) -> tuple[Need, ...]:
    """Return what a customer turn calls for or shows, in the order of `KINDS`, each at most once.

    Args:
        text: The whole turn, as recognised; punctuation helps but is not needed.
    """
    wording = Wording.of(text)
    needs = (_need(kind, wording) for kind in KINDS)
    return tuple(need for need in needs if need is not None)


def valence(text: str) -> float:
    """Return how the turn stands, from -1 (trouble) to 1 (relief), 0 where nothing shows.

    The strongest good sign minus the strongest trouble, so that "thanks, but it is still broken"
    stays near 0. Thanks count half: they are also mere manners.
    """
    strengths = {need.kind: need.strength for need in read_customer(text)}
    good = max(strengths.get("relief", 0.0), strengths.get("thanks", 0.0) / 2)
    bad = max((strengths.get(kind, 0.0) for kind in OPPORTUNITY_KINDS), default=0.0)
    return round(good - bad, 2)


def _need(kind: str, wording: Wording) -> Need | None:
    plain, strong = _PLAIN[kind].signs(wording), _STRONG[kind].signs(wording)
    if not plain and not strong:
        return None
    signs = strong or plain
    further = len(signs) - 1 + len([sign for sign in plain if strong and not _meets(sign, strong)])
    start, end = signs[0]
    intense = any(_meets((start, end), [sign]) for sign in _INTENSE.signs(wording))
    strength = (STRONG if strong else PLAIN) + STEP * (further + intense)
    return Need(kind, round(min(1.0, strength), 2), wording.quote(start, end))


def _meets(sign: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(sign[0] < end and start < sign[1] for start, end in others)

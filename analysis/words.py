"""What one agent sentence does for the customer, read from its words.

Families of patterns (`calltone.analysis.patterns`) over speech in a plain form, with look-alikes
that veto. Two behaviours need the customer's words before the sentence: a declarative sentence
reflects when the customer's own words come back in it, and "Of course." is a promise when the
customer had asked for something.

Boundary cases, decided:

* "I'm so sorry to hear that" and "sorry you had to wait" apologise and acknowledge, because they
  name what the customer went through; "sorry we billed you twice" only apologises.
* "Sorry to keep you waiting" is the courtesy after a hold: nothing.
* "I completely understand" acknowledges; a bare "I understand" only after words that call for
  empathy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from calltone.analysis import patterns
from calltone.analysis import patterns_against as against
from calltone.analysis import patterns_helping as helping
from calltone.analysis import patterns_understanding as understanding
from calltone.analysis.needs import OPPORTUNITY_KINDS, read_customer
from calltone.analysis.sentences import Family, Wording, content_stems

_FAMILIES: dict[str, Family] = {
    "acknowledge": understanding.ACKNOWLEDGE,
    "apologise": understanding.APOLOGISE,
    "reflect": understanding.REFLECT,
    "explore": understanding.EXPLORE,
    "reassure": helping.REASSURE,
    "own": helping.OWN,
    "appreciate": helping.APPRECIATE,
    "offer": helping.OFFER,
    "dismiss": against.DISMISS,
    "blame": against.BLAME,
    "rush": against.RUSH,
}

#: What an agent sentence can do for the customer, in the order of reports.
BEHAVIOURS: tuple[str, ...] = tuple(_FAMILIES)

#: The behaviours that count against the agent.
NEGATIVE: frozenset[str] = frozenset({"dismiss", "blame", "rush"})

# A restatement takes up at least this many of the customer's content words, and this share of its
# own: fewer come back by chance in any sentence on the same subject. Set by hand, not measured:
# there are no labelled pairs of turns to measure them on yet.
_RESTATED_WORDS = 2
_RESTATED_SHARE = 0.4
_RESTATING = re.compile(r"^(?:(?:okay|right|all right|and|yes|oh) )*(?:so|you|your)\b")
_NOT_RESTATING = re.compile(
    r"^(?:\S+ ){0,3}(?:what|how|when|where|why|who|which)\b"
    r"|\b(?:i|we) (?:will|can|have|am|are)\b|\b(?:you|should|must) (?:need|will|can|must|should)\b"
    r"|\byou (?:just |then )?(?:click|press|tap|go|open|select|type|enter|log|plug|turn|scroll)\b"
)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Something a sentence does for the customer.

    Attributes:
        name: One of `BEHAVIOURS`.
        carried_by: The words that carried it, exactly as they stand in the sentence.
    """

    name: str
    carried_by: str


def read_sentence(text: str, customer_before: str = "") -> tuple[Behaviour, ...]:
    """Return what an agent sentence does, in the order of `BEHAVIOURS`, each at most once.

    Args:
        text: The sentence, as recognised; punctuation helps but is not needed.
        customer_before: What the customer said in the turn before, if anything.
    """
    wording = Wording.of(text)
    before = Wording.of(customer_before)
    found = {name: family.first(wording) for name, family in _FAMILIES.items()}
    found["acknowledge"] = found["acknowledge"] or _understanding(wording, before)
    found["reflect"] = found["reflect"] or _restatement(wording, before)
    found["own"] = found["own"] or _promise(wording, before)
    return tuple(Behaviour(name, words) for name, words in found.items() if words)


def content_words(text: str) -> frozenset[str]:
    """Return the lower-case words that carry content: no stop words, fillers or contractions."""
    return frozenset(content_stems(Wording.of(text)).values())


def taken_up(sentence: str, customer_before: str) -> tuple[str, ...]:
    """Return the customer's own content words that come back in the sentence, in her order.

    Plural and the endings of verbs are looked through: "charges" takes up "charged".
    """
    return _taken_up(Wording.of(sentence), Wording.of(customer_before))


def is_formula(text: str) -> bool:
    """Return whether the whole sentence is a stock formula that any customer could be told."""
    return patterns.FORMULA.first(Wording.of(text)) is not None


def _taken_up(wording: Wording, before: Wording) -> tuple[str, ...]:
    stems = content_stems(wording)
    return tuple(word for stem, word in content_stems(before).items() if stem in stems)


def _understanding(wording: Wording, before: Wording) -> str | None:
    """Read a bare "I understand", which shares a trouble only where one was told."""
    words = patterns.UNDERSTANDING.first(wording)
    if words is None or not any(n.kind in OPPORTUNITY_KINDS for n in read_customer(before.said)):
        return None
    return words


def _restatement(wording: Wording, before: Wording) -> str | None:
    """Read a declarative sentence that gives the customer's own words back."""
    if not _RESTATING.search(wording.plain) or _NOT_RESTATING.search(wording.plain):
        return None
    back = len(_taken_up(wording, before))
    own = len(content_stems(wording))
    if back < _RESTATED_WORDS or back < _RESTATED_SHARE * own:
        return None
    return wording.said.strip()


def _promise(wording: Wording, before: Wording) -> str | None:
    """Read "Of course." as a promise where the customer had asked for something."""
    return patterns.PROMISE.first(wording) if patterns.REQUEST.first(before) else None

"""Spoken sentences in the one form that patterns are written for.

Recognised speech comes with and without punctuation, contracted and not ("I'm", "im", "I am"),
in British and American spelling, with fillers and doubled words. `Wording` undoes all that and
remembers where every word stood, so that a match can be quoted exactly as it was said.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

_APOSTROPHES = "'\u2018\u2019`"
_TOKEN = re.compile(rf"\d[\d.,:]*\d|[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*|[.!?;\u2026]+")

# Sounds that carry no meaning wherever they stand.
_FILLERS = frozenset(("um", "umm", "uh", "uhm", "er", "erm", "ah", "hm", "hmm", "mm", "mmm", "mhm"))

# Words whose contraction or clipped form cannot be undone by its ending alone. "ill", "id", "were"
# and "well" are words of their own and stay: recognisers write their apostrophes.
_WHOLE: Mapping[str, str] = {
    "alright": "all right", "bout": "about", "c'mon": "come on", "can't": "can not",
    "cannot": "can not", "cant": "can not", "cos": "because", "coz": "because",
    "gimme": "give me", "gonna": "going to", "gotta": "got to", "im": "i am", "its": "it is",
    "ive": "i have", "lemme": "let me", "let's": "let us", "lets": "let us",
    "ma'am": "madam", "maam": "madam", "mam": "madam", "ok": "okay", "pls": "please",
    "thats": "that is", "theres": "there is", "theyre": "they are", "theyve": "they have",
    "u": "you", "ur": "your", "wanna": "want to", "weve": "we have", "whats": "what is",
    "whilst": "while", "won't": "will not", "wont": "will not", "ya": "yes", "yeah": "yes",
    "yep": "yes", "youd": "you would", "youll": "you will", "youre": "you are",
    "youve": "you have", "yup": "yes",
}  # fmt: skip

# "'s" is "is" after these words, and after any word before one of the next pattern ("the boiler's
# leaking"); elsewhere it is taken for a possessive.
_WITH_IS = (
    "it|that|this|there|here|what|where|who|how|when|why|he|she|nobody|everybody|somebody|anybody|"
    "nothing|everything|something|everyone|someone|one|which"
)

_AFTER_IS = re.compile(
    r"\w{2,}(?:ing|ed)|not|been|still|gone|broken|down|dead|just|so|really|very|late"
)

# Endings, undone in this order. "'d" becomes "would" where "had" may be meant: patterns for past
# conditions know that.
_ENDINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^(\w+)n't$", r"\1 not"),
        (r"^(do|does|did|is|was|are|were|have|has|had|could|would|should)nt$", r"\1 not"),
        (r"^(\w+)'m$", r"\1 am"),
        (r"^(\w+)'re$", r"\1 are"),
        (r"^(\w+)'ve$", r"\1 have"),
        (r"^(\w+)'ll$", r"\1 will"),
        (r"^(\w+)'d$", r"\1 would"),
        (rf"^({_WITH_IS})'s$", r"\1 is"),
        (r"^(apolog|real|recogn|sympath|summar|organ|minim)iz", r"\1is"),
    )
)


def _spelled_out(token: str, next_word: str) -> str:
    """Return the full form of one token, lower-case: one word or several."""
    word = re.sub(f"[{_APOSTROPHES}]", "'", token.lower())
    if word[0] in ".!?;\u2026":
        return "?" if "?" in word else "."
    word = _WHOLE.get(word, word)
    for pattern, replacement in _ENDINGS:
        word = pattern.sub(replacement, word)
    if word.endswith("'s") and _AFTER_IS.fullmatch(next_word):
        return word.removesuffix("'s") + " is"
    return word


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence or turn as it was said, and in the form that patterns are written for.

    Attributes:
        said: The words as they were recognised.
        plain: Lower-case words in full form, one space apart, without fillers and stutters;
            the ends of sentences are words of their own, "." or "?".
        places: For every word of ``plain``: its offset there, and its start and end in ``said``.
    """

    said: str
    plain: str
    places: tuple[tuple[int, int, int], ...]

    @classmethod
    @lru_cache(maxsize=4096)  # a turn is read as an answer's context again and again
    def of(cls, said: str) -> Wording:
        """Bring recognised words into the form that patterns are written for."""
        words: list[str] = []
        places: list[tuple[int, int, int]] = []
        offset = 0
        tokens = list(_TOKEN.finditer(said))
        next_words = [*(token.group().lower() for token in tokens[1:]), ""]
        for token, next_word in zip(tokens, next_words, strict=False):
            for word in _spelled_out(token.group(), next_word).split():
                if word in _FILLERS or (words and words[-1] == word):
                    continue
                words.append(word)
                places.append((offset, token.start(), token.end()))
                offset += len(word) + 1
        return cls(said, " ".join(words), tuple(places))

    def quote(self, start: int, end: int) -> str:
        """Return what was said where ``plain[start:end]`` stands."""
        first = bisect_left(self.places, (start,))
        last = bisect_left(self.places, (end,)) - 1
        return self.said[self.places[first][1] : self.places[last][2]]

    @property
    def words(self) -> list[str]:
        """The words of ``plain`` without the ends of sentences."""
        return [word for word in self.plain.split() if word not in ".?"]


@dataclass(frozen=True, slots=True)
class Family:
    """Ways of saying one thing, and the look-alikes that say something else.

    A match of ``says`` counts unless a match of ``unless`` overlaps it.
    """

    says: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...] = ()

    @classmethod
    def of(
        cls, says: str, unless: str = "", shorthands: Mapping[str, str] = MappingProxyType({})
    ) -> Family:
        """Compile tables of patterns over `Wording.plain`; they match whole words.

        One pattern a line; a line that begins with "|" continues the one before, and one that
        begins with "#" is a comment. ``<name>`` stands for a shorthand, which may hold others.
        """
        return cls(_compiled(says, shorthands), _compiled(unless, shorthands))

    def signs(self, wording: Wording) -> list[tuple[int, int]]:
        """Return where the matches that count stand in ``plain``, in order, without overlaps."""
        vetoed = _spans(self.unless, wording)
        signs: list[tuple[int, int]] = []
        for start, end in sorted(_spans(self.says, wording)):
            if any(start < veto_end and veto_start < end for veto_start, veto_end in vetoed):
                continue
            if not signs or start >= signs[-1][1]:
                signs.append((start, end))
        return signs

    def first(self, wording: Wording) -> str | None:
        """Return the words of the first match that counts, as they were said, or None."""
        return next((wording.quote(*sign) for sign in self.signs(wording)), None)


def _spans(patterns: tuple[re.Pattern[str], ...], wording: Wording) -> list[tuple[int, int]]:
    return [match.span() for p in patterns for match in p.finditer(wording.plain)]


def _compiled(table: str, shorthands: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    lines = (line.strip() for line in table.splitlines())
    kept = "\n".join(line for line in lines if line and not line.startswith("#"))
    # A gap at the end of a pattern leaves its last space behind: that is a whole word too.
    return tuple(
        re.compile(rf"(?<!\S)(?:{_expanded(pattern, shorthands)})(?:(?!\S)|(?<=\s))")
        for pattern in kept.replace("\n|", "|").splitlines()
    )


def _expanded(pattern: str, shorthands: Mapping[str, str]) -> str:
    while True:
        expanded = re.sub(r"<([a-z_]+)>", lambda m: shorthands[m[1]], pattern)
        if expanded == pattern:
            return pattern
        pattern = expanded


# Words too common to show that somebody listened.
_STOP = frozenset(
    """
    a able about actually after again all also always am an and another any anything are
    around as at away back basically be because been before being both but by bye call called
    calling came can come comes could dear did do does doing done down each either else even
    ever every everything few first for from further get gets getting give go goes going gone
    good gosh got great had has have having he hello her here hers hi him his how i if in into
    is it itself just keep kind know last least less let like little look lot madam made make
    many may maybe me mean might mine more most much must my myself need never next no nobody
    not nothing now of off oh okay on once one only or other our out over own per perhaps
    please put quite rather really right said same say see she should since sir so some
    someone something soon sort still such sure take tell than thank thanks that the their
    them then there these they thing things think this those though through till to today told
    too two up upon us very want wanted was way we well went were what when where which while
    who whole why will with without would wow yes yet you your yourself
    """.split()  # noqa: SIM905 (a table)
)
_DOUBLED = re.compile(r"([bdgklmnprt])\1$")


def _stem(word: str) -> str:
    """Take off a possessive, a plural or the ending of a verb: "cried" meets "cry"."""
    word = re.sub(rf"[{_APOSTROPHES}]s$", "", word)
    if word.endswith("y"):
        word = word[:-1] + "i"
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return _DOUBLED.sub(r"\1", word[: -len(ending)])
    return word


def content_stems(wording: Wording) -> dict[str, str]:
    """Return the content words of the wording by their stems, in the order they were said."""
    stems: dict[str, str] = {}
    for word in wording.words:
        if word not in _STOP and len(word) > 1:
            stems.setdefault(_stem(word), word)
    return stems

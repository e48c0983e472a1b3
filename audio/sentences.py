"""Cut a turn's words into sentences; Whisper's punctuation is trusted, but not relied on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from calltone.audio.turns import Word

ENDINGS = (".", "?", "!")
# A dot ends these without ending a sentence. "No." is left out: in a call it is the answer.
ABBREVIATIONS = frozenset({"mr.", "mrs.", "ms.", "dr.", "st.", "a.m.", "p.m.", "e.g.", "i.e."})
CLOSING = "\"')\u201d\u2019"
# A pause as long as this ends a sentence where punctuation is missing.
SENTENCE_PAUSE_S = 0.8
# Longer runs without punctuation are cut at the longest pause, so that one phrase can be quoted.
MAX_WORDS = 40


def sentences(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """Yield the words of a turn sentence by sentence, every word once, in order."""
    open_sentence: list[Word] = []
    for word in words:
        if open_sentence and word.start_s - open_sentence[-1].end_s > SENTENCE_PAUSE_S:
            yield from _shortened(open_sentence)
            open_sentence = []
        open_sentence.append(word)
        if _ends(word.text):
            yield from _shortened(open_sentence)
            open_sentence = []
    if open_sentence:
        yield from _shortened(open_sentence)


def _ends(text: str) -> bool:
    return text.rstrip(CLOSING).endswith(ENDINGS) and text.lower() not in ABBREVIATIONS


def _shortened(words: list[Word]) -> Iterator[tuple[Word, ...]]:
    if len(words) <= MAX_WORDS:
        yield tuple(words)
        return
    quarter = len(words) // 4
    middle = range(quarter, len(words) - quarter)
    cut = max(middle, key=lambda index: words[index].start_s - words[index - 1].end_s)
    yield from _shortened(words[:cut])
    yield from _shortened(words[cut:])

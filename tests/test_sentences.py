"""Words are cut into sentences by punctuation, by pauses and, at last, by length."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calltone.audio.sentences import MAX_WORDS, SENTENCE_PAUSE_S, sentences
from calltone.audio.turns import Word

WORD_S = 0.25


def spoken(text: str, pauses_s: dict[int, float] | None = None) -> list[Word]:
    """Words of a quarter of a second without gaps, but for a pause before the words named."""
    words, now_s = [], 0.0
    for index, word in enumerate(text.split()):
        now_s += (pauses_s or {}).get(index, 0.0)
        words.append(Word(word, now_s, now_s + WORD_S, 0.9))
        now_s += WORD_S
    return words


def texts(words: Sequence[Word]) -> list[str]:
    return [" ".join(word.text for word in sentence) for sentence in sentences(words)]


@pytest.mark.parametrize(
    "cut",
    [
        ["I am sorry.", "Can you wait?", "Thanks!"],
        ["No.", "That is not right."],
        ["He said “I am sorry.”", "Then he left."],
        ["(It is late.)", "I know."],
        ["She asked 'why?'", "So did I."],
        ["Well...", "I see."],
        ["It costs 4.50 in all, Mr. Smith.", "Dr. Lee is here at 9 a.m. on Monday."],
        ["no punctuation at all"],
    ],
)
def test_a_sentence_ends_where_its_punctuation_says(cut: list[str]) -> None:
    assert texts(spoken(" ".join(cut))) == cut


def test_no_words_make_no_sentence() -> None:
    assert texts([]) == []


@pytest.mark.parametrize(
    ("pause_s", "cut"),
    [
        (SENTENCE_PAUSE_S + 0.05, ["I see", "one moment please"]),
        (SENTENCE_PAUSE_S - 0.05, ["I see one moment please"]),
    ],
)
def test_a_long_pause_ends_a_sentence_without_punctuation(pause_s: float, cut: list[str]) -> None:
    assert texts(spoken("I see one moment please", {2: pause_s})) == cut


def test_a_long_pause_ends_a_sentence_after_an_abbreviation() -> None:
    assert texts(spoken("I am Mr. Smith speaks", {3: 2.0})) == ["I am Mr.", "Smith speaks"]


def test_words_that_overlap_in_time_stay_together() -> None:
    words = [Word("one", 0.0, 2.0, 0.9), Word("two", 1.0, 1.5, 0.9)]
    assert texts(words) == ["one two"]


def test_as_many_words_as_allowed_stay_one_sentence() -> None:
    assert len(texts(spoken("so " * MAX_WORDS))) == 1


def test_a_run_without_punctuation_is_cut_at_its_longest_pause() -> None:
    # Longer pauses in the first and last quarter would leave scraps.
    words = spoken("so " * (MAX_WORDS + 1), {3: 0.6, 15: 0.2, 22: 0.3, 38: 0.7})
    assert [len(text.split()) for text in texts(words)] == [22, 19]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["so", "sorry.", "Mr.", "why?", "well,", "no”"]), st.floats(0, 1.5)
        ),
        max_size=300,
    )
)
def test_every_word_comes_once_in_order_in_sentences_of_bounded_length(
    spoken_words: list[tuple[str, float]],
) -> None:
    words, now_s = [], 0.0
    for text, pause_s in spoken_words:
        words.append(Word(text, now_s + pause_s, now_s + pause_s + WORD_S, 0.9))
        now_s = words[-1].end_s
    cut = list(sentences(words))
    assert [word for sentence in cut for word in sentence] == words
    assert all(1 <= len(sentence) <= MAX_WORDS for sentence in cut)

"""Sums of points: every score is the sum of the parts that are shown with it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calltone.analysis.results import (
    NOTICE,
    SCHEMA_VERSION,
    CallScore,
    Moment,
    Opportunity,
    Part,
    Side,
    side,
    together,
)

POINTS = st.floats(-1000, 1000)


def shown_sum(parts: tuple[Part, ...]) -> Decimal:
    """Add up what a reader sees, without the binary fractions behind it."""
    return sum((Decimal(repr(part.points)) for part in parts), Decimal(0))


class TestSide:
    @given(st.lists(POINTS, max_size=30))
    def test_score_is_the_sum_of_its_parts_to_the_last_digit(self, points: list[float]) -> None:
        found = side([Part(each, "a reason") for each in points])
        assert shown_sum(found.parts) == Decimal(repr(found.score))
        assert 0 <= found.score <= 100

    @given(st.lists(POINTS, max_size=30))
    def test_no_point_has_more_than_two_digits(self, points: list[float]) -> None:
        found = side([Part(each, "a reason") for each in points])
        for number in (found.score, *(part.points for part in found.parts)):
            assert number == round(number, 2)

    @given(st.lists(st.floats(0, 1), max_size=30))
    def test_adds_no_part_where_no_limit_is_met(self, points: list[float]) -> None:
        assert len(side([Part(each, "a reason") for each in points]).parts) == len(points)

    @pytest.mark.parametrize(
        ("points", "score", "last"),
        [
            ([60.0, 40.01], 100.0, Part(-0.01, "100 is the most")),
            ([20.0, -20.01], 0.0, Part(0.01, "0 is the least")),
            ([60.0, 70.5], 100.0, Part(-30.5, "100 is the most")),
            ([20.0, -50.25], 0.0, Part(30.25, "0 is the least")),
        ],
    )
    def test_what_a_limit_takes_or_gives_is_a_part(
        self, points: list[float], score: float, last: Part
    ) -> None:
        found = side([Part(each, "a reason") for each in points])
        assert found.score == score
        assert found.parts[-1] == last

    @pytest.mark.parametrize("points", [[0.0], [100.0], [40.0, 60.0], [30.0, -30.0]])
    def test_limits_themselves_are_within(self, points: list[float]) -> None:
        assert len(side([Part(each, "a reason") for each in points]).parts) == len(points)

    def test_proof_of_a_part_is_kept(self) -> None:
        part = Part(1.5, "a reason", "a quote", 1.0, 2.0, "level_db", -20.25, -22.125)
        assert side([part]).parts == (part,)

    def test_of_nothing_is_0(self) -> None:
        assert side([]) == Side(0.0, ())


def scored(score: float) -> Side:
    return Side(score, ())


class TestTogether:
    @given(words=st.floats(0, 100), tone=st.floats(0, 100), share=st.floats(0.1, 0.9))
    def test_lies_between_words_and_tone_and_below_their_mean(
        self, words: float, tone: float, share: float
    ) -> None:
        both = together(scored(words), scored(tone), share)
        assert both is not None
        # Two digits are kept.
        assert min(words, tone) - 0.005 <= both <= max(words, tone) + 0.005
        assert both <= share * words + (1 - share) * tone + 0.005

    def test_is_the_weighted_geometric_mean(self) -> None:
        assert together(scored(80), scored(20), 0.5) == 40
        assert together(scored(8), scored(64), 2 / 3) == 16

    @pytest.mark.parametrize(("words", "tone"), [(0, 100), (100, 0), (0, 0)])
    def test_nothing_on_one_side_is_nothing(self, words: float, tone: float) -> None:
        assert together(scored(words), scored(tone), 2 / 3) == 0

    @given(low=st.floats(1, 99), step=st.floats(0.1, 50), other=st.floats(1, 100))
    def test_rises_with_either_side(self, low: float, step: float, other: float) -> None:
        for pair in ((0, 1), (1, 0)):
            less, more = [low, other], [low + step, other]
            below = together(scored(less[pair[0]]), scored(less[pair[1]]), 2 / 3)
            above = together(scored(more[pair[0]]), scored(more[pair[1]]), 2 / 3)
            assert below is not None
            assert above is not None
            assert below <= above

    @pytest.mark.parametrize("sides", [(None, scored(50)), (scored(50), None), (None, None)])
    def test_is_not_known_where_one_side_is_not(
        self, sides: tuple[Side | None, Side | None]
    ) -> None:
        assert together(*sides, 2 / 3) is None


def test_mismatches_of_a_call_are_the_moments_that_have_one() -> None:
    need = Opportunity(0.0, 1.0, "", (), None, 0.5)
    agreeing = Moment(need, (), None, None, None, None)
    disagreeing = Moment(need, (), None, None, None, "the words care, the voice does not follow")
    call = CallScore(
        SCHEMA_VERSION, NOTICE, "a.wav", "", "scored", (), moments=(agreeing, disagreeing)
    )
    assert call.mismatches == (disagreeing,)

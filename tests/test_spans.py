"""The arithmetic of stretches of time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calltone.audio.spans import Span, merge, total_s

# Whole numbers of eighths are exact in binary: sums and differences have no rounding to allow for.
EIGHTHS = st.integers(0, 400).map(lambda count: count / 8)
SPANS = st.lists(st.tuples(EIGHTHS, EIGHTHS).map(lambda ends: Span(min(ends), max(ends))))


def test_duration_is_from_start_to_end() -> None:
    assert Span(1.5, 4.0).duration_s == 2.5


@pytest.mark.parametrize(
    ("other", "shared_s"),
    [
        (Span(0.0, 1.0), 0.0),
        (Span(0.0, 2.0), 0.0),
        (Span(0.0, 2.5), 0.5),
        (Span(2.5, 3.0), 0.5),
        (Span(0.0, 9.0), 2.0),
        (Span(3.0, 9.0), 1.0),
        (Span(4.0, 9.0), 0.0),
        (Span(5.0, 9.0), 0.0),
    ],
)
def test_overlap_is_what_both_share_either_way_round(other: Span, shared_s: float) -> None:
    span = Span(2.0, 4.0)
    assert span.overlap_s(other) == other.overlap_s(span) == shared_s


@pytest.mark.parametrize(
    ("span", "padded"),
    [
        (Span(2.0, 4.0), Span(1.5, 4.5)),
        (Span(0.25, 4.0), Span(0.0, 4.5)),
        (Span(2.0, 9.75), Span(1.5, 10.0)),
        (Span(0.0, 10.0), Span(0.0, 10.0)),
    ],
)
def test_padding_stays_inside_the_call(span: Span, padded: Span) -> None:
    assert span.padded(0.5, within=Span(0.0, 10.0)) == padded


def test_spans_are_in_order_of_their_start_then_their_end() -> None:
    mixed = [Span(1.0, 3.0), Span(0.0, 5.0), Span(1.0, 2.0)]
    assert sorted(mixed) == [Span(0.0, 5.0), Span(1.0, 2.0), Span(1.0, 3.0)]


@pytest.mark.parametrize(
    ("spans", "gap_s", "merged"),
    [
        ([], 0.0, []),
        ([Span(1, 2)], 0.0, [Span(1, 2)]),
        ([Span(1, 2), Span(2, 3)], 0.0, [Span(1, 3)]),
        ([Span(1, 2), Span(2.25, 3)], 0.0, [Span(1, 2), Span(2.25, 3)]),
        ([Span(1, 2), Span(2.25, 3)], 0.25, [Span(1, 3)]),
        ([Span(1, 2), Span(2.5, 3)], 0.25, [Span(1, 2), Span(2.5, 3)]),
        ([Span(1, 9), Span(2, 3), Span(8, 10)], 0.0, [Span(1, 10)]),
        ([Span(5, 6), Span(1, 2), Span(1.5, 3)], 0.0, [Span(1, 3), Span(5, 6)]),
    ],
)
def test_merging_joins_what_overlaps_touches_or_lies_close(
    spans: list[Span], gap_s: float, merged: list[Span]
) -> None:
    assert merge(spans, gap_s) == merged


@given(SPANS)
def test_merged_spans_lie_apart_and_cover_what_was_covered(spans: list[Span]) -> None:
    merged = merge(spans)
    assert all(one.end_s < other.start_s for one, other in pairwise(merged))
    eighths = [index / 8 for index in range(400)]
    for moment in eighths:
        inside = Span(moment, moment + 0.125)
        assert any(span.overlap_s(inside) > 0 for span in merged) == any(
            span.overlap_s(inside) > 0 for span in spans
        )


def test_time_covered_twice_counts_once() -> None:
    assert total_s([Span(0, 2), Span(1, 3), Span(5, 6)]) == 4.0


def test_no_spans_cover_a_float_of_no_seconds() -> None:
    # It goes into JSON beside 1.5: there it is 0.0, too.
    assert repr(total_s([])) == "0.0"

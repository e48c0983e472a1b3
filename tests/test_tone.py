"""Delivery against the speaker's own: baselines, the raised voice, calm, alive and unhurried."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from conversations import AGENT, DeliveryChanges, Manner, delivery
from hypothesis import given
from hypothesis import strategies as st

from calltone.analysis.tone import (
    FEATURES,
    MIN_STRETCHES,
    PEOPLE,
    PEOPLE_COUNT,
    SMALLEST_SPREAD,
    Baseline,
    baseline,
    mean,
    tone,
)
from calltone.audio.turns import Delivery

# Values keep two digits of z, which moves a squashed one by at most 0.005, its weighted sum and
# the shares made of three of it by less than this.
ROUNDING = 0.01

OWN_FEATURES = [feature for feature in FEATURES if feature not in PEOPLE]


def changed(sound: Delivery, feature: str, value: float | None) -> Delivery:
    changes = DeliveryChanges(**{feature: value})  # type: ignore[misc]  # any feature
    return replace(sound, **changes)


def stretches(feature: str, values: Sequence[float | None]) -> list[Delivery]:
    return [changed(delivery(), feature, value) for value in values]


def usual_voice() -> Baseline:
    return baseline([delivery()] * 5)


def moved(by: float, *features: str) -> Delivery:
    """Return the usual delivery, moved in some features by as many smallest spreads."""
    usual = delivery()
    return replace(
        usual, **{name: getattr(usual, name) + by * SMALLEST_SPREAD[name] for name in features}
    )


class TestBaseline:
    @pytest.mark.parametrize("feature", OWN_FEATURES)
    def test_centre_is_the_median_so_one_outburst_does_not_move_it(self, feature: str) -> None:
        calm = baseline(stretches(feature, [-20, -18, -16]))
        with_outburst = baseline(stretches(feature, [-20, -18, 400]))
        assert calm.centres[feature] == with_outburst.centres[feature] == -18

    def test_centre_of_an_even_number_lies_between_the_middle_two(self) -> None:
        found = baseline(stretches("level_db", [-30, -20, -18, 0]))
        assert found.centres["level_db"] == -19

    @pytest.mark.parametrize("feature", FEATURES)
    def test_spread_is_the_mad_as_a_standard_deviation(self, feature: str) -> None:
        found = baseline(stretches(feature, [0, 10, 20, 30, 100]))
        # Distances from 20: 20, 10, 0, 10, 80. Their median is 10.
        assert found.spreads[feature] == pytest.approx(14.826)

    @pytest.mark.parametrize("feature", FEATURES)
    def test_even_speaker_gets_the_smallest_spread(self, feature: str) -> None:
        assert usual_voice().spreads[feature] == SMALLEST_SPREAD[feature] > 0

    @pytest.mark.parametrize("feature", PEOPLE)
    def test_few_stretches_lean_on_people_and_many_do_not(self, feature: str) -> None:
        own = PEOPLE[feature] / 2
        as_many = baseline(stretches(feature, [own] * PEOPLE_COUNT))
        many = baseline(stretches(feature, [own] * 300))
        assert as_many.centres[feature] == pytest.approx(PEOPLE[feature] * 3 / 4)
        # 3 imagined stretches among 303 pull by a hundredth of the distance.
        assert many.centres[feature] == pytest.approx(own, abs=0.011 * PEOPLE[feature] / 2)

    def test_speaker_who_is_flat_all_along_is_no_excuse_for_himself(self) -> None:
        flat = delivery(AGENT, "flat")
        lively = delivery()
        flat_alive = tone(flat, baseline([flat] * 8)).alive
        lively_alive = tone(lively, baseline([lively] * 8)).alive
        assert flat_alive is not None
        assert lively_alive is not None
        assert flat_alive < lively_alive

    @pytest.mark.parametrize("feature", FEATURES)
    def test_nothing_is_usual_before_there_are_enough_stretches(self, feature: str) -> None:
        known = [1.0] * (MIN_STRETCHES - 1)
        too_few = baseline(stretches(feature, [*known, None, None]))
        enough = baseline(stretches(feature, [*known, 1.0, None]))
        assert feature not in too_few.centres
        assert feature not in too_few.spreads
        assert feature in enough.centres

    def test_no_speech_no_baseline(self) -> None:
        empty = baseline([])
        assert not empty.centres
        assert tone(delivery(), empty).cues == ()
        assert not tone(delivery(), empty).measured


class TestCue:
    def test_counts_spreads_from_the_centre(self) -> None:
        found = Baseline({"level_db": -22.0}, {"level_db": 4.0}).cue("level_db", -16.0)
        assert found is not None
        assert (found.value, found.baseline, found.spread, found.z) == (-16.0, -22.0, 4.0, 1.5)

    def test_needs_a_value_and_a_baseline(self) -> None:
        assert usual_voice().cue("level_db", None) is None
        assert Baseline({}, {}).cue("level_db", -16.0) is None


class TestRaisedVoice:
    def test_usual_delivery_is_not_raised(self) -> None:
        assert tone(delivery(), usual_voice()).raised_voice == 0

    def test_sign_tells_raised_from_lowered(self) -> None:
        voice = ("pitch_median_st", "level_db", "balance_db")
        up = tone(moved(1, *voice), usual_voice()).raised_voice
        down = tone(moved(-1, *voice), usual_voice()).raised_voice
        # One spread in each of three parts whose weights sum to 1.
        assert up == pytest.approx(math.tanh(1), abs=0.001)
        assert down == pytest.approx(-math.tanh(1), abs=0.001)

    @given(pitch=st.floats(-60, 60), level=st.floats(-90, 90), balance=st.floats(-90, 90))
    def test_stays_within_bounds(self, pitch: float, level: float, balance: float) -> None:
        sound = delivery(pitch_median_st=pitch, level_db=level, balance_db=balance)
        raised = tone(sound, usual_voice()).raised_voice
        assert raised is not None
        assert -1 <= raised <= 1

    @pytest.mark.parametrize("feature", ["pitch_median_st", "level_db", "balance_db"])
    def test_one_part_alone_cannot_raise_the_voice_fully(self, feature: str) -> None:
        raised = tone(moved(50, feature), usual_voice()).raised_voice
        assert raised is not None
        assert 0 < raised < 0.5

    def test_level_counts_least_as_recorders_change_it(self) -> None:
        by_level = tone(moved(2, "level_db"), usual_voice()).raised_voice
        by_pitch = tone(moved(2, "pitch_median_st"), usual_voice()).raised_voice
        by_balance = tone(moved(2, "balance_db"), usual_voice()).raised_voice
        assert by_level is not None
        assert by_pitch is not None
        assert by_balance is not None
        assert by_level < min(by_pitch, by_balance)

    @pytest.mark.parametrize(
        "missing", [{"pitch_median_st": None}, {"level_db": None}, {"balance_db": None}]
    )
    def test_not_told_from_two_parts_of_three(self, missing: DeliveryChanges) -> None:
        found = tone(delivery(AGENT, "raised", **missing), usual_voice())
        assert found.raised_voice is None
        assert found.calm is None
        assert found.alive is not None  # rests on what is known

    @pytest.mark.parametrize("gain_db", [-30.0, -6.0, 12.0])
    def test_gain_on_the_whole_call_changes_nothing(self, gain_db: float) -> None:
        call = [delivery(), delivery(AGENT, "warm"), delivery(AGENT, "raised"), delivery()]
        amplified = [replace(d, level_db=(d.level_db or 0.0) + gain_db) for d in call]
        for before, after in zip(call, amplified, strict=True):
            assert tone(after, baseline(amplified)).raised_voice == pytest.approx(
                tone(before, baseline(call)).raised_voice, abs=ROUNDING
            )

    @pytest.mark.parametrize("by_st", [-7.0, 3.5, 12.0])
    def test_higher_or_lower_voice_in_the_whole_call_changes_nothing(self, by_st: float) -> None:
        call = [delivery(), delivery(AGENT, "warm"), delivery(AGENT, "raised"), delivery()]
        other = [replace(d, pitch_median_st=(d.pitch_median_st or 0.0) + by_st) for d in call]
        for before, after in zip(call, other, strict=True):
            assert tone(after, baseline(other)).raised_voice == pytest.approx(
                tone(before, baseline(call)).raised_voice, abs=ROUNDING
            )


class TestShares:
    def test_usual_delivery_is_good_with_room_above(self) -> None:
        found = tone(delivery(), usual_voice())
        # The rate's centre leans on people's 4.0 and so lies below the speaker's own 4.5.
        assert found.calm == pytest.approx(1 / (1 + math.exp(-1.2)), abs=0.001)
        assert found.alive == pytest.approx(1 / (1 + math.exp(-1.2)), abs=0.001)
        assert found.unhurried is not None
        assert 0.6 < found.unhurried < 0.769

    def test_one_spread_worse_is_half(self) -> None:
        usual = usual_voice()
        flat = delivery(pitch_range_st=usual.centres["pitch_range_st"] - 1.5)
        fast = delivery(
            rate_syll_per_s=usual.centres["rate_syll_per_s"] + 0.8,
            pause_share=usual.centres["pause_share"] - 0.1,
        )
        assert tone(flat, usual).alive == 0.5
        assert tone(fast, usual).unhurried == pytest.approx(0.5, abs=ROUNDING)

    @pytest.mark.parametrize(
        ("feature", "share", "sign"),
        [
            ("pitch_median_st", "calm", -1),
            ("level_db", "calm", -1),
            ("balance_db", "calm", -1),
            ("pitch_range_st", "alive", 1),
            ("rate_syll_per_s", "unhurried", -1),
            ("pause_share", "unhurried", 1),
        ],
    )
    @given(low=st.floats(-4, 4), step=st.floats(0.1, 4))
    def test_monotone_in_its_feature(
        self, feature: str, share: str, sign: int, low: float, step: float
    ) -> None:
        usual = usual_voice()
        below = getattr(tone(moved(low, feature), usual), share)
        above = getattr(tone(moved(low + step, feature), usual), share)
        assert sign * (above - below) >= 0
        assert 0 <= min(below, above) <= max(below, above) <= 1
        # Around the usual, where nothing is squashed flat, a tenth of a spread is seen.
        if abs(low) < 1:
            assert above != below

    @pytest.mark.parametrize(
        ("manner", "share"), [("raised", "calm"), ("flat", "alive"), ("hurried", "unhurried")]
    )
    def test_manner_costs_its_share_and_no_other(self, manner: Manner, share: str) -> None:
        usual, found = tone(delivery(), usual_voice()), tone(delivery(AGENT, manner), usual_voice())
        assert getattr(found, share) < 0.5 < getattr(usual, share)
        for other in {"calm", "alive", "unhurried"} - {share}:
            assert getattr(found, other) == getattr(usual, other)

    def test_pace_counts_more_than_pauses(self) -> None:
        faster = tone(moved(1, "rate_syll_per_s"), usual_voice()).unhurried
        fewer_pauses = tone(moved(-1, "pause_share"), usual_voice()).unhurried
        assert faster is not None
        assert fewer_pauses is not None
        assert faster < fewer_pauses

    def test_pauses_alone_tell_no_pace(self) -> None:
        assert tone(delivery(rate_syll_per_s=None), usual_voice()).unhurried is None
        assert tone(delivery(pause_share=None), usual_voice()).unhurried is not None

    def test_too_little_speech_gives_nothing(self) -> None:
        found = tone(delivery(AGENT, "unmeasured"), usual_voice())
        assert not found.measured
        assert (found.raised_voice, found.calm, found.alive, found.unhurried) == (None,) * 4

    def test_cues_are_the_measured_features_in_order(self) -> None:
        found = tone(delivery(level_db=None), usual_voice())
        assert [cue.feature for cue in found.cues] == [f for f in FEATURES if f != "level_db"]


class TestMean:
    def test_weighs(self) -> None:
        assert mean([(1.0, 3.0), (0.0, 1.0)]) == 0.75

    def test_leaves_out_what_is_not_known(self) -> None:
        assert mean([(0.2, 1.0), (None, 100.0)]) == 0.2

    @pytest.mark.parametrize("values", [[], [(None, 1.0)], [(0.5, 0.0)]])
    def test_of_nothing_is_not_known(self, values: list[tuple[float | None, float]]) -> None:
        assert mean(values) is None

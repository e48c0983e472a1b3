"""Moments: what the customer needed, what was answered, and whether words and tone agree."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from conversations import (
    AGENT,
    CUSTOMER,
    Line,
    Manner,
    agent,
    customer,
    dialogue,
    say,
    small_talk,
)

from calltone.analysis.conversation import Brought, Conversation, converse
from calltone.analysis.moments import (
    ALIVE,
    AS_USUAL,
    CALM,
    DOES,
    TONE_AS_USUAL,
    TONE_PARTS,
    behaviour_parts,
    find_moments,
    strength,
    tone_parts,
)
from calltone.analysis.needs import Need
from calltone.analysis.results import Moment
from calltone.analysis.rubric import Rubric
from calltone.analysis.tone import USUAL, Tone
from calltone.analysis.words import BEHAVIOURS, NEGATIVE
from calltone.audio.spans import Span
from calltone.audio.turns import Turn

RUBRIC = Rubric()
TROUBLE = "The boiler is cold and I'm so upset about this."
WORRY = "And I'm really worried about the baby."
PLAIN = "It's the card ending in four four one seven."
EMPATHY = "I'm so sorry, I can hear how upsetting this is for you."
PROMISE = "I'll send an engineer to you tonight."
POLICY = "That is our policy, there is nothing I can do."
NOTHING_SAID = "nothing in the response answers the customer's need"


def talk(*lines: Line) -> Conversation:
    return converse(dialogue([*small_talk(), *lines]), AGENT, CUSTOMER)


def moments_of(*lines: Line) -> tuple[Moment, ...]:
    return find_moments(talk(*lines), RUBRIC)


def only(*lines: Line) -> Moment:
    (moment,) = moments_of(*lines)
    return moment


def response(moment: Moment) -> list[str]:
    return [evidence.quote for evidence in moment.response]


def words_score(moment: Moment) -> float:
    assert moment.words is not None
    return moment.words.score


def tone_score(moment: Moment) -> float:
    assert moment.tone is not None
    return moment.tone.score


class TestStrength:
    turn = say(CUSTOMER, TROUBLE, 0.0)

    @pytest.mark.parametrize(
        ("needs", "raised_voice", "expected"),
        [
            ((), None, 0),
            ((), 0.69, 0),
            ((), 0.7, 0.7),
            ((), -1.0, 0),
            ((Need("worry", 0.45, ""), Need("distress", 0.9, "")), None, 0.9),
            ((Need("worry", 0.45, ""),), 0.8, 0.8),
            ((Need("worry", 0.45, ""),), 0.5, 0.45),
            ((Need("thanks", 0.9, ""), Need("relief", 0.75, "")), None, 0),
        ],
    )
    def test_is_the_strongest_need_or_the_raised_voice(
        self, needs: tuple[Need, ...], raised_voice: float | None, expected: float
    ) -> None:
        assert strength(Brought(self.turn, needs, 0.0, raised_voice), RUBRIC) == expected

    @pytest.mark.parametrize(
        ("length_s", "valence", "expected"),
        [(4.0, 0.0, 0.9), (4.0, -0.5, 0.9), (4.0, 0.3, 0), (1.0, 0.0, 0)],
    )
    def test_raised_voice_counts_unless_brief_or_glad(
        self, length_s: float, valence: float, expected: float
    ) -> None:
        turn = say(CUSTOMER, PLAIN, 0.0, length_s)
        assert strength(Brought(turn, (), valence, 0.9), RUBRIC) == expected


class TestOpportunities:
    def test_call_that_asks_for_nothing_has_none(self) -> None:
        assert moments_of() == ()

    def test_raised_voice_calls_for_empathy_without_words(self) -> None:
        raised = only(customer(PLAIN, "raised"), agent("Okay, let me look at that.")).opportunity
        assert raised.needs == ()
        assert raised.raised_voice == raised.strength > RUBRIC.raised_opportunity

    def test_turns_with_no_agent_in_between_are_one(self) -> None:
        moment = only(customer(TROUBLE), customer(WORRY), agent(EMPATHY))
        assert moment.opportunity.quote == f"{TROUBLE} {WORRY}"
        assert {need.kind for need in moment.opportunity.needs} >= {"distress", "worry"}
        assert response(moment) == [EMPATHY]

    @pytest.mark.parametrize(
        ("between", "length_s", "count"),
        [("Mm-hmm.", 0.5, 1), ("", 3.0, 1), ("Let me have a look at that.", 2.0, 2)],
    )
    def test_back_channel_does_not_cut_a_telling_but_a_turn_does(
        self, between: str, length_s: float, count: int
    ) -> None:
        found = moments_of(
            customer(TROUBLE), agent(between, length_s=length_s), customer(WORRY), agent(EMPATHY)
        )
        assert len(found) == count

    def test_span_is_from_the_first_turn_to_the_last(self) -> None:
        conversation = talk(customer(TROUBLE), customer(WORRY), agent(EMPATHY))
        (moment,) = find_moments(conversation, RUBRIC)
        first, last = conversation.customer_turns[-2:]
        assert moment.opportunity.start_s == first.start_s
        assert moment.opportunity.end_s == last.end_s

    def test_each_need_is_told_once_by_its_strongest_sign(self) -> None:
        weak, strong = "I'm upset.", "I'm absolutely furious, I'm so upset."
        needs = only(customer(weak), customer(strong), agent(EMPATHY)).opportunity.needs
        alone = only(customer(strong), agent(EMPATHY)).opportunity.needs
        assert [n for n in needs if n.kind == "distress"] == [
            n for n in alone if n.kind == "distress"
        ]


class TestResponse:
    def test_ends_where_the_next_need_begins(self) -> None:
        first, second = moments_of(
            customer(TROUBLE), agent(EMPATHY), customer(WORRY), agent(PROMISE)
        )
        assert response(first) == [EMPATHY]
        assert response(second) == [PROMISE]

    def test_goes_on_over_customer_turns_that_need_nothing(self) -> None:
        moment = only(customer(TROUBLE), agent(EMPATHY), customer(PLAIN), agent(PROMISE))
        assert response(moment) == [EMPATHY, PROMISE]

    def test_ends_with_the_turn_that_fills_30_s_of_speech(self) -> None:
        moment = only(
            customer(TROUBLE),
            agent("The first part is this.", length_s=20.0),
            agent("The second part is that.", length_s=9.0),
            agent("The third part is it.", length_s=5.0),
            agent("The fourth part is late.", length_s=5.0),
        )
        assert response(moment)[-1] == "The third part is it."

    def test_counts_speech_not_silence(self) -> None:
        moment = only(customer(TROUBLE), agent("One moment please."), agent(PROMISE, wait_s=90.0))
        assert response(moment)[-1] == PROMISE

    def test_nothing_said_before_the_need_is_part_of_it(self) -> None:
        moment = only(agent(EMPATHY), customer(TROUBLE), agent(PROMISE))
        assert response(moment) == [PROMISE]

    def test_no_response_has_neither_words_nor_tone(self) -> None:
        moment = only(customer(TROUBLE))
        assert moment.response == ()
        assert (moment.words, moment.tone, moment.together, moment.mismatch) == (None,) * 4

    def test_words_that_cannot_be_read_are_not_judged(self) -> None:
        turns = dialogue([*small_talk(), customer(TROUBLE, "raised"), agent(EMPATHY)])
        conversation = converse(turns, AGENT, CUSTOMER, read_words=False)
        (moment,) = find_moments(conversation, RUBRIC)
        assert moment.words is None
        assert moment.tone is not None
        assert moment.mismatch is None


class TestWords:
    def test_answer_that_does_nothing_gets_nothing(self) -> None:
        moment = only(customer(TROUBLE), agent("The store closes at six."))
        assert words_score(moment) == 0
        assert moment.words is not None
        assert [part.reason for part in moment.words.parts] == [NOTHING_SAID]

    def test_points_are_the_rubrics(self) -> None:
        moment = only(customer(TROUBLE), agent(PROMISE))
        assert words_score(moment) == RUBRIC.response_points["own"]
        dear = replace(RUBRIC, response_points={"own": 77})
        (other,) = find_moments(talk(customer(TROUBLE), agent(PROMISE)), dear)
        assert words_score(other) == 77

    def test_fault_takes_away_what_empathy_gave(self) -> None:
        kind = only(customer(TROUBLE), agent(EMPATHY))
        spoiled = only(customer(TROUBLE), agent(f"{EMPATHY} {POLICY}"))
        assert words_score(spoiled) == words_score(kind) + RUBRIC.response_points["dismiss"]


class TestBehaviourParts:
    span = Span(1.0, 2.0)

    @pytest.mark.parametrize("name", [name for name in BEHAVIOURS if name not in NEGATIVE])
    def test_full_the_first_time_and_a_quarter_again(self, name: str) -> None:
        said = [(f"{number}", self.span, [name]) for number in range(3)]
        parts = behaviour_parts(said, {name: 20})
        assert [part.points for part in parts] == [20, 5, 5]
        assert [part.reason for part in parts] == [DOES[name], *[f"{DOES[name]} again"] * 2]

    @pytest.mark.parametrize("name", sorted(NEGATIVE))
    def test_faults_count_in_full_every_time(self, name: str) -> None:
        said = [("", self.span, [name])] * 3
        parts = behaviour_parts(said, {name: -50})
        assert [part.points for part in parts] == [-50] * 3
        assert {part.reason for part in parts} == {DOES[name]}

    def test_another_behaviour_is_not_again(self) -> None:
        said = [("", self.span, ["apologise"]), ("", self.span, ["own"])]
        assert [p.points for p in behaviour_parts(said, {"apologise": 30, "own": 20})] == [30, 20]

    def test_behaviours_without_points_are_left_out(self) -> None:
        assert behaviour_parts([("", self.span, ["own", "offer"])], {"apologise": 30}) == []

    def test_each_part_says_where_to_listen(self) -> None:
        (part,) = behaviour_parts([("I'm sorry.", self.span, ["apologise"])], {"apologise": 30})
        assert (part.quote, part.start_s, part.end_s) == ("I'm sorry.", 1.0, 2.0)


class TestToneParts:
    usual = Tone(0.0, AS_USUAL, AS_USUAL, AS_USUAL, ())

    def test_usual_is_what_the_tone_gives_where_nothing_differs(self) -> None:
        from math import exp

        # Both are rounded to three digits.
        assert pytest.approx(1 / (1 + exp(-USUAL)), abs=0.0005) == AS_USUAL

    def test_usual_voice_gets_the_usual_points(self) -> None:
        parts = tone_parts([(self.usual, 1.0)])
        assert sum(part.points for part in parts) == TONE_AS_USUAL

    @pytest.mark.parametrize("index", range(3))
    def test_better_adds_worse_takes_away_and_says_so(self, index: int) -> None:
        name, good, bad = TONE_PARTS[index]
        for value, sign, reason in ((AS_USUAL + 0.1, 1, good), (AS_USUAL - 0.1, -1, bad)):
            shares = {"calm": AS_USUAL, "alive": AS_USUAL, "unhurried": AS_USUAL, name: value}
            other = Tone(0.0, shares["calm"], shares["alive"], shares["unhurried"], ())
            parts = tone_parts([(other, 1.0)])
            (changed,) = (part for part in parts if part.feature and part.value != AS_USUAL)
            assert changed.feature == name
            assert sign * changed.points > 0
            assert changed.reason == reason

    def test_one_thing_all_wrong_is_not_made_good_by_two_as_usual(self) -> None:
        flat = replace(self.usual, alive=0.0)
        assert sum(part.points for part in tone_parts([(flat, 1.0)])) < 1

    def test_tones_count_by_weight(self) -> None:
        flat = replace(self.usual, alive=0.0)
        (_, part) = tone_parts([(self.usual, 3.0), (flat, 1.0)], (ALIVE,))
        assert part.value == pytest.approx(AS_USUAL * 3 / 4, abs=0.0005)  # three digits are kept

    def test_parts_not_known_are_left_out(self) -> None:
        no_voice = replace(self.usual, calm=None, raised_voice=None)
        assert [p.feature for p in tone_parts([(no_voice, 1.0)])] == [None, "alive", "unhurried"]
        assert tone_parts([(no_voice, 1.0)], (CALM,)) == []

    def test_nothing_measured_nothing_given(self) -> None:
        assert tone_parts([]) == []
        assert tone_parts([(Tone(None, None, None, None, ()), 1.0)]) == []


class TestTone:
    @pytest.mark.parametrize("manner", ["flat", "hurried", "raised"])
    def test_manner_costs_the_moment(self, manner: Manner) -> None:
        usual = only(customer(TROUBLE), agent(EMPATHY))
        spoiled = only(customer(TROUBLE), agent(EMPATHY, manner))
        assert tone_score(spoiled) <= tone_score(usual) - 25
        assert words_score(spoiled) == words_score(usual)

    def test_warm_is_better_than_usual(self) -> None:
        usual = only(customer(TROUBLE), agent(EMPATHY))
        assert tone_score(only(customer(TROUBLE), agent(EMPATHY, "warm"))) > tone_score(usual)

    def test_sentences_that_do_nothing_do_not_count_beside_those_that_do(self) -> None:
        def score(manner: Manner) -> float:
            fact = agent("The store closes at six.", manner)
            return tone_score(only(customer(TROUBLE), agent(EMPATHY), fact))

        assert score("flat") == score("raised") == score("usual")

    def test_agent_hurried_in_every_answer_is_held_against_the_rest_of_the_call(self) -> None:
        once = moments_of(customer(TROUBLE), agent(EMPATHY, "hurried"))
        always = moments_of(*[customer(TROUBLE), agent(EMPATHY, "hurried")] * 6)
        assert {tone_score(moment) for moment in always} == {tone_score(once[0])}

    def test_answers_that_do_nothing_are_part_of_the_usual_voice(self) -> None:
        fact = "The store closes at six."
        hurried_answer = [agent(EMPATHY, "hurried"), agent(PROMISE, "hurried")]
        call = [customer(TROUBLE), *hurried_answer, agent(fact)] * 6
        hurried = find_moments(converse(dialogue(call), AGENT, CUSTOMER), RUBRIC)
        usual_score = tone_score(only(customer(TROUBLE), agent(EMPATHY)))
        assert len(hurried) == 6
        assert max(tone_score(moment) for moment in hurried) <= usual_score - 25

    def test_good_bye_does_not_count_where_nothing_is_done_for_the_customer(self) -> None:
        def score(manner: Manner) -> float:
            fact = agent("The store closes at six.")
            return tone_score(only(customer(TROUBLE), fact, agent("Have a great day!", manner)))

        assert score("flat") == score("usual")

    def test_unmeasured_voice_is_not_judged(self) -> None:
        moment = only(customer(TROUBLE), agent(EMPATHY, "unmeasured"))
        assert (moment.tone, moment.together, moment.mismatch) == (None, None, None)
        assert words_score(moment) > 0


class TestMismatch:
    def test_warm_words_in_a_flat_voice(self) -> None:
        moment = only(customer(TROUBLE), agent(EMPATHY, "flat"))
        assert words_score(moment) > tone_score(moment) + RUBRIC.mismatch_points
        assert moment.mismatch is not None
        assert moment.mismatch.startswith("the words care, the voice does not follow: ")

    def test_usual_or_better_voice_with_policy_words(self) -> None:
        moment = only(customer(TROUBLE), agent(POLICY, "warm"))
        assert tone_score(moment) > words_score(moment) + RUBRIC.mismatch_points
        assert (
            moment.mismatch == "the voice is as usual or better, the words turn the customer away"
        )

    def test_livelier_voice_than_usual_with_words_that_do_not_answer(self) -> None:
        moment = only(customer(TROUBLE), agent("The store closes at six.", "warm"))
        assert moment.mismatch is not None
        assert moment.mismatch.startswith("the voice is calmer or livelier than usual")

    def test_usual_voice_with_words_that_do_not_answer_lacks_empathy_but_hides_nothing(
        self,
    ) -> None:
        moment = only(customer(TROUBLE), agent("The store closes at six."))
        assert tone_score(moment) > words_score(moment) + RUBRIC.mismatch_points
        assert moment.mismatch is None

    @pytest.mark.parametrize(
        ("text", "manner"), [(f"{EMPATHY} {PROMISE}", "warm"), (POLICY, "flat")]
    )
    def test_none_where_both_are_good_or_both_are_bad(self, text: str, manner: Manner) -> None:
        moment = only(customer(TROUBLE), agent(text, manner))
        assert moment.mismatch is None

    def test_none_where_the_weaker_side_is_not_weak(self) -> None:
        moment = only(
            customer(TROUBLE), agent(f"{EMPATHY} {PROMISE} What happened?", pitch_range_st=4.8)
        )
        assert tone_score(moment) <= words_score(moment) - RUBRIC.mismatch_points
        assert tone_score(moment) > RUBRIC.mismatch_below
        assert moment.mismatch is None

    @pytest.mark.parametrize(
        ("manner", "told"),
        [
            ("flat", "the voice moves less than usual (1.5 against 6 semitones)"),
            ("hurried", "faster than usual (7 against "),
            ("raised", "higher than usual (9 against 4 semitones above 100 Hz)"),
        ],
    )
    def test_tells_the_deviation_with_value_and_baseline(self, manner: Manner, told: str) -> None:
        moment = only(customer(TROUBLE), agent(f"{EMPATHY} {PROMISE}", manner))
        assert told in (moment.mismatch or "")

    def test_tells_the_largest_deviation_first_and_not_what_cannot_be_heard(self) -> None:
        moment = only(
            customer(TROUBLE),
            agent(EMPATHY, pitch_range_st=2.4, level_db=-17.0, balance_db=-7.0),
        )
        # 2.4 spreads of range, 2.5 of level, 0.4 of balance.
        assert moment.mismatch is not None
        told = moment.mismatch
        assert told.index("louder") < told.index("moves less")
        assert "sharper" not in told

    def test_does_not_tell_deviations_of_sentences_that_do_not_count(self) -> None:
        moment = only(
            customer(TROUBLE),
            agent(EMPATHY, "flat"),
            agent("The store closes at six.", "hurried"),
        )
        assert "moves less" in (moment.mismatch or "")
        assert "faster" not in (moment.mismatch or "")

    def test_unlike_usual_for_the_better_is_not_told(self) -> None:
        moment = only(customer(TROUBLE), agent(EMPATHY, "flat", level_db=-40.0))
        assert "moves less" in (moment.mismatch or "")
        assert "usual (-40" not in (moment.mismatch or "")


class TestTogether:
    def test_needs_both(self) -> None:
        good = only(customer(TROUBLE), agent(f"{EMPATHY} {PROMISE}"))
        flat = only(customer(TROUBLE), agent(f"{EMPATHY} {PROMISE}", "flat"))
        curt = only(customer(TROUBLE), agent(POLICY, "warm"))
        assert good.together is not None
        assert flat.together is not None
        assert curt.together == 0 < flat.together < good.together


def test_moments_are_in_order_and_do_not_share_sentences() -> None:
    found = moments_of(*[customer(TROUBLE), agent(EMPATHY), customer(PLAIN), agent(PROMISE)] * 3)
    assert len(found) == 3
    for before, after in pairwise(found):
        assert before.opportunity.end_s <= before.response[-1].end_s <= after.opportunity.start_s


def test_overlapping_speech_makes_no_moment_twice() -> None:
    turns: list[Turn] = [
        *dialogue(small_talk()),
        say(CUSTOMER, TROUBLE, 100.0, 105.0),
        say(AGENT, EMPATHY, 104.5, 109.0),
        say(CUSTOMER, WORRY, 108.0, 112.0),
        say(AGENT, PROMISE, 111.0, 114.0),
    ]
    first, second = find_moments(converse(turns, AGENT, CUSTOMER), RUBRIC)
    assert (response(first), response(second)) == ([EMPATHY], [PROMISE])

"""The six dimensions: what adds, what takes away, and what may not matter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conversations import AGENT, CUSTOMER, Line, Manner, agent, customer, dialogue, small_talk
from hypothesis import given, settings
from hypothesis import strategies as st

from calltone.analysis.conversation import converse
from calltone.analysis.dimensions import (
    NO_EMPATHIC_SENTENCE,
    NO_OPPORTUNITY,
    TOO_LITTLE_SPEECH,
    WORDS_NOT_READ,
    dimensions,
)
from calltone.analysis.moments import find_moments
from calltone.analysis.results import Dimension, Part, Side
from calltone.analysis.rubric import DIMENSIONS, Rubric
from calltone.analysis.stock import NO_STOCK, StockSentences, stock_key
from calltone.audio.turns import Delivery, Turn

RUBRIC = Rubric()
UPSET = "The boiler is cold and I'm so upset about this."
SORRY = "I'm so sorry about the cold boiler. I understand how upsetting this is."
POLICY = "That's our policy."
RELIEF = "Thank you so much, that's such a relief."


def judged(
    *lines: Line,
    rubric: Rubric = RUBRIC,
    stock: StockSentences = NO_STOCK,
    agent_name: str = "",
    read_words: bool = True,
) -> dict[str, Dimension]:
    return of_turns(
        dialogue(lines), rubric=rubric, stock=stock, agent_name=agent_name, read_words=read_words
    )


def of_turns(
    turns: tuple[Turn, ...],
    *,
    rubric: Rubric = RUBRIC,
    stock: StockSentences = NO_STOCK,
    agent_name: str = "",
    read_words: bool = True,
) -> dict[str, Dimension]:
    conversation = converse(turns, AGENT, CUSTOMER, read_words=read_words)
    moments = find_moments(conversation, rubric)
    found = dimensions(conversation, moments, rubric, stock, agent_name)
    return {dimension.name: dimension for dimension in found}


def answered(text: str, manner: Manner = "usual") -> dict[str, Dimension]:
    """Return the judgement of one answer to one need in a long enough call."""
    return judged(
        *small_talk(), customer(UPSET), agent(text, manner), customer("Okay then, the red one.")
    )


def words(dimension: Dimension) -> float:
    assert dimension.words is not None
    return dimension.words.score


def tone(dimension: Dimension) -> float:
    assert dimension.tone is not None
    return dimension.tone.score


def both(dimension: Dimension) -> float:
    assert dimension.together is not None
    return dimension.together


def word_parts(dimension: Dimension) -> list[Part]:
    assert dimension.words is not None
    return list(dimension.words.parts)


def tone_parts(dimension: Dimension) -> list[Part]:
    assert dimension.tone is not None
    return list(dimension.tone.parts)


def with_reason(parts: list[Part], beginning: str) -> list[Part]:
    return [part for part in parts if part.reason.startswith(beginning)]


AGENT_LINES = (
    "Thank you for calling Brightline, how can I help?",
    "I'm so sorry about that.",
    "I understand how upsetting this is.",
    "So the boiler is cold.",
    "What happened? When did it stop?",
    "Don't worry, we'll get this sorted.",
    "I'll send an engineer today.",
    "Would you like me to call you back as well?",
    POLICY,
    "You should have called earlier. Can you hurry up please?",
    "mm-hmm",
    "",
    "The delivery takes three to five days.",
)
CUSTOMER_LINES = (
    UPSET,
    "It stopped on Monday and nobody called me back.",
    "I'm worried about my baby.",
    "Okay, the blue one.",
    RELIEF,
    "Thanks.",
    "",
)
MANNERS: tuple[Manner, ...] = ("usual", "flat", "hurried", "raised", "warm", "unmeasured")


@st.composite
def scripts(draw: st.DrawFn, most: int = 14) -> list[Line]:
    lines: list[Line] = []
    for _ in range(draw(st.integers(0, most))):
        by_agent = draw(st.booleans())
        text = draw(st.sampled_from(AGENT_LINES if by_agent else CUSTOMER_LINES))
        manner = draw(st.sampled_from(MANNERS))
        wait_s = draw(st.sampled_from((-0.9, -0.2, 0.4, 6.0)))
        lines.append((agent if by_agent else customer)(text, manner, wait_s=wait_s))
    return lines


def sides(found: dict[str, Dimension]) -> list[Side]:
    both_sides = [side for d in found.values() for side in (d.words, d.tone)]
    return [side for side in both_sides if side is not None]


class TestAnyCall:
    @settings(max_examples=80, deadline=None)
    @given(scripts())
    def test_every_score_is_the_sum_of_its_parts_within_0_and_100(self, lines: list[Line]) -> None:
        for side in sides(judged(*lines)):
            assert side.score == round(sum(part.points for part in side.parts), 2)
            assert 0 <= side.score <= 100

    @settings(max_examples=60, deadline=None)
    @given(scripts())
    def test_together_lies_between_words_and_tone_or_a_reason_is_given(
        self, lines: list[Line]
    ) -> None:
        found = judged(*lines)
        assert tuple(found) == DIMENSIONS
        for name, dimension in found.items():
            assert dimension.weight == RUBRIC.weights[name]
            if dimension.words is None or dimension.tone is None:
                assert dimension.together is None
                assert dimension.not_applicable
            else:
                low, high = sorted([dimension.words.score, dimension.tone.score])
                assert low - 0.01 <= both(dimension) <= high + 0.01
                assert dimension.not_applicable is None

    @settings(max_examples=60, deadline=None)
    @given(scripts(), st.sampled_from((-12.0, 12.0)))
    def test_louder_or_softer_recording_changes_nothing(
        self, lines: list[Line], by_db: float
    ) -> None:
        turns = dialogue([*small_talk(3), *lines])
        assert of_turns(tuple(louder(turn, by_db) for turn in turns)) == of_turns(turns)

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_dismissing_sentence_never_raises_words(self, data: st.DataObject) -> None:
        # Each line keeps its length, and none becomes more than the back-channel that it was: so
        # the sentence changes what is said, not who speaks when.
        drawn = data.draw(scripts(most=10))
        lines = [replace(line, length_s=0.5 + 0.4 * len(line.text.split())) for line in drawn]
        lines.append(agent("Okay then, let me see.", length_s=2.5))
        spoken = [
            i
            for i, line in enumerate(lines)
            if line.channel == AGENT and len(line.text.split()) > 2
        ]
        at = data.draw(st.sampled_from(spoken))
        worse = list(lines)
        worse[at] = replace(worse[at], text=f"{worse[at].text} {POLICY}".strip())
        before, after = judged(*lines), judged(*worse)
        for name in ("validating", "resolving"):
            if before[name].words is not None and after[name].words is not None:
                # Each part is rounded to 0.01 before they are summed.
                assert words(after[name]) <= words(before[name]) + 0.05

    @settings(max_examples=60, deadline=None)
    @given(scripts())
    def test_agent_on_the_other_channel_is_judged_the_same(self, lines: list[Line]) -> None:
        turns = dialogue(lines)
        swapped = tuple(replace(turn, channel=1 - turn.channel) for turn in turns)
        conversation = converse(swapped, CUSTOMER, AGENT)
        moments = find_moments(conversation, RUBRIC)
        assert dimensions(conversation, moments, RUBRIC, NO_STOCK) == tuple(
            of_turns(turns).values()
        )


def louder(turn: Turn, by_db: float) -> Turn:
    def changed(delivery: Delivery) -> Delivery:
        level_db = delivery.level_db
        return replace(delivery, level_db=None if level_db is None else level_db + by_db)

    sentences = tuple(replace(s, delivery=changed(s.delivery)) for s in turn.sentences)
    return replace(turn, delivery=changed(turn.delivery), sentences=sentences)


class TestWordsAndTone:
    """The package's promise: neither kind words nor a kind voice are enough."""

    ANSWER = f"{SORRY} I'll send an engineer today."

    @pytest.mark.parametrize("manner", ["flat", "raised"])
    def test_validating_needs_the_voice_too(self, manner: Manner) -> None:
        usual, spoiled = answered(self.ANSWER), answered(self.ANSWER, manner)
        assert words(spoiled["validating"]) == words(usual["validating"]) == 100
        assert both(spoiled["validating"]) < both(usual["validating"]) - 5

    @pytest.mark.parametrize("name", ["unhurried", "resolving"])
    def test_hurried_voice_spoils_what_ought_to_be_unhurried(self, name: str) -> None:
        usual, hurried = answered(self.ANSWER), answered(self.ANSWER, "hurried")
        assert words(hurried[name]) == words(usual[name])
        assert both(hurried[name]) < both(usual[name]) - 5

    @pytest.mark.parametrize("manner", ["flat", "hurried", "raised"])
    def test_words_do_not_depend_on_the_voice(self, manner: Manner) -> None:
        usual, spoiled = answered(self.ANSWER), answered(self.ANSWER, manner)
        for name in DIMENSIONS:
            assert spoiled[name].words == usual[name].words
            if usual[name].together is not None:
                assert both(spoiled[name]) <= both(usual[name])

    def test_warm_voice_is_better_than_the_usual_one(self) -> None:
        usual, warm = answered(self.ANSWER), answered(self.ANSWER, "warm")
        for name in ("validating", "unhurried", "genuine", "resolving"):
            assert both(warm[name]) > both(usual[name])

    def test_kind_voice_does_not_excuse_cold_words(self) -> None:
        cold, kind = answered(POLICY, "warm"), answered(SORRY, "flat")
        assert tone(cold["validating"]) > tone(kind["validating"])
        assert both(cold["validating"]) == 0 < both(kind["validating"])
        assert both(cold["resolving"]) == 0

    def test_voice_that_cannot_be_measured_gives_no_score_but_its_words(self) -> None:
        found = judged(customer(UPSET), agent(SORRY, "unmeasured"), customer("Okay."))
        assert words(found["validating"]) == 100
        assert found["validating"].tone is None
        assert found["validating"].not_applicable == TOO_LITTLE_SPEECH


class TestNotApplicable:
    @pytest.mark.parametrize("name", ["validating", "listening", "genuine", "easing", "resolving"])
    def test_call_without_a_need(self, name: str) -> None:
        found = judged(*small_talk())[name]
        assert found.words is found.together is None
        assert found.not_applicable == NO_OPPORTUNITY

    def test_pace_and_manners_of_talk_are_heard_without_a_need(self) -> None:
        found = judged(*small_talk())
        assert both(found["unhurried"]) > 80
        assert tone(found["listening"]) == 100

    def test_answer_that_is_not_empathic_is_not_called_false(self) -> None:
        found = answered("The engineer comes on Friday.")["genuine"]
        assert found.words is None
        assert found.not_applicable == NO_EMPATHIC_SENTENCE

    def test_customer_who_says_nothing_more_does_not_ease(self) -> None:
        found = judged(*small_talk(), customer(UPSET), agent(SORRY))["easing"]
        assert found.words is None
        assert found.not_applicable == "the customer says nothing after the first need"

    def test_other_language_keeps_the_tone_alone(self) -> None:
        found = judged(*small_talk(), read_words=False)
        assert all(dimension.words is None for dimension in found.values())
        assert {d.not_applicable for d in found.values()} == {WORDS_NOT_READ}
        assert tone(found["unhurried"]) > 80

    def test_need_that_nobody_answers_counts_as_nothing_not_as_unknown(self) -> None:
        found = judged(*small_talk(), agent("Bye."), customer(UPSET))["validating"]
        assert words(found) == 0
        (part,) = word_parts(found)
        assert part.reason == "the agent says nothing after the customer's need"
        assert part.quote == UPSET


class TestValidating:
    def test_need_without_acknowledgement_is_pointed_at(self) -> None:
        (part,) = word_parts(answered("The engineer comes on Friday.")["validating"])
        assert part.points == 0
        assert part.reason == "the answer to this does not acknowledge it"
        assert part.quote == UPSET
        assert part.start_s is not None

    def test_acknowledging_is_worth_more_than_apologising_and_both_are_best(self) -> None:
        acknowledged = words(answered("I understand how upsetting this is.")["validating"])
        apologised = words(answered("I'm so sorry about the mix-up.")["validating"])
        assert (apologised, acknowledged) == (40, 60)
        assert words(answered(SORRY)["validating"]) == 100

    def test_saying_it_again_counts_a_quarter(self) -> None:
        twice = "I'm so sorry about the mix-up. I really am very sorry about the delay."
        assert words(answered(twice)["validating"]) == 50

    @pytest.mark.parametrize("fault", [POLICY, "You should have called earlier."])
    def test_dismissing_and_blaming_take_back(self, fault: str) -> None:
        spoiled = answered(f"{SORRY} {fault}")["validating"]
        assert words(spoiled) == 40
        (part,) = [part for part in word_parts(spoiled) if part.points < 0]
        assert part.quote == fault

    def test_stronger_need_counts_more(self) -> None:
        furious, late = "I'm absolutely furious, I can't cope.", "My parcel is late."
        order = [customer(furious), agent(POLICY), customer(late), agent(SORRY)]
        other = [customer(late), agent(POLICY), customer(furious), agent(SORRY)]
        only_the_weak = words(judged(*small_talk(), *order)["validating"])
        only_the_strong = words(judged(*small_talk(), *other)["validating"])
        assert 0 < only_the_weak < 50 < only_the_strong < 100

    def test_need_told_on_after_an_answer_counts_half(self) -> None:
        told_on = customer("It's broken and I'm so upset about it.")
        understood = judged(
            *small_talk(), customer(UPSET), agent(SORRY), told_on, agent("The code is four two.")
        )
        assert words(understood["validating"]) == pytest.approx(100 / 1.5, abs=0.02)

    def test_need_told_on_without_an_answer_counts_in_full(self) -> None:
        told_on = customer("It's broken and I'm so upset about it.")
        late = judged(
            *small_talk(), customer(UPSET), agent("The code is four two."), told_on, agent(SORRY)
        )
        assert words(late["validating"]) == 50

    def test_dismissal_is_no_understanding(self) -> None:
        told_on = customer("It's broken and I'm so upset about it.")
        late = judged(*small_talk(), customer(UPSET), agent(POLICY), told_on, agent(SORRY))
        assert words(late["validating"]) == 50


class TestListening:
    def test_asking_giving_back_and_own_words_add_up(self) -> None:
        listening = answered("So the boiler is cold. When did it stop?")["listening"]
        assert [(part.points, part.reason) for part in word_parts(listening)] == [
            (35, "gives back what the customer said"),
            (35, "asks what happened or what is needed"),
            (20, "takes up the customer's words: boiler, cold"),
        ]

    def test_own_words_count_once_and_up_to_a_limit(self) -> None:
        need = "The boiler, radiator, kitchen, bathroom and hallway are cold, I'm so upset."
        once = judged(customer(need), agent("Cold boiler."), agent("A cold boiler."))
        assert words(once["listening"]) == 20
        many = judged(customer(need), agent("Cold boiler, radiator, kitchen, bathroom, hallway."))
        assert words(many["listening"]) == RUBRIC.taken_up_limit
        spread = judged(
            customer(need), agent("Cold boiler."), agent("A cold radiator, kitchen and hallway.")
        )
        assert words(spread["listening"]) == RUBRIC.taken_up_limit

    def test_agent_who_takes_up_nothing_is_told_so(self) -> None:
        (part,) = word_parts(answered("We open at nine.")["listening"])
        assert (part.points, part.reason) == (0, "neither asks, nor gives back what was said")

    def test_questions_before_the_need_do_not_count(self) -> None:
        early = judged(
            agent("When did it start?"), *small_talk(), customer(UPSET), agent("We open at nine.")
        )
        assert words(early["listening"]) == 0

    def test_interruption_costs_points_and_gives_its_time(self) -> None:
        quiet = [*small_talk(), customer(UPSET)]
        polite = judged(*quiet, agent("We open at nine o'clock."))
        rude = judged(*quiet, agent("We open at nine o'clock.", wait_s=-1.5))
        assert tone(polite["listening"]) - tone(rude["listening"]) == pytest.approx(25, abs=1)
        (part,) = with_reason(tone_parts(rude["listening"]), "talks over the customer")
        turn = dialogue([*quiet, agent("We open at nine o'clock.", wait_s=-1.5)])[-1]
        assert part.reason == "talks over the customer for 1.5 s"
        assert (part.start_s, part.end_s) == (turn.start_s, turn.end_s)
        assert (part.points, part.value, part.baseline) == (-25, 1.5, 0.5)
        assert part.quote == "We open at nine o'clock."

    def test_overlap_within_the_grace_time_is_no_interruption(self) -> None:
        found = judged(*small_talk(), customer(UPSET), agent("We open at nine.", wait_s=-0.4))
        assert tone(found["listening"]) == 100

    def test_interruptions_cost_no_more_than_letting_finish_is_worth(self) -> None:
        rude = [
            line
            for _ in range(5)
            for line in (customer(UPSET), agent("We open at nine o'clock.", wait_s=-1.5))
        ]
        found = judged(*rude)["listening"]
        assert len(with_reason(tone_parts(found), "talks over")) == 2
        assert tone(found) == 50

    def test_dead_air_costs_its_share_of_the_answers(self) -> None:
        lines = [customer("The red one."), agent("It costs nine pounds.")] * 3
        late = [customer("The red one."), agent("It costs nine pounds.", wait_s=5.0)]
        found = judged(*lines, *late)["listening"]
        (part,) = with_reason(tone_parts(found), "answers without leaving")
        assert (part.value, part.points) == (0.75, 22.5)
        assert tone(judged(*lines)["listening"]) - tone(found) == 7.5

    def test_wait_up_to_the_limit_is_no_dead_air(self) -> None:
        found = judged(customer("The red one."), agent("It costs nine pounds.", wait_s=3.9))
        assert tone(found["listening"]) == 100

    def test_customer_without_room_to_talk(self) -> None:
        found = judged(customer("The red one."), agent("It is a long story. " * 12))["listening"]
        (part,) = with_reason(tone_parts(found), "leaves the customer room")
        assert part.value is not None
        assert part.value < 0.1
        assert part.points == pytest.approx(20 * part.value / 0.25, abs=0.05)

    def test_back_channels_add_a_little_up_to_a_limit(self) -> None:
        late = [customer(UPSET, length_s=6.0), agent("We open at nine.", wait_s=6.0)]
        heard = [
            customer(UPSET, length_s=6.0),
            agent("mm-hmm", wait_s=-3.0),
            agent("We open at nine.", wait_s=8.6),
        ]
        silent, listening = judged(*late)["listening"], judged(*heard)["listening"]
        (part,) = with_reason(tone_parts(listening), "shows that he or she is listening")
        assert (part.points, part.value) == (5, 1)
        assert tone(listening) == tone(silent) + 5
        many = judged(*heard * 4)["listening"]
        (part,) = with_reason(tone_parts(many), "shows that he or she is listening")
        assert (part.points, part.value) == (10, 4)


class TestUnhurried:
    def test_pressing_words_cost_points_each_time(self) -> None:
        pressed = answered("Can you hurry up please? I don't have all day.")["unhurried"]
        assert words(pressed) == 20
        assert [part.quote for part in word_parts(pressed)[1:]] == [
            "Can you hurry up please?",
            "I don't have all day.",
        ]

    def test_pressing_words_count_anywhere_in_the_call(self) -> None:
        early = judged(agent("Can you hurry up please?"), *small_talk(), customer(UPSET))
        assert words(early["unhurried"]) == 60

    def test_slowing_down_for_an_upset_customer_is_rewarded(self) -> None:
        slow = judged(
            *small_talk(), customer(UPSET), agent(SORRY, rate_syll_per_s=3.5), customer("Okay.")
        )
        assert tone(slow["unhurried"]) > tone(answered(SORRY)["unhurried"])

    def test_fast_agent_with_a_fast_customer_is_not_held_to_other_people(self) -> None:
        quick = [replace(line, changes={"rate_syll_per_s": 6.0}) for line in small_talk()]
        need = customer(UPSET, rate_syll_per_s=6.0)
        reply = agent(SORRY, rate_syll_per_s=6.0)
        found = judged(*quick, need, reply)["unhurried"]
        (part,) = with_reason(tone_parts(found), "not much faster than the customer")
        assert part.points == 25
        assert (part.value, part.baseline) == (6.0, 6.0)

    @pytest.mark.parametrize(("rate", "points"), [(5.3, 25), (6.1, 12.5), (6.9, 0), (9.0, 0)])
    def test_distance_to_the_pace_of_the_customer(self, rate: float, points: float) -> None:
        found = judged(*small_talk(), customer(UPSET), agent(SORRY, rate_syll_per_s=rate))
        (part,) = with_reason(tone_parts(found["unhurried"]), "not much faster")
        assert part.points == pytest.approx(points, abs=0.01)

    def test_customer_whose_pace_is_unknown_costs_nothing(self) -> None:
        turns = dialogue([*small_talk(), customer(UPSET), agent(SORRY)])
        known = of_turns(turns)["unhurried"]
        unknown = tuple(
            replace(turn, delivery=replace(turn.delivery, rate_syll_per_s=None))
            if turn.channel == CUSTOMER
            else turn
            for turn in turns
        )
        found = of_turns(unknown)["unhurried"]
        assert with_reason(tone_parts(found), "not much faster") == []
        assert tone(found) == pytest.approx((tone(known) - 25) / 0.75, abs=0.02)


class TestGenuine:
    SENTENCE = "I truly understand what a terrible experience this must be."

    def test_own_words_get_all_points(self) -> None:
        parts = word_parts(answered(self.SENTENCE)["genuine"])
        assert [(part.points, part.reason) for part in parts] == [(70, "in the agent's own words")]

    def test_stock_sentence_gets_none_and_the_number_of_calls_is_named(self) -> None:
        key = stock_key(self.SENTENCE, ())
        assert key is not None
        stock = StockSentences({("Chris", key): 4})
        lines = [*small_talk(), customer(UPSET), agent(self.SENTENCE)]
        found = judged(*lines, stock=stock, agent_name="Chris")["genuine"]
        (part,) = word_parts(found)
        assert (part.points, part.reason) == (0, "the same sentence in 4 calls")
        assert (part.quote, part.feature, part.value) == (self.SENTENCE, "calls_with_sentence", 4)
        other = judged(*lines, stock=stock, agent_name="Dana")["genuine"]
        assert words(other) == 70

    def test_formula_gets_a_quarter(self) -> None:
        (part,) = word_parts(answered("I do apologise for any inconvenience.")["genuine"])
        assert (part.points, part.reason) == (17.5, "a formula that any customer could be told")

    def test_formula_with_the_name_of_the_customer_is_none(self) -> None:
        need = "My name is Jenkins, the boiler is cold and I'm so upset."
        formula = "I do apologise for any inconvenience Mrs Jenkins."
        parts = word_parts(judged(*small_talk(), customer(need), agent(formula))["genuine"])
        assert parts[0].reason == "in the agent's own words"

    def test_points_are_shared_by_the_empathic_sentences(self) -> None:
        mixed = f"I do apologise for any inconvenience. {self.SENTENCE}"
        assert words(answered(mixed)["genuine"]) == 35 + 35 / 4

    def test_words_of_the_customer_make_it_specific(self) -> None:
        general = answered("I'm so sorry about all of that.")["genuine"]
        specific = answered("I'm so sorry about the cold boiler.")["genuine"]
        assert words(specific) == words(general) + 20

    def test_flat_voice_takes_life_and_agreement(self) -> None:
        alive, flat = answered(SORRY)["genuine"], answered(SORRY, "flat")["genuine"]
        assert words(alive) == words(flat)
        assert tone(flat) < tone(alive) - 30
        (agreement,) = with_reason(tone_parts(flat), "words and tone agree")
        assert (agreement.points, agreement.value) == (0, 0)


class TestEasing:
    COMPLAINT = "This is ridiculous, I want to complain."

    def ended(self, text: str, manner: Manner = "usual") -> Dimension:
        talk = [*small_talk(), customer(self.COMPLAINT), agent(SORRY), customer(text, manner)]
        return judged(*talk)["easing"]

    def test_from_complaint_to_thanks_is_above_complaint_to_complaint(self) -> None:
        eased, plain, stuck = (
            words(self.ended(text)) for text in (RELIEF, "The red one.", self.COMPLAINT)
        )
        assert eased > plain > stuck

    def test_parts_quote_the_end_and_the_worst(self) -> None:
        end, change = word_parts(self.ended(RELIEF))[:2]
        assert (end.quote, change.quote) == (RELIEF, self.COMPLAINT)
        assert end.value is not None
        assert change.value is not None
        assert change.value < 0 < end.value

    def test_later_need_after_thanks_is_how_the_call_ends(self) -> None:
        found = judged(
            *small_talk(), customer(RELIEF), customer(self.COMPLAINT), agent(SORRY),
            customer(RELIEF), agent("Good."), customer(self.COMPLAINT),
        )["easing"]  # fmt: skip
        assert words(found) < 50

    def test_voice_that_settles_is_above_one_that_stays_raised(self) -> None:
        lines = [*small_talk(), customer(self.COMPLAINT, "raised"), agent(SORRY)]
        settled = judged(*lines, customer("The red one."))["easing"]
        raised = judged(*lines, customer("The red one.", "raised"))["easing"]
        never = self.ended("The red one.")
        assert tone(settled) > tone(never) > tone(raised)
        assert tone(never) == 70

    def test_easing_is_judged_without_minus_nothing(self) -> None:
        for part in tone_parts(self.ended("The red one.")):
            assert not str(part.points).startswith("-0.0")


class TestResolving:
    def test_commitment_reassurance_and_offer_add_up(self) -> None:
        found = answered(
            "I'll send an engineer today. Don't worry. Would you like me to call you too?"
        )["resolving"]
        assert words(found) == 90

    def test_question_counts_only_before_the_fix(self) -> None:
        before = answered("What happened? I'll send an engineer today.")["resolving"]
        after = answered("I'll send an engineer today. What happened?")["resolving"]
        alone = answered("I'll send an engineer today.")["resolving"]
        assert words(before) == words(after) + 10 == words(alone) + 10

    def test_question_counts_where_no_fix_comes(self) -> None:
        assert words(answered("What happened?")["resolving"]) == 10

    def test_nothing_done_is_told(self) -> None:
        (part,) = word_parts(answered("We open at nine.")["resolving"])
        assert (part.points, part.reason) == (0, "no commitment, no way out offered")

    def test_dismissal_takes_back(self) -> None:
        promised = answered("I'll send an engineer today. Don't worry.")["resolving"]
        dismissed = answered(f"I'll send an engineer today. Don't worry. {POLICY}")["resolving"]
        assert (words(promised), words(dismissed)) == (70, 20)


def test_points_and_weights_come_from_the_rubric() -> None:
    lines = [*small_talk(), customer(UPSET), agent("I'm so sorry about the mix-up.")]
    rubric = Rubric(
        weights={**RUBRIC.weights, "validating": 3.0}, validating_points={"apologise": 77.0}
    )
    found = judged(*lines, rubric=rubric)["validating"]
    assert (found.weight, words(found)) == (3.0, 77.0)

"""Both sides of a call: who said what after which words, against which voice, and when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conversations import (
    AGENT,
    CUSTOMER,
    Line,
    agent,
    customer,
    delivery,
    dialogue,
    say,
    small_talk,
)

from calltone.analysis.conversation import (
    Conversation,
    answers,
    back_channels,
    converse,
    interruptions,
    is_back_channel,
)
from calltone.analysis.rubric import Rubric
from calltone.audio.turns import Turn

RUBRIC = Rubric()
TROUBLE = "The boiler is cold and I'm so upset about this."


def talk(*lines: Line) -> Conversation:
    return converse(dialogue(lines), AGENT, CUSTOMER)


def of(*turns: Turn) -> Conversation:
    return converse(turns, AGENT, CUSTOMER)


class TestConverse:
    def test_sides_follow_the_roles_not_the_channels(self) -> None:
        turns = dialogue([agent("Hello."), customer("Hi.")])
        straight, swapped = converse(turns, AGENT, CUSTOMER), converse(turns, CUSTOMER, AGENT)
        assert [turn.text for turn in straight.agent_turns] == ["Hello."]
        assert [turn.text for turn in swapped.agent_turns] == ["Hi."]
        assert [brought.turn.text for brought in swapped.brought] == ["Hello."]

    def test_every_sentence_is_read_with_its_turn(self) -> None:
        conversation = talk(customer(TROUBLE), agent("I'm so sorry. What happened?"))
        first, second = conversation.said
        assert (first.sentence.text, second.sentence.text) == ("I'm so sorry.", "What happened?")
        assert first.turn is second.turn is conversation.agent_turns[0]
        assert first.does("apologise")
        assert second.does("own", "explore")
        assert not second.does("apologise")

    def test_customer_words_are_read_by_the_turn(self) -> None:
        upset, glad = talk(customer(TROUBLE), customer("That's such a relief.")).brought
        assert "distress" in [need.kind for need in upset.needs]
        assert upset.valence < 0 < glad.valence

    def test_words_before_the_sentence_are_those_of_the_customer_before(self) -> None:
        told, untold = (
            talk(
                customer("The boiler is cold."),
                agent("So the boiler is cold."),
            ),
            talk(agent("So the boiler is cold."), customer("The boiler is cold.")),
        )
        assert told.said[0].taken_up == ("boiler", "cold")
        assert untold.said[0].taken_up == ()

    def test_telling_cut_by_pauses_is_remembered_as_one(self) -> None:
        conversation = talk(
            customer("It's about the postman."),
            customer("He left the gate open."),
            customer("So the dog ran away."),
            customer("That was on Monday."),
            agent("The postman, the gate, the dog, on Monday."),
        )
        # Three turns are remembered: the postman is out.
        assert conversation.said[0].taken_up == ("gate", "dog", "monday")

    def test_scraps_between_do_not_push_a_telling_out(self) -> None:
        conversation = talk(
            customer("He left the gate open."),
            customer("So the dog ran away."),
            customer("Yes."),
            customer("Right, okay."),
            customer("Monday."),
            agent("The gate, the dog, on Monday, right."),
        )
        assert conversation.said[0].taken_up == ("gate", "dog", "monday")

    @pytest.mark.parametrize(("silence_s", "remembered"), [(59.0, ("boiler",)), (61.0, ())])
    def test_words_are_forgotten_after_a_minute(
        self, silence_s: float, remembered: tuple[str, ...]
    ) -> None:
        conversation = talk(
            customer("It's the boiler."), agent("The boiler, yes.", wait_s=silence_s)
        )
        assert conversation.said[0].taken_up == remembered

    def test_words_in_another_language_are_not_read(self) -> None:
        turns = dialogue([customer(TROUBLE), agent("I'm so sorry about the boiler.")])
        conversation = converse(turns, AGENT, CUSTOMER, read_words=False)
        assert not conversation.words_read
        assert conversation.said[0].behaviours == ()
        assert conversation.said[0].taken_up == ()
        assert conversation.brought[0].needs == ()
        assert conversation.brought[0].valence == 0

    def test_voice_is_measured_whatever_the_language(self) -> None:
        turns = dialogue([*small_talk(), customer(TROUBLE, "raised")])
        read = converse(turns, AGENT, CUSTOMER).brought[-1].raised_voice
        unread = converse(turns, AGENT, CUSTOMER, read_words=False).brought[-1].raised_voice
        assert read == unread
        assert (read or 0) > 0.9

    def test_turn_without_words_says_nothing_but_has_a_voice(self) -> None:
        conversation = talk(*small_talk(), agent(""), customer("", "raised", length_s=3.0))
        assert len(conversation.said) == len(talk(*small_talk()).said)
        assert (conversation.brought[-1].raised_voice or 0) > 0.9

    def test_nobody_speaks(self) -> None:
        empty = of()
        assert (empty.said, empty.brought) == ((), ())
        assert not empty.agent_baseline().centres
        assert answers(empty, RUBRIC) == []
        assert interruptions(empty, RUBRIC) == []


class TestCustomerVoice:
    def test_turn_is_no_part_of_its_own_baseline(self) -> None:
        # Only three stretches besides its own: with its own the baseline would be half way up.
        first, *_ = talk(
            customer("Look. Now. Here. Listen to me.", "raised"),
            customer("It's the blue one. Yes. Right."),
        ).brought
        assert (first.raised_voice or 0) > 0.9

    def test_not_told_without_other_speech_to_compare(self) -> None:
        assert talk(customer(TROUBLE, "raised")).brought[0].raised_voice is None

    def test_usual_turn_is_not_raised(self) -> None:
        assert {b.raised_voice for b in talk(*small_talk()).brought} == {0.0}

    def test_longer_sentences_count_more(self) -> None:
        def raised(long_one: str, short_one: str) -> float:
            usual = say(CUSTOMER, "It is still all wrong here as I told you. No.", 100.0)
            loud = say(
                CUSTOMER, "It is still all wrong here as I told you. No.", 100.0, None, "raised"
            )
            by_name = {"usual": usual, "raised": loud}
            chosen = (by_name[long_one].sentences[0], by_name[short_one].sentences[1])
            turns = (*dialogue(small_talk()), replace(usual, sentences=chosen))
            return of(*turns).brought[-1].raised_voice or 0.0

        assert raised("raised", "usual") > 0.8
        assert 0 < raised("usual", "raised") < 0.2

    def test_shout_in_sentences_too_short_to_measure_is_heard_in_the_turn(self) -> None:
        turn = say(CUSTOMER, "No! No! Stop! Listen!", 100.0, None, "raised")
        short = tuple(
            replace(sentence, delivery=delivery(CUSTOMER, "unmeasured", length_s=0.4))
            for sentence in turn.sentences
        )
        conversation = of(*dialogue(small_talk()), replace(turn, sentences=short))
        assert (conversation.brought[-1].raised_voice or 0) > 0.9


class TestAgentVoice:
    def test_baseline_leaves_out_the_turns_asked_for(self) -> None:
        conversation = talk(
            agent("One thing. And another. And a third.", level_db=-20.0),
            agent("One thing. And another. And a third.", level_db=-40.0),
        )
        quiet = conversation.agent_turns[1]
        assert conversation.agent_baseline().centres["level_db"] == -30
        assert conversation.agent_baseline(leaving_out=[quiet]).centres["level_db"] == -20
        assert not conversation.agent_baseline(leaving_out=conversation.agent_turns).centres

    def test_baseline_counts_by_sentence_and_turns_without_words_once(self) -> None:
        conversation = talk(
            agent("", level_db=-40.0),
            agent("One thing. And another.", level_db=-20.0),
        )
        assert conversation.agent_baseline().centres["level_db"] == -20

    def test_customer_is_no_part_of_it(self) -> None:
        alone = talk(*small_talk())
        beside = talk(*small_talk(), customer("No! No! Never! Listen to me!", "raised"))
        assert beside.agent_baseline() == alone.agent_baseline()

    def test_sentence_is_judged_by_itself(self) -> None:
        turn = say(AGENT, "I'm so sorry. I'll send another one.", 100.0)
        flat = replace(turn.sentences[0], delivery=delivery(AGENT, "flat"))
        conversation = of(
            *dialogue(small_talk()), replace(turn, sentences=(flat, turn.sentences[1]))
        )
        first, second = (
            conversation.tone_of(said, conversation.agent_baseline()).alive or 0.0
            for said in conversation.said[-2:]
        )
        assert first < 0.3
        assert second > 0.7

    def test_sentence_too_short_to_tell_is_judged_by_its_turn(self) -> None:
        turn = say(AGENT, "Sorry. I'll send another one.", 100.0, None, "flat")
        short = replace(turn.sentences[0], delivery=delivery(AGENT, "unmeasured", length_s=0.4))
        conversation = of(
            *dialogue(small_talk()), replace(turn, sentences=(short, turn.sentences[1]))
        )
        first, second = (
            conversation.tone_of(said, conversation.agent_baseline())
            for said in conversation.said[-2:]
        )
        assert first.alive == second.alive
        assert (first.alive or 1) < 0.3


class TestBackChannel:
    @pytest.mark.parametrize(
        ("text", "length_s", "expected"),
        [
            ("Mm-hmm.", 0.4, True),
            ("Yes, okay.", 1.0, True),
            ("", 0.3, True),
            ("Yes, okay, right.", 0.9, False),
            ("Okay.", 1.1, False),
        ],
    )
    def test_is_short_and_of_two_words_at_most(
        self, text: str, length_s: float, expected: bool
    ) -> None:
        assert is_back_channel(say(AGENT, text, 0.0, length_s), RUBRIC) is expected

    @pytest.mark.parametrize(
        ("start_s", "heard"), [(4.0, True), (10.3, True), (10.7, False), (-1.0, False)]
    )
    def test_counts_in_the_customers_turn_or_right_behind_it(
        self, start_s: float, heard: bool
    ) -> None:
        listening = say(AGENT, "Mm-hmm.", start_s, start_s + 0.4)
        conversation = of(listening, say(CUSTOMER, TROUBLE, 0.0, 10.0))
        assert back_channels(conversation, RUBRIC) == ([listening] if heard else [])

    def test_longer_turn_is_none(self) -> None:
        conversation = of(
            say(CUSTOMER, TROUBLE, 0.0, 10.0), say(AGENT, "Let me have a look.", 4.0, 6.0)
        )
        assert back_channels(conversation, RUBRIC) == []


class TestAnswers:
    @pytest.mark.parametrize("wait_s", [0.2, 5.0, -0.4, -1.5])
    def test_wait_is_from_the_end_of_the_customer_and_negative_in_overlap(
        self, wait_s: float
    ) -> None:
        conversation = talk(customer(TROUBLE), agent("I'm sorry to hear that.", wait_s=wait_s))
        (answer,) = answers(conversation, RUBRIC)
        assert answer.turn is conversation.agent_turns[0]
        assert answer.wait_s == pytest.approx(wait_s, abs=0.001)  # given in milliseconds

    def test_customer_going_on_is_answered_once(self) -> None:
        conversation = talk(
            customer("It's the boiler."),
            customer("It is cold.", wait_s=3.0),
            agent("I'm sorry to hear that.", wait_s=0.4),
        )
        (answer,) = answers(conversation, RUBRIC)
        assert answer.wait_s == pytest.approx(0.4, abs=0.001)

    def test_back_channel_is_no_answer(self) -> None:
        conversation = talk(
            customer(TROUBLE),
            agent("Mm-hmm.", wait_s=0.1),
            agent("I'm sorry to hear that.", wait_s=2.0),
        )
        (answer,) = answers(conversation, RUBRIC)
        assert answer.turn.text == "I'm sorry to hear that."

    def test_remark_that_ends_before_the_customer_is_no_answer(self) -> None:
        conversation = of(
            say(CUSTOMER, TROUBLE, 0.0, 10.0),
            say(AGENT, "I see what you mean.", 3.0, 5.0),
            say(AGENT, "I'm sorry to hear that.", 11.0, 13.0),
        )
        (answer,) = answers(conversation, RUBRIC)
        assert answer.wait_s == 1.0

    def test_last_words_need_no_answer(self) -> None:
        assert answers(talk(agent("Anything else?"), customer("No, bye.")), RUBRIC) == []

    def test_every_turn_is_paired_with_its_own_answer(self) -> None:
        conversation = talk(*reversed(small_talk(5)))
        assert [answer.turn for answer in answers(conversation, RUBRIC)] == list(
            conversation.agent_turns
        )


class TestInterruptions:
    @pytest.mark.parametrize(("over_s", "count"), [(0.4, 0), (0.6, 1), (3.0, 1)])
    def test_begins_past_the_grace_time(self, over_s: float, count: int) -> None:
        conversation = talk(customer(TROUBLE), agent("Can I take your name?", wait_s=-over_s))
        found = interruptions(conversation, RUBRIC)
        assert [turn.text for turn, _ in found] == ["Can I take your name?"] * count
        # Given in hundredths of a second; an agent's turn of 2 s cannot talk over more.
        assert [over for _, over in found] == pytest.approx([min(over_s, 2.0)] * count, abs=0.01)

    def test_grace_time_is_the_rubrics(self) -> None:
        conversation = talk(customer(TROUBLE), agent("Can I take your name?", wait_s=-0.8))
        assert interruptions(conversation, replace(RUBRIC, overlap_grace_s=1.0)) == []

    def test_back_channel_does_not_interrupt(self) -> None:
        conversation = of(say(CUSTOMER, TROUBLE, 0.0, 10.0), say(AGENT, "Oh no.", 4.0, 4.9))
        assert interruptions(conversation, RUBRIC) == []

    def test_customer_talking_over_the_agent_is_not_held_against_the_agent(self) -> None:
        conversation = of(
            say(AGENT, "Let me explain how the policy works.", 0.0, 10.0),
            say(CUSTOMER, TROUBLE, 4.0, 9.0),
        )
        assert interruptions(conversation, RUBRIC) == []

    def test_talking_one_after_the_other_does_not_interrupt(self) -> None:
        assert interruptions(talk(*small_talk()), RUBRIC) == []


def test_voice_is_held_against_the_whole_of_a_long_call() -> None:
    lines = [line for _ in range(10) for line in small_talk(6)]
    conversation = talk(*lines, customer(TROUBLE, "raised"))
    assert {b.raised_voice for b in conversation.brought[:-1]} == {0.0}
    assert (conversation.brought[-1].raised_voice or 0) > 0.9

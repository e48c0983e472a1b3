"""Sentences that return call after call: what makes them the same, and whose they are."""

from __future__ import annotations

import pytest
from conversations import agent, customer, dialogue, heard_call, small_talk

from calltone.analysis.judge import judge
from calltone.analysis.results import CallScore
from calltone.analysis.settings import Settings
from calltone.analysis.stock import NO_STOCK, StockCounter, StockSentences, stock_key

SENTENCE = "I truly understand what a terrible experience this must be."
UPSET = "The boiler is cold and I'm so upset about this."


def call(answer: str = SENTENCE, agent_name: str = "Chris", need: str = UPSET) -> CallScore:
    turns = dialogue(
        [
            agent("Thank you for calling Brightline, how can I help you?"),
            *small_talk(2),
            customer(need),
            agent(answer),
            customer("Okay."),
        ]
    )
    metadata = {"agent": agent_name} if agent_name else {}
    return judge(heard_call(turns), "a.wav", Settings(), metadata)


def counted(*calls: CallScore) -> StockSentences:
    counter = StockCounter()
    for each in calls:
        counter.add(each)
    return counter.stock()


class TestKey:
    @pytest.mark.parametrize(
        "again",
        [
            "i truly understand what a terrible experience that must be",
            "Oh, I truly understand, um, what a terrible experience this must have been!",
            "I truly understand what terrible experiences these are.",
            "A terrible experience, I do truly understand.",
        ],
    )
    def test_small_words_case_endings_and_order_do_not_matter(self, again: str) -> None:
        assert stock_key(again, ()) == stock_key(SENTENCE, ()) is not None

    def test_numbers_do_not_matter(self) -> None:
        first = "I'm refunding the delivery charge of 25 pounds."
        second = "I'm refunding the delivery charge of 310 pounds."
        assert stock_key(first, ()) == stock_key(second, ()) is not None

    def test_other_content_is_another_sentence(self) -> None:
        other = "I truly understand what a terrible morning this must be."
        assert stock_key(other, ()) != stock_key(SENTENCE, ())

    @pytest.mark.parametrize("text", ["", "I'm so sorry about that.", "Let me see.", "sorry 12 34"])
    def test_what_everybody_says_is_never_stock(self, text: str) -> None:
        assert stock_key(text, ()) is None

    def test_sentence_that_takes_up_the_customers_words_is_never_stock(self) -> None:
        assert stock_key(SENTENCE, ("boiler",)) is None


class TestCounter:
    @pytest.mark.parametrize(("calls", "found"), [(2, None), (3, 3), (5, 5)])
    def test_three_calls_make_a_sentence_stock(self, calls: int, found: int | None) -> None:
        stock = counted(*[call()] * calls)
        assert stock.calls_with("Chris", SENTENCE, ()) == found

    def test_sentence_repeated_in_one_call_counts_once(self) -> None:
        stock = counted(call(f"{SENTENCE} {SENTENCE} {SENTENCE}"), call())
        assert stock.calls_with("Chris", SENTENCE, ()) is None

    def test_agents_are_counted_apart(self) -> None:
        stock = counted(call(), call(), call(agent_name="Dana"), call(agent_name="Dana"))
        assert stock.calls_with("Chris", SENTENCE, ()) is None
        assert stock.calls_with("Dana", SENTENCE, ()) is None

    def test_calls_without_an_agent_are_counted_together(self) -> None:
        stock = counted(*[call(agent_name="")] * 3)
        assert stock.calls_with("", SENTENCE, ()) == 3
        assert stock.calls_with("Chris", SENTENCE, ()) is None

    def test_sentence_about_this_customer_is_not_counted(self) -> None:
        need = "This terrible experience with the boiler makes me so upset."
        stock = counted(*[call(need=need)] * 3)
        assert stock == NO_STOCK

    def test_only_answers_to_a_need_are_counted(self) -> None:
        assert counted(*[call(need="It's the red one.")] * 3) == NO_STOCK

    def test_rare_sentences_are_forgotten(self) -> None:
        assert len(counted(*[call()] * 3, call("What a dreadful long winter.")).calls) == 1


class TestMattersTo:
    def test_call_with_a_stock_sentence(self) -> None:
        assert counted(*[call()] * 3).matters_to(call())

    def test_call_without_one_or_of_another_agent(self) -> None:
        stock = counted(*[call()] * 3)
        assert not stock.matters_to(call("I'm so sorry about the cold boiler."))
        assert not stock.matters_to(call(agent_name="Dana"))
        assert not NO_STOCK.matters_to(call())

    def test_call_that_was_judged_by_stock_that_is_gone(self) -> None:
        before = call()
        assert before.heard is not None
        stock = counted(*[before] * 3)
        by_stock = judge(before.heard, "a.wav", Settings(), before.metadata, stock)
        assert by_stock != before
        assert NO_STOCK.matters_to(by_stock)

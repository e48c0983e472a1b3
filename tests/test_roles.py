"""Who is the agent: told by the words of the trade, by who speaks first, or by the user."""

from __future__ import annotations

import pytest
from conversations import AGENT, CUSTOMER, Line, agent, customer, dialogue

from calltone.analysis.results import Roles
from calltone.analysis.roles import AgentChannel, find_roles

GREETING = "Thank you for calling Brightline, my name is Anna, how can I help you?"


def roles(*lines: Line, given: AgentChannel = "auto", in_english: bool = True) -> Roles:
    return find_roles(dialogue(lines), given, in_english=in_english)


AGENT_SAYS = [
    "Thank you for calling Brightline.",
    "thanks for contacting us",
    "This is Anna from Brightline, how are you?",
    "You're through to Dave.",
    "Welcome to Brightline.",
    "How can I help you today?",
    "what can i do for you",
    "I'd be happy to help you with that.",
    "Can I have your account number please?",
    "Could you confirm the first line of your address?",
    "What's your date of birth?",
    "This is just for verification.",
    "Is there anything else I can do for you?",
    "Can I do anything else for you today?",
]


@pytest.mark.parametrize("text", AGENT_SAYS)
def test_sign_of_the_trade_makes_the_second_speaker_the_agent(text: str) -> None:
    found = roles(customer("Hello, good morning."), agent(text))
    assert (found.agent_channel, found.customer_channel) == (AGENT, CUSTOMER)
    assert found.confidence == pytest.approx(0.786, abs=1e-3)  # odds of 2.0 - 0.7
    assert found.source.startswith("said “")


@pytest.mark.parametrize("text", AGENT_SAYS)
def test_agent_is_found_on_the_right_channel_too(text: str) -> None:
    found = roles(agent("Hello, good morning."), customer(text))
    assert (found.agent_channel, found.customer_channel) == (CUSTOMER, AGENT)


@pytest.mark.parametrize(
    "text",
    [
        "I'm calling about my order.",
        "I need some help with the app.",
        "You charged me twice.",
        "You promised me a call.",
    ],
)
def test_caller_who_speaks_first_is_not_the_agent(text: str) -> None:
    found = roles(customer(text), agent("Okay."))
    assert found.agent_channel == AGENT
    assert found.source == "what is said"


def test_quote_is_what_speaks_most_for_the_agent() -> None:
    found = roles(agent("Let me check. Thanks for calling Brightline."), customer("Hi."))
    assert found.source == "said “Thanks for calling”"


def test_signs_of_both_sides_add_up() -> None:
    one = roles(agent(GREETING), customer("Hello."))
    both = roles(agent(GREETING), customer("I'm calling about my order."))
    assert 0.99 < one.confidence < both.confidence <= 1.0


def test_same_sign_twice_counts_once() -> None:
    once = roles(agent("Welcome to Brightline."), customer("Hello."))
    twice = roles(agent("Welcome to Brightline. Welcome to Brightline."), customer("Hello."))
    assert twice.confidence == once.confidence


@pytest.mark.parametrize(
    "text",
    [
        "Yes, thank you for calling me back.",
        "Thanks for calling back.",
        "Thank you for contacting me so quickly.",
        "Sorry, what was your name?",
        "Let me check my card.",
        "It says so on the system screen.",
        "Have a nice day.",
    ],
)
def test_customer_with_words_of_the_trade_stays_the_customer(text: str) -> None:
    found = roles(agent("Hello, how can I help you?"), customer(text))
    assert found.agent_channel == AGENT
    assert found.confidence >= 0.6


def test_customer_thanking_for_being_called_back_is_no_evidence() -> None:
    plain = roles(agent("Hello there."), customer("Yes, hello."))
    thanking = roles(agent("Hello there."), customer("Yes, thank you for calling me back."))
    assert thanking == plain


def test_agent_calling_the_customer_is_not_the_customer() -> None:
    found = roles(agent("I'm calling from Brightline about your order."), customer("Yes?"))
    assert found.agent_channel == AGENT


class TestWithoutEvidence:
    @pytest.mark.parametrize("first", [AGENT, CUSTOMER])
    def test_first_speaker_is_taken_with_little_confidence(self, first: int) -> None:
        lines = [agent("Hello."), customer("Yes.")]
        found = roles(*(lines if first == AGENT else reversed(lines)))
        assert found == Roles(first, 1 - first, 0.668, "spoke first")

    def test_sound_without_words_is_no_first_speaker(self) -> None:
        found = roles(agent("", length_s=1.0), customer("Hello."), agent("Yes."))
        assert found.agent_channel == CUSTOMER

    def test_evidence_that_cancels_out_is_no_confidence(self) -> None:
        found = roles(agent("Okay."), customer("Let me check."))
        assert found.confidence == 0.5

    def test_nothing_recognised_at_all(self) -> None:
        assert roles(customer("", length_s=2.0)) == Roles(0, 1, 0.668, "spoke first")
        assert roles() == Roles(0, 1, 0.668, "spoke first")


class TestGiven:
    @pytest.mark.parametrize(("given", "channel"), [("left", 0), ("right", 1)])
    def test_given_channel_wins_over_all_words(self, given: AgentChannel, channel: int) -> None:
        found = roles(agent(GREETING), customer("I'm calling about my order."), given=given)
        assert found == Roles(channel, 1 - channel, 1.0, "given")

    def test_given_channel_wins_in_any_language(self) -> None:
        found = roles(agent("Buongiorno."), given="right", in_english=False)
        assert found == Roles(1, 0, 1.0, "given")


def test_other_languages_only_count_who_speaks_first() -> None:
    found = roles(customer("Pronto."), agent(GREETING), in_english=False)
    assert found == Roles(CUSTOMER, AGENT, 0.668, "spoke first")

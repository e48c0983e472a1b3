"""Customer turns: what they call for, what shows relief, and what is neutral."""

from __future__ import annotations

import pytest

from calltone.analysis.needs import KINDS, OPPORTUNITY_KINDS, Need, read_customer, valence


def kinds(text: str) -> set[str]:
    return {need.kind for need in read_customer(text)}


def strength(text: str, kind: str) -> float:
    return {need.kind: need.strength for need in read_customer(text)}.get(kind, 0.0)


SHOWS = {
    "distress": [
        "I'm really upset about this",
        "It's so frustrating.",
        "i am absolutely furious",
        "this is making me so angry",
        "I'm at my wits' end.",
        "I just don't know what to do",
        "I've been crying all morning",
        "I'm fed up with it",
        "we were very disappointed",
        "it was humiliating, honestly",
        "this has been a nightmare",
        "it ruined our holiday",
        "I'm exhausted",
    ],
    "complaint": [
        "This is unacceptable.",
        "I want to make a complaint",
        "This is the third time I've called.",
        "nobody ever calls me back",
        "I've been on hold for forty minutes",
        "I've been waiting for weeks",
        "You promised it would be here on Monday.",
        "they keep passing me from one department to another",
        "the service has been terrible",
        "Let me speak to your manager.",
        "it's just not good enough",
        "I'm still waiting for a reply",
        "your colleague was really rude to me",
        "That's ridiculous.",
        "it's a complete waste of time",
        "why is it taking so long",
        "oh great, just great",
        "worst company I have ever dealt with",
    ],
    "setback": [
        "My car broke down on the motorway.",
        "the package hasn't come",
        "I was charged twice",
        "you've taken the money twice out of my account",
        "My internet isn't working.",
        "The parcel arrived damaged.",
        "my flight has been cancelled",
        "it won't turn on",
        "I've lost my card",
        "somebody stole my wallet",
        "we've got no hot water",
        "I can't log in to my account",
        "I never received the refund.",
        "you sent me the wrong shoes",
        "the boiler's leaking",
        "I got locked out of my account",
        "We had an accident this morning.",
        "it keeps crashing",
        "the screen is cracked",
        "it was supposed to arrive on Tuesday",
    ],
    "worry": [
        "I'm worried I'll lose my money",
        "What if it doesn't get here in time?",
        "I'm scared to use the card now",
        "is my money safe",
        "I'm a bit nervous about the scan",
        "am I going to be charged for this",
        "the wedding is on Saturday",
        "I can't sleep because of it",
        "I am terrified of losing the house",
        "it's quite worrying to be honest",
    ],
    "vulnerability": [
        "My husband died in March.",
        "I'm on my own with a small baby",
        "I lost my job last month",
        "I can't afford to pay that",
        "my mother is in hospital",
        "I'm eighty two",
        "I live alone",
        "I'm disabled and I can't get out",
        "my wife has cancer",
        "I'm pregnant",
        "we've got nothing to eat",
        "I'm struggling to pay my bills",
    ],
    "relief": [
        "Oh great, that's a relief.",
        "that helps a lot",
        "Wonderful.",
        "perfect",
        "Oh brilliant, thank you",
        "That's good to know.",
        "I feel much better now",
        "you've been so helpful",
        "That's great news.",
        "it's working now",
        "oh thank goodness",
        "lovely, that's sorted then",
    ],
    "thanks": [
        "Thanks.",
        "thank you",
        "thank you so much for your help",
        "okay cheers",
        "I'm really grateful",
        "Many thanks, bye",
    ],
}

NOTHING = [
    "I'm not angry",
    "no problem at all",
    "I'm not worried any more",
    "I'd like to book a table for two",
    "My car needs its service.",
    "I want to change my address",
    "Yes.",
    "It's four four two nine.",
    "can you tell me your opening hours",
    "I'd like to order the blue one please",
    "no that's all",
    "No, I don't have any problems with it.",
    "Hello, my name is Anna Brown.",
    "it's for my mother",
    "I moved house last month",
    "Do you ship to France?",
    "I don't want to complain",
    "um yeah it's a Samsung",
    "How much is the monthly plan?",
    "I ordered it on Monday.",
    "the appointment is on Thursday",
    "no worries",
    "What happens if it breaks?",
    "",
    "I need a new filter for the machine",
    "My son would like to join too.",
    "the second one on the list",
    "I have the receipt here",
    "I got the email",
    "Is it available in red?",
    "which button do I press",
    "how does it work",
    "a table for three people please",
    "no that's not right it's a seven",
    "I have two children on the policy",
    "I had a missed call from you",
    "I can't take Tuesday, is Wednesday free?",
    "Sue, S U E",
]


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in SHOWS.items() for text in texts]
)
def test_turn_shows(kind: str, text: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize("text", NOTHING)
def test_neutral_turn_shows_nothing(text: str) -> None:
    assert read_customer(text) == ()


@pytest.mark.parametrize(("kind", "text"), [("complaint", "great, just great")])
def test_sarcasm_is_no_relief(kind: str, text: str) -> None:
    assert kinds(text) == {kind}


@pytest.mark.parametrize(
    "text",
    ["that's not helpful", "it isn't good", "it would be great if it was fixed", "no thanks"],
)
def test_denied_or_wished_for_is_no_relief(text: str) -> None:
    assert not kinds(text) & {"relief", "thanks"}


class TestStrength:
    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("distress", "I'm upset"),
            ("complaint", "This is unacceptable."),
            ("setback", "it arrived damaged"),
            ("worry", "I'm worried"),
            ("vulnerability", "I live alone"),
            ("relief", "perfect"),
            ("thanks", "thanks"),
        ],
    )
    def test_plain_mention(self, kind: str, text: str) -> None:
        assert 0.4 <= strength(text, kind) <= 0.5

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("distress", "I am furious"),
            ("complaint", "This is disgusting."),
            ("setback", "we've lost everything"),
            ("worry", "I'm terrified"),
            ("vulnerability", "my husband passed away"),
            ("relief", "you've made my day"),
            ("thanks", "thank you so much"),
        ],
    )
    def test_strong_words(self, kind: str, text: str) -> None:
        assert strength(text, kind) >= 0.7

    def test_intensifier_adds(self) -> None:
        assert strength("I'm really upset", "distress") > strength("I'm upset", "distress")

    def test_further_sign_adds(self) -> None:
        one = strength("I'm upset", "distress")
        two = strength("I'm upset. It was humiliating.", "distress")
        three = strength("I'm upset. It was humiliating. I'm fed up.", "distress")
        assert one < two < three
        assert three >= 0.7

    def test_never_above_one(self) -> None:
        text = "I am absolutely furious. " * 3 + "I'm livid, I'm upset, it was awful, I'm fed up."
        assert strength(text, "distress") == 1.0


class TestForm:
    def test_each_kind_once_and_in_order(self) -> None:
        text = (
            "I'm upset, it's the third time I've called, it still isn't working, I'm worried, "
            "I live alone and I'm really upset, but thank you"
        )
        assert [need.kind for need in read_customer(text)] == [
            "distress", "complaint", "setback", "worry", "vulnerability", "thanks",
        ]  # fmt: skip

    def test_quote_is_the_strongest_sign_as_said(self) -> None:
        assert read_customer("I\u2019m upset. I am, um, FURIOUS!") == (
            Need("distress", 0.9, "I am, um, FURIOUS"),
        )

    @pytest.mark.parametrize("text", [t for texts in SHOWS.values() for t in texts])
    def test_quote_stands_in_the_turn(self, text: str) -> None:
        for need in read_customer(text):
            assert need.carried_by
            assert need.carried_by in text
            assert 0.4 <= need.strength <= 1.0

    @pytest.mark.parametrize("text", ["it does not work", "it doesn't work", "it doesnt work"])
    def test_contractions(self, text: str) -> None:
        assert kinds(text) == {"setback"}

    def test_kinds(self) -> None:
        assert OPPORTUNITY_KINDS == (
            "distress", "complaint", "setback", "worry", "vulnerability",
        )  # fmt: skip
        assert (*OPPORTUNITY_KINDS, "relief", "thanks") == KINDS


class TestValence:
    @pytest.mark.parametrize("kind", OPPORTUNITY_KINDS)
    def test_trouble_is_negative(self, kind: str) -> None:
        assert all(valence(text) < 0 for text in SHOWS[kind])

    @pytest.mark.parametrize("kind", ["relief", "thanks"])
    def test_good_is_positive(self, kind: str) -> None:
        assert all(valence(text) > 0 for text in SHOWS[kind])

    @pytest.mark.parametrize("text", NOTHING)
    def test_neutral_is_zero(self, text: str) -> None:
        assert valence(text) == 0

    def test_thanks_do_not_make_up_for_trouble(self) -> None:
        assert -0.5 < valence("thanks but it still isn't working") < 0

    def test_stays_within_bounds(self) -> None:
        worst = "I am absolutely furious, I'm livid, I'm devastated, this is a nightmare"
        assert valence(worst) == -1.0

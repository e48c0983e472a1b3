"""Agent sentences: what each does for the customer, and the look-alikes that do nothing."""

from __future__ import annotations

import pytest

from calltone.analysis.words import (
    BEHAVIOURS,
    NEGATIVE,
    Behaviour,
    content_words,
    is_formula,
    read_sentence,
    taken_up,
)


def names(text: str, customer_before: str = "") -> set[str]:
    return {behaviour.name for behaviour in read_sentence(text, customer_before)}


SHOWS = {
    "acknowledge": [
        "I understand why you're upset.",
        "that must be so frustrating for you",
        "I can see how worrying this is",
        "um I can only imagine how stressful that was",
        "I completely understand.",
        "I totally get that",
        "You've every right to be angry.",
        "Anybody would be annoyed after that.",
        "that's really not good enough is it",
        "Oh no, what a nightmare.",
        "I\u2019d be fed up as well.",
        "That sounds really tough.",
        "I know how important this is to you.",
        "three weeks without heating with a baby that's no way to live",
        "No wonder you're disappointed.",
        "You shouldn't have to call us three times for this.",
        "I understand your frustration and",
        "I can hear that you're worried",
        "that is a very long time to be without a phone",
        "It's completely understandable that you feel that way.",
        "you have been through so much already",
        "It makes sense that you feel let down.",
        "I really do sympathize with you",
    ],
    "apologise": [
        "I'm so sorry about that.",
        "im really sorry for the delay",
        "I do apologize for the mix-up with your order.",
        "We apologise for the trouble this has caused.",
        "my apologies for the long wait",
        "Please accept our apologies.",
        "Sorry about the confusion.",
        "that was our mistake",
        "I am uh I am very sorry that happened",
        "sorry you had to wait so long on the line",
        "That should not have happened and I'm sorry.",
        "We let you down on this one.",
        "I'm sorry we sent the wrong size",
        "I\u2019m terribly sorry, Mrs. Khan.",
        "please forgive us for the late reply",
    ],
    "reflect": [
        "So you've been charged twice for the same month.",
        "If I understand correctly, the parcel never arrived.",
        "Just to make sure I've got this right, you moved in May.",
        "so what you're saying is that the light stays red",
        "It sounds like you want to keep the number.",
        "you mentioned that it only happens at night",
        "So basically your card was declined at the hotel.",
        "In other words the refund went to the old account.",
        "what I'm hearing is that nobody called you back",
        "okay so you didn't get the confirmation is that right",
        "Let me just recap what you told me.",
        "so your son broke the screen and you paid for a repair",
    ],
    "explore": [
        "What happened when you opened the box?",
        "when did the problem start",
        "Can you tell me a bit more about what went wrong?",
        "How long has it been making that noise?",
        "Is it happening in every room or only the kitchen?",
        "have you tried restarting it",
        "Could you walk me through what you see on the screen?",
        "what exactly does the message say",
        "Has anything changed since last week?",
        "what seems to be the problem",
        "um how did that make you feel",
        "Did you notice any water around the machine?",
        "What would help you most right now?",
        "why do you think it keeps happening",
        "Does it do that when it's plugged in too?",
    ],
    "reassure": [
        "You will have it before Friday, don't worry.",
        "don't worry about it at all",
        "We'll get this sorted for you.",
        "I can assure you your money is safe.",
        "take your time there's no rush",
        "It's going to be okay.",
        "Rest assured we will look after everything.",
        "You're in good hands.",
        "that's perfectly normal",
        "There's nothing to worry about.",
        "you won't be charged for that",
        "We will get to the bottom of this.",
        "You're not alone in this.",
        "it happens to everyone",
        "I'm here to help you.",
        "You did the right thing by calling us.",
    ],
    "own": [
        "I will send you a replacement today.",
        "I'm going to call the courier for you.",
        "let me check that for you",
        "Let me take a look at your account.",
        "I'll personally follow up with the team tomorrow.",
        "we will refund the full amount",
        "I've cancelled the second charge.",
        "leave that with me",
        "I'm gonna escalate this to my manager",
        "um I'll go ahead and book the engineer",
        "I have just emailed you the label.",
        "we're sending someone out tonight",
        "I'll call you back before five.",
        "I'll make sure that the driver has your number.",
        "I'm processing the refund right now.",
    ],
    "appreciate": [
        "Thank you so much for your patience.",
        "thanks for explaining that so clearly",
        "I really appreciate you bringing this to our attention.",
        "We value your loyalty, ten years is a long time.",
        "well done for keeping the receipt",
        "That's very kind of you.",
        "thank you for being so honest with me",
        "You've been really patient.",
        "good thinking to take a picture",
        "I appreciate your understanding.",
        "I'm glad you called us about this.",
        "that's really helpful thank you",
    ],
    "offer": [
        "Is there anything else I can help you with today?",
        "would you like me to send a reminder as well",
        "Shall I book the next one at the same time?",
        "I can also add insurance if you like.",
        "anything else I can do for you",
        "If you want I can call you when it arrives.",
        "do you want me to stay on the line",
        "Feel free to call us any time.",
        "I could also put a note on for the driver",
        "Another option would be to collect it from the store.",
        "Alternatively we could send a voucher.",
        "Would it help if I spoke to the shop?",
        "let me know if there's anything else you need",
    ],
    "dismiss": [
        "That is our policy, there is nothing I can do.",
        "that's just how it is",
        "there's nothing else we can do about it",
        "You need to calm down.",
        "It's only a phone.",
        "you'll just have to wait",
        "You are overreacting.",
        "It is what it is.",
        "that's not my problem",
        "Those are the rules.",
        "it's not a big deal",
        "there's no point complaining about it",
        "everybody has to wait",
    ],
    "blame": [
        "You should have ordered earlier.",
        "you should've read the terms",
        "That's your own fault.",
        "I already told you that twice.",
        "If you had paid on time this wouldn't have happened.",
        "As I've already said, it's on the website.",
        "You must have pressed the wrong button.",
        "you were supposed to call us first",
        "why didn't you call us sooner",
        "You didn't read the email, did you?",
        "you clearly entered the wrong code",
        "You failed to cancel in time.",
        "well that was your mistake",
    ],
    "rush": [
        "Can you just hurry up and give me the number?",
        "I don't have all day.",
        "can we please move on",
        "Just answer the question.",
        "make it quick please",
        "I have other customers waiting.",
        "come on I need the number now",
        "Please get to the point.",
        "we really need to wrap this up",
        "I haven't got time for this.",
        "Could you be quick please?",
        "let's get on with it",
    ],
}

NOTHING = [
    "Sorry, could you repeat that?",
    "sorry what was the last bit",
    "Sorry, we can't do that.",
    "I'm sorry but we don't ship there.",
    "I'm sorry to say that it has sold out.",
    "Sorry to keep you waiting.",
    "sorry I didn't catch that",
    "Sorry?",
    "I'm afraid we don't have that in blue.",
    "I understand you ordered two.",
    "I understand the blue one is larger.",
    "I see that you have two accounts.",
    "Okay, I understand.",
    "Thank you for calling Brightline, how can I help?",
    "thanks for calling",
    "Thank you.",
    "Thanks, and your date of birth?",
    "Thank you for that number.",
    "I'm not saying it's your fault.",
    "Let me know when you see the menu.",
    "let me have your postcode",
    "Can I have your account number?",
    "can I take your name please",
    "What's your postcode?",
    "How do you spell that?",
    "Who am I speaking to?",
    "How are you today?",
    "That's not a problem.",
    "You don't have to sign anything.",
    "You should see a green light now.",
    "You should receive an email shortly.",
    "You'll need to call the bank.",
    "Please hold the line.",
    "so you click on settings",
    "So you would press the button on the left.",
    "The delivery takes three to five days.",
    "We're open from nine to five.",
    "Your contract ends in May.",
    "Have a lovely day.",
    "Goodbye.",
    "It's hard to say from here.",
    "The line is terrible, can you hear me?",
    "Unfortunately the store closes at six.",
    "If you look at the back there's a sticker.",
    "The quick start guide is in the box.",
    "Is that a landline or a mobile?",
    "Yes.",
    "mm-hmm",
    "",
    "That must be the old number.",
    "I think it's the second one.",
    "The fault light is on the left.",
    "Your policy number starts with a B.",
    "The patience game is on level two.",
    "I would need the reference for that.",
    "So that's two tickets for Friday.",
    "I would like to check that for the form.",
    "No problem at all.",
    "It's just a reminder email.",
    "This is the policy number.",
    "Press the yellow button to end the call.",
    "It's the card ending in four four one seven.",
    "You were supposed to receive a text.",
    "There's also a charge of five pounds.",
    "Please take your card out of the slot.",
    "You need to read the meter.",
    "You need to move on to the next page.",
    "It's not on the list.",
    "You have got a year left on the contract.",
    "Could you just give me your postcode?",
    "What happens then is that the system sends a letter.",
    "No, that's not right, it's a five.",
    "Is that right, four four nine?",
    "I've found your account.",
    "Thank you for confirming that.",
]


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in SHOWS.items() for text in texts]
)
def test_sentence_shows(name: str, text: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize("text", NOTHING)
def test_sentence_shows_nothing(text: str) -> None:
    assert names(text) == set()


@pytest.mark.parametrize(
    "text",
    [t for name in BEHAVIOURS if name not in NEGATIVE for t in SHOWS[name]],
)
def test_kind_sentence_is_not_held_against_the_agent(text: str) -> None:
    assert not names(text) & NEGATIVE


class TestCustomerBefore:
    def test_own_words_coming_back_reflect(self) -> None:
        before = "the engineer came on Monday and the boiler is still cold"
        text = "so it's a cold boiler even after the engineer"
        assert "reflect" in names(text, before)
        assert "reflect" not in names(text)
        assert "reflect" not in names(text, "I'd like to change my address")

    def test_question_and_commitment_with_the_same_words_do_not_reflect(self) -> None:
        before = "my parcel has the wrong label and it went to the wrong house"
        assert "reflect" not in names("So where is the parcel with the label now?", before)
        assert "reflect" not in names("So I will send the parcel a new label.", before)

    def test_instruction_with_the_same_words_does_not_reflect(self) -> None:
        before = "I can't find the billing page in the settings"
        assert "reflect" not in names("so you open the settings and the billing page", before)

    @pytest.mark.parametrize(
        "text", ["Of course.", "Absolutely.", "certainly sir", "Sure, I will", "I can do that."]
    )
    def test_short_promise_owns_only_after_a_request(self, text: str) -> None:
        assert names(text, "Could you cancel it for me please?") == {"own"}
        assert names(text, "It came on Tuesday.") == set()
        assert names(text) == set()

    def test_bare_understanding_acknowledges_only_after_a_trouble(self) -> None:
        assert names("I understand.", "I'm so upset about this") == {"acknowledge"}
        assert names("I understand.", "It's the blue one.") == set()

    def test_promise_and_apology_in_one_sentence(self) -> None:
        text = "Of course. I am so sorry for the inconvenience."
        assert names(text, "can you send another one") == {"apologise", "own"}
        assert names(text) == {"apologise"}


class TestBoundary:
    def test_sorrow_for_what_the_customer_went_through_also_acknowledges(self) -> None:
        assert names("Oh no, I'm so sorry to hear that.") == {"acknowledge", "apologise"}
        assert names("I'm sorry you had to go through that.") == {"acknowledge", "apologise"}

    def test_sorrow_for_the_own_deed_only_apologises(self) -> None:
        assert names("I'm sorry we billed you twice.") == {"apologise"}

    @pytest.mark.parametrize(
        "text",
        [
            "I'm sorry, could you say that again?",
            "sorry was that a five",
            "I am sorry but that is sold out",
            "Sorry to have to ask, what's your date of birth?",
        ],
    )
    def test_repair_and_refusal_do_not_apologise(self, text: str) -> None:
        assert "apologise" not in names(text)

    def test_comfort_is_not_a_commitment(self) -> None:
        assert names("We'll get this sorted for you.") == {"reassure"}
        assert names("I'll send the form today.") == {"own"}

    def test_feeling_brushed_aside_is_not_acknowledged(self) -> None:
        assert names("I hear you, but the decision is final.") == {"dismiss"}

    def test_veto_strikes_only_what_it_overlaps(self) -> None:
        text = "Sorry, could you repeat that? And I'm really sorry about the delay."
        assert read_sentence(text) == (Behaviour("apologise", "I'm really sorry"),)

    def test_restating_a_missed_appointment_does_not_blame(self) -> None:
        assert "blame" not in names("So you missed the appointment because of the train.")
        assert "blame" in names("You missed your appointment.")

    def test_denied_blame_is_none(self) -> None:
        assert names("nobody is saying it's your fault") == set()


class TestForm:
    @pytest.mark.parametrize(
        ("text", "carried_by"),
        [
            ("Well, I\u2019M, um, SO sorry about it!", "I\u2019M, um, SO sorry"),
            ("okay   don't   worry  now", "don't   worry"),
            ("Right. I'll  send a new one", "I'll  send"),
        ],
    )
    def test_quote_is_exactly_as_said(self, text: str, carried_by: str) -> None:
        assert [b.carried_by for b in read_sentence(text)] == [carried_by]

    @pytest.mark.parametrize("text", [t for texts in SHOWS.values() for t in texts])
    def test_quote_stands_in_the_sentence(self, text: str) -> None:
        for behaviour in read_sentence(text, "can you help, my parcel is lost"):
            assert behaviour.carried_by
            assert behaviour.carried_by in text

    @pytest.mark.parametrize(
        "text",
        [
            "I'm sorry about the delay",
            "im sorry about the delay",
            "I am sorry about the delay",
            "I\u2019m sorry about the delay",
            "uh I'm I'm sorry um about the delay.",
            "I AM SORRY, ABOUT THE DELAY",
        ],
    )
    def test_every_spelling_of_one_sentence_reads_the_same(self, text: str) -> None:
        assert names(text) == {"apologise"}

    @pytest.mark.parametrize("spelling", ["apologise", "apologize"])
    def test_british_and_american(self, spelling: str) -> None:
        assert names(f"We {spelling} for the delay.") == {"apologise"}

    def test_each_behaviour_once_and_in_order(self) -> None:
        text = (
            "Don't worry, I'm so sorry, really sorry, I understand how upsetting this is, "
            "and I'll send a new one and I'll call you."
        )
        assert [b.name for b in read_sentence(text)] == [
            "acknowledge", "apologise", "reassure", "own",
        ]  # fmt: skip

    def test_names(self) -> None:
        expected = (
            "acknowledge", "apologise", "reflect", "explore", "reassure", "own", "appreciate",
            "offer", "dismiss", "blame", "rush",
        )  # fmt: skip
        assert expected == BEHAVIOURS
        assert set(BEHAVIOURS[-3:]) == NEGATIVE


class TestContentWords:
    def test_leaves_out_stop_words_and_fillers(self) -> None:
        assert content_words("Um, so the Boiler isn't heating my kitchen") == {
            "boiler", "heating", "kitchen",
        }  # fmt: skip

    @pytest.mark.parametrize("text", ["", "um, uh", "yes it is", "..."])
    def test_nothing_to_say(self, text: str) -> None:
        assert content_words(text) == frozenset()

    def test_taken_up_in_the_order_of_the_customer(self) -> None:
        before = "They charged me for the parcel and the delivery failed"
        assert taken_up("So a delivery charge for two parcels", before) == (
            "charged", "parcel", "delivery",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("said", "before"),
        [("stopped", "stopping"), ("boxes", "box"), ("leak", "leaking"), ("cables", "cable")],
    )
    def test_taken_up_looks_through_endings(self, said: str, before: str) -> None:
        assert taken_up(said, before) == (before,)

    def test_different_words_are_not_taken_up(self) -> None:
        assert taken_up("the bills are here", "the boiler is broken") == ()


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for calling Brightline, my name is Anna, how can I help?",
        "Hello, you're through to Dave.",
        "Is there anything else I can help you with today?",
        "I do apologise for any inconvenience this may have caused.",
        "sorry for the inconvenience",
        "Thank you for your patience.",
        "We appreciate your business.",
        "Your call is important to us.",
        "your call may be recorded for training purposes",
        "Have a great day!",
        "I understand your frustration.",
        "How may I help you today?",
    ],
)
def test_formula(text: str) -> None:
    assert is_formula(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm so sorry your mother had to wait in the cold.",
        "Thank you for sending the photos of the door.",
        "I understand your frustration after three engineers and no heat.",
        "Is there a light on the front?",
        "I'll ring the courier.",
        "",
    ],
)
def test_not_a_formula(text: str) -> None:
    assert not is_formula(text)

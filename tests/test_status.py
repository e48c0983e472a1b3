"""Which calls are not judged, which with caution, and in what words that is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from conversations import agent, customer, dialogue, heard_call, small_talk

from calltone.analysis.judge import judge
from calltone.analysis.results import CallScore, Dimension, Reason, Roles, Side
from calltone.analysis.rubric import Rubric
from calltone.analysis.settings import Settings
from calltone.analysis.status import (
    cautions,
    language_name,
    unclear,
    unread,
    unsupported,
    unusable,
)
from calltone.audio.hearing import HeardCall
from calltone.audio.survey import ChannelSound, Sound
from calltone.audio.turns import HeldBack, Turn

RUBRIC = Rubric()
SURE = Roles(0, 1, 0.99, "said “how can I help”")
TURNS = dialogue(
    [
        agent("Thank you for calling Brightline, how can I help you?"),
        *small_talk(4),
        customer("The boiler is cold and I'm so upset about this."),
        agent("I'm so sorry about that. I'll send an engineer today."),
        customer("Thank you so much."),
        agent("You're welcome."),
    ]
)
CLEAN = heard_call(TURNS)
QUIET = ChannelSound(20.0, 0.0, 0.0, -60.0)


def facts(**changes: Any) -> HeardCall:
    return replace(CLEAN, facts=replace(CLEAN.facts, **changes))


def sound(*channels: ChannelSound, **changes: Any) -> HeardCall:
    return replace(CLEAN, sound=replace(Sound(channels, 0.0, None), **changes))


def speech(*seconds: float) -> HeardCall:
    return sound(*(replace(QUIET, speech_s=each_s) for each_s in seconds))


def refused(heard: HeardCall) -> CallScore:
    """Judge a call that must be refused by its sound, before anything is made of its words."""
    call = judge(heard, "a.wav", Settings())
    assert call.status == "not scored"
    assert call.reasons == unusable(heard, RUBRIC)
    assert call.words is call.tone is call.words_and_tone is call.roles is None
    assert call.moments == call.dimensions == ()
    return call


def test_clean_call_has_no_reasons() -> None:
    assert unusable(CLEAN, RUBRIC) == unclear(CLEAN, SURE, RUBRIC) == unread(CLEAN) == ()
    assert cautions(CLEAN, SURE, RUBRIC) == ()
    call = judge(CLEAN, "a.wav", Settings())
    assert (call.status, call.reasons) == ("scored", ())


UNUSABLE = [
    (facts(duration_s=3.26), Reason("too short: 3.3 s, expected at least 5 s", 3.26, 5.0)),
    (speech(0.0, 0.0), Reason("no speech", 0.0, 1.0)),
    (speech(0.0), Reason("no speech", 0.0, 1.0)),
    (speech(0.24, 0.84), Reason("hardly any speech: 0.8 s", 0.84, 1.0)),
    (speech(20.0), Reason("one channel, speakers not separated", 1, 2)),
    (
        sound(QUIET, QUIET, correlation=0.97),
        Reason("both channels hold the same sound (correlation 0.97)", 0.97, 0.95),
    ),
    (
        sound(QUIET, QUIET, correlation=-0.97),
        Reason("both channels hold the same sound (correlation -0.97)", -0.97, 0.95),
    ),
    (speech(0.5, 20), Reason("one-sided: 0.5 s of speech on the left channel", 0.5, 1.0)),
    (speech(20, 0.0), Reason("one-sided: 0.0 s of speech on the right channel", 0.0, 1.0)),
    (
        replace(
            sound(replace(QUIET, music_s=60.0), replace(QUIET, music_s=70.0)),
            facts=replace(CLEAN.facts, duration_s=100.0),
        ),
        Reason("mostly music or tones: 60% of the recording", 0.6, 0.5),
    ),
]


@pytest.mark.parametrize(("heard", "reason"), UNUSABLE, ids=[r.text for _, r in UNUSABLE])
def test_unusable_sound_is_refused(heard: HeardCall, reason: Reason) -> None:
    assert refused(heard).reasons == (reason,)


def test_all_that_is_wrong_with_the_sound_is_said() -> None:
    heard = replace(
        sound(
            replace(QUIET, speech_s=0.2, music_s=2.0), replace(QUIET, music_s=2.0), correlation=0.99
        ),
        facts=replace(CLEAN.facts, duration_s=2.5),
    )
    assert [reason.text.split(":")[0] for reason in refused(heard).reasons] == [
        "too short",
        "mostly music or tones",
        "both channels hold the same sound (correlation 0.99)",
        "one-sided",
    ]


@pytest.mark.parametrize(
    "heard",
    [
        facts(duration_s=5.0),
        speech(1.0, 1.0),
        sound(QUIET, QUIET, correlation=0.95),
        sound(QUIET, QUIET, correlation=None),
        sound(*[replace(QUIET, music_s=CLEAN.facts.duration_s / 2)] * 2),
        sound(replace(QUIET, music_s=CLEAN.facts.duration_s), QUIET),  # a customer on hold
    ],
)
def test_limit_itself_is_still_usable(heard: HeardCall) -> None:
    assert unusable(heard, RUBRIC) == ()


def test_limits_come_from_the_rubric() -> None:
    strict = Rubric(min_call_s=1000.0)
    (reason,) = unusable(CLEAN, strict)
    assert reason.limit == 1000.0


class TestUnclear:
    def test_roles(self) -> None:
        heard = heard_call(
            dialogue([*small_talk(5), customer("Let me check."), agent("I'm so sorry.")])
        )
        call = judge(heard, "a.wav", Settings())
        text = "unclear which side is the agent (confidence 0.50)"
        assert call.status == "not scored"
        assert call.reasons[0] == Reason(text, 0.5, 0.6)
        assert call.roles is not None
        assert call.talk is not None
        assert call.moments == ()

    def test_too_little_agent_speech(self) -> None:
        call = judge(speech(4.84, 20.0), "a.wav", Settings())
        assert call.status == "not scored"
        assert call.reasons == (Reason("too little agent speech: 4.8 s", 4.84, 5.0),)

    def test_speech_of_the_customer_does_not_count_as_the_agents(self) -> None:
        assert unclear(speech(4.0, 20.0), Roles(1, 0, 1.0, "given"), RUBRIC) == ()

    def test_cautions_are_said_beside_the_refusal(self) -> None:
        heard = replace(speech(4.0, 20.0), facts=replace(CLEAN.facts, lost_s=2.0))
        texts = [reason.text for reason in judge(heard, "a.wav", Settings()).reasons]
        assert texts == [
            "too little agent speech: 4.0 s",
            "2.0 s of the recording could not be decoded",
        ]


class TestUnread:
    def test_other_language_is_named_in_words(self) -> None:
        heard = replace(CLEAN, language="it")
        text = "words not scored: the call is in Italian"
        assert unread(heard) == (Reason(text, "it", "en"),)

    @pytest.mark.parametrize(
        ("code", "name"), [("de", "German"), ("haw", "Hawaiian"), ("xx", "Xx")]
    )
    def test_names_of_languages(self, code: str, name: str) -> None:
        assert language_name(code) == name


def dimension(weight: float, *, words: bool, both: bool) -> Dimension:
    some = Side(50.0, ())
    return Dimension("x", weight, some if words else None, some, 50.0 if both else None)


class TestUnsupported:
    def test_half_of_the_weight_is_enough(self) -> None:
        found = [dimension(50, words=True, both=True), dimension(50, words=False, both=False)]
        assert unsupported(found, RUBRIC) == ()

    def test_little_that_calls_for_empathy(self) -> None:
        found = [dimension(49, words=True, both=True), dimension(51, words=False, both=False)]
        text = "nothing in the call asks for empathy: 49% of the weight applies"
        assert unsupported(found, RUBRIC) == (Reason(text, 0.49, 0.5),)

    def test_little_that_the_tone_can_be_measured_in(self) -> None:
        found = [dimension(30, words=True, both=True), dimension(70, words=True, both=False)]
        text = "too little agent speech to measure the tone: 30% of the weight applies"
        assert unsupported(found, RUBRIC) == (Reason(text, 0.3, 0.5),)

    def test_call_that_asks_for_nothing(self) -> None:
        greeting = agent("Thank you for calling, how can I help you?")
        call = judge(heard_call(dialogue([greeting, *small_talk()])), "a.wav", Settings())
        text = "nothing in the call asks for empathy: 10% of the weight applies"
        assert call.status == "not scored"
        assert call.reasons == (Reason(text, 0.1, 0.5),)

    def test_call_whose_tone_cannot_be_measured(self) -> None:
        turns = dialogue(
            [
                agent("Thank you for calling, how can I help you?", "unmeasured"),
                customer("The boiler is cold and I'm so upset about this."),
                agent("I'm so sorry about that. I'll send an engineer today.", "unmeasured"),
                customer("Thank you so much."),
            ]
        )
        heard = heard_call(turns)
        call = judge(heard, "a.wav", Settings())
        assert call.status == "not scored"
        assert call.reasons[0].text.startswith("too little agent speech to measure the tone: ")
        assert call.words is None


def with_confidence(turns: tuple[Turn, ...], confidence: float) -> tuple[Turn, ...]:
    return tuple(
        replace(
            turn,
            sentences=tuple(
                replace(s, words=tuple(replace(w, confidence=confidence) for w in s.words))
                for s in turn.sentences
            ),
        )
        for turn in turns
    )


CAUTIONS = [
    (facts(cut_short_s=12.34), Reason("the recording breaks off 12.3 s early", 12.34, 0)),
    (facts(lost_s=1.5), Reason("1.5 s of the recording could not be decoded", 1.5, 0)),
    (
        sound(QUIET, replace(QUIET, clipped_share=0.012)),
        Reason("clipped: 1.2% of the speech on the right channel", 0.012, 0.005),
    ),
    (
        sound(replace(QUIET, clipped_share=0.006), QUIET),
        Reason("clipped: 0.6% of the speech on the left channel", 0.006, 0.005),
    ),
    (
        sound(QUIET, QUIET, crosstalk_db=-19.6),
        Reason("cross-talk: one side is heard on the other's channel at -20 dB", -19.6, -25.0),
    ),
    (
        replace(CLEAN, turns=with_confidence(TURNS, 0.43)),
        Reason("many words are uncertain (mean confidence 0.43)", 0.43, 0.5),
    ),
    (
        replace(
            CLEAN,
            held_back=(HeldBack(0, 1.0, 2.5, "the end", "loop"), HeldBack(1, 9.0, 10.0, "", "x")),
        ),
        Reason("2.5 s of speech whose words are not trusted", 2.5, 0),
    ),
]


@pytest.mark.parametrize(("heard", "reason"), CAUTIONS, ids=[r.text for _, r in CAUTIONS])
def test_doubtful_call_is_scored_with_caution(heard: HeardCall, reason: Reason) -> None:
    call = judge(heard, "a.wav", Settings())
    assert call.status == "caution"
    assert call.reasons == (reason,)
    assert call.words_and_tone == judge(CLEAN, "a.wav", Settings()).words_and_tone


def test_guessed_roles_are_a_caution_that_says_how() -> None:
    turns = dialogue(
        [
            agent("Hello there."),
            *small_talk(4),
            customer("The boiler is cold and I'm so upset about this."),
            agent("I'm so sorry about that. What happened?"),
            customer("Thank you so much."),
        ]
    )
    call = judge(heard_call(turns), "a.wav", Settings())
    text = "the left channel is taken for the agent's: spoke first (confidence 0.67)"
    assert call.status == "caution"
    assert call.reasons == (Reason(text, 0.668, 0.8),)


def test_given_roles_are_no_caution() -> None:
    given = Settings(agent_channel="left")
    assert judge(CLEAN, "a.wav", given).status == "scored"


def test_no_words_at_all_are_uncertain_words() -> None:
    silent = replace(CLEAN, turns=tuple(replace(turn, sentences=()) for turn in TURNS))
    assert "many words are uncertain (mean confidence 0.00)" in [
        reason.text for reason in cautions(silent, SURE, RUBRIC)
    ]


@pytest.mark.parametrize(
    "heard",
    [
        sound(replace(QUIET, clipped_share=0.005), QUIET),
        sound(QUIET, QUIET, crosstalk_db=-25.0),
        replace(CLEAN, turns=with_confidence(TURNS, 0.5)),
    ],
)
def test_limit_itself_is_no_caution(heard: HeardCall) -> None:
    assert cautions(heard, SURE, RUBRIC) == ()

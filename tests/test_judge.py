"""From a heard call to its score: status, means, what is carried along, and that it repeats."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conversations import Line, Manner, agent, customer, dialogue, heard_call, small_talk
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from calltone.analysis.judge import failed, judge
from calltone.analysis.results import NOTICE, SCHEMA_VERSION, CallScore, Reason
from calltone.analysis.rubric import DIMENSIONS, Rubric
from calltone.analysis.settings import Settings, fingerprint
from calltone.analysis.stock import StockSentences, stock_key
from calltone.analysis.store import to_json

GREETING = "Thank you for calling Brightline, how can I help you?"
UPSET = "The boiler is cold and I'm so upset about this."
ANSWER = "I'm so sorry about the cold boiler. What happened? I'll send an engineer today."
SETTINGS = Settings()


def script(answer: str = ANSWER, manner: Manner = "usual") -> list[Line]:
    return [
        agent(GREETING),
        *small_talk(4),
        customer(UPSET),
        agent(answer, manner),
        customer("Thank you so much."),
        agent("You're welcome. Have a lovely day."),
    ]


HEARD = heard_call(dialogue(script()))


def judged(lines: list[Line]) -> CallScore:
    return judge(heard_call(dialogue(lines)), "a.wav", SETTINGS)


def weighted(call: CallScore, side: str) -> float:
    """Average a side over the dimensions by hand."""
    values = [(d.weight, getattr(d, side)) for d in call.dimensions]
    known = [(w, v if side == "together" else v.score) for w, v in values if v is not None]
    return sum(w * v for w, v in known) / sum(w for w, _ in known)


def test_clean_call_is_scored_with_all_that_belongs_to_it() -> None:
    call = judge(HEARD, "team/a.wav", SETTINGS, {"agent": "Chris"})
    assert (call.schema_version, call.notice) == (SCHEMA_VERSION, NOTICE)
    assert (call.file, call.status, call.reasons) == ("team/a.wav", "scored", ())
    assert call.fingerprint == fingerprint(SETTINGS, HEARD.engine)
    assert call.metadata == {"agent": "Chris"}
    assert call.heard is HEARD
    assert [dimension.name for dimension in call.dimensions] == list(DIMENSIONS)
    assert [moment.opportunity.quote for moment in call.moments] == [UPSET]
    assert call.roles is not None
    assert call.roles.agent_channel == 0


def test_scores_of_the_call_are_weighted_means_of_its_dimensions() -> None:
    call = judged(script())
    assert call.words == pytest.approx(weighted(call, "words"), abs=0.005)
    assert call.tone == pytest.approx(weighted(call, "tone"), abs=0.005)
    assert call.words_and_tone == pytest.approx(weighted(call, "together"), abs=0.005)


def test_dimensions_that_do_not_apply_have_no_weight() -> None:
    call = judged(script(answer="We open at nine."))
    genuine = next(d for d in call.dimensions if d.name == "genuine")
    assert genuine.words is None
    assert call.words == pytest.approx(weighted(call, "words"), abs=0.005)


def test_weights_of_the_rubric_move_the_mean() -> None:
    only = Rubric(weights={**dict.fromkeys(DIMENSIONS, 0.0), "resolving": 1.0})
    call = judge(HEARD, "a.wav", Settings(rubric=only))
    resolving = next(d for d in call.dimensions if d.name == "resolving")
    assert call.words_and_tone == resolving.together
    assert resolving.words is not None
    assert call.words == resolving.words.score


def test_share_of_the_words_moves_only_words_and_tone() -> None:
    mostly_tone = judge(HEARD, "a.wav", Settings(rubric=Rubric(words_share=0.0)))
    usual = judge(HEARD, "a.wav", SETTINGS)
    assert (mostly_tone.words, mostly_tone.tone) == (usual.words, usual.tone)
    assert mostly_tone.words_and_tone == mostly_tone.tone != usual.words_and_tone


class TestWordsAndTone:
    """What the whole call's number must tell apart."""

    @pytest.mark.parametrize("manner", ["flat", "hurried", "raised"])
    def test_same_words_in_a_worse_voice_score_lower(self, manner: Manner) -> None:
        usual, spoiled = judged(script()), judged(script(manner=manner))
        assert spoiled.words == usual.words
        assert spoiled.words_and_tone is not None
        assert usual.words_and_tone is not None
        assert spoiled.words_and_tone < usual.words_and_tone - 1

    def test_cold_words_in_a_warm_voice_score_lower_than_warm_words_in_a_flat_one(self) -> None:
        cold = judged(script("That's our policy. There's nothing I can do.", "warm"))
        flat = judged(script(manner="flat"))
        assert cold.tone is not None
        assert flat.tone is not None
        assert cold.tone > flat.tone
        assert cold.words_and_tone is not None
        assert flat.words_and_tone is not None
        assert cold.words_and_tone < flat.words_and_tone

    def test_call_with_a_flat_kindness_tells_of_the_mismatch(self) -> None:
        (mismatch,) = judged(script(manner="flat")).mismatches
        assert mismatch.mismatch is not None
        assert "the voice moves less than usual" in mismatch.mismatch
        assert judged(script()).mismatches == ()


class TestNotScored:
    def test_call_without_needs_keeps_its_dimensions_and_tone(self) -> None:
        call = judged([agent(GREETING), *small_talk()])
        assert call.status == "not scored"
        assert call.words is call.words_and_tone is None
        assert call.tone is not None
        assert len(call.dimensions) == len(DIMENSIONS)

    def test_other_language_has_a_tone_and_no_words(self) -> None:
        italian = replace(HEARD, language="it")
        call = judge(italian, "a.wav", Settings(agent_channel="left"))
        assert call.status == "not scored"
        assert call.reasons == (Reason("words not scored: the call is in Italian", "it", "en"),)
        assert call.words is call.words_and_tone is None
        assert call.tone is not None
        assert call.tone > 50
        assert all(dimension.words is None for dimension in call.dimensions)
        assert call.roles is not None
        assert call.roles.source == "given"

    def test_unusable_sound_still_carries_what_was_heard(self) -> None:
        short = replace(HEARD, facts=replace(HEARD.facts, duration_s=1.0))
        call = judge(short, "a.wav", SETTINGS, {"agent": "Chris"})
        assert call.words is call.tone is call.words_and_tone is None
        assert call.heard is short
        assert call.metadata == {"agent": "Chris"}
        assert call.fingerprint == fingerprint(SETTINGS, HEARD.engine)


class TestTalk:
    def test_seconds_of_both_sides_and_the_usual_wait(self) -> None:
        call = judged(script())
        assert call.talk is not None
        agent_s = sum(t.delivery.speech_s for t in HEARD.turns if t.channel == 0)
        customer_s = sum(t.delivery.speech_s for t in HEARD.turns if t.channel == 1)
        assert call.talk.agent_s == pytest.approx(agent_s, abs=0.005)
        assert call.talk.customer_s == pytest.approx(customer_s, abs=0.005)
        assert call.talk.median_wait_s == 0.5
        assert call.talk.interruptions == 0

    def test_interruptions_are_counted(self) -> None:
        lines = [*script(), customer("And one more thing about it."), agent(ANSWER, wait_s=-1.5)]
        call = judged(lines)
        assert call.talk is not None
        assert call.talk.interruptions == 1

    def test_agent_who_never_answers_has_no_wait(self) -> None:
        call = judged([agent(f"{GREETING} {ANSWER}"), customer(UPSET)])
        assert call.talk is not None
        assert call.talk.median_wait_s is None


def test_stock_of_the_agent_is_asked_for_by_metadata() -> None:
    sentence = "I truly understand what a terrible experience this must be."
    heard = heard_call(dialogue(script(sentence)))
    key = stock_key(sentence, ())
    assert key is not None
    stock = StockSentences({("Chris", key): 5})

    def genuine(metadata: dict[str, str]) -> float:
        call = judge(heard, "a.wav", SETTINGS, metadata, stock)
        found = next(d for d in call.dimensions if d.name == "genuine")
        assert found.words is not None
        return found.words.score

    assert genuine({"agent": "Chris"}) == 0 < genuine({"agent": "Dana"}) == genuine({})


def test_metadata_is_copied_not_shared() -> None:
    known = {"agent": "Chris"}
    call = judge(HEARD, "a.wav", SETTINGS, known)
    known["agent"] = "Dana"
    assert call.metadata == {"agent": "Chris"}


def test_failed_recording_says_why_and_has_no_scores() -> None:
    call = failed("a.wav", SETTINGS, HEARD.engine, "a.wav is empty", {"agent": "Chris"})
    assert (call.status, call.reasons) == ("failed", (Reason("a.wav is empty"),))
    assert call.words is call.tone is call.words_and_tone is call.heard is None
    assert call.dimensions == call.moments == call.mismatches == ()
    assert call.fingerprint == fingerprint(SETTINGS, HEARD.engine)
    assert call.metadata == {"agent": "Chris"}


@hypothesis_settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda make, text, wait_s: make(text, wait_s=wait_s),
            st.sampled_from((agent, customer)),
            st.sampled_from((GREETING, UPSET, ANSWER, "That's our policy.", "Thanks.", "Okay.")),
            st.sampled_from((-0.9, 0.4, 5.0)),
        ),
        max_size=12,
    )
)
def test_same_call_gives_the_same_result_and_the_same_bytes(lines: list[Line]) -> None:
    heard, again = (heard_call(dialogue(lines)) for _ in range(2))
    first, second = judge(heard, "a.wav", SETTINGS), judge(again, "a.wav", SETTINGS)
    assert first == second
    assert to_json(first) == to_json(second)
    if first.words_and_tone is not None:
        assert 0 <= first.words_and_tone <= 100
        assert first.status in ("scored", "caution")

"""Whether a call can be judged: scored, with caution, or not at all, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from calltone.analysis.results import Dimension, Reason, Roles
from calltone.analysis.roles import CHANNEL_NAMES
from calltone.analysis.rubric import Rubric
from calltone.audio.hearing import HeardCall
from calltone.audio.spans import total_s

# Speech below this on one side of a call is a click or a cough, not a conversation.
MIN_SIDE_SPEECH_S = 1.0
SCORED_LANGUAGE = "en"


def unusable(heard: HeardCall, rubric: Rubric) -> tuple[Reason, ...]:
    """Return why the sound of a call cannot be judged; empty where it can."""
    reasons = tuple(_unusable(heard, rubric))
    return (*reasons, *_sound_cautions(heard, rubric)) if reasons else ()


def unclear(heard: HeardCall, roles: Roles, rubric: Rubric) -> tuple[Reason, ...]:
    """Return why there is no agent to judge in a two-sided call; empty where there is."""
    return tuple(_unclear(heard, roles, rubric))


def unread(heard: HeardCall) -> tuple[Reason, ...]:
    """Return why the words cannot be judged; empty where they can."""
    if in_english(heard):
        return ()
    text = f"words not scored: the call is in {language_name(heard.language)}"
    return (Reason(text, heard.language, SCORED_LANGUAGE),)


def unsupported(dimensions: Sequence[Dimension], rubric: Rubric) -> tuple[Reason, ...]:
    """Return why too few dimensions apply for a score of the whole call; empty where enough do."""
    total = sum(d.weight for d in dimensions)
    with_words = sum(d.weight for d in dimensions if d.words is not None) / total
    with_both = sum(d.weight for d in dimensions if d.together is not None) / total
    if with_words < rubric.min_weight:
        text = f"nothing in the call asks for empathy: {with_words:.0%} of the weight applies"
        return (Reason(text, round(with_words, 3), rubric.min_weight),)
    if with_both < rubric.min_weight:
        text = f"too little agent speech to measure the tone: {with_both:.0%} of the weight applies"
        return (Reason(text, round(with_both, 3), rubric.min_weight),)
    return ()


def cautions(heard: HeardCall, roles: Roles, rubric: Rubric) -> tuple[Reason, ...]:
    """Return what makes the scores of a call less sure."""
    return (*_sound_cautions(heard, rubric), *_word_cautions(heard, roles, rubric))


def in_english(heard: HeardCall) -> bool:
    """Whether the words are in the language whose words can be judged."""
    return heard.language == SCORED_LANGUAGE


def language_name(code: str) -> str:
    """Return a language as people say it: "Italian" for "it"."""
    from whisper.tokenizer import LANGUAGES

    name: str = LANGUAGES.get(code, code)
    return name.title()


def _unusable(heard: HeardCall, rubric: Rubric) -> Iterator[Reason]:
    duration_s = heard.facts.duration_s
    channels = heard.sound.channels
    if duration_s < rubric.min_call_s:
        text = f"too short: {duration_s:.1f} s, expected at least {rubric.min_call_s:g} s"
        yield Reason(text, round(duration_s, 2), rubric.min_call_s)
    music_share = min(channel.music_s for channel in channels) / duration_s
    if music_share > rubric.max_music_share:
        text = f"mostly music or tones: {music_share:.0%} of the recording"
        yield Reason(text, round(music_share, 3), rubric.max_music_share)
    if all(channel.speech_s < MIN_SIDE_SPEECH_S for channel in channels):
        speech_s = max(channel.speech_s for channel in channels)
        text = f"hardly any speech: {speech_s:.1f} s" if speech_s else "no speech"
        yield Reason(text, round(speech_s, 2), MIN_SIDE_SPEECH_S)
        return
    if len(channels) == 1:
        yield Reason("one channel, speakers not separated", 1.0, 2.0)
        return
    correlation = heard.sound.correlation or 0.0
    if abs(correlation) > rubric.same_sound_correlation:
        text = f"both channels hold the same sound (correlation {correlation:.2f})"
        yield Reason(text, correlation, rubric.same_sound_correlation)
    for name, channel in zip(CHANNEL_NAMES, channels, strict=True):
        if channel.speech_s < MIN_SIDE_SPEECH_S:
            text = f"one-sided: {channel.speech_s:.1f} s of speech on the {name} channel"
            yield Reason(text, round(channel.speech_s, 2), MIN_SIDE_SPEECH_S)


def _unclear(heard: HeardCall, roles: Roles, rubric: Rubric) -> Iterator[Reason]:
    if roles.confidence < rubric.min_role_confidence:
        text = f"unclear which side is the agent (confidence {roles.confidence:.2f})"
        yield Reason(text, roles.confidence, rubric.min_role_confidence)
    agent_s = heard.sound.channels[roles.agent_channel].speech_s
    if agent_s < rubric.min_agent_speech_s:
        text = f"too little agent speech: {agent_s:.1f} s"
        yield Reason(text, round(agent_s, 2), rubric.min_agent_speech_s)


def _sound_cautions(heard: HeardCall, rubric: Rubric) -> Iterator[Reason]:
    if heard.facts.cut_short_s is not None:
        text = f"the recording breaks off {heard.facts.cut_short_s:.1f} s early"
        yield Reason(text, round(heard.facts.cut_short_s, 2), 0.0)
    if heard.facts.lost_s > 0:
        text = f"{heard.facts.lost_s:.1f} s of the recording could not be decoded"
        yield Reason(text, round(heard.facts.lost_s, 2), 0.0)
    for name, channel in zip(CHANNEL_NAMES, heard.sound.channels, strict=False):
        if channel.clipped_share > rubric.caution_clipped_share:
            text = f"clipped: {channel.clipped_share:.1%} of the speech on the {name} channel"
            yield Reason(text, channel.clipped_share, rubric.caution_clipped_share)
    crosstalk_db = heard.sound.crosstalk_db
    if crosstalk_db is not None and crosstalk_db > rubric.caution_crosstalk_db:
        text = f"cross-talk: one side is heard on the other's channel at {crosstalk_db:.0f} dB"
        yield Reason(text, crosstalk_db, rubric.caution_crosstalk_db)


def _word_cautions(heard: HeardCall, roles: Roles, rubric: Rubric) -> Iterator[Reason]:
    words = [w for turn in heard.turns for sentence in turn.sentences for w in sentence.words]
    confidence = round(fmean(w.confidence for w in words), 3) if words else 0.0
    if confidence < rubric.caution_word_confidence:
        text = f"many words are uncertain (mean confidence {confidence:.2f})"
        yield Reason(text, confidence, rubric.caution_word_confidence)
    held_s = round(total_s(held.span for held in heard.held_back), 2)
    if held_s:
        yield Reason(f"{held_s:.1f} s of speech whose words are not trusted", held_s, 0.0)
    if roles.confidence < rubric.caution_role_confidence:
        text = (
            f"the {CHANNEL_NAMES[roles.agent_channel]} channel is taken for the agent's: "
            f"{roles.source} (confidence {roles.confidence:.2f})"
        )
        yield Reason(text, roles.confidence, rubric.caution_role_confidence)

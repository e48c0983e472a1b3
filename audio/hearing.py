"""From a recording file to all that can be heard in it: the whole of ``audio`` in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from calltone.audio import prosody
from calltone.audio.recording import Recording, RecordingFacts, open_recording
from calltone.audio.sentences import sentences
from calltone.audio.spans import Span
from calltone.audio.survey import Sound, Survey, survey
from calltone.audio.transcribe import Engine, Transcriber, transcribe
from calltone.audio.turns import HeldBack, Sentence, Turn, Word


@dataclass(frozen=True, slots=True)
class HeardCall:
    """What is in the sound of a call, and nothing of what it means.

    Attributes:
        facts: The file.
        sound: Checks of the sound by channel.
        engine: The recogniser that made the words.
        language: Whisper's code of the language, e.g. "en".
        language_confidence: 0 to 1; 1 where the language was given.
        turns: All turns of all channels, in the order of their beginnings.
        held_back: Recognised text that is not trusted.
    """

    facts: RecordingFacts
    sound: Sound
    engine: Engine
    language: str
    language_confidence: float
    turns: tuple[Turn, ...]
    held_back: tuple[HeldBack, ...]


def hear(path: str | Path, transcriber: Transcriber, language: str | None = None) -> HeardCall:
    """Hear a recording.

    Args:
        path: Any sound file with one or two channels.
        transcriber: The recogniser, used for as many calls as one likes.
        language: Whisper's code; None lets the recogniser find out.

    Raises:
        RecordingError: the file cannot be read as a call recording.
    """
    with open_recording(path) as recording:
        surveyed = survey(recording)
        transcript = transcribe(recording, surveyed.turns, transcriber, language)
        turns = [
            turn
            for channel, spans in enumerate(surveyed.turns)
            for turn in _turns(recording, surveyed, channel, spans, transcript.words[channel])
        ]
        return HeardCall(
            recording.facts,
            surveyed.sound,
            transcriber.engine,
            transcript.language,
            transcript.language_confidence,
            tuple(sorted(turns, key=lambda turn: (turn.start_s, turn.channel))),
            transcript.held_back,
        )


def _turns(
    recording: Recording,
    surveyed: Survey,
    channel: int,
    spans: Sequence[Span],
    words: Sequence[Sequence[Word]],
) -> list[Turn]:
    floor_db = surveyed.sound.channels[channel].floor_db
    tracks = [
        prosody.follow(recording.read(channel, span, prosody.RATE_HZ), span.start_s, floor_db)
        for span in spans
    ]
    limits = prosody.pitch_limits(tracks)
    return [
        Turn(
            channel,
            span.start_s,
            span.end_s,
            prosody.measure(track, limits),
            tuple(_sentence(found, track, limits) for found in sentences(of_turn)),
        )
        for span, track, of_turn in zip(spans, tracks, words, strict=True)
    ]


def _sentence(words: Sequence[Word], track: prosody.Track, limits: prosody.PitchLimits) -> Sentence:
    span = Span(words[0].start_s, words[-1].end_s)
    return Sentence(
        " ".join(word.text for word in words),
        span.start_s,
        span.end_s,
        tuple(words),
        prosody.measure(track.cut(span), limits),
    )

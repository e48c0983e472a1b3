"""Who says what, when and how: the nouns that every later stage works on."""

from __future__ import annotations

from dataclasses import dataclass

from calltone.audio.spans import Span


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a stretch of speech is spoken. A value is None where too little speech supports it.

    Attributes:
        speech_s: Seconds of speech (pauses left out) that the values rest on.
        voiced_s: Seconds of it with a reliable pitch.
        pitch_median_st: Median pitch, in semitones above 100 Hz.
        pitch_range_st: 10th to 90th percentile of the pitch, in semitones.
        level_db: Median level of the speech, in dB re full scale. Comparable within a call only.
        balance_db: Energy from 1 to 3.4 kHz against 0.1 to 1 kHz in voiced sound, in dB.
        rate_syll_per_s: Articulation rate: syllable nuclei per second of speech.
        pause_share: Share of the stretch that is silent, 0 to 1.
    """

    speech_s: float
    voiced_s: float
    pitch_median_st: float | None
    pitch_range_st: float | None
    level_db: float | None
    balance_db: float | None
    rate_syll_per_s: float | None
    pause_share: float | None


@dataclass(frozen=True, slots=True)
class Word:
    """A word as recognised, in call time, with the recogniser's confidence (0 to 1)."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a turn. Its times come from its words, so they are as good as Whisper's."""

    text: str
    start_s: float
    end_s: float
    words: tuple[Word, ...]
    delivery: Delivery

    @property
    def span(self) -> Span:
        """The time from the first word to the last."""
        return Span(self.start_s, self.end_s)


@dataclass(frozen=True, slots=True)
class Turn:
    """Uninterrupted speech of one channel. Its times come from the sound, never from the words."""

    channel: int
    start_s: float
    end_s: float
    delivery: Delivery
    sentences: tuple[Sentence, ...] = ()

    @property
    def span(self) -> Span:
        """The time of the turn."""
        return Span(self.start_s, self.end_s)

    @property
    def text(self) -> str:
        """Everything that was recognised in the turn."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Recognised text that is not trusted, hence never scored, with the reason."""

    channel: int
    start_s: float
    end_s: float
    text: str
    reason: str

    @property
    def span(self) -> Span:
        """The time of the window that the text was heard in."""
        return Span(self.start_s, self.end_s)

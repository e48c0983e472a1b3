"""Turns packed into windows and words put back into call time; the recogniser has a script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sounds import noise, write_wav

from calltone.audio.engines import check_device, check_language
from calltone.audio.errors import SettingsError, WeightsError
from calltone.audio.openai_whisper import OpenAIWhisper
from calltone.audio.recording import Recording, open_recording
from calltone.audio.spans import Span
from calltone.audio.transcribe import (
    PAD_S,
    WHISPER_RATE_HZ,
    WINDOW_S,
    Engine,
    Transcript,
    WindowText,
    pack,
    transcribe,
)
from calltone.audio.turns import Word
from calltone.audio.weights import Weights

CALL = Span(0.0, 600.0)


class Script:
    """Says in each window what the script says; remembers the windows it was given."""

    def __init__(self, *texts: WindowText) -> None:
        self._texts = list(texts)
        self.windows: list[NDArray[np.float32]] = []
        self.asked_languages: list[str] = []

    @property
    def engine(self) -> Engine:
        return Engine("script", "1", "none", "0" * 64, "cpu")

    @property
    def batch(self) -> int:
        return 4

    def detect_language(self, windows: Sequence[NDArray[np.float32]]) -> tuple[str, float]:
        return "it", 0.75

    def transcribe(self, windows: Sequence[NDArray[np.float32]], language: str) -> list[WindowText]:
        self.windows += windows
        self.asked_languages.append(language)
        return [self._texts.pop(0) for _ in windows]


def text(
    *words: Word, no_speech: float = 0.0, log_probability: float = -0.2, compression: float = 1.0
) -> WindowText:
    return WindowText(words, no_speech, log_probability, compression)


def word(said: str, start_s: float, end_s: float) -> Word:
    return Word(said, start_s, end_s, 0.9)


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    path = write_wav(tmp_path / "call.wav", np.stack([noise(60.0), noise(60.0)]), 8000)
    with open_recording(path) as opened:
        yield opened


def heard(recording: Recording, script: Script, *turns: list[Span]) -> Transcript:
    return transcribe(recording, turns, script, "en")


def turn_lists() -> st.SearchStrategy[list[Span]]:
    """Turns in order, up to 28 s each, with pauses of 0 to 20 s between them."""
    lengths = st.tuples(st.floats(0.0, 20.0), st.floats(0.1, 28.0))

    def laid_out(pairs: list[tuple[float, float]]) -> list[Span]:
        spans, at_s = [], 0.0
        for pause_s, length_s in pairs:
            spans.append(Span(at_s + pause_s, at_s + pause_s + length_s))
            at_s = spans[-1].end_s
        return spans

    return st.lists(lengths, max_size=20).map(laid_out)


@given(turn_lists())
def test_windows_hold_every_turn_once_in_order_within_30_s(turns: list[Span]) -> None:
    call = Span(0.0, turns[-1].end_s + 1 if turns else 1.0)
    windows = pack(0, turns, call)
    pieces = [piece for window in windows for piece in window.pieces]
    assert [piece.turn for piece in pieces] == turns
    assert all(window.duration_s <= WINDOW_S + 1e-9 for window in windows)
    for before, after in pairwise(pieces):
        assert before.source.end_s <= after.source.start_s + 1e-9
    for piece in pieces:
        assert piece.source.start_s <= piece.turn.start_s
        assert piece.turn.end_s <= piece.source.end_s


def test_pauses_between_turns_are_shortened_to_the_padding() -> None:
    (window,) = pack(0, [Span(1, 2), Span(12, 13)], CALL)
    assert window.duration_s == pytest.approx(2 + 4 * PAD_S)


def test_the_padding_never_reaches_past_the_middle_of_a_pause() -> None:
    (window,) = pack(0, [Span(1, 2), Span(2.2, 3)], CALL)
    assert [piece.source.end_s for piece in window.pieces] == pytest.approx([2.1, 3 + PAD_S])


def test_words_come_back_at_the_time_of_their_turn(recording: Recording) -> None:
    # The second turn lies at 1.6 s of the window, of which 0.3 s are padding.
    script = Script(text(word("Hello.", 0.5, 1.0), word("Yes.", 2.1, 2.5)))
    transcript = heard(recording, script, [Span(5, 6), Span(40, 41)], [])
    hello, yes = (turn[0] for turn in transcript.words[0])
    assert (hello.start_s, hello.end_s) == pytest.approx((5.2, 5.7))
    assert (yes.start_s, yes.end_s) == pytest.approx((40.2, 40.6))


def test_a_word_that_is_timed_into_the_padding_is_kept_inside_its_turn(
    recording: Recording,
) -> None:
    script = Script(text(word("Hello.", 0.0, 1.6)))
    transcript = heard(recording, script, [Span(5, 6)], [])
    assert transcript.words[0][0] == (word("Hello.", 5.0, 6.0),)


def test_each_turn_has_its_own_words_and_a_silent_one_has_none(recording: Recording) -> None:
    script = Script(text(word("One.", 0.5, 0.8), word("two.", 0.9, 1.2)))
    transcript = heard(recording, script, [Span(5, 6), Span(8, 8.4)], [])
    assert [len(turn) for turn in transcript.words[0]] == [2, 0]
    assert transcript.words[1] == ()


def test_the_recogniser_gets_16_khz_of_the_turns_own_channel(tmp_path: Path) -> None:
    loud, quiet = noise(20.0, level=0.5), noise(20.0, level=0.01)
    path = write_wav(tmp_path / "call.wav", np.stack([loud, quiet]), 8000)
    script = Script(text(), text())
    with open_recording(path) as opened:
        heard(opened, script, [Span(2, 4)], [Span(2, 4)])
    assert [len(window) / WHISPER_RATE_HZ for window in script.windows] == pytest.approx([2.6, 2.6])
    levels = [float(np.std(window)) for window in script.windows]
    assert levels[0] > 10 * levels[1]


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        (text(word("The the the", 0.5, 1.0), compression=3.1), "repeats itself"),
        (text(word("You", 0.5, 1.0), no_speech=0.9, log_probability=-1.5), "no speech"),
        (text(word("Thanks", 0.4, 0.6), word("for watching!", 0.6, 1.0)), "music and noise"),
    ],
    ids=["loop", "no speech", "stock phrase"],
)
def test_text_that_is_not_trusted_is_held_back_and_told(
    recording: Recording, spoilt: WindowText, reason: str
) -> None:
    transcript = heard(recording, Script(spoilt), [Span(5, 6)], [])
    assert transcript.words[0] == ((),)
    (held,) = transcript.held_back
    assert held.text == spoilt.text
    assert reason in held.reason
    assert (held.start_s, held.end_s) == pytest.approx((5 - PAD_S, 6 + PAD_S))


@pytest.mark.parametrize(
    "fine",
    [
        text(word("Yes.", 0.5, 0.8), no_speech=0.9, log_probability=-0.4),
        text(word("Yes.", 0.5, 0.8), no_speech=0.1, log_probability=-1.5),
        text(word("Thanks for waiting.", 0.5, 0.8)),
    ],
    ids=["sure of the words", "sure of the speech", "no stock phrase"],
)
def test_text_that_only_one_sign_speaks_against_is_kept(
    recording: Recording, fine: WindowText
) -> None:
    transcript = heard(recording, Script(fine), [Span(5, 6)], [])
    assert transcript.words[0][0] != ()
    assert transcript.held_back == ()


def test_a_window_that_loops_is_heard_again_in_halves(recording: Recording) -> None:
    loop = text(word("no no no no", 0.5, 1.0), compression=5.0)
    script = Script(loop, text(word("First.", 0.5, 0.8)), text(word("Second.", 0.5, 0.8)))
    transcript = heard(recording, script, [Span(5, 6), Span(20, 21)], [])
    assert [turn[0].text for turn in transcript.words[0]] == ["First.", "Second."]
    assert transcript.held_back == ()


def test_the_language_is_found_out_unless_it_is_given(recording: Recording) -> None:
    script = Script(text(), text())
    found = transcribe(recording, [[Span(5, 6)], []], script)
    given_language = transcribe(recording, [[Span(5, 6)], []], script, "de")
    assert (found.language, found.language_confidence) == ("it", 0.75)
    assert (given_language.language, given_language.language_confidence) == ("de", 1.0)
    assert script.asked_languages == ["it", "de"]


def test_nothing_to_hear_asks_nobody(recording: Recording) -> None:
    script = Script()
    assert heard(recording, script, [], []).words == ((), ())
    assert script.windows == []


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(SettingsError, match="unknown language 'xx': expected one of Whisper's"):
        check_language("xx")


def test_a_device_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(SettingsError, match=r"no CUDA device.*--device cpu"):
        check_device("cuda")


@pytest.mark.parametrize("content", [b"", b"not weights", bytes(5000)])
def test_a_file_without_weights_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.pt"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"model\.pt' holds no Whisper weights"):
        OpenAIWhisper(Weights("model", path, "0" * 64))

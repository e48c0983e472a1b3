"""Decoding and alignment against whisper's own, with real weights on the fixture calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
import whisper
from conftest import FIXTURES
from whisper.timing import find_alignment
from whisper.tokenizer import get_tokenizer

from calltone.audio.alignment import align
from calltone.audio.greedy import Decoded, decode
from calltone.audio.recording import open_recording
from calltone.audio.spans import Span
from calltone.audio.weights import find_weights

pytestmark = pytest.mark.whisper

# How much of each call's first channel is heard, seconds.
CALLS = {
    "late-gift-hurried": 12.0,
    "double-charge-customer-calms": 9.0,
    "customer-left-agent-right": 5.0,
}
RATE_HZ = 16_000


@dataclass(frozen=True)
class Heard:
    """The fixture windows, encoded, and what whisper itself decodes from them."""

    model: Any
    features: torch.Tensor
    tokenizer: Any
    expected: list[Any]


@pytest.fixture(scope="module")
def heard() -> Heard:
    weights = find_weights()
    model = whisper.load_model(str(weights.path), device="cpu")
    model.set_alignment_heads(whisper._ALIGNMENT_HEADS[weights.model])
    # The lengths differ, so that windows end at different steps; the last holds silence.
    windows = [beginning(name, seconds) for name, seconds in CALLS.items()]
    windows.append(np.zeros(RATE_HZ, np.float32))
    mels = [whisper.log_mel_spectrogram(whisper.pad_or_trim(window)) for window in windows]
    with torch.no_grad():
        features = model.encoder(torch.stack(mels))
    tokenizer = get_tokenizer(
        True, num_languages=model.num_languages, language="en", task="transcribe"
    )
    return Heard(model, features, tokenizer, by_whisper(model, features))


def beginning(name: str, seconds: float) -> Any:
    recording = open_recording(FIXTURES / "calls" / f"{name}.wav")
    return recording.read(0, Span(0.0, seconds), RATE_HZ)


def by_whisper(model: Any, features: torch.Tensor, prompt: list[int] | None = None) -> list[Any]:
    options = whisper.DecodingOptions(
        language="en", temperature=0.0, without_timestamps=True, fp16=False, prompt=prompt
    )
    found: list[Any] = whisper.decode(model, features, options)
    return found


def assert_same(found: list[Decoded], expected: list[Any]) -> None:
    assert [list(one.tokens) for one in found] == [one.tokens for one in expected]
    for one, other in zip(found, expected, strict=True):
        # Attention to the sound in bfloat16 moves single tokens; the mean of many moves less.
        allowed = 1e-3 if len(one.tokens) > 3 else 5e-3
        assert one.log_probability == pytest.approx(other.avg_logprob, abs=allowed)
        assert one.no_speech_probability == pytest.approx(other.no_speech_prob, abs=5e-3)


def test_decodes_what_whisper_decodes(heard: Heard) -> None:
    found = decode(heard.model, heard.features, heard.tokenizer)
    assert_same(found, heard.expected)
    assert min(len(one.tokens) for one in found[:3]) > 3


def test_a_window_alone_says_what_it_says_in_a_batch(heard: Heard) -> None:
    together = decode(heard.model, heard.features, heard.tokenizer)
    for index in (1, 2):
        one = together[index]
        (alone,) = decode(heard.model, heard.features[index : index + 1], heard.tokenizer)
        assert alone.tokens == one.tokens
        assert alone.log_probability == pytest.approx(one.log_probability, abs=1e-3)


@pytest.mark.parametrize("orders", [1, 60])
def test_a_prompt_is_taken_as_whisper_takes_it(heard: Heard, orders: int) -> None:
    said = "".join(f" Order {number} has been sent." for number in range(orders))
    prompt = heard.tokenizer.encode(said)
    features = heard.features[2:3]
    found = decode(heard.model, features, heard.tokenizer, prompt)
    assert_same(found, by_whisper(heard.model, features, prompt))


def test_only_the_end_of_a_long_prompt_counts(heard: Heard) -> None:
    prompt = heard.tokenizer.encode(" Your gift is on its way." * 40)
    features = heard.features[2:3]
    limit = heard.model.dims.n_text_ctx // 2 - 1
    assert len(prompt) > limit
    shortened = decode(heard.model, features, heard.tokenizer, prompt[-limit:])
    assert decode(heard.model, features, heard.tokenizer, prompt) == shortened


def test_a_window_of_zeros_does_not_stop_the_others(heard: Heard) -> None:
    features = heard.features.clone()
    features[0] = 0
    found = decode(heard.model, features, heard.tokenizer)
    assert [list(one.tokens) for one in found[1:]] == [one.tokens for one in heard.expected[1:]]
    assert np.isfinite(found[0].log_probability)


def test_words_are_timed_as_whisper_times_them(heard: Heard) -> None:
    texts = [one.tokens for one in heard.expected]
    frames = [1200, 900, 500, 100]
    found = align(heard.model, heard.tokenizer, texts, heard.features, frames)
    for timings, text, features, length in zip(found, texts, heard.features, frames, strict=True):
        expected = find_alignment(
            WithoutEncoder(heard.model), heard.tokenizer, text, features, length
        )
        assert [one.word for one in timings] == [one.word for one in expected]
        for one, other in zip(timings, expected, strict=True):
            # One position of the sound is 20 ms.
            assert one.start == pytest.approx(other.start, abs=0.0201)
            assert one.end == pytest.approx(other.end, abs=0.0201)
            assert one.probability == pytest.approx(other.probability, abs=1e-3)


def test_no_words_have_no_times(heard: Heard) -> None:
    assert align(heard.model, heard.tokenizer, [[], []], heard.features[:2], [100, 100]) == [[], []]


def test_the_model_stays_as_it_is(heard: Heard) -> None:
    before = {name: value.clone() for name, value in heard.model.state_dict().items()}
    found = decode(heard.model, heard.features[:1], heard.tokenizer)
    align(heard.model, heard.tokenizer, [found[0].tokens], heard.features[:1], [1200])
    after = heard.model.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert not any(module._forward_hooks for module in heard.model.modules())


class WithoutEncoder:
    """The model as ``find_alignment`` calls it, given encoder output instead of a mel."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def __call__(self, features: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self._model.decoder(tokens, features)
        return logits

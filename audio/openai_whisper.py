"""openai-whisper as a recogniser of windows."""

from __future__ import annotations

from collections.abc import Sequence
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import numpy as np

from calltone.audio.errors import WeightsError
from calltone.audio.transcribe import (
    WHISPER_RATE_HZ,
    Engine,
    WindowText,
    as_prompt,
    likeliest_language,
    timed_words,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from calltone.audio.weights import Weights


# Each step of the decoder reads all of its weights, which the windows of a batch share. Eight at a
# time are 7 % faster than four, and take 0.45 GB more.
BATCH = 4
MEL_FRAMES_PER_S = 100


def engine_of(weights: Weights, device: str, vocabulary: tuple[str, ...] = ()) -> Engine:
    """Return what recognises with these weights, without loading them."""
    import whisper

    return Engine(
        "openai-whisper",
        whisper.__version__,
        weights.model,
        weights.sha256,
        device,
        _precision(device),
        vocabulary,
    )


def _precision(device: str) -> str:
    from calltone.audio.greedy import multiplies_bfloat16

    if device.startswith("cuda"):
        return "float16"
    return "bfloat16" if multiplies_bfloat16(device) else "float32"


class OpenAIWhisper:
    """openai-whisper behind the ``Transcriber`` protocol: greedy, batched, deterministic."""

    def __init__(
        self, weights: Weights, device: str = "cpu", vocabulary: tuple[str, ...] = ()
    ) -> None:
        import whisper

        self._model: Any = _loaded(weights, device)
        heads = whisper._ALIGNMENT_HEADS.get(weights.model)
        if heads is not None:
            # A model loaded from a path does not know them; word times are poor without.
            self._model.set_alignment_heads(heads)
        self._engine = engine_of(weights, device, vocabulary)

    @property
    def engine(self) -> Engine:
        """What it is, for the fingerprint."""
        return self._engine

    @property
    def batch(self) -> int:
        """See ``Transcriber``."""
        return BATCH

    def detect_language(self, windows: Sequence[NDArray[np.float32]]) -> tuple[str, float]:
        """See ``Transcriber``."""
        if not self._model.is_multilingual:
            return "en", 1.0
        _, per_window = self._model.detect_language(self._encode(windows))
        return likeliest_language(per_window)

    def transcribe(self, windows: Sequence[NDArray[np.float32]], language: str) -> list[WindowText]:
        """See ``Transcriber``."""
        from whisper.utils import compression_ratio

        from calltone.audio.alignment import align
        from calltone.audio.greedy import decode

        tokenizer = self._tokenizer(language)
        features = self._encode(windows)
        prompt = tokenizer.encode(as_prompt(self._engine.vocabulary))
        decoded = decode(self._model, features, tokenizer, prompt)
        texts = [[t for t in heard.tokens if t < tokenizer.eot] for heard in decoded]
        frames = [int(len(w) / WHISPER_RATE_HZ * MEL_FRAMES_PER_S) for w in windows]
        timings = align(self._model, tokenizer, texts, features, frames)
        return [
            WindowText(
                timed_words(words),
                heard.no_speech_probability,
                heard.log_probability,
                compression_ratio(tokenizer.decode(text).strip() or " "),
            )
            for heard, text, words in zip(decoded, texts, timings, strict=True)
        ]

    def _tokenizer(self, language: str) -> Any:
        from whisper.tokenizer import get_tokenizer

        return get_tokenizer(
            self._model.is_multilingual,
            num_languages=self._model.num_languages,
            language=language,
            task="transcribe",
        )

    def _encode(self, windows: Sequence[NDArray[np.float32]]) -> Any:
        """Return the encoder's output, shape (windows, 1500, width).

        In bfloat16 where the processor multiplies it: twice as fast, and of 24 windows one came
        out with one other word in 92.
        """
        import torch
        import whisper

        device = self._model.device
        mels = torch.stack(
            [
                whisper.log_mel_spectrogram(
                    whisper.pad_or_trim(samples), self._model.dims.n_mels, device=device
                )
                for samples in windows
            ]
        ).to(self._model.encoder.conv1.weight.dtype)
        rough = self._engine.precision == "bfloat16"
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=rough):
            return self._model.encoder(mels)


def _loaded(weights: Weights, device: str) -> Any:
    import whisper

    try:
        model = whisper.load_model(str(weights.path), device=device)
    except (RuntimeError, EOFError, KeyError, TypeError, UnpicklingError) as error:
        raise WeightsError(
            f"'{weights.path}' holds no Whisper weights ({type(error).__name__}): "
            "expected an openai-whisper .pt file; get it again"
        ) from error
    return model.half() if model.device.type == "cuda" else model

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
    timed_words,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from calltone.audio.turns import Word
    from calltone.audio.weights import Weights


# Each step of the decoder reads all of its weights: eight windows share that.
BATCH = 8


def engine_of(weights: Weights, device: str, vocabulary: tuple[str, ...] = ()) -> Engine:
    """Return what recognises with these weights, without loading them."""
    import whisper

    return Engine(
        "openai-whisper", whisper.__version__, weights.model, weights.sha256, device, vocabulary
    )


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
        """See ``Transcriber``. Windows count by their probability, averaged."""
        if not self._model.is_multilingual:
            return "en", 1.0
        _, per_window = self._model.detect_language(self._encode(windows))
        mean = {code: np.mean([p[code] for p in per_window]) for code in per_window[0]}
        best = max(mean, key=lambda code: mean[code])
        return best, round(float(mean[best]), 3)

    def transcribe(self, windows: Sequence[NDArray[np.float32]], language: str) -> list[WindowText]:
        """See ``Transcriber``."""
        import whisper

        features = self._encode(windows)
        options = whisper.DecodingOptions(
            language=language,
            temperature=0.0,
            without_timestamps=True,
            prompt=as_prompt(self._engine.vocabulary) or None,
            fp16=self._model.device.type == "cuda",
        )
        results = whisper.decode(self._model, features, options)
        return [
            WindowText(
                self._words(result, encoded, len(samples) / WHISPER_RATE_HZ),
                result.no_speech_prob,
                result.avg_logprob,
                result.compression_ratio,
            )
            for result, encoded, samples in zip(results, features, windows, strict=True)
        ]

    def _encode(self, windows: Sequence[NDArray[np.float32]]) -> Any:
        """Return the encoder's output, shape (windows, 1500, width)."""
        import torch
        import whisper

        mels = [
            whisper.log_mel_spectrogram(
                whisper.pad_or_trim(samples), self._model.dims.n_mels, device=self._model.device
            )
            for samples in windows
        ]
        with torch.no_grad():
            return self._model.encoder(torch.stack(mels))

    def _words(self, result: Any, encoded: Any, duration_s: float) -> tuple[Word, ...]:
        """Time the words by whisper's own cross-attention alignment, encoder not run again."""
        from whisper.timing import find_alignment
        from whisper.tokenizer import get_tokenizer

        tokenizer = get_tokenizer(
            self._model.is_multilingual,
            num_languages=self._model.num_languages,
            language=result.language,
            task="transcribe",
        )
        tokens = [token for token in result.tokens if token < tokenizer.eot]
        frames = int(duration_s * 100)  # Whisper's mel frames are 10 ms
        return timed_words(
            find_alignment(_Encoded(self._model), tokenizer, tokens, encoded, frames)
        )


def _loaded(weights: Weights, device: str) -> Any:
    import whisper

    try:
        return whisper.load_model(str(weights.path), device=device)
    except (RuntimeError, EOFError, KeyError, TypeError, UnpicklingError) as error:
        raise WeightsError(
            f"'{weights.path}' holds no Whisper weights ({type(error).__name__}): "
            "expected an openai-whisper .pt file; get it again"
        ) from error


class _Encoded:
    """Stands in for the model in ``find_alignment``: takes encoder output where it gives a mel."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def __call__(self, features: Any, tokens: Any) -> Any:
        return self._model.decoder(tokens, features)

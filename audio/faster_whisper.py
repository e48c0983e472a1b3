"""faster-whisper as a recogniser of windows: Whisper in CTranslate2."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from calltone.audio.errors import WeightsError
from calltone.audio.transcribe import (
    WHISPER_RATE_HZ,
    WINDOW_S,
    Engine,
    WindowText,
    as_prompt,
    likeliest_language,
    timed_words,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from calltone.audio.weights import Weights

# 8-bit integers on a CPU, 16-bit floats on a GPU: the fastest of CTranslate2 on either.
COMPUTE_TYPES = {"cpu": "int8", "cuda": "float16"}
# Each window of a batch takes 110 MB; two take a quarter longer a window than four, eight no less.
BATCH = 4
MEL_FRAMES = 3_000  # of a window
MEL_FRAMES_PER_S = 100


def engine_of(weights: Weights, device: str, vocabulary: tuple[str, ...] = ()) -> Engine:
    """Return what recognises with these weights, without loading them."""
    from faster_whisper import __version__

    return Engine(
        "faster-whisper",
        __version__,
        weights.model,
        weights.sha256,
        device,
        COMPUTE_TYPES[device],
        vocabulary,
    )


class FasterWhisper:
    """faster-whisper behind the ``Transcriber`` protocol: greedy, batched, deterministic.

    Its own ``transcribe`` seeks through a recording and smears words over the pauses; here its
    model gets the packed windows, many at a time.
    """

    def __init__(
        self,
        weights: Weights,
        device: str = "cpu",
        vocabulary: tuple[str, ...] = (),
        threads: int = 0,
    ) -> None:
        from faster_whisper import WhisperModel

        try:
            self._model: Any = WhisperModel(
                str(weights.path),
                device=device,
                compute_type=COMPUTE_TYPES[device],
                cpu_threads=threads,
            )
        except (RuntimeError, ValueError) as error:
            raise WeightsError(
                f"'{weights.path}' holds no CTranslate2 Whisper model ({type(error).__name__}): "
                "expected a folder with model.bin, config.json and tokenizer.json"
            ) from error
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
        if not self._model.model.is_multilingual:
            return "en", 1.0
        per_window = [
            {mark[2:-2]: probability for mark, probability in found}
            for found in self._model.model.detect_language(self._encode(windows))
        ]
        return likeliest_language(per_window)

    def transcribe(self, windows: Sequence[NDArray[np.float32]], language: str) -> list[WindowText]:
        """See ``Transcriber``."""
        from faster_whisper.transcribe import get_suppressed_tokens

        tokenizer = self._tokenizer(language)
        encoded = self._encode(windows)
        results = self._model.model.generate(
            encoded,
            [self._prompt(tokenizer)] * len(windows),
            beam_size=1,
            max_length=self._model.max_length,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
            return_scores=True,
            return_no_speech_prob=True,
        )
        tokens = [[t for t in r.sequences_ids[0] if t < tokenizer.eot] for r in results]
        words = self._words(tokenizer, encoded, tokens, windows)
        return [
            WindowText(
                said,
                result.no_speech_prob,
                # CTranslate2's score is the mean over the tokens; Whisper's counts the end as one.
                result.scores[0] * len(of_window) / (len(of_window) + 1),
                _compression_ratio(tokenizer.decode(of_window)),
            )
            for said, result, of_window in zip(words, results, tokens, strict=True)
        ]

    def _prompt(self, tokenizer: Any) -> list[int]:
        before = tokenizer.encode(as_prompt(self._engine.vocabulary))
        prompt: list[int] = self._model.get_prompt(tokenizer, before, without_timestamps=True)
        return prompt

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        multilingual = self._model.model.is_multilingual
        return Tokenizer(self._model.hf_tokenizer, multilingual, "transcribe", language)

    def _encode(self, windows: Sequence[NDArray[np.float32]]) -> Any:
        length = round(WINDOW_S * WHISPER_RATE_HZ)
        mels = [
            self._model.feature_extractor(np.pad(w[:length], (0, length - len(w[:length]))))
            for w in windows
        ]
        return self._model.encode(np.stack([mel[:, :MEL_FRAMES] for mel in mels]))

    def _words(
        self,
        tokenizer: Any,
        encoded: Any,
        tokens: Sequence[list[int]],
        windows: Sequence[NDArray[np.float32]],
    ) -> list[tuple[Any, ...]]:
        """Time the words by cross-attention, all windows at once."""
        from whisper.timing import WordTiming

        frames = [int(len(w) / WHISPER_RATE_HZ * MEL_FRAMES_PER_S) for w in windows]
        found = self._model.find_alignment(tokenizer, list(tokens), encoded, frames)
        return [timed_words([WordTiming(**timing) for timing in of_window]) for of_window in found]


def _compression_ratio(text: str) -> float:
    """Return how much a text repeats itself; openai-whisper's measure."""
    content = text.encode()
    return len(content) / len(zlib.compress(content)) if content else 0.0

"""Which recogniser hears a call: openai-whisper, or faster-whisper where it is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from calltone.audio.errors import SettingsError
from calltone.audio.transcribe import MAX_PROMPT_TOKENS, Engine, Transcriber, as_prompt
from calltone.audio.weights import DEFAULT_MODEL, Weights, find_converted_weights, find_weights

EngineName = Literal["auto", "openai-whisper", "faster-whisper"]
FAST_REMEDY = "pip install 'calltone[fast]'"


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that it takes to load a recogniser, here or in another process."""

    name: EngineName
    weights: Weights
    device: str
    vocabulary: tuple[str, ...] = ()

    @property
    def engine(self) -> Engine:
        """What it will be, for the fingerprint; nothing is loaded for it."""
        if self.name == "faster-whisper":
            from calltone.audio import faster_whisper

            return faster_whisper.engine_of(self.weights, self.device, self.vocabulary)
        from calltone.audio import openai_whisper

        return openai_whisper.engine_of(self.weights, self.device, self.vocabulary)

    def load(self, threads: int = 0) -> Transcriber:
        """Load it.

        Args:
            threads: Processor threads to use; 0 leaves it to the engine.

        Raises:
            WeightsError: the weights are not what they should be.
        """
        if self.name == "faster-whisper":
            from calltone.audio.faster_whisper import FasterWhisper

            return FasterWhisper(self.weights, self.device, self.vocabulary, threads)
        from calltone.audio.openai_whisper import OpenAIWhisper

        return OpenAIWhisper(self.weights, self.device, self.vocabulary)


def choose(
    engine: EngineName = "auto",
    model: str = DEFAULT_MODEL,
    device: str = "cpu",
    vocabulary: Sequence[str] = (),
) -> Recipe:
    """Choose a recogniser and find its weights.

    Args:
        engine: "auto" takes faster-whisper where it is installed.
        model: A name that Whisper knows, the path of an openai-whisper ``.pt`` file, or that of a
            folder with a CTranslate2 model.
        device: "cpu" or "cuda".
        vocabulary: Names and terms to expect; see ``read_vocabulary``.

    Raises:
        SettingsError: the engine or the device is not there.
        WeightsError: the model's weights are not found.
    """
    check_device(device)
    name = _named(engine, model)
    find = find_converted_weights if name == "faster-whisper" else find_weights
    return Recipe(name, find(model), device, tuple(vocabulary))


def load_transcriber(
    engine: EngineName = "auto", model: str = DEFAULT_MODEL, device: str = "cpu"
) -> Transcriber:
    """Choose a recogniser and load it; see ``choose``."""
    return choose(engine, model, device).load()


def read_vocabulary(path: Path) -> tuple[str, ...]:
    """Read names and terms that the calls of a house are full of, one a line; "#" is a comment.

    Whisper takes them as words that came before each window, at most 223 tokens.

    Raises:
        SettingsError: the file cannot be read, or holds more than Whisper takes.
    """
    from whisper.tokenizer import get_tokenizer

    try:
        lines = [line.strip() for line in path.read_text("utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8 text"
        raise SettingsError(
            f"cannot read the vocabulary '{path}' ({why}): expected a text file, one term a line"
        ) from None
    terms = tuple(line for line in lines if line and not line.startswith("#"))
    tokens = len(get_tokenizer(multilingual=True).encode(as_prompt(terms)))
    if tokens > MAX_PROMPT_TOKENS:
        raise SettingsError(
            f"the vocabulary '{path.name}' is too long: {len(terms)} terms of {tokens} tokens, "
            f"expected at most {MAX_PROMPT_TOKENS}; keep the terms that are misheard most"
        )
    return terms


def check_language(code: str | None) -> None:
    """Refuse a language that Whisper has no code for; None is fine.

    Raises:
        SettingsError: the code is unknown.
    """
    from whisper.tokenizer import LANGUAGES

    if code is not None and code not in LANGUAGES:
        raise SettingsError(
            f"unknown language '{code}': expected one of Whisper's codes, like en, de, es, hi or it"
        )


def check_device(device: str) -> None:
    """Refuse a device that this machine does not have.

    Raises:
        SettingsError: there is no such device.
    """
    import torch

    if device.startswith("cuda") and not torch.cuda.is_available():
        raise SettingsError(
            "no CUDA device: expected an NVIDIA GPU and a CUDA build of torch; use --device cpu"
        )


def _named(engine: EngineName, model: str) -> EngineName:
    there = find_spec("faster_whisper") is not None
    if engine == "faster-whisper" and not there:
        raise SettingsError(f"the engine faster-whisper is not installed: {FAST_REMEDY}")
    if engine == "auto":
        return "faster-whisper" if there and not model.endswith(".pt") else "openai-whisper"
    return engine

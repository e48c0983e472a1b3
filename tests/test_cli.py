"""The command line: what it prints and which code it ends with. No Whisper runs here."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conversations import agent, customer, dialogue, heard_call, small_talk

from calltone.analysis.run import Failure, Recogniser
from calltone.audio.hearing import HeardCall
from calltone.audio.weights import Weights
from calltone.cli import main

SORRY = "I'm so sorry that your parcel is late. I will send a new one today."


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def text_of(run: Result) -> str:
    return " ".join(run.output.split())


@pytest.fixture(autouse=True)
def no_whisper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the recogniser hear what the file says, so that all but Whisper is real."""

    def hear(
        self: Recogniser, paths: Sequence[Path], language: str | None = None
    ) -> Iterator[HeardCall | Failure]:
        for path in paths:
            said = path.read_text()
            if not said:
                yield Failure(f"{path.name} is empty (0 bytes)")
                continue
            yield heard_call(
                dialogue(
                    [
                        agent("Thank you for calling, how can I help you today?"),
                        customer("My parcel never came and I am really upset."),
                        agent(said),
                        customer("Thank you so much."),
                        *small_talk(),
                    ]
                )
            )

    weights = Weights("base", Path("base.pt"), "0" * 64)
    for find in ("find_weights", "find_converted_weights"):
        monkeypatch.setattr(f"calltone.audio.engines.{find}", lambda model: weights)
    monkeypatch.setattr(Recogniser, "hear", hear)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "recordings"
    path.mkdir()
    (path / "Auto0_GUID_000_AGENT_ChrisL_DT_2025-02-19T06-01-22_Mono.wav").write_text(SORRY)
    (path / "other.mp3").write_text("There is nothing I can do about that.")
    return path


def test_a_folder_is_scored_into_a_table_and_results(folder: Path, tmp_path: Path) -> None:
    run = call("score", folder, "--out", tmp_path / "out")
    assert run.exit_code == 0, run.output
    assert "2 scored" in run.output
    assert "Auto0_GUID_000_AGENT_ChrisL_DT" in run.output
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["calls", "calls.csv"]


def test_metadata_from_the_name_reaches_the_table(folder: Path, tmp_path: Path) -> None:
    pattern = r"AGENT_(?P<agent>[^_]+)_DT_(?P<date>\d{4}-\d\d-\d\d)"
    call("score", folder, "--out", tmp_path / "out", "--name-pattern", pattern)
    header, first, second = (tmp_path / "out" / "calls.csv").read_text().splitlines()
    assert header.endswith(",agent,date")
    assert first.endswith(",ChrisL,2025-02-19")
    assert second.endswith(",,")


def test_metadata_from_a_table_reaches_explain(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "team.csv"
    table.write_text("file,team\nother.mp3,North\n")
    call("score", folder, "--out", tmp_path / "out", "--metadata", table)
    assert "team North" in call("explain", tmp_path / "out" / "calls" / "other.json").output


def test_a_recording_that_cannot_be_read_ends_with_1_after_all_others(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "a-empty.wav").write_text("")
    run = call("score", folder, "--out", tmp_path / "out")
    assert run.exit_code == 1
    assert "2 scored, 1 failed" in run.output
    assert "a-empty.wav is empty (0 bytes)" in text_of(run)


def test_a_second_run_says_what_was_there(folder: Path, tmp_path: Path) -> None:
    (folder / "other.mp3").unlink()
    sha = "0" * 64  # what the script says; the file's own differs, so it is heard again
    call("score", folder, "--out", tmp_path / "out")
    run = call("score", folder, "--out", tmp_path / "out")
    assert run.exit_code == 0
    assert "earlier run" not in run.output
    assert sha in (tmp_path / "out" / "calls.csv").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{tmp}/nowhere"], "nowhere' does not exist: expected a recording or a folder of them"),
        (["{tmp}/empty"], "no recordings in"),
        (["{folder}", "--out", "{tmp}/file/out"], "cannot write to"),
        (["{folder}", "--name-pattern", "("], "the name pattern '(' is not a regular expression"),
        (["{folder}", "--name-pattern", "x"], "the name pattern 'x' names nothing"),
        (["{folder}", "--metadata", "{tmp}/none.csv"], "cannot read the metadata"),
        (["{folder}", "--jobs", "0"], "0 is not in the range x>=1"),
        (["{folder}", "--agent-channel", "top"], "'top' is not one of 'auto', 'left', 'right'"),
        ([], "Missing argument 'PATH...'"),
    ],
)
def test_wrong_usage_is_one_clear_line_and_exit_code_2(
    folder: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    filled = [argument.format(tmp=tmp_path, folder=folder) for argument in arguments]
    if "--out" not in filled:
        filled += ["--out", str(tmp_path / "out")]
    run = call("score", *filled)
    assert run.exit_code == 2
    assert message in text_of(run)
    assert "Traceback" not in run.output


@pytest.mark.parametrize("engine", ["openai-whisper", "faster-whisper"])
def test_an_unknown_model_names_those_that_are_known(
    folder: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.undo()
    run = call("score", folder, "--model", "huge", "--engine", engine)
    assert run.exit_code == 2
    assert "unknown Whisper model 'huge': expected one of tiny.en, tiny, base" in text_of(run)


def test_weights_that_cannot_be_loaded_stop_several_jobs_with_one_message(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"no weights")
    run = call("score", folder, "--model", broken, "--jobs", "2", "--out", tmp_path / "out")
    assert run.exit_code == 2
    assert text_of(run).count("broken.pt' holds no Whisper weights") == 1


def test_an_engine_that_is_not_installed_says_how_to_get_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calltone.audio.engines.find_spec", lambda name: None)
    run = call("score", folder, "--engine", "faster-whisper")
    assert run.exit_code == 2
    assert "faster-whisper is not installed: pip install 'calltone[fast]'" in text_of(run)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot read"), ("{}", "is not a result"), ("hello", "is not a result")],
)
def test_what_is_no_result_cannot_be_explained(
    tmp_path: Path, content: str | None, message: str
) -> None:
    path = tmp_path / "call.json"
    if content is not None:
        path.write_text(content)
    run = call("explain", path)
    assert run.exit_code == 2
    assert message in text_of(run)


def test_a_hostile_file_name_stays_text(folder: Path, tmp_path: Path) -> None:
    (folder / "[red]=1+1[bold].wav").write_text(SORRY)
    run = call("score", folder, "--out", tmp_path / "out")
    assert run.exit_code == 0
    assert "[red]=1+1[bold].wav" in run.output


def test_the_progress_bar_counts_calls_on_a_terminal(folder: Path, tmp_path: Path) -> None:
    # An unreadable recording needs no model: the whole command, on a real terminal.
    for path in folder.iterdir():
        path.write_text("")
    primary, secondary = pty.openpty()
    command = [sys.executable, "-m", "calltone.cli", "score", str(folder), "--out"]
    subprocess.run(
        [*command, str(tmp_path / "out")],
        stdout=subprocess.DEVNULL,
        stderr=secondary,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
        check=False,
    )
    os.close(secondary)
    shown = os.read(primary, 65536).decode()
    os.close(primary)
    assert "2 of 2 calls" in shown


def test_help_shows_examples_and_exit_codes() -> None:
    told = call("score", "--help").output
    assert "calltone score recordings/ --agent-channel left --metadata calls.csv" in told
    assert "1 if a recording could not be read" in told

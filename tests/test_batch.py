"""A folder of recordings into a folder of results, with a recogniser that reads from a script."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conversations import agent, customer, dialogue, heard_call, small_talk

from calltone.analysis.batch import Batch, Done
from calltone.analysis.files import find_recordings
from calltone.analysis.metadata import Metadata, read_metadata
from calltone.analysis.results import CallScore
from calltone.analysis.rubric import Rubric
from calltone.analysis.run import Failure, Recogniser
from calltone.analysis.settings import Settings
from calltone.analysis.store import read_result
from calltone.audio.errors import SettingsError
from calltone.audio.hearing import HeardCall
from calltone.audio.transcribe import Engine

STOCK = "I do apologise for any inconvenience this may have caused."
OWN = "I'm so sorry that the parcel for your father went missing."


class Script(Recogniser):
    """Hears in every recording what its file says, and counts how often it is asked."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    @property
    def engine(self) -> Engine:
        return Engine("script", "1", "none", "0" * 64, "cpu")

    def hear(
        self, paths: Sequence[Path], language: str | None = None
    ) -> Iterator[HeardCall | Failure]:
        for path in paths:
            self.heard.append(path.name)
            yield self._hear(path)

    def _hear(self, path: Path) -> HeardCall | Failure:
        content = path.read_bytes()
        if not content:
            return Failure(f"{path.name} is empty")
        call = heard_call(
            dialogue(
                [
                    agent("Thank you for calling the shop, how can I help you today?"),
                    customer("My parcel never came and I am really upset.", "raised"),
                    agent(content.decode()),
                    customer("Okay, and when will it come?"),
                    *small_talk(),
                ]
            )
        )
        sha256 = hashlib.sha256(content).hexdigest()
        return replace(call, engine=self.engine, facts=replace(call.facts, sha256=sha256))


def recordings(folder: Path, *answers: str) -> Path:
    folder.mkdir(exist_ok=True)
    for number, answer in enumerate(answers, 1):
        (folder / f"call-{number}.wav").write_text(answer)
    return folder


def run(
    folder: Path,
    out: Path,
    script: Script | None = None,
    settings: Settings | None = None,
    metadata: Metadata | None = None,
    *,
    force: bool = False,
) -> list[Done]:
    done: list[Done] = []
    Batch(
        find_recordings([folder]),
        out,
        script or Script(),
        settings or Settings(),
        metadata or Metadata(),
        force=force,
    ).run(done.append)
    return done


def result(out: Path, name: str) -> CallScore:
    return read_result(out / "calls" / f"{name}.json")


def contents(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def genuine_words(call: CallScore) -> float:
    words = next(d.words for d in call.dimensions if d.name == "genuine")
    assert words is not None
    return words.score


def test_each_call_gets_its_json_and_its_row(tmp_path: Path) -> None:
    out = tmp_path / "results"
    run(recordings(tmp_path / "in", OWN, STOCK), out)
    assert sorted(contents(out)) == ["calls.csv", "calls/call-1.json", "calls/call-2.json"]
    with (out / "calls.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == ["call-1.wav", "call-2.wav"]
    assert [float(row["words"]) for row in rows] == [
        result(out, name).words for name in ("call-1", "call-2")
    ]


def test_the_same_folder_twice_gives_the_same_bytes_and_hears_nothing_again(tmp_path: Path) -> None:
    folder, out = recordings(tmp_path / "in", OWN, STOCK, STOCK, STOCK), tmp_path / "results"
    run(folder, out)
    first = contents(out)
    script = Script()
    assert all(done.reused for done in run(folder, out, script))
    assert script.heard == []
    assert contents(out) == first


def test_force_hears_all_again_and_gives_the_same_bytes(tmp_path: Path) -> None:
    folder, out = recordings(tmp_path / "in", OWN, STOCK), tmp_path / "results"
    run(folder, out)
    first = contents(out)
    script = Script()
    run(folder, out, script, force=True)
    assert script.heard == ["call-1.wav", "call-2.wav"]
    assert contents(out) == first


def test_a_changed_recording_is_heard_again(tmp_path: Path) -> None:
    folder, out = recordings(tmp_path / "in", OWN, STOCK), tmp_path / "results"
    run(folder, out)
    (folder / "call-1.wav").write_text("There is nothing I can do about that.")
    script = Script()
    run(folder, out, script)
    assert script.heard == ["call-1.wav"]


@pytest.mark.parametrize(
    "changed",
    [Settings(rubric=Rubric(words_share=0.5)), Settings(agent_channel="left")],
    ids=["rubric", "agent channel"],
)
def test_other_settings_score_again(tmp_path: Path, changed: Settings) -> None:
    folder, out = recordings(tmp_path / "in", OWN), tmp_path / "results"
    run(folder, out)
    before = result(out, "call-1").fingerprint
    assert not any(done.reused for done in run(folder, out, settings=changed))
    assert result(out, "call-1").fingerprint != before


def test_new_metadata_reaches_results_that_are_there_already(tmp_path: Path) -> None:
    folder, out = recordings(tmp_path / "in", OWN), tmp_path / "results"
    run(folder, out)
    run(folder, out, metadata=read_metadata(r"(?P<number>\d+)\.wav", None))
    assert result(out, "call-1").metadata == {"number": "1"}


def test_a_damaged_result_is_scored_again(tmp_path: Path) -> None:
    folder, out = recordings(tmp_path / "in", OWN), tmp_path / "results"
    run(folder, out)
    (out / "calls" / "call-1.json").write_text('{"schema_version": 1, "file"')
    script = Script()
    run(folder, out, script)
    assert script.heard == ["call-1.wav"]
    assert result(out, "call-1").status == "scored"


def test_a_bad_recording_gets_its_row_and_stops_nothing(tmp_path: Path) -> None:
    folder, out = recordings(tmp_path / "in", "", OWN), tmp_path / "results"
    run(folder, out)
    assert result(out, "call-1").status == "failed"
    assert result(out, "call-1").reasons[0].text == "call-1.wav is empty"
    assert result(out, "call-2").status == "scored"


def test_a_failed_recording_is_tried_again(tmp_path: Path) -> None:
    folder, out = recordings(tmp_path / "in", ""), tmp_path / "results"
    run(folder, out)
    (folder / "call-1.wav").write_text(OWN)
    run(folder, out)
    assert result(out, "call-1").status == "scored"


def test_the_same_sentence_in_three_calls_is_less_genuine_than_in_two(tmp_path: Path) -> None:
    two, three = tmp_path / "results2", tmp_path / "results3"
    run(recordings(tmp_path / "two", STOCK, STOCK), two)
    run(recordings(tmp_path / "three", STOCK, STOCK, STOCK), three)
    for name in ("call-1", "call-2"):
        assert genuine_words(result(three, name)) < genuine_words(result(two, name))
    words = next(d.words for d in result(three, "call-1").dimensions if d.name == "genuine")
    assert words is not None
    assert words.parts[0].reason == "the same sentence in 3 calls"


def test_stock_sentences_are_forgotten_when_the_other_calls_are_gone(tmp_path: Path) -> None:
    folder, out, alone = tmp_path / "in", tmp_path / "results", tmp_path / "alone"
    recordings(folder, STOCK, STOCK, STOCK)
    run(folder, out)
    (folder / "call-3.wav").unlink()
    run(folder, out)
    run(folder, alone)
    assert result(out, "call-1") == result(alone, "call-1")


def test_stock_sentences_count_for_each_agent_alone(tmp_path: Path) -> None:
    folder, out = recordings(tmp_path / "in", STOCK, STOCK, STOCK), tmp_path / "results"
    table = tmp_path / "calls.csv"
    table.write_text("file,agent\ncall-1.wav,Ann\ncall-2.wav,Ben\ncall-3.wav,Ann\n")
    run(folder, out, metadata=read_metadata(None, table))
    words = next(d.words for d in result(out, "call-1").dimensions if d.name == "genuine")
    assert words is not None
    assert "formula" in words.parts[0].reason


def test_a_run_that_is_broken_off_keeps_what_is_done(tmp_path: Path) -> None:
    folder, out = recordings(tmp_path / "in", OWN, OWN, OWN), tmp_path / "results"

    def stop_after_two(done: Done) -> None:
        if done.recording.file == "call-2.wav":
            raise KeyboardInterrupt

    batch = Batch(find_recordings([folder]), out, Script(), Settings(), Metadata())
    with pytest.raises(KeyboardInterrupt):
        batch.run(stop_after_two)
    script = Script()
    run(folder, out, script)
    assert script.heard == ["call-3.wav"]


def test_nowhere_to_write_is_told_before_anything_is_heard(tmp_path: Path) -> None:
    folder = recordings(tmp_path / "in", OWN)
    (tmp_path / "results").write_text("in the way")
    script = Script()
    with pytest.raises(SettingsError, match=r"cannot write to '.*results'.*--out"):
        run(folder, tmp_path / "results", script)
    assert script.heard == []

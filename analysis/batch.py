"""A folder of recordings into a folder of results: nothing done twice, nothing lost."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from calltone.analysis.files import Found
from calltone.analysis.judge import judge
from calltone.analysis.metadata import Metadata
from calltone.analysis.results import CallScore
from calltone.analysis.run import Recogniser, outcome
from calltone.analysis.settings import Settings, fingerprint
from calltone.analysis.stock import StockCounter, StockSentences
from calltone.analysis.store import (
    read_result,
    stored_result,
    write_atomically,
    write_result,
)
from calltone.analysis.table import Row, to_csv, to_row
from calltone.audio.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Done:
    """A recording that is through: its result, and whether it was there from an earlier run."""

    recording: Found
    call: CallScore
    reused: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be scored, how, and where to.

    Attributes:
        recordings: What to score.
        out: The results folder; each call's JSON goes below ``calls`` in it.
        recogniser: What hears the recordings.
        settings: Language, agent's channel, rubric.
        metadata: Where metadata comes from.
        force: Score again what is there already.
    """

    recordings: Sequence[Found]
    out: Path
    recogniser: Recogniser
    settings: Settings
    metadata: Metadata
    force: bool = False

    def run(self, on_done: Callable[[Done], None]) -> list[Row]:
        """Score each recording by itself, then compare the calls; write everything.

        Each result is written as soon as it is there, so that a run that is broken off loses
        nothing: the next one goes on from it.

        Args:
            on_done: Called after each recording.

        Returns:
            The rows of calls.csv.

        Raises:
            SettingsError: the results folder cannot be written.
        """
        counter = StockCounter()
        rows: dict[str, Row] = {}
        self._check_writable()
        for done in self._score():
            counter.add(done.call)
            rows[done.call.file] = to_row(done.call)
            on_done(done)
        for call in self._compare(counter.stock()):
            rows[call.file] = to_row(call)
        write_atomically(self.out / "calls.csv", to_csv(rows.values()).encode())
        return list(rows.values())

    def result_path(self, recording: Found) -> Path:
        """Where a recording's JSON is written."""
        return self.out / "calls" / recording.result

    def _check_writable(self) -> None:
        """Fail before hours of work, not after them."""
        try:
            (self.out / "calls").mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.out):
                pass
        except OSError as error:
            raise SettingsError(
                f"cannot write to '{self.out}' ({error.strerror}): "
                "give a folder that can be written with --out"
            ) from None

    def _score(self) -> Iterator[Done]:
        reused = set() if self.force else self._reusable()
        missing = [found for found in self.recordings if found not in reused]
        heard = self.recogniser.hear([found.path for found in missing], self.settings.language)
        for recording in self.recordings:
            path = self.result_path(recording)
            if recording in reused:
                yield Done(recording, read_result(path), reused=True)
                continue
            metadata = self.metadata.of(recording.file)
            call = outcome(
                next(heard), recording.file, self.settings, self.recogniser.engine, metadata
            )
            write_result(call, path)
            yield Done(recording, call, reused=False)

    def _compare(self, stock: StockSentences) -> Iterator[CallScore]:
        """Judge again the calls in which sentences that return call after call play a part."""
        for recording in self.recordings:
            path = self.result_path(recording)
            before = read_result(path)
            if before.heard is None or not stock.matters_to(before):
                continue
            after = judge(before.heard, before.file, self.settings, before.metadata, stock)
            if write_result(after, path):
                yield after

    def _reusable(self) -> set[Found]:
        """Return the recordings whose results stand under the same fingerprint and metadata."""
        expected = fingerprint(self.settings, self.recogniser.engine)
        return {found for found in self.recordings if self._stands(found, expected)}

    def _stands(self, recording: Found, expected: str) -> bool:
        call = stored_result(self.result_path(recording))
        return (
            call is not None
            and call.heard is not None
            and call.fingerprint == expected
            and call.file == recording.file
            and dict(call.metadata) == self.metadata.of(recording.file)
            and call.heard.facts.sha256 == _sha256(recording.path)
        )


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""

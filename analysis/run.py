"""Scoring recordings: one, or a folder of them, one after the other or several at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

from calltone.analysis.files import find_recordings
from calltone.analysis.judge import failed, judge
from calltone.analysis.results import CallScore
from calltone.analysis.settings import Settings
from calltone.audio.engines import EngineName, Recipe, check_language, choose
from calltone.audio.errors import CalltoneError
from calltone.audio.hearing import HeardCall, hear
from calltone.audio.transcribe import Engine, Transcriber
from calltone.audio.weights import DEFAULT_MODEL


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a recording could not be heard."""

    error: str


class Recogniser:
    """A recogniser, loaded when it is first needed, here or in several processes."""

    def __init__(self, recipe: Recipe, jobs: int = 1) -> None:
        self._recipe = recipe
        self._jobs = jobs
        self._loaded: Transcriber | None = None

    @property
    def engine(self) -> Engine:
        """What recognises, for the fingerprint."""
        return self._recipe.engine

    def hear(
        self, paths: Sequence[Path], language: str | None = None
    ) -> Iterator[HeardCall | Failure]:
        """Hear recordings, in their order; a bad one gives a Failure and never stops the rest."""
        check_language(language)
        if self._jobs > 1 and len(paths) > 1:
            yield from self._hear_in_processes(paths, language)
            return
        for path in paths:
            if self._loaded is None:
                self._loaded = self._recipe.load()
            yield _heard(path, self._loaded, language)

    def _hear_in_processes(
        self, paths: Sequence[Path], language: str | None
    ) -> Iterator[HeardCall | Failure]:
        waiting = deque(paths)
        while waiting:
            try:
                for heard in self._hear_until_broken(waiting, language):
                    waiting.popleft()
                    yield heard
            except BrokenProcessPool:
                # The oldest recording is the likeliest cause; it is given up, the rest goes on.
                waiting.popleft()
                yield Failure("the process that heard it died; try it alone, with --jobs 1")

    def _hear_until_broken(
        self, paths: Iterable[Path], language: str | None
    ) -> Iterator[HeardCall | Failure]:
        threads = max(1, (cpu_count() or 1) // self._jobs)
        with ProcessPoolExecutor(
            self._jobs,
            mp_context=get_context("spawn"),
            initializer=_load,
            initargs=(self._recipe, threads),
        ) as pool:
            running: deque[Future[HeardCall | Failure]] = deque()
            for path in list(paths):
                running.append(pool.submit(_heard_there, path, language))
                if len(running) > 2 * self._jobs:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()


def score_call(
    path: str | Path,
    *,
    engine: EngineName = "auto",
    model: str = DEFAULT_MODEL,
    device: str = "cpu",
    settings: Settings | None = None,
    metadata: Mapping[str, str] | None = None,
) -> CallScore:
    """Score one recording.

    Args:
        path: Any sound file with one or two channels.
        engine: "auto" takes faster-whisper where it is installed.
        model: A name that Whisper knows, or the path of its weights.
        device: "cpu" or "cuda".
        settings: Language, agent's channel and rubric; None takes the defaults.
        metadata: What is known beside the sound, carried into the result.

    Returns:
        The score with its proof. Whether there is one, and why not, is in ``status`` and
        ``reasons``.

    Raises:
        RecordingError: the file cannot be read as a call recording.
        WeightsError: the model's weights are not found.
    """
    settings = settings or Settings()
    check_language(settings.language)
    heard = hear(path, choose(engine, model, device).load(), settings.language)
    return judge(heard, Path(path).name, settings, metadata)


def score_folder(
    folder: str | Path,
    *,
    engine: EngineName = "auto",
    model: str = DEFAULT_MODEL,
    device: str = "cpu",
    settings: Settings | None = None,
    jobs: int = 1,
) -> Iterator[CallScore]:
    """Score a folder of recordings and all folders below it, lazily, in the order of their names.

    A recording that cannot be heard gives a result with the status "failed" and its reason; it
    never stops the rest. Each call is judged by itself: sentences that return call after call are
    found by ``calltone score``, which sees all of them.

    Raises:
        SettingsError: the folder does not exist or holds no recordings.
        WeightsError: the model's weights are not found.
    """
    settings = settings or Settings()
    found = find_recordings([Path(folder)])
    recogniser = Recogniser(choose(engine, model, device), jobs)
    heard_calls = recogniser.hear([recording.path for recording in found], settings.language)
    for recording, heard in zip(found, heard_calls, strict=True):
        yield outcome(heard, recording.file, settings, recogniser.engine, {})


def outcome(
    heard: HeardCall | Failure,
    file: str,
    settings: Settings,
    engine: Engine,
    metadata: Mapping[str, str],
) -> CallScore:
    """Return the judgement of what was heard, or the failed result of what was not."""
    if isinstance(heard, Failure):
        return failed(file, settings, engine, heard.error, metadata)
    try:
        return judge(heard, file, settings, metadata)
    except Exception as error:  # a mistake of ours must not cost the other calls
        return failed(file, settings, engine, _mistake("judged", file, error), metadata)


# What a process of its own has loaded, or why it could not: an error while a process starts would
# only show as a broken pool.
_worker: dict[str, Transcriber] = {}
_worker_error: list[CalltoneError] = []


def _load(recipe: Recipe, threads: int) -> None:
    import torch

    torch.set_num_threads(threads)
    try:
        _worker["transcriber"] = recipe.load(threads)
    except CalltoneError as error:
        _worker_error.append(error)


def _heard_there(path: Path, language: str | None) -> HeardCall | Failure:
    if _worker_error:
        raise _worker_error[0]
    return _heard(path, _worker["transcriber"], language)


def _heard(path: Path, transcriber: Transcriber, language: str | None) -> HeardCall | Failure:
    try:
        return hear(path, transcriber, language)
    except CalltoneError as error:
        return Failure(str(error))
    except Exception as error:  # a mistake of ours must not cost the other calls
        return Failure(_mistake("heard", path.name, error))


def _mistake(what: str, name: str, error: Exception) -> str:
    return (
        f"{name} could not be {what} ({type(error).__name__}: {error}): "
        "this is a mistake of calltone's, please report it"
    )

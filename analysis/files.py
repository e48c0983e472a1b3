"""Which recordings are to be scored, and what their results are called."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from calltone.audio.errors import SettingsError

#: What recordings are called in folders; a file that is named itself is always tried.
SUFFIXES = frozenset(
    ".3gp .aac .aif .aiff .amr .ape .asf .au .awb .caf .flac .flv .gsm .m4a .mka .mkv .mov .mp3"  # noqa: SIM905 (a table)
    " .mp4 .oga .ogg .opus .rm .tta .voc .w64 .wav .wave .webm .wma .wv".split()
)


@dataclass(frozen=True, slots=True)
class Found:
    """A recording to score.

    Attributes:
        path: Where it is.
        file: Its path inside the folder that was given, with forward slashes: its name in results.
        result: The path of its JSON below the results folder's ``calls``.
    """

    path: Path
    file: str
    result: str


def find_recordings(paths: Sequence[Path]) -> list[Found]:
    """Find the recordings in files and folders, folders with all below them, in order of name.

    Hidden files and folders are left out. A recording that is reached twice is taken once.

    Raises:
        SettingsError: a path does not exist, or nothing is found at all.
    """
    by_path: dict[Path, _Place] = {}
    for path in paths:
        if not path.exists():
            raise SettingsError(
                f"'{path}' does not exist: expected a recording or a folder of them"
            )
        for recording in _below(path) if path.is_dir() else [path]:
            root = path if path.is_dir() else path.parent
            place = _Place(root.resolve(), recording.relative_to(root))
            by_path.setdefault(recording.resolve(), place)
    if not by_path:
        named = ", ".join(f"'{path}'" for path in paths)
        raise SettingsError(f"no recordings in {named}: expected files like .wav, .mp3, .m4a, .ogg")
    files = _told_apart(by_path)
    results = _result_names(files.values())
    return [Found(path, file, results[file]) for path, file in files.items()]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a recording was found, which for a link is not where it lies."""

    root: Path
    inside: Path

    def name(self, depth: int) -> str:
        """Its path inside the root, with so many of the folders above before it."""
        above = self.root.parts[-depth:] if depth else ()
        return "/".join([*above, *self.inside.parts]).lstrip("/")


def _below(folder: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                yield Path(at) / name


def _refuse(error: OSError) -> None:
    raise SettingsError(
        f"cannot read the folder '{error.filename}' ({error.strerror}): "
        "expected a folder that can be read"
    ) from error


def _told_apart(by_path: dict[Path, _Place]) -> dict[Path, str]:
    """Put folders before names that several recordings have in common, until they differ."""
    files = {path: place.name(0) for path, place in by_path.items()}
    depth = 1
    while doubles := {file for file, count in Counter(files.values()).items() if count > 1}:
        for path, file in files.items():
            if file in doubles:
                files[path] = by_path[path].name(depth)
        depth += 1
    return files


def _result_names(files: Iterable[str]) -> dict[str, str]:
    """Name results after their recordings: without the suffix, where that tells them apart."""
    stems = {file: str(PurePosixPath(file).with_suffix("")) for file in files}
    count = Counter([*stems.values(), *stems])  # "a.wav.mp3" has the stem "a.wav"
    return {file: f"{stem if count[stem] == 1 else file}.json" for file, stem in stems.items()}

"""Results on disk: one JSON file a call, the exact image of ``CallScore``, written whole or not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from calltone.analysis.results import SCHEMA_VERSION, CallScore
from calltone.audio.errors import SettingsError


def write_result(call: CallScore, path: Path) -> bool:
    """Write a result; return whether the file changed."""
    content = to_json(call)
    if path.is_file() and path.read_bytes() == content:
        return False
    write_atomically(path, content)
    return True


def read_result(path: Path) -> CallScore:
    """Read a result back.

    Raises:
        SettingsError: the file is missing, or is not a result of this version.
    """
    try:
        return from_json(path.read_bytes())
    except OSError as error:
        raise SettingsError(
            f"cannot read '{path}' ({error.strerror}): expected a result of calltone score"
        ) from None
    except msgspec.MsgspecError as error:
        raise SettingsError(
            f"'{path.name}' is not a result of this version of calltone ({error}): "
            f"expected schema version {SCHEMA_VERSION}; score the recording again"
        ) from None


def stored_result(path: Path) -> CallScore | None:
    """Return the result at a path; None where there is none that can be used."""
    try:
        return read_result(path)
    except SettingsError:
        return None


def to_json(call: CallScore) -> bytes:
    """Return the JSON of a result: the same result gives the same bytes."""
    compact = msgspec.json.encode(call)
    return msgspec.json.format(compact, indent=1) + b"\n"


def from_json(content: bytes) -> CallScore:
    """Return the result that some JSON is the image of; raises msgspec.MsgspecError."""
    call = msgspec.json.decode(content, type=CallScore)
    if call.schema_version != SCHEMA_VERSION:
        raise msgspec.ValidationError(f"found schema version {call.schema_version}")
    return call


def result_schema() -> dict[str, Any]:
    """Return the JSON Schema of result files."""
    return msgspec.json.schema(CallScore)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole, or leave what was there.

    Raises:
        SettingsError: the folder cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(
            f"cannot write '{path}' ({error.strerror}): give a folder that can be written"
        ) from None

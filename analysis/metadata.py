"""What is known of a recording beside its sound: from its name, or from a table of the house."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from calltone.audio.errors import SettingsError

FILE_COLUMN = "file"
EXAMPLE = r"AGENT_(?P<agent>[^_]+)_DT_(?P<date>\d{4}-\d\d-\d\d)"


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where metadata comes from. The table wins where both know a name.

    Attributes:
        pattern: Searched in file names; its named groups are the values.
        rows: By file name or path, as the table has it.
    """

    pattern: re.Pattern[str] | None = None
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, file: str) -> dict[str, str]:
        """Return what is known of a recording, given its path inside the scored folder."""
        name = Path(file).name
        match = self.pattern.search(name) if self.pattern else None
        from_name = match.groupdict("") if match else {}
        from_table = self.rows.get(file) or self.rows.get(name) or {}
        known = {**from_name, **from_table}
        return {key: known[key] for key in sorted(known) if known[key]}


def read_metadata(pattern: str | None, table: Path | None) -> Metadata:
    """Check a name pattern and read a table.

    Raises:
        SettingsError: a pattern without named groups, a table without the column ``file``, or
            rows in it that name no recording or one that was named before.
    """
    return Metadata(_compiled(pattern) if pattern else None, _rows(table) if table else {})


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise SettingsError(
            f"the name pattern '{pattern}' is not a regular expression ({error}): "
            f"expected something like '{EXAMPLE}'"
        ) from None
    if not compiled.groupindex:
        raise SettingsError(
            f"the name pattern '{pattern}' names nothing: expected named groups, like '{EXAMPLE}'"
        )
    _refuse_reserved(compiled.groupindex, "the name pattern")
    return compiled


def _rows(table: Path) -> dict[str, dict[str, str]]:
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            columns = list(reader.fieldnames or [])
            if FILE_COLUMN not in columns:
                found = ", ".join(columns) or "none"
                raise SettingsError(
                    f"'{table.name}' has no column '{FILE_COLUMN}' (found: {found}): "
                    "expected one row a recording, with its name in that column"
                )
            _refuse_reserved(set(columns) - {FILE_COLUMN}, f"'{table.name}'")
            return _by_file(reader, table)
    except OSError as error:
        raise SettingsError(
            f"cannot read the metadata '{table}' ({error.strerror}): expected a CSV file"
        ) from None
    except csv.Error as error:
        raise SettingsError(
            f"'{table.name}' is not a CSV file ({error}): save it as CSV UTF-8 and try again"
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(
            f"'{table.name}' is not UTF-8 text: save it as CSV UTF-8 and try again"
        ) from None


def _by_file(reader: csv.DictReader[str], table: Path) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for row in reader:
        if not any(row.values()):
            continue  # spreadsheets leave rows of commas behind
        name = (row.pop(FILE_COLUMN) or "").strip()
        if not name:
            raise SettingsError(
                f"'{table.name}' line {reader.line_num} names no recording: "
                f"expected its name in the column '{FILE_COLUMN}'"
            )
        if name in rows:
            raise SettingsError(
                f"'{table.name}' line {reader.line_num} repeats '{name}': "
                "expected one row a recording"
            )
        rows[name] = {k: v.strip() for k, v in row.items() if k and v and v.strip()}
    return rows


def _refuse_reserved(names: Mapping[str, int] | set[str], where: str) -> None:
    """Metadata becomes columns of calls.csv, which has columns of its own."""
    from calltone.analysis.table import COLUMNS

    taken = sorted(set(names) & set(COLUMNS))
    if taken:
        raise SettingsError(
            f"{where} uses the name '{taken[0]}', which is a column of calls.csv: "
            "expected another name"
        )

"""One row a call: the flat view of results, for spreadsheets and data frames."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from calltone.analysis.results import CallScore, Dimension, Side
from calltone.analysis.roles import CHANNEL_NAMES
from calltone.analysis.rubric import DIMENSIONS

if TYPE_CHECKING:
    import pandas as pd

Value = str | float | int | None
Row = dict[str, Value]
SIDES = ("words", "tone", "together")

#: The columns of calls.csv, described in docs/results.md; metadata columns follow.
COLUMNS: tuple[str, ...] = (
    "file",
    "status",
    "reasons",
    "words",
    "tone",
    "words_and_tone",
    *(f"{name}_{side}" for name in DIMENSIONS for side in SIDES),
    "moments",
    "mismatches",
    "duration_s",
    "agent_speech_s",
    "customer_speech_s",
    "interruptions",
    "median_wait_s",
    "agent_channel",
    "role_confidence",
    "language",
    "engine",
    "model",
    "sha256",
    "fingerprint",
)

# What may be None is a float in a data frame, also where it is None in every call.
_NUMBERS = (
    "words",
    "tone",
    "words_and_tone",
    *(f"{name}_{side}" for name in DIMENSIONS for side in SIDES),
    "duration_s",
    "agent_speech_s",
    "customer_speech_s",
    "interruptions",
    "median_wait_s",
    "role_confidence",
)

# A spreadsheet takes a text that begins like this for a formula, and runs it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def to_row(call: CallScore) -> Row:
    """Return one call as a flat row: ``COLUMNS``, then its metadata. Unknown values are None."""
    row: Row = dict.fromkeys(COLUMNS)
    row |= {
        "file": call.file,
        "status": call.status,
        "reasons": "; ".join(reason.text for reason in call.reasons),
        "words": call.words,
        "tone": call.tone,
        "words_and_tone": call.words_and_tone,
        "moments": len(call.moments),
        "mismatches": len(call.mismatches),
        "fingerprint": call.fingerprint,
    }
    for dimension in call.dimensions:
        row |= _of_dimension(dimension)
    metadata = {name: value for name, value in call.metadata.items() if name not in COLUMNS}
    return {**row, **_of_sound(call), **metadata}


def to_csv(rows: Collection[Row]) -> str:
    """Return rows as CSV, with the metadata of all of them as last columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _columns(rows), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def to_frame(calls: Iterable[CallScore]) -> pd.DataFrame:
    """Return calls as a pandas table, one row a call, columns as in ``to_row``.

    Raises:
        ModuleNotFoundError: pandas is not installed (``pip install 'calltone[table]'``).
    """
    try:
        import pandas as pd
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "to_frame needs pandas: pip install 'calltone[table]'", name="pandas"
        ) from error
    rows = [to_row(call) for call in calls]
    frame = pd.DataFrame(rows, columns=_columns(rows))
    return frame.astype(dict.fromkeys(_NUMBERS, "float64"))


def _columns(rows: Iterable[Row]) -> list[str]:
    return [*COLUMNS, *sorted({name for row in rows for name in row} - set(COLUMNS))]


def _of_dimension(dimension: Dimension) -> Row:
    return {
        f"{dimension.name}_words": _score(dimension.words),
        f"{dimension.name}_tone": _score(dimension.tone),
        f"{dimension.name}_together": dimension.together,
    }


def _of_sound(call: CallScore) -> Row:
    found: Row = {}
    if call.heard is not None:
        found |= {
            "duration_s": round(call.heard.facts.duration_s, 2),
            "language": call.heard.language,
            "engine": call.heard.engine.name,
            "model": call.heard.engine.model,
            "sha256": call.heard.facts.sha256,
        }
    if call.talk is not None:
        found |= {
            "agent_speech_s": call.talk.agent_s,
            "customer_speech_s": call.talk.customer_s,
            "interruptions": call.talk.interruptions,
            "median_wait_s": call.talk.median_wait_s,
        }
    if call.roles is not None:
        found |= {
            "agent_channel": CHANNEL_NAMES[call.roles.agent_channel],
            "role_confidence": call.roles.confidence,
        }
    return found


def _score(side: Side | None) -> float | None:
    return None if side is None else side.score


def _cell(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    text = value.replace("\r", " ")  # the csv module leaves it bare, which breaks the row
    return f"'{text}" if value.startswith(_FORMULA_STARTS) else text

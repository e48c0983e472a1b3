"""Were your agents empathetic, in both words and tone?

::

    import calltone

    call = calltone.score_call("call.wav")
    for call in calltone.score_folder("recordings/"):
        print(call.file, call.status, call.words, call.tone, call.words_and_tone)
    table = calltone.to_frame(calltone.score_folder("recordings/"))
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calltone.analysis.explain import explain
    from calltone.analysis.results import CallScore, Dimension, Moment, Part, Reason, Side
    from calltone.analysis.rubric import Rubric
    from calltone.analysis.run import score_call, score_folder
    from calltone.analysis.settings import Settings
    from calltone.analysis.store import read_result, result_schema, write_result
    from calltone.analysis.table import to_frame
    from calltone.audio.errors import CalltoneError, RecordingError, SettingsError, WeightsError

__version__ = version("calltone")

# Where each name lives. Loaded when first used: scoring needs torch, reading results does not.
_HOMES = {
    "CallScore": "analysis.results",
    "CalltoneError": "audio.errors",
    "Dimension": "analysis.results",
    "Moment": "analysis.results",
    "Part": "analysis.results",
    "Reason": "analysis.results",
    "RecordingError": "audio.errors",
    "Rubric": "analysis.rubric",
    "Settings": "analysis.settings",
    "SettingsError": "audio.errors",
    "Side": "analysis.results",
    "WeightsError": "audio.errors",
    "explain": "analysis.explain",
    "read_result": "analysis.store",
    "result_schema": "analysis.store",
    "score_call": "analysis.run",
    "score_folder": "analysis.run",
    "to_frame": "analysis.table",
    "write_result": "analysis.store",
}

__all__ = [
    "CallScore",
    "CalltoneError",
    "Dimension",
    "Moment",
    "Part",
    "Reason",
    "RecordingError",
    "Rubric",
    "Settings",
    "SettingsError",
    "Side",
    "WeightsError",
    "explain",
    "read_result",
    "result_schema",
    "score_call",
    "score_folder",
    "to_frame",
    "write_result",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'calltone' has no attribute '{name}'")
    return getattr(import_module(f"calltone.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]

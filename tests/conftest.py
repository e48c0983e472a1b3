"""What several test modules share: the fixture calls, scored once by the real thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from calltone.analysis.results import CallScore
from calltone.analysis.store import read_result
from calltone.audio.engines import EngineName
from calltone.cli import main

FIXTURES = Path(__file__).parent.parent / "fixtures"


@dataclass(frozen=True)
class ScoredFixtures:
    """What `calltone score fixtures/calls fixtures/odd` printed, and its results by name."""

    engine: EngineName
    out: Path
    printed: Result
    calls: Mapping[str, CallScore]


@pytest.fixture(scope="session", params=["openai-whisper", "faster-whisper"])
def scored(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> ScoredFixtures:
    """Score all fixtures with the real Whisper base model, as a user would, by either engine."""
    out = tmp_path_factory.mktemp("results")
    printed = CliRunner().invoke(main, score_arguments(request.param, out))
    calls = {path.stem: read_result(path) for path in (out / "calls").glob("*.json")}
    return ScoredFixtures(request.param, out, printed, calls)


def score_arguments(engine: EngineName, out: Path) -> list[str]:
    folders = [str(FIXTURES / name) for name in ("calls", "odd")]
    return ["score", *folders, "--out", str(out), "--engine", engine]

"""What the documentation says is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import calltone
from calltone.analysis.metadata import read_metadata
from calltone.analysis.rubric import DIMENSIONS, Rubric
from calltone.analysis.table import COLUMNS
from calltone.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SCORING = (ROOT / "docs" / "scoring.md").read_text()
RESULTS = (ROOT / "docs" / "results.md").read_text()


def block(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n```text\n(.*?)```\n<!-- /{name} -->", README, re.S)
    assert found is not None
    return found[1]


def test_every_option_in_the_readme_exists_and_the_other_way_round() -> None:
    told = set(re.findall(r"^\| `(--[\w-]+)", README, re.M))
    there = set(re.findall(r"--[\w-]+", CliRunner().invoke(main, ["score", "--help"]).output))
    assert told <= there
    assert there - told <= {"--out", "--help", "--device"}


def test_every_name_in_the_readmes_python_exists() -> None:
    for name in re.findall(r"calltone\.(\w+)\(", README):
        assert name in calltone.__all__
        assert callable(getattr(calltone, name))


def test_the_public_names_are_sorted_and_can_be_had() -> None:
    assert list(calltone.__all__) == sorted(calltone.__all__)
    assert all(hasattr(calltone, name) for name in calltone.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = calltone.nothing


def test_the_readmes_name_pattern_reads_the_readmes_name() -> None:
    pattern = re.search(r"--name-pattern '([^']+)'", README)
    name = re.search(r"`(Auto0\S+\.wav)`", README)
    assert pattern is not None
    assert name is not None
    found = read_metadata(pattern[1], None).of(name[1])
    assert found == {"agent": "ChrisL", "date": "2025-02-19T06-01-22"}


def test_the_readme_shows_what_the_demo_prints() -> None:
    assert "late-gift-warm.wav" in block("demo")
    assert "MISMATCH: the words care, the voice does not follow" in block("explain")


def test_every_column_is_described() -> None:
    told = set(re.findall(r"`(\w+)`", RESULTS))
    sides = {f"{name}_{side}" for name in DIMENSIONS for side in ("words", "tone", "together")}
    assert set(COLUMNS) - sides <= told
    assert set(DIMENSIONS) - {"validating"} <= told


@pytest.mark.parametrize("name", DIMENSIONS)
def test_the_weights_in_the_documentation_are_those_of_the_rubric(name: str) -> None:
    assert f"| {name} | {Rubric().weights[name]:g} |" in SCORING


@pytest.mark.parametrize(
    ("says", "value"),
    [
        ("too short | {:g} s", Rubric().min_call_s),
        ("too little agent speech | {:g} s", Rubric().min_agent_speech_s),
        ("clipped | {:g} % of the speech", 100 * Rubric().caution_clipped_share),
        ("correlation {:g}", Rubric().same_sound_correlation),
        ("unclear which side is the agent | confidence {:g}", Rubric().min_role_confidence),
        ("roles are a guess | confidence {:g}", Rubric().caution_role_confidence),
        ("words uncertain | mean confidence {:g}", Rubric().caution_word_confidence),
        ("one side at {:g} dB", Rubric().caution_crosstalk_db),
        ("are {:g} points or more apart", Rubric().mismatch_points),
        ("or {:g} s of agent speech", Rubric().response_speech_s),
    ],
)
def test_the_limits_in_the_documentation_are_those_of_the_rubric(says: str, value: float) -> None:
    assert says.format(value) in SCORING


def test_links_between_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if not link.startswith("http"):
                assert (page.parent / link).exists(), f"{page.name}: {link}"

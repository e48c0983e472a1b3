"""What is chosen for a run, and the fingerprint that tells results of other choices apart."""

from __future__ import annotations

from dataclasses import fields, replace
from types import MappingProxyType

import pytest

from calltone.analysis import settings as settings_module
from calltone.analysis.rubric import DIMENSIONS, Rubric
from calltone.analysis.settings import Settings, fingerprint
from calltone.analysis.words import BEHAVIOURS
from calltone.audio.transcribe import Engine

ENGINE = Engine("openai-whisper", "20250625", "base.en", "0" * 64, "cpu")


def test_fingerprint_is_16_hex_digits_and_stays() -> None:
    first = fingerprint(Settings(), ENGINE)
    assert len(first) == 16
    assert int(first, 16) >= 0
    assert fingerprint(Settings(), replace(ENGINE)) == first


@pytest.mark.parametrize(
    "settings",
    [
        Settings(language="en"),
        Settings(agent_channel="left"),
        Settings(agent_channel="right"),
        *(
            Settings(
                rubric=replace(Rubric(), **{field.name: getattr(Rubric(), field.name) + 0.125})
            )
            for field in fields(Rubric)
            if isinstance(getattr(Rubric(), field.name), float)
        ),
        *(
            Settings(rubric=replace(Rubric(), **{field.name: {"own": 1.5}}))
            for field in fields(Rubric)
            if isinstance(getattr(Rubric(), field.name), MappingProxyType)
        ),
    ],
)
def test_every_choice_changes_the_fingerprint(settings: Settings) -> None:
    assert fingerprint(settings, ENGINE) != fingerprint(Settings(), ENGINE)


@pytest.mark.parametrize("name", [field.name for field in fields(Engine)])
def test_every_fact_of_the_recogniser_changes_the_fingerprint(name: str) -> None:
    other = replace(ENGINE, **{name: "other"})
    assert fingerprint(Settings(), other) != fingerprint(Settings(), ENGINE)


def test_version_of_calltone_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(Settings(), ENGINE)
    monkeypatch.setattr(settings_module, "version", lambda _: "99.0")
    assert fingerprint(Settings(), ENGINE) != before


def test_order_in_which_weights_are_written_does_not_matter() -> None:
    usual = Rubric()
    turned = replace(usual, weights=dict(reversed(usual.weights.items())))
    assert list(turned.weights) != list(usual.weights)
    assert fingerprint(Settings(rubric=turned), ENGINE) == fingerprint(Settings(), ENGINE)


class TestRubric:
    def test_weights_cover_the_dimensions_and_sum_to_100(self) -> None:
        assert tuple(Rubric().weights) == DIMENSIONS
        assert sum(Rubric().weights.values()) == 100

    def test_every_behaviour_has_points_in_a_response(self) -> None:
        assert tuple(Rubric().response_points) == BEHAVIOURS

    def test_only_what_works_against_the_customer_costs_points(self) -> None:
        rubric = Rubric()
        for points in (rubric.response_points, rubric.validating_points, rubric.resolving_points):
            against = {name for name, value in points.items() if value < 0}
            assert against == set(points) & {"dismiss", "blame", "rush"}
            assert set(points) <= set(BEHAVIOURS)

    def test_tables_of_the_rubric_cannot_be_changed(self) -> None:
        with pytest.raises(TypeError):
            Rubric().weights["validating"] = 0  # type: ignore[index]

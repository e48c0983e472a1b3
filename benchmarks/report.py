"""The report of a benchmark: tables in Markdown, targets, and the page that they are written to."""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


class ReportError(Exception):
    """The report has nowhere to go."""


@dataclass(frozen=True, slots=True)
class Target:
    """What should be reached, and what was."""

    what: str
    at_most: float
    measured: float
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        return self.measured <= self.at_most


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report: its tables in Markdown, and the targets that it tells about."""

    text: str
    targets: tuple[Target, ...] = ()


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown; numbers stand to the right, the first column to the left."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def targets_of(parts: Iterable[Part]) -> str:
    """Return the table of all targets."""
    rows = [
        (
            target.what,
            f"{target.at_most:g}{target.unit}",
            f"{target.measured:.3g}{target.unit}"
            if target.measured < 100
            else f"{target.measured:.0f}{target.unit}",
            "yes" if target.met else "**no**",
        )
        for part in parts
        for target in part.targets
    ]
    return f"### Targets\n\n{table(('what', 'at most', 'measured', 'met'), rows)}"


def report(parts: Sequence[Part], command: str, load: float, packages: Sequence[str]) -> str:
    """Return all tables, with the machine that they were made on and the versions of packages."""
    machine = (
        f"Made by `{command}` on {time.strftime('%Y-%m-%d')}: {_processor()}, "
        f"{os.cpu_count()} cores, load average {load:.1f} before it began; "
        + ", ".join(f"{name} {version(name)}" for name in packages)
        + "."
    )
    return "\n".join([machine + "\n", *(part.text for part in parts), targets_of(parts)])


def write_page(page: Path, text: str) -> None:
    """Put the report between the marks of a page; what is around them stays."""
    old = page.read_text(encoding="utf-8") if page.is_file() else f"# Performance\n\n{BEGIN}\n{END}"
    if BEGIN not in old or END not in old:
        raise ReportError(
            f"'{page}' has no place for the tables: expected the lines {BEGIN} and {END}"
        )
    marked = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    new = marked.sub(lambda _: f"{BEGIN}\n{text.strip()}\n{END}", old, count=1)
    page.write_text(new.rstrip("\n") + "\n", encoding="utf-8")


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", facts.read_text()) if facts.is_file() else None
    return found[1] if found else platform.processor() or platform.machine()

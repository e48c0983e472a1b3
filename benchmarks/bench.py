"""Measure calltone against Whisper run channel by channel, on the same machine and calls.

    python benchmarks/bench.py            (or: make bench)

Three sides, each in processes of their own and in turns, so that a busy machine hurts all alike:
(a) openai-whisper and librosa's pYIN, (b) faster-whisper, (c) calltone with every engine that is
installed. The tables go into docs/performance.md.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path

import click
from assemble import (
    CONDITIONS,
    ROOT,
    MissingDataError,
    assemble,
    data_option,
    outside_repository,
    read_clips,
    terms,
)
from parts import (
    NEVER_SAID,
    Bench,
    SideError,
    measure_invented,
    measure_long,
    measure_speed,
    measure_words,
)
from report import Part, ReportError, report, targets_of, write_page

REAL_CALL = "auto_repairs_40_stereo_8k.wav"
PAGE = ROOT / "docs" / "performance.md"
# And the modules by which one sees that they are installed.
ENGINES = {"openai-whisper": "whisper", "faster-whisper": "faster_whisper"}


def _installed() -> list[str]:
    return [name for name, module in ENGINES.items() if find_spec(module) is not None]


def _folder(out: Path | None) -> AbstractContextManager[str]:
    if out is None:
        return tempfile.TemporaryDirectory(prefix="calltone-bench-")
    out.mkdir(parents=True, exist_ok=True)
    return nullcontext(str(out))


def _real_call(data: Path) -> Path:
    call = data / "calls" / REAL_CALL
    if not call.is_file():
        raise MissingDataError(
            f"no '{call}': expected the recording that time and memory are measured on; "
            "name the folder of the evaluation data with --data or in CALLTONE_DATA"
        )
    return call


@click.command(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="With two quiet cores it takes about half an hour, --long another half.",
)
@data_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    callback=outside_repository,
    help="Keep the assembled calls here, outside of the repository.  [default: thrown away]",
)
@click.option(
    "--engine",
    "engines",
    type=click.Choice(list(ENGINES)),
    multiple=True,
    help="May be given several times.  [default: all that are installed]",
)
@click.option("--repeats", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--seed", default=0, show_default=True, help="Of the assembled calls.")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0.5),
    default=10.0,
    show_default=True,
    help="Of each sound in which nothing is said.",
)
@click.option("--quick", is_flag=True, help=f"Only {REAL_CALL}, once; docs/ stays as it is.")
@click.option("--long", is_flag=True, help="Also a call of two hours.")
@click.option(
    "--write/--no-write", default=True, show_default=True, help="Tables into docs/performance.md."
)
def main(
    data: Path,
    out: Path | None,
    engines: Sequence[str],
    seed: int,
    quick: bool,
    write: bool,
    **options: float,
) -> None:
    """Measure time, memory, word error, turn times and invented words, against Whisper alone.

    Prints Markdown tables, and writes them into docs/performance.md.
    """
    try:
        call = _real_call(data)
        clips = [] if quick else read_clips(data)
        load = os.getloadavg()[0]
        with _folder(out) as folder:
            vocabulary = (*terms(clips), *NEVER_SAID)
            bench = Bench(Path(folder), engines or _installed(), seed, vocabulary)
            steps: list[Callable[[], Part]] = [
                lambda: measure_speed(bench, call, 1 if quick else int(options["repeats"]))
            ]
            if not quick:
                calls = [assemble(clips, condition, seed) for condition in CONDITIONS]
                steps.append(lambda: measure_words(bench, calls))
                steps.append(lambda: measure_invented(bench, options["minutes"]))
                if options["long"]:
                    steps.append(lambda: measure_long(bench, calls[0]))
            parts = [_shown(step()) for step in steps]
        click.echo(targets_of(parts))
        if write and not quick:
            write_page(PAGE, report(parts, _command(), load, (*_installed(), "torch")))
    except (MissingDataError, ReportError, SideError) as error:
        raise click.ClickException(str(error)) from error


def _shown(part: Part) -> Part:
    """Print a part as soon as it is there: the whole takes long."""
    click.echo(part.text)
    return part


def _command() -> str:
    return " ".join(["python benchmarks/bench.py", *sys.argv[1:]])


if __name__ == "__main__":
    main()

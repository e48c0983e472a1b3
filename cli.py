"""The command line: reads the arguments, calls the library, prints."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from calltone.audio.errors import CalltoneError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from calltone.analysis.batch import Batch, Done
    from calltone.analysis.table import Row, Value
    from calltone.audio.engines import EngineName

SOME_FAILED = 1
NAME_WIDTH = 48
PIPED_WIDTH = 140  # columns of the table where no terminal says how many there are

STATUS_STYLE = {"scored": "green", "caution": "yellow", "not scored": "dim", "failed": "red"}


class WrongUsage(click.ClickException):
    """Wrong usage, or nothing could be started: no weights, no such folder, nowhere to write."""

    exit_code = 2


def _explained(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn calltone's own errors into one line and exit code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except CalltoneError as error:
            raise WrongUsage(str(error)) from error

    return run


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: calltone score recordings/ --out results",
)
@click.version_option(package_name="calltone")
def main() -> None:
    """Hear whether agents are empathetic, in both words and tone.

    Scores recorded calls and shows the proof of every point: quote, time and measured value.
    For coaching and quality work; not for employment decisions.
    """


@main.command(
    short_help="Score recordings and folders of them.",
    epilog="""\b
Examples:
  calltone score recordings/
  calltone score monday/ tuesday/call-17.mp3 --out results --jobs 2
  calltone score recordings/ --agent-channel left --metadata calls.csv
  calltone score recordings/ --name-pattern 'AGENT_(?P<agent>[^_]+)_DT_(?P<date>[^_]+)'

\b
Exit code: 0, 1 if a recording could not be read, 2 for wrong usage.""",
)
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("results"),
    show_default=True,
    help="Folder for calls.csv and calls/NAME.json.",
)
@click.option(
    "--agent-channel",
    type=click.Choice(["auto", "left", "right"]),
    default="auto",
    show_default=True,
    help="Which channel is the agent's; auto tells it from the words.",
)
@click.option("--language", help="Code like en or it.  [default: found out per call]")
@click.option(
    "--name-pattern",
    metavar="REGEX",
    help="Takes metadata from file names: a regular expression with named groups.",
)
@click.option(
    "--metadata",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="CSV",
    help="Takes metadata from a table: column 'file' and any others.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "openai-whisper", "faster-whisper"]),
    default="auto",
    show_default=True,
    help="What recognises the words; auto takes faster-whisper if it is installed.",
)
@click.option(
    "--model",
    default="base",
    show_default=True,
    help="A Whisper model (tiny, base, small, medium, large, turbo, ...) or the path of weights.",
)
@click.option(
    "--vocabulary",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="TXT",
    help="Names and terms to expect, one a line.",
)
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Recordings heard at the same time, each in a process of its own.",
)
@click.option("--force", is_flag=True, help="Score again what is scored already.")
@_explained
def score(
    paths: Sequence[Path],
    out: Path,
    name_pattern: str | None,
    metadata: Path | None,
    engine: EngineName,
    model: str,
    vocabulary: Path | None,
    device: str,
    jobs: int,
    force: bool,
    **chosen: Any,
) -> None:
    """Score recordings, and folders with all recordings below them.

    Agent and customer should be on a channel each. Writes OUT/calls.csv with one row a call and
    OUT/calls/NAME.json with everything. What is scored already, with the same model and settings,
    is not scored again.
    """
    from calltone.analysis.batch import Batch
    from calltone.analysis.files import find_recordings
    from calltone.analysis.metadata import read_metadata
    from calltone.analysis.settings import Settings

    recordings = find_recordings(paths)
    known = read_metadata(name_pattern, metadata)
    settings = Settings(**chosen)
    from calltone.analysis.run import Recogniser
    from calltone.audio.engines import choose, read_vocabulary

    terms = read_vocabulary(vocabulary) if vocabulary else ()
    recogniser = Recogniser(choose(engine, model, device, terms), jobs)
    batch = Batch(recordings, out, recogniser, settings, known, force=force)
    rows, reused = _run(batch)
    _print_table(rows, reused, out)
    if any(row["status"] == "failed" for row in rows):
        raise SystemExit(SOME_FAILED)


@main.command(
    short_help="Print a call's moments and points.",
    epilog="Example: calltone explain results/calls/call-17.json",
)
@click.argument("result", type=click.Path(path_type=Path), metavar="RESULT.json")
@click.option("--transcript", is_flag=True, help="Also print all that was recognised.")
@_explained
def explain(result: Path, transcript: bool) -> None:
    """Print the moments of a scored call: quotes, times and every point."""
    from calltone.analysis.explain import explain as explained
    from calltone.analysis.store import read_result

    click.echo(explained(read_result(result), transcript=transcript))


def _run(batch: Batch) -> tuple[list[Row], int]:
    """Run a batch under a progress bar; return the rows, and how many were there already."""
    from rich.console import Console

    with _progress(Console(stderr=True)) as progress:
        sizes = [recording.path.stat().st_size for recording in batch.recordings]
        task = progress.add_task("", total=sum(sizes), calls=len(sizes), done=0, speed="")
        began_s, heard_s, done_calls, reused = time.monotonic(), 0.0, 0, 0

        def show(done: Done) -> None:
            nonlocal heard_s, done_calls, reused
            done_calls += 1
            reused += done.reused
            if not done.reused and done.call.heard is not None:
                heard_s += done.call.heard.facts.duration_s
            speed = heard_s / (time.monotonic() - began_s)
            progress.update(
                task,
                advance=done.recording.path.stat().st_size,
                done=done_calls,
                speed=f"{speed:.1f} times real time" if heard_s else "",
            )

        return batch.run(show), reused


def _progress(console: Console) -> Progress:
    """Count calls; the bar and the time left go by the size of the files."""
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        SpinnerColumn(),
        BarColumn(),
        TextColumn("{task.fields[done]} of {task.fields[calls]} calls"),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )


def _print_table(rows: Sequence[Row], reused: int, out: Path) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPED_WIDTH)
    table = Table(box=None, pad_edge=False)
    table.add_column("call", no_wrap=True, max_width=NAME_WIDTH)
    table.add_column("status", no_wrap=True)
    for name in ("words", "tone", "words+tone", "moments", "mismatches"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("why", overflow="fold")
    for row in rows:
        scores = [_whole(row[name]) for name in ("words", "tone", "words_and_tone")]
        style = STATUS_STYLE[str(row["status"])]
        table.add_row(
            Text(str(row["file"])),
            Text(str(row["status"]), style=style),
            *scores,
            str(row["moments"]),
            str(row["mismatches"]),
            Text(str(row["reasons"] or "")),
        )
    console.print(table)
    click.echo(_summary(rows) + (f" ({reused} of them in an earlier run)" if reused else ""))
    click.echo(f"Results: {out / 'calls.csv'} and {out / 'calls'}")
    click.echo("Proof of a call: calltone explain RESULT.json")


def _summary(rows: Sequence[Row]) -> str:
    count = Counter(str(row["status"]) for row in rows)
    return ", ".join(f"{count[status]} {status}" for status in STATUS_STYLE if count[status])


def _whole(score: Value) -> str:
    return "-" if score is None else f"{float(score):.0f}"


if __name__ == "__main__":
    main()

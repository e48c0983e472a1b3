"""The parts of a benchmark: time and memory, words and turns, words invented, long calls."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import msgspec
import numpy as np
import soundfile
from assemble import AssembledCall, write_repeated, write_telephone
from measures import (
    TurnErrors,
    WordErrors,
    spoken_texts,
    turn_errors,
    turns_of_words,
    word_errors,
)
from nonspeech import KINDS, on_two_channels
from report import Part, Target, table
from sides import CALLTONE, FASTER, WHISPER, WITH_TERMS, Heard, Job, Result

from calltone.audio.spans import Span

SIDES_PY = Path(__file__).with_name("sides.py")
WARM_UP_S = 20.0
LONG_S = 7_200.0
# Which side feeds the same engine with whole channels, and by its name in the issue.
WHOLE = {"openai-whisper": WHISPER, "faster-whisper": FASTER}
# Names that nobody says, among those of the vocabulary: they must not turn up.
NEVER_SAID = ("Quorvex Mobile", "Zephyrine Halloway", "Port Ellery", "TrundlePlus")
LETTERS = {WHISPER: "a", FASTER: "b"}
# The targets, from the issue that set them.
MOST_OF_A = {"openai-whisper": ("a", 0.30), "faster-whisper": ("b", 0.75)}
MOST_MEMORY_MB = {"openai-whisper": 1600.0, "faster-whisper": 900.0}
MOST_WORD_ERROR_RATIO = 1.0
MOST_INVENTED = 0.0
MOST_EDGE_MS = {50: 60.0, 95: 250.0}
MOST_GROWTH_MB = 200.0
MOST_TIME_RATIO = 1.1


class SideError(Exception):
    """One side of the comparison could not do its job."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What to measure with, and where the calls are written."""

    folder: Path
    engines: Sequence[str]
    seed: int
    vocabulary: tuple[str, ...] = ()

    @property
    def sides(self) -> list[str]:
        """All sides, in the order in which they take turns."""
        whole = [WHOLE[engine] for engine in self.engines]
        return whole + [CALLTONE + engine for engine in self.engines]

    @property
    def with_terms(self) -> list[str]:
        """Calltone with every engine, told the vocabulary."""
        return [f"{CALLTONE}{engine}{WITH_TERMS}" for engine in self.engines]

    def run(self, job: Job) -> Result:
        """Run a job in a process of its own.

        Raises:
            SideError: the process failed; the message is its own.
        """
        calls = ", ".join(Path(call).name for call in job.calls)
        print(f"{time.strftime('%H:%M:%S')}  {job.side}: {calls}", file=sys.stderr)
        task, answer = self.folder / "job.json", self.folder / "result.json"
        task.write_bytes(msgspec.json.encode(replace(job, vocabulary=self.vocabulary)))
        # The same for all sides; see the Makefile.
        environment = {"GOMP_SPINCOUNT": "2000", **os.environ}
        done = subprocess.run(
            [sys.executable, str(SIDES_PY), str(task), str(answer)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise SideError(f"{job.side} failed:\n{done.stderr.strip()}")
        return msgspec.json.decode(answer.read_bytes(), type=Result)

    def beginning(self, call: Path) -> str:
        """Write the first seconds of a call beside it, to warm up with; return the path."""
        sound, rate_hz = soundfile.read(call, dtype="int16", always_2d=True)
        path = self.folder / f"beginning-of-{call.stem}.wav"
        soundfile.write(path, sound[: round(WARM_UP_S * rate_hz)], rate_hz)
        return str(path)


def measure_speed(bench: Bench, call: Path, repeats: int) -> Part:
    """Let all sides hear a call, in turns; ratios are those within a round, then their median."""
    warm_up = bench.beginning(call)
    rounds = [
        {side: bench.run(Job(side, (str(call),), warm_up)) for side in bench.sides}
        for _ in range(repeats)
    ]
    rows, targets = [], []
    for side in bench.sides:
        results = [results_of_round[side] for results_of_round in rounds]
        wall_s = median(result.calls[0].wall_s for result in results)
        duration_s = results[0].calls[0].heard.duration_s
        peak_mb = median(result.peak_mb for result in results)
        ratios = {other: _ratio(rounds, side, other) for other in LETTERS if other in bench.sides}
        rows.append(
            (
                _lettered(side),
                f"{wall_s:.1f}",
                f"{duration_s / wall_s:.1f}",
                f"{median(result.calls[0].cpu_s for result in results):.1f}",
                *(f"{ratios[other]:.2f}" if other in ratios else "-" for other in LETTERS),
                f"{peak_mb:.0f}",
                f"{median(result.load_s for result in results):.1f}",
            )
        )
        if side.startswith(CALLTONE):
            targets += _speed_targets(side.removeprefix(CALLTONE), ratios, peak_mb)
    head = ("side", "time s", "x real time", "CPU s", "to (a)", "to (b)", "peak MB", "load s")
    text = (
        f"### Time and memory\n\n`{call.name}`, {duration_s:.0f} s, two channels; "
        f"{repeats} {'rounds' if repeats > 1 else 'round'}; (a) with `librosa.pyin`.\n\n"
        f"{table(head, rows)}"
    )
    return Part(text, tuple(targets))


def measure_words(bench: Bench, calls: Sequence[AssembledCall]) -> Part:
    """Count word errors and measure turn edges on assembled calls, for all sides."""
    paths = tuple(str(call.write(bench.folder)) for call in calls)
    heard = {
        side: [
            measured.heard for measured in bench.run(Job(side=side, calls=paths, pitch=False)).calls
        ]
        for side in (*bench.sides, *bench.with_terms)
    }
    words = {
        side: [
            word_errors(spoken_texts(call.turns), _texts(of_call))
            for call, of_call in zip(calls, of_side, strict=True)
        ]
        for side, of_side in heard.items()
    }
    turns = {
        side: [
            turn_errors(call.turns, _turns(of_call))
            for call, of_call in zip(calls, of_side, strict=True)
        ]
        for side, of_side in heard.items()
        if not side.endswith(WITH_TERMS)  # which changes no turn
    }
    spoken = sum(call.spoken for call in words[bench.sides[0]])
    text = (
        f"### Words and turns\n\n{len(calls)} assembled calls, "
        f"{sum(call.duration_s for call in calls) / 60:.0f} minutes, {spoken} words, "
        f"seed {bench.seed}. The vocabulary: {_terms(bench.vocabulary)}.\n\n"
        f"{_word_table(calls, words)}\n{_turn_table(calls, turns)}"
    )
    return Part(text, (*_word_targets(bench, calls, words), *_turn_targets(bench, calls, turns)))


def measure_invented(bench: Bench, minutes: float) -> Part:
    """Count the words that calltone hears where nothing is said."""
    paths = []
    for kind in KINDS:
        path = bench.folder / f"only-{kind}.wav"
        write_telephone(path, on_two_channels(kind, 60 * minutes, bench.seed))
        paths.append(str(path))
    rows, targets = [], []
    for side in [CALLTONE + engine for engine in bench.engines] + bench.with_terms:
        heard = [measured.heard for measured in bench.run(Job(side, tuple(paths))).calls]
        counts = [len(" ".join(_texts(of_kind)).split()) for of_kind in heard]
        held_back = [len(" ".join(of_kind.held_back).split()) for of_kind in heard]
        turns = [sum(map(len, of_kind.turns or ())) for of_kind in heard]
        cells = [f"{c} ({h}, {t})" for c, h, t in zip(counts, held_back, turns, strict=True)]
        rows.append((_lettered(side), *cells))
        what = f"words invented in {minutes:g} minutes of each kind, {side.removeprefix(CALLTONE)}"
        targets.append(Target(what, MOST_INVENTED, sum(counts)))
    text = (
        f"### Words invented\n\nIn {minutes:g} minutes of each kind, two channels; in brackets the "
        f"words that were held back, and the turns found.\n\n{table(('side', *KINDS), rows)}"
    )
    return Part(text, tuple(targets))


def measure_long(bench: Bench, call: AssembledCall) -> Part:
    """Compare a call with the same call over and over, two hours long."""
    short = call.write(bench.folder)
    long = bench.folder / "two-hours.wav"
    write_repeated(long, short, LONG_S)
    rows, targets = [], []
    for engine in bench.engines:
        side = CALLTONE + engine
        warm_up = bench.beginning(short)
        results = [bench.run(Job(side, (str(path),), warm_up)) for path in (short, long)]
        per_minute_s = [
            60 * result.calls[0].wall_s / result.calls[0].heard.duration_s for result in results
        ]
        peaks_mb = [result.peak_mb for result in results]
        growth_mb, ratio = peaks_mb[1] - peaks_mb[0], per_minute_s[1] / per_minute_s[0]
        rows.append(
            (
                f"(c) {side}",
                *(f"{seconds:.2f}" for seconds in per_minute_s),
                f"{ratio:.2f}",
                *(f"{peak:.0f}" for peak in peaks_mb),
                f"{growth_mb:.0f}",
            )
        )
        targets += [
            Target(f"growth of peak memory, 2 hours, {engine}", MOST_GROWTH_MB, growth_mb, " MB"),
            Target(f"time per minute, 2 hours, {engine}", MOST_TIME_RATIO, ratio),
        ]
    head = (
        "side",
        "s per minute",
        "s per minute, 2 h",
        "ratio",
        "peak MB",
        "peak MB, 2 h",
        "growth MB",
    )
    text = (
        f"### Long calls\n\nThe clean call, {call.duration_s / 60:.1f} minutes, once and repeated "
        f"for 2 hours.\n\n{table(head, rows)}"
    )
    return Part(text, tuple(targets))


def _texts(heard: Heard) -> list[str]:
    return [" ".join(text for text, _, _ in words) for words in heard.words]


def _terms(vocabulary: Sequence[str]) -> str:
    said = len(vocabulary) - len(NEVER_SAID)
    return f"{said} names and titles that are said and {len(NEVER_SAID)} that are not"


def _turns(heard: Heard) -> list[list[Span]]:
    if heard.turns is None:
        return [turns_of_words(words) for words in heard.words]
    return [[Span(*edges) for edges in of_channel] for of_channel in heard.turns]


def _ratio(rounds: Iterable[Mapping[str, Result]], side: str, other: str) -> float:
    return median(r[side].calls[0].wall_s / r[other].calls[0].wall_s for r in rounds)


def _speed_targets(engine: str, ratios: Mapping[str, float], peak_mb: float) -> list[Target]:
    letter, at_most = MOST_OF_A[engine]
    return [
        Target(f"time, {engine}, to ({letter})", at_most, ratios[WHOLE[engine]]),
        Target(f"peak memory, {engine}", MOST_MEMORY_MB[engine], peak_mb, " MB"),
    ]


def _word_table(calls: Sequence[AssembledCall], words: Mapping[str, Sequence[WordErrors]]) -> str:
    rows = []
    for side, errors in words.items():
        total = sum(errors, WordErrors())
        rates = [f"{100 * of_call.rate:.1f}" for of_call in (*errors, total)]
        kinds = f"{total.substituted} / {total.left_out} / {total.invented}"
        rows.append((_lettered(side), *rates, kinds))
    conditions = [call.condition for call in calls]
    head = ("word error, %", *conditions, "all", "wrong / left out / added")
    return table(head, rows)


def _turn_table(calls: Sequence[AssembledCall], turns: Mapping[str, Sequence[TurnErrors]]) -> str:
    rows = []
    for side, errors in turns.items():
        total = sum(errors, TurnErrors())
        cells = [_edges_ms(of_call) for of_call in (*errors, total)]
        found = f"{total.missed} of {total.true}, {total.extra}"
        rows.append((_lettered(side), *cells, found))
    head = ("turn edges, ms", *(call.condition for call in calls), "all", "missed, added")
    note = "Median / 95th percentile of the error at the start, then at the end."
    return f"{note}\n\n{table(head, rows)}"


def _edges_ms(errors: TurnErrors) -> str:
    return "; ".join(
        " / ".join(f"{1000 * np.percentile(edge, q):.0f}" for q in MOST_EDGE_MS) if edge else "-"
        for edge in (errors.start_s, errors.end_s)
    )


def _word_targets(
    bench: Bench, calls: Sequence[AssembledCall], words: Mapping[str, Sequence[WordErrors]]
) -> list[Target]:
    targets = []
    for engine in bench.engines:
        ours, whole = words[CALLTONE + engine], words[WHOLE[engine]]
        pairs = [(call.condition, o, w) for call, o, w in zip(calls, ours, whole, strict=True)]
        pairs.append(("all", sum(ours, WordErrors()), sum(whole, WordErrors())))
        targets += [
            Target(
                f"word error to whole channels, {engine}, {condition}",
                MOST_WORD_ERROR_RATIO,
                o.rate / w.rate if w.rate else 1 + o.rate,
            )
            for condition, o, w in pairs
        ]
    return targets


def _turn_targets(
    bench: Bench, calls: Sequence[AssembledCall], turns: Mapping[str, Sequence[TurnErrors]]
) -> list[Target]:
    # Turns come from the sound, so that they are the same with every engine.
    total = sum(turns[CALLTONE + bench.engines[0]], TurnErrors())
    return [
        Target(
            f"turn {edge}, {'median' if q == 50 else f'{q}th percentile'}, all {len(calls)} calls",
            at_most,
            1000 * float(np.percentile(errors, q)),
            " ms",
        )
        for edge, errors in (("start", total.start_s), ("end", total.end_s))
        for q, at_most in MOST_EDGE_MS.items()
        if errors
    ]


def _lettered(side: str) -> str:
    return {
        WHISPER: "(a) openai-whisper, whole channels",
        FASTER: "(b) faster-whisper int8, whole channels",
    }.get(side, f"(c) {side}")

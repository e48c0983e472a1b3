"""Build two-channel telephone calls with known words, turns and gaps, out of clips read by people.

    python benchmarks/assemble.py --out /tmp/calls

Clips of one reader stay on one channel, channels take turns, and between two turns lie 2 to 20 s.
The same seed gives the same bytes; the four conditions of one seed are one and the same call.
Nothing of the data may get into the repository, so `--out` must lie outside of it.
"""

from __future__ import annotations

import csv
import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click
import numpy as np
import soundfile
import soxr
from nonspeech import (
    RATE_HZ,
    SPEECH_DBFS,
    at_level,
    from_db,
    hold_music,
    line_noise,
    pink_noise,
    through_band,
)

from calltone.audio.spans import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples: TypeAlias = NDArray[np.float64]

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_DATA = ROOT.parent / "shared" / "data"
CONDITIONS = ("clean", "noise", "loss", "music")
CHANNELS = 2
LEAD_S = 1.0  # line noise before the first turn
TAIL_S = 2.0  # and after the last
GAP_S = (2.0, 20.0)  # between two turns: what makes Whisper drift on whole channels
NOISE_BELOW_SPEECH_DB = 15.0
PACKET_S = 0.020  # the usual RTP packet of G.711 (RFC 3551)
LOSS_SHARE = 0.01
LOSS_RUN_PACKETS = 3.0  # mean length; networks lose packets in bursts
MUSIC_DBFS = SPEECH_DBFS - 3.0
MUSIC_CHANNEL = 0  # hold music comes from the switchboard, which is on the agent's side
MUSIC_APART_S = 0.5  # from the turns around it
FADE_S = 0.02  # before the speech of a clip and after it, and at the ends of music
HOP_S = 0.01
# Where speech begins and ends in a clip: from its loud hops outwards, as long as the level stays
# above both limits. Breaths that stand apart are left out, soft endings stay in.
LOUD_BELOW_PEAK_DB = 20.0
SOFT_BELOW_PEAK_DB = 36.0
SOFT_ABOVE_FLOOR_DB = 8.0
DIP_S = 0.05  # the silence of a stop consonant
ACTIVE_BELOW_PEAK_DB = 25.0  # hops further below the loudest are pauses
NAME = re.compile(r"(?<=[a-z,] )(?!I\b)[A-Z]\w+(?: [A-Z]\w+)*")
TWO_READERS = re.compile(r"L: (?P<left>.*?) \|\| R: (?P<right>.*)", re.DOTALL)


class MissingDataError(Exception):
    """Data for the benchmark is not there; the message says what is missing, and what to do."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A sentence or more of one reader: samples of shape (n,) at RATE_HZ, speech at SPEECH_DBFS.

    ``speech`` is the time in the clip from the first sound of speech to the last;
    ``start_known`` and ``end_known`` are False where the clip is cut into the speech, so that
    nobody can say where it begins or ends.
    """

    file: str
    reader: str
    text: str
    samples: Samples
    speech: Span
    start_known: bool = True
    end_known: bool = True


@dataclass(frozen=True, slots=True)
class TrueTurn:
    """A turn of an assembled call, as it really is."""

    channel: int
    start_s: float
    end_s: float
    text: str
    file: str
    start_known: bool = True
    end_known: bool = True

    @property
    def span(self) -> Span:
        """The time of the turn."""
        return Span(self.start_s, self.end_s)


@dataclass(frozen=True, slots=True)
class AssembledCall:
    """Samples of shape (2, n) at RATE_HZ and the turns in them, in order."""

    condition: str
    samples: Samples
    turns: tuple[TrueTurn, ...]

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return float(self.samples.shape[1] / RATE_HZ)

    def write(self, folder: Path) -> Path:
        """Write CONDITION.wav (8 kHz mu-law) and CONDITION.json, the truth; return the former."""
        path = folder / f"{self.condition}.wav"
        write_telephone(path, self.samples)
        truth = json.dumps([asdict(turn) for turn in self.turns], indent=1, ensure_ascii=False)
        path.with_suffix(".json").write_text(truth + "\n", encoding="utf-8")
        return path


def read_clips(data: Path) -> list[Clip]:
    """Read the clips that DATA/asr/references.csv names (columns file and transcript).

    Raises:
        MissingDataError: the table or some of its clips are not there.
    """
    table = data / "asr" / "references.csv"
    remedy = "name the folder of the evaluation data with --data or in CALLTONE_DATA"
    if not table.is_file():
        raise MissingDataError(
            f"no '{table}': expected a table with the columns file and transcript, and beside it "
            f"the clips that it names; {remedy}"
        )
    with table.open(encoding="utf-8", newline="") as file:
        rows = [(row["file"], row["transcript"]) for row in csv.DictReader(file)]
    if not rows:
        raise MissingDataError(f"'{table}' names no clips: expected at least one; {remedy}")
    missing = [name for name, _ in rows if not (table.parent / name).is_file()]
    if missing:
        raise MissingDataError(
            f"'{table.parent}' lacks {len(missing)} of the {len(rows)} clips in references.csv: "
            f"{', '.join(missing)}; put them there or {remedy}"
        )
    return [clip for name, text in rows for clip in _clips_of(table.parent / name, text)]


def terms(clips: Iterable[Clip]) -> tuple[str, ...]:
    """Return the names and titles in the texts: words with a capital inside a sentence."""
    found = (NAME.findall(clip.text) for clip in clips)
    return tuple(sorted({name for names in found for name in names}))


def assemble(clips: Iterable[Clip], condition: str, seed: int = 0) -> AssembledCall:
    """Build one call of all clips: "clean", or with "noise", packet "loss" or hold "music"."""
    plan = np.random.default_rng(seed)
    turns: list[TrueTurn] = []
    placed: list[tuple[int, int, Samples]] = []
    end_s = 0.0
    for channel, clip in _in_turns(_sides(clips, plan), plan):
        gap_s = float(plan.uniform(*GAP_S)) if turns else LEAD_S
        start = round((end_s + gap_s) * RATE_HZ)  # of speech, hence the grid of samples
        first = start - round(clip.speech.start_s * RATE_HZ)
        end_s = start / RATE_HZ + clip.speech.duration_s
        turns.append(_true_turn(channel, start / RATE_HZ, clip))
        placed.append((channel, first, clip.samples))
    length = round((end_s + TAIL_S) * RATE_HZ)
    samples = np.stack([line_noise(length, plan) for _ in range(CHANNELS)])
    for channel, first, sound in placed:
        _add(samples[channel], first, sound)
    disturbance = np.random.default_rng([seed, zlib.crc32(condition.encode())])
    _disturb(samples, turns, condition, disturbance)
    return AssembledCall(condition, np.clip(samples, -0.98, 0.98), tuple(turns))


def write_telephone(path: Path, samples: Samples) -> None:
    """Write samples of shape (channels, n) as telephone recorders do: 8 kHz mu-law WAV."""
    soundfile.write(path, samples.T, RATE_HZ, subtype="ULAW", format="WAV")


def write_repeated(path: Path, source: Path, duration_s: float) -> None:
    """Write a recording over and over until it is at least that long, piece by piece."""
    sound, rate_hz = soundfile.read(source, dtype="int16", always_2d=True)
    times = math.ceil(duration_s * rate_hz / len(sound))
    with soundfile.SoundFile(path, "w", rate_hz, sound.shape[1], "ULAW", format="WAV") as out:
        for _ in range(times):
            out.write(sound)


def speech_span(samples: Samples) -> tuple[Span, bool, bool]:
    """Return where the speech of a clip at RATE_HZ begins and ends, and whether each is certain."""
    levels = _levels_db(samples)
    peak_db, floor_db = levels.max(), float(np.percentile(levels, 5))
    loud = np.flatnonzero(levels > peak_db - LOUD_BELOW_PEAK_DB)
    soft = levels > max(peak_db - SOFT_BELOW_PEAK_DB, floor_db + SOFT_ABOVE_FLOOR_DB)
    first = loud[0] - _reach(soft[: loud[0]][::-1])
    end = loud[-1] + 1 + _reach(soft[loud[-1] + 1 :])
    return (
        Span(round(first * HOP_S, 3), round(end * HOP_S, 3)),
        bool(first > 0),
        bool(end < len(levels)),
    )


def _reach(soft: NDArray[np.bool_]) -> int:
    """Return how many hops sound, counted from the first one, dips of DIP_S allowed."""
    reach = 0
    for hop in np.flatnonzero(soft):
        if hop - reach > round(DIP_S / HOP_S):
            break
        reach = int(hop) + 1
    return reach


def _levels_db(samples: Samples) -> Samples:
    hop = round(HOP_S * RATE_HZ)
    hops = samples[: len(samples) // hop * hop].reshape(-1, hop)
    return np.asarray(10 * np.log10(np.mean(hops**2, axis=1) + 1e-12))


def _clips_of(path: Path, text: str) -> Iterator[Clip]:
    """Yield the clip of a file: two of them where another reader speaks on each channel."""
    sound, rate_hz = soundfile.read(path, dtype="float64", always_2d=True)
    # The name begins with where a clip comes from; each source has one reader.
    source = path.name.split("_")[0]
    two = TWO_READERS.fullmatch(text)
    if two is None:
        yield _clip(path.name, source, text, sound.mean(axis=1), rate_hz)
    else:
        yield _clip(path.name, f"{source} left", two["left"], sound[:, 0], rate_hz)
        yield _clip(path.name, f"{source} right", two["right"], sound[:, 1], rate_hz)


def _clip(file: str, reader: str, text: str, sound: Samples, rate_hz: int) -> Clip:
    samples = through_band(np.asarray(soxr.resample(sound, rate_hz, RATE_HZ)))
    levels = _levels_db(samples)
    active = levels[levels > levels.max() - ACTIVE_BELOW_PEAK_DB]
    samples = samples * from_db(SPEECH_DBFS - 10 * np.log10(np.mean(10 ** (active / 10))))
    speech, start_known, end_known = speech_span(samples)
    # Without its own background around the speech: that would set in before the reader does.
    cut_s = Span(max(0.0, speech.start_s - FADE_S), speech.end_s + FADE_S)
    cut = samples[round(cut_s.start_s * RATE_HZ) : round(cut_s.end_s * RATE_HZ)]
    in_cut = Span(speech.start_s - cut_s.start_s, speech.end_s - cut_s.start_s)
    return Clip(file, reader, text, _faded(cut, FADE_S), in_cut, start_known, end_known)


def _faded(samples: Samples, fade_s: float) -> Samples:
    ramp = np.linspace(0, 1, round(fade_s * RATE_HZ))
    faded = samples.copy()
    faded[: len(ramp)] *= ramp
    faded[-len(ramp) :] *= ramp[::-1]
    return faded


def _sides(clips: Iterable[Clip], plan: np.random.Generator) -> list[list[Clip]]:
    """Give each reader a channel, so that both hold about as many clips; shuffle each channel."""
    by_reader: dict[str, list[Clip]] = {}
    for clip in clips:
        by_reader.setdefault(clip.reader, []).append(clip)
    sides: list[list[Clip]] = [[] for _ in range(CHANNELS)]
    for of_reader in sorted(by_reader.values(), key=len, reverse=True):
        min(sides, key=len).extend(of_reader)
    return [[side[i] for i in plan.permutation(len(side))] for side in sides]


def _in_turns(
    sides: Sequence[Sequence[Clip]], plan: np.random.Generator
) -> Iterator[tuple[int, Clip]]:
    """Yield channel and clip, one channel after the other until all are said."""
    first = int(plan.integers(len(sides)))
    for place in range(max(len(side) for side in sides)):
        for step in range(len(sides)):
            channel = (first + step) % len(sides)
            if place < len(sides[channel]):
                yield channel, sides[channel][place]


def _true_turn(channel: int, start_s: float, clip: Clip) -> TrueTurn:
    end_s = start_s + clip.speech.duration_s
    return TrueTurn(
        channel,
        round(start_s, 4),
        round(end_s, 4),
        clip.text,
        clip.file,
        clip.start_known,
        clip.end_known,
    )


def _add(channel: Samples, first: int, sound: Samples) -> None:
    """Add sound to a channel from a sample on; what lies outside of the call is left out."""
    begin, end = max(first, 0), min(first + len(sound), len(channel))
    channel[begin:end] += sound[begin - first : end - first]


def _disturb(
    samples: Samples, turns: Sequence[TrueTurn], condition: str, random: np.random.Generator
) -> None:
    length = samples.shape[1]
    if condition == "noise":
        level_dbfs = SPEECH_DBFS - NOISE_BELOW_SPEECH_DB
        samples += np.stack([at_level(pink_noise(length, random), level_dbfs) for _ in samples])
    elif condition == "loss":
        for channel in samples:
            _lose_packets(channel, random)
    elif condition == "music":
        for before, after in pairwise(turns):
            start_s, end_s = before.end_s + MUSIC_APART_S, after.start_s - MUSIC_APART_S
            music = at_level(hold_music(end_s - start_s, random), MUSIC_DBFS)
            _add(samples[MUSIC_CHANNEL], round(start_s * RATE_HZ), _faded(music, FADE_S))
    elif condition != "clean":
        raise ValueError(f"unknown condition '{condition}': expected one of {CONDITIONS}")


def _lose_packets(channel: Samples, random: np.random.Generator) -> None:
    """Zero LOSS_SHARE of the packets of a channel in place, in runs."""
    packet = round(PACKET_S * RATE_HZ)
    count = len(channel) // packet
    lost = np.zeros(count, bool)
    wanted = round(LOSS_SHARE * count)
    while (rest := wanted - int(lost.sum())) > 0:
        run = min(int(random.geometric(1 / LOSS_RUN_PACKETS)), rest)
        start = int(random.integers(count - run + 1))
        lost[start : start + run] = True
    for index in np.flatnonzero(lost):
        channel[index * packet : (index + 1) * packet] = 0


def outside_repository(
    _context: click.Context, _option: click.Parameter, folder: Path | None
) -> Path | None:
    """Refuse a folder inside the repository: click's callback of ``--out``."""
    if folder is not None and folder.resolve().is_relative_to(ROOT):
        raise click.BadParameter(
            f"'{folder}' is inside the repository, where nothing of the data may get: "
            "name a folder outside of it"
        )
    return folder


data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="CALLTONE_DATA",
    default=DEFAULT_DATA,
    show_envvar=True,
    help="Folder of the evaluation data.  [default: ../shared/data beside the checkout]",
)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@data_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    callback=outside_repository,
    help="Folder for CONDITION.wav and CONDITION.json; outside of the repository.",
)
@click.option("--seed", default=0, show_default=True)
@click.option(
    "--condition",
    "conditions",
    type=click.Choice(CONDITIONS),
    multiple=True,
    help="May be given several times.  [default: all]",
)
def main(data: Path, out: Path, seed: int, conditions: Sequence[str]) -> None:
    """Build two-channel 8 kHz mu-law calls with known words and turns."""
    try:
        clips = read_clips(data)
    except MissingDataError as error:
        raise click.ClickException(str(error)) from error
    out.mkdir(parents=True, exist_ok=True)
    for condition in conditions or CONDITIONS:
        call = assemble(clips, condition, seed)
        click.echo(f"{call.write(out)}: {call.duration_s:.1f} s, {len(call.turns)} turns")


if __name__ == "__main__":
    main()

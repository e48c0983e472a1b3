"""Who speaks when: speech activity of every channel, from the sound itself.

The detector is silero-vad, at 8 or 16 kHz. Its package calls the network once per 32 ms; here the
same network runs over a whole block at a time (its convolutions see one frame each, only the
recurrent layer needs the order), which gives the same probabilities about thirty times faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from calltone.audio.spans import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRAME_S = 0.032  # silero-vad's frame: 256 samples at 8 kHz, 512 at 16 kHz
LEVEL_HOP_S = 0.010
# At silero's default of 0.5 and pauses of 0.1 s telephone speech falls into scraps, from which
# Whisper guesses; 0.2 and 0.7 s keep a sentence with its soft beginnings in one turn.
SPEECH_THRESHOLD = 0.2
MIN_PAUSE_S = 0.7
MIN_SPEECH_S = 0.1
# Somewhere in a turn the detector must be sure; hiss and music stay below.
SURE_THRESHOLD = 0.5
MAX_TURN_S = 28.0  # a turn with its padding must fit into Whisper's 30 s
# The edges of a turn are looked for this far around the detector's, which it rounds to 32 ms and
# places late on soft beginnings and early on soft endings.
EDGE_SEARCH_S = 0.2
EDGE_ABOVE_FLOOR_DB = 6.0
EDGE_BELOW_PEAK_DB = 30.0
SILENCE_DB = -100.0


def detector_rate_hz(native_hz: int) -> int:
    """Return the rate at which silero-vad hears a recording: 8 kHz as it is, others at 16 kHz."""
    return 8_000 if native_hz <= 8_000 else 16_000


class SpeechDetector:
    """Speech probability of each channel, block after block of one recording."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        import torch

        network = _silero(rate_hz)
        self._rate_hz = rate_hz
        self._frame = round(FRAME_S * rate_hz)
        self._extract = network.run_extractors
        self._encode = network.encoder
        self._decode = network.decoder.decoder
        cell = network.decoder.rnn
        self._lstm = torch.nn.LSTM(cell.weight_ih.shape[1], cell.weight_hh.shape[1])
        self._lstm.load_state_dict(
            {f"{name}_l0": value for name, value in cell.named_parameters()}, strict=True
        )
        self._state: Any = None
        # silero sees the end of the frame before (32 samples at 8 kHz, 64 at 16 kHz).
        self._context = torch.zeros(channels, rate_hz // 250)

    def feed(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take whole frames, shape (channels, n); return probabilities, (channels, frames)."""
        import torch

        channels, count = len(block), block.shape[1] // self._frame
        context = self._context.shape[1]
        with _one_thread(), torch.no_grad():
            sound = torch.cat([self._context, torch.from_numpy(np.ascontiguousarray(block))], dim=1)
            self._context = sound[:, -context:]
            frames = sound.unfold(1, context + self._frame, self._frame)
            features = self._encode(self._extract(frames.reshape(-1, context + self._frame)))
            in_order = features.squeeze(-1).reshape(channels, count, -1).transpose(0, 1)
            hidden, self._state = self._lstm(in_order.contiguous(), self._state)
            logits = self._decode(hidden.reshape(count * channels, -1, 1))
        probabilities: NDArray[np.float32] = logits.reshape(count, channels).T.numpy()
        return probabilities


def find_turns(
    probabilities: NDArray[np.float32], levels_db: NDArray[np.float32], duration_s: float
) -> list[Span]:
    """Cut one channel into turns.

    Args:
        probabilities: Speech probability per 32 ms, shape (frames,).
        levels_db: Level per 10 ms, shape (hops,), dB re full scale.
        duration_s: Length of the recording in seconds.

    Returns:
        Turns in order, without overlap, each shorter than 29 s.
    """
    from silero_vad.utils_vad import get_speech_timestamps_from_probs

    # The function counts samples; one rate serves as well as another, and 8 kHz is exact here.
    found = get_speech_timestamps_from_probs(
        probabilities.tolist(),
        sampling_rate=8_000,
        threshold=SPEECH_THRESHOLD,
        min_speech_duration_ms=int(MIN_SPEECH_S * 1000),
        min_silence_duration_ms=int(MIN_PAUSE_S * 1000),
        max_speech_duration_s=MAX_TURN_S,
        speech_pad_ms=0,
        audio_length_samples=int(duration_s * 8_000),
    )
    rough = [Span(cut["start"] / 8_000, cut["end"] / 8_000) for cut in found]
    sure = [span for span in rough if _peak(probabilities, span) >= SURE_THRESHOLD]
    return list(_sharpened(sure, levels_db, duration_s))


def level_db(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """Return the RMS level per 10 ms, shape (..., hops), in dB re full scale (at least -100)."""
    hop = round(LEVEL_HOP_S * rate_hz)
    hops = samples.shape[-1] // hop
    framed = samples[..., : hops * hop].reshape(*samples.shape[:-1], hops, hop)
    power = np.mean(np.square(framed, dtype=np.float32), axis=-1)
    decibels: NDArray[np.float32] = 10 * np.log10(np.maximum(power, 10 ** (SILENCE_DB / 10)))
    return decibels


def noise_floor_db(levels_db: NDArray[np.float32]) -> float:
    """Return the level that 90 % of a channel's 10 ms hops exceed: what sounds between words."""
    return float(np.percentile(levels_db, 10)) if levels_db.size else SILENCE_DB


def _peak(probabilities: NDArray[np.float32], span: Span) -> float:
    frames = probabilities[int(span.start_s / FRAME_S) : int(span.end_s / FRAME_S) + 1]
    return float(frames.max()) if frames.size else 0.0


def _sharpened(
    spans: Sequence[Span], levels_db: NDArray[np.float32], duration_s: float
) -> Iterable[Span]:
    """Move each edge to where the level leaves the noise, never into the neighbouring turn."""
    floor_db = noise_floor_db(levels_db)
    earliest_s = 0.0
    for index, span in enumerate(spans):
        latest_s = spans[index + 1].start_s if index + 1 < len(spans) else duration_s
        search = span.padded(EDGE_SEARCH_S, Span(earliest_s, max(latest_s, span.end_s)))
        first = _hop_at(search.start_s)
        levels = levels_db[first : _hop_at(search.end_s)]
        if not levels.size:
            continue
        peak_db = float(np.percentile(levels, 95))
        loud = levels > max(floor_db + EDGE_ABOVE_FLOOR_DB, peak_db - EDGE_BELOW_PEAK_DB)
        if not loud.any():
            continue
        begin = first + int(np.argmax(loud))
        end = first + len(levels) - int(np.argmax(loud[::-1]))
        earliest_s = round(end * LEVEL_HOP_S, 3)
        yield Span(round(begin * LEVEL_HOP_S, 3), earliest_s)


def _hop_at(time_s: float) -> int:
    # 0.29 / 0.01 is 28.999...: without the millionth, a turn could begin inside the one before.
    return int(time_s / LEVEL_HOP_S + 1e-6)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep torch on one thread: the network is too small for two.

    They gain nothing on an idle machine, and where another process has the second core, they wait
    for each other at every one of the recurrent layer's steps: 5 s instead of 0.1 s were measured.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _silero(rate_hz: int) -> Any:
    """Load silero's network for a rate, and undo its import's ``torch.set_num_threads(1)``."""
    import torch

    threads = torch.get_num_threads()
    from silero_vad import load_silero_vad

    torch.set_num_threads(threads)
    model = load_silero_vad()
    return model._model_8k if rate_hz == 8_000 else model._model

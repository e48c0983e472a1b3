"""Any call recording as samples: decoded once, kept on disk, read back piece by piece.

A call of hours needs no more memory than one of minutes: samples go straight from the decoder
into a scratch file without a name, which the system removes even after a crash.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
import soxr
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from numpy.typing import NDArray

from calltone.audio.errors import RecordingError
from calltone.audio.spans import Span
from calltone.audio.wav_header import MendedWav, WavHeader, read_wav_header

# Below 4 kHz not even the first formants of speech are there; above 192 kHz no recorder works.
MIN_RATE_HZ = 4_000
MAX_RATE_HZ = 192_000
# A header that is off by less is careless (file size for sound size, encoder padding), not a call
# that broke off.
_CUT_SHORT_S = 0.25
# Time stamps of a healthy file wander by less: ASF and Matroska round them to a millisecond.
_GAP_S = 0.015
# A longer jump of the time stamps is a new time line, not lost sound.
_LONGEST_GAP_S = 60.0
# Errors in a row after which the rest of a file counts as unreadable.
_PATIENCE = 100
# Sound around a stretch that the resampling filter sees, so that its edges equal the whole's.
_MARGIN_S = 0.05
_WRITE_BUFFER_BYTES = 1 << 20
_GSM_MARK = 0xD
# FFmpeg's number formats that are not floating point: what stands for 1.0.
_FULL_SCALE = {"uint8": 2.0**7, "int16": 2.0**15, "int32": 2.0**31, "int64": 2.0**63}

# Containers that hold sound. Playlists (hls, concat, dash, sdp) are left out, as they would make
# FFmpeg open other files; so is headerless PCM, whose rate could only be guessed.
_CONTAINERS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,eac3,flac,flv,g722,g723_1,g729,gsm,matroska,"
    "mov,mp3,mpeg,mpegts,ogg,rm,sln,tta,voc,w64,wav,wv,xwma"
)
# Containers whose header states the length, rather than FFmpeg estimating it from the file size
# (as it does for MP3, and for ASF where the file is shorter than stated).
_STATE_LENGTH = frozenset({"flac", "mov,mp4,m4a,3gp,3g2,mj2"})
# Codecs without loss that carry more than 16 bits. The noise of lossy ones is far above the last
# of 16 bits, so that keeping more of them would only fill the disk.
_WIDE_CODECS = ("pcm_s24", "pcm_s32", "pcm_u24", "pcm_u32", "pcm_f", "pcm_s64")
_LOSSLESS_CODECS = frozenset({"flac", "alac", "ape", "wavpack", "tta", "wmalossless"})


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What a recording is, as found by decoding it.

    ``codec`` is FFmpeg's name for it (``"pcm_mulaw"``), ``rate_hz`` the rate it was made at and
    ``duration_s`` the length of what was really decoded. ``cut_short_s`` tells how many seconds
    the header declares beyond what is there: the recording broke off; None where it did not.
    ``skipped_packets`` counts pieces that could not be decoded, and ``lost_s`` is the time inside
    the recording that went with them: it is silent in the samples, so that times stay true.
    """

    sha256: str
    codec: str
    rate_hz: int
    channels: int
    duration_s: float
    cut_short_s: float | None = None
    skipped_packets: int = 0
    lost_s: float = 0.0


class Recording:
    """The samples of one call, at the rate and on the channels of the file.

    Close it, or use it in a ``with`` statement: its scratch file is as long as the call.
    """

    def __init__(self, facts: RecordingFacts, scratch: _Scratch) -> None:
        self.facts = facts
        self._scratch = scratch

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the scratch file back to the system."""
        self._scratch.close()

    @property
    def span(self) -> Span:
        """The whole recording, in seconds."""
        return Span(0.0, self.facts.duration_s)

    def blocks(self, rate_hz: int, block_s: float = 30.0) -> Iterator[NDArray[np.float32]]:
        """Yield the call in order, in float32 arrays of shape ``(channels, n)``, -1 to 1.

        ``n`` is ``round(block_s * rate_hz)``, and less only in the last block. The samples are
        resampled (soxr, band-limited, without seams between blocks) when ``rate_hz`` differs from
        the recording's own rate.
        """
        length = round(block_s * rate_hz)
        if rate_hz <= 0 or length <= 0:
            raise ValueError(f"rate_hz and block_s must be above 0, not {rate_hz} and {block_s}")
        native_length = max(1, round(block_s * self.facts.rate_hz))
        native = self._native_blocks(native_length)
        if rate_hz == self.facts.rate_hz:
            return native
        return _in_lengths(self._resampled(native, rate_hz), length)

    def read(self, channel: int, span: Span, rate_hz: int | None = None) -> NDArray[np.float32]:
        """Return one channel of a stretch of the call, float32 of shape ``(n,)``, -1 to 1.

        The span is clipped to the recording and ``n`` is ``round(duration_s * rate_hz)`` of what
        is left of it: 0 where nothing is. ``rate_hz`` None keeps the recording's own rate; at any
        other the sound is resampled (soxr), with the sound around the span taken into account, so
        that its edges are those of the resampled call.
        """
        if not 0 <= channel < self.facts.channels:
            raise ValueError(f"there is no channel {channel}: there are {self.facts.channels}")
        if rate_hz is not None and rate_hz <= 0:
            raise ValueError(f"rate_hz must be above 0, not {rate_hz}")
        start_s = min(max(span.start_s, 0.0), self.facts.duration_s)
        end_s = min(max(span.end_s, start_s), self.facts.duration_s)
        rate = rate_hz or self.facts.rate_hz
        count = round((end_s - start_s) * rate)
        if count == 0:
            return np.zeros(0, np.float32)
        if rate == self.facts.rate_hz:
            start = min(round(start_s * rate), self._scratch.length - count)
            return np.ascontiguousarray(self._scratch.read(start, count)[:, channel])
        return self._read_resampled(channel, round(start_s * rate), count, rate)

    def _native_blocks(self, length: int) -> Iterator[NDArray[np.float32]]:
        for start in range(0, self._scratch.length, length):
            block = self._scratch.read(start, min(length, self._scratch.length - start))
            yield np.ascontiguousarray(block.T)

    def _resampled(
        self, native: Iterator[NDArray[np.float32]], rate_hz: int
    ) -> Iterator[NDArray[np.float32]]:
        """Resample blocks as one signal; what comes out has the shape ``(channels, any)``."""
        stream = soxr.ResampleStream(self.facts.rate_hz, rate_hz, self.facts.channels, "float32")
        for block in native:
            yield stream.resample_chunk(np.ascontiguousarray(block.T)).T
        yield stream.resample_chunk(np.zeros((0, self.facts.channels), np.float32), last=True).T

    def _read_resampled(
        self, channel: int, start: int, count: int, rate_hz: int
    ) -> NDArray[np.float32]:
        """Return ``count`` samples from ``start``, both counted at ``rate_hz``."""
        native_hz = self.facts.rate_hz
        # Every ``step`` native samples, a native and a resampled sample lie at the same moment.
        step = native_hz // math.gcd(native_hz, rate_hz)
        margin = math.ceil(_MARGIN_S * native_hz)
        first = max(0, start * native_hz // rate_hz - margin) // step * step
        last = min(self._scratch.length, (start + count) * native_hz // rate_hz + margin)
        native = np.ascontiguousarray(self._scratch.read(first, last - first)[:, channel])
        resampled = np.asarray(soxr.resample(native, native_hz, rate_hz), np.float32)
        skip = start - first * rate_hz // native_hz
        piece = resampled[skip : skip + count]
        return np.pad(piece, (0, count - piece.size))


def open_recording(path: str | Path) -> Recording:
    """Decode a recording and return it, open.

    Reads what FFmpeg reads: WAV (PCM, G.711, GSM, ADPCM), MP3, M4A, Ogg, FLAC, WMA, AMR and more,
    with one or two channels at 4 to 192 kHz. Of a file with several audio streams the first is
    taken. Damaged pieces are skipped and counted.

    Raises RecordingError for a file that is missing, cannot be read, or is no such recording.
    """
    path = Path(path)
    try:
        _refuse_without_bytes(path)
        with path.open("rb") as file:
            return _decoded(file, path.name)
    except FileNotFoundError:
        raise RecordingError(
            f"{path.name} was not found: a recording is needed; check the path"
        ) from None
    except PermissionError:
        raise RecordingError(
            f"{path.name} cannot be read: it needs read permission; ask its owner for it"
        ) from None
    except OSError as error:
        raise RecordingError(
            f"{path.name} cannot be read ({error.strerror or 'input error'}): "
            "check the disk or copy the file again"
        ) from None


def _refuse_without_bytes(path: Path) -> None:
    if path.is_dir():
        raise RecordingError(f"{path.name} is a directory: name one recording in it")
    if path.exists() and not path.is_file():
        raise RecordingError(f"{path.name} is a device or pipe: save the recording to a file first")
    if path.stat().st_size == 0:
        raise RecordingError(
            f"{path.name} is empty (0 bytes): a recording is needed; export the call again"
        )


def _decoded(file: BufferedReader, name: str) -> Recording:
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    header = read_wav_header(file)
    try:
        with _opened(file, header) as container:
            decoding = _Decoding(container, name)
            scratch = decoding.run()
            return Recording(decoding.facts(sha256, header, scratch.length), scratch)
    except av.FFmpegError:
        raise RecordingError(
            f"{name} is not a sound file that FFmpeg can read: "
            "a recording is needed (wav, mp3, m4a, ogg, flac, wma, gsm, amr); export the call again"
        ) from None


def _opened(file: BufferedReader, header: WavHeader | None) -> InputContainer:
    options = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"}
    if header is not None and header.needs_mending:
        return av.open(MendedWav(file, header), "r", format="wav", options=options)
    file.seek(0)
    return av.open(file, "r", options=options, metadata_errors="ignore")


class _Scratch:
    """Interleaved samples in a file without a name: int16, or float32 for wide sources."""

    def __init__(self, channels: int, dtype: type[np.int16] | type[np.float32]) -> None:
        self.length = 0
        self._dtype = np.dtype(dtype)
        self._frame_bytes = channels * self._dtype.itemsize
        self._channels = channels
        with _explained_lack_of_room():
            # Closed by whoever owns the scratch: it outlives this call by design.
            self._file = tempfile.TemporaryFile(buffering=_WRITE_BUFFER_BYTES)  # noqa: SIM115

    def append(self, samples: NDArray[np.generic]) -> None:
        """Add samples of shape ``(n, channels)``."""
        with _explained_lack_of_room():
            self._file.write(_as_dtype(samples, self._dtype).tobytes())
        self.length += len(samples)

    def append_silence(self, count: int) -> None:
        """Add ``count`` samples of silence on each channel."""
        with _explained_lack_of_room():
            self._file.write(bytes(count * self._frame_bytes))
        self.length += count

    def flush(self) -> None:
        """Make all that was added readable."""
        with _explained_lack_of_room():
            self._file.flush()

    def read(self, start: int, count: int) -> NDArray[np.float32]:
        """Return float32 of shape ``(count, channels)``, -1 to 1; all of it must be there."""
        wanted, at = count * self._frame_bytes, start * self._frame_bytes
        pieces: list[bytes] = []
        # One pread returns 2 GiB at most, and may be interrupted.
        while wanted and (piece := os.pread(self._file.fileno(), wanted, at)):
            pieces.append(piece)
            wanted, at = wanted - len(piece), at + len(piece)
        samples = np.frombuffer(b"".join(pieces), self._dtype).reshape(-1, self._channels)
        if self._dtype == np.int16:
            return samples.astype(np.float32) / np.float32(32768)
        return samples.astype(np.float32)

    def close(self) -> None:
        self._file.close()


@contextlib.contextmanager
def _explained_lack_of_room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RecordingError(
            f"no room to decode the call ({error.strerror}): its plain samples need up to 1.4 GB "
            "an hour in the directory for temporary files; free some, or set TMPDIR"
        ) from None


class _Decoding:
    """One pass through a container, into a scratch file that a Recording then owns."""

    def __init__(self, container: InputContainer, name: str) -> None:
        self._container = container
        self._name = name
        self._stream = self._first_stream()
        self._codec = self._stream.codec_context.codec.canonical_name
        self._skipped = 0
        self._lost = 0
        self._rate_hz = 0
        self._layout = ""
        self._channels = 0
        # Where the time stamps count from: sample at time stamp 0, at the recording's rate.
        self._origin: int | None = None
        self._scratch: _Scratch | None = None
        self._resampler: tuple[tuple[int, str, str], AudioResampler] | None = None

    def run(self) -> _Scratch:
        """Decode everything; return the samples."""
        try:
            for frame in self._frames():
                self._take(frame)
            if self._scratch is None:
                raise self._error_without_sound()
            self._scratch.flush()
        except BaseException:
            if self._scratch is not None:
                self._scratch.close()
            raise
        return self._scratch

    def facts(self, sha256: str, header: WavHeader | None, length: int) -> RecordingFacts:
        """Sum up what was decoded: ``length`` samples on each channel."""
        return RecordingFacts(
            sha256=sha256,
            codec=self._codec,
            rate_hz=self._rate_hz,
            channels=self._channels,
            duration_s=length / self._rate_hz,
            cut_short_s=self._cut_short_s(header, length / self._rate_hz),
            skipped_packets=self._skipped,
            lost_s=self._lost / self._rate_hz,
        )

    def _first_stream(self) -> AudioStream:
        if not self._container.streams.audio:
            raise RecordingError(
                f"{self._name} has no audio stream: a recording with sound is needed; "
                "export the call again with its audio"
            )
        stream = self._container.streams.audio[0]
        # PyAV has no codec context where FFmpeg has no decoder.
        if stream.codec_context is None:
            raise RecordingError(
                f"{self._name} holds sound in a codec that FFmpeg cannot decode: "
                "export the call as wav, mp3, m4a, ogg, flac or wma"
            )
        return stream

    def _frames(self) -> Iterator[AudioFrame]:
        """Decode packet by packet; what fails is counted and left out."""
        failures = 0
        while failures < _PATIENCE:
            try:
                for packet in self._container.demux(self._stream):
                    failures = 0
                    yield from self._decoded(packet)
                return
            except av.FFmpegError:
                failures += 1
                self._skipped += 1

    def _decoded(self, packet: Packet[AudioStream]) -> list[AudioFrame]:
        try:
            if not self._is_foreign(packet):
                return [frame for frame in packet.decode() if frame.samples]
        except av.FFmpegError:
            pass
        self._skipped += packet.size > 0
        return []

    def _is_foreign(self, packet: Packet[AudioStream]) -> bool:
        """Tell whether a packet of raw GSM lacks the mark (0xD) that all begin with.

        FFmpeg decodes any bytes of a file named .gsm, and they come out as loud noise.
        """
        return self._codec == "gsm" and packet.size > 0 and bytes(packet)[0] >> 4 != _GSM_MARK

    def _take(self, frame: AudioFrame) -> None:
        if self._scratch is None:
            self._scratch = self._begun(frame)
        if (frame.sample_rate, frame.layout.name) == (self._rate_hz, self._layout):
            self._keep_time(frame, self._scratch)
            self._scratch.append(_interleaved(frame))
            return
        # FFmpeg's time stamps are wrong after such a change: count anew when it ends.
        self._origin = None
        for piece in self._in_first_shape(frame):
            self._scratch.append(_interleaved(piece))

    def _begun(self, frame: AudioFrame) -> _Scratch:
        """Take the shape of the recording from its first sound; refuse what is no call."""
        rate_hz, channels = frame.sample_rate, frame.layout.nb_channels
        if channels > 2:
            raise RecordingError(
                f"{self._name} has {channels} channels; calltone needs one or two: "
                "export agent and customer as left and right"
            )
        if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
            raise RecordingError(
                f"{self._name} has a sample rate of {rate_hz} Hz; calltone needs {MIN_RATE_HZ} to "
                f"{MAX_RATE_HZ} Hz: export the call again at 8000 Hz or more"
            )
        self._rate_hz, self._channels, self._layout = rate_hz, channels, frame.layout.name
        first, unit = self._stream.start_time, self._stream.time_base
        if self._skipped and first is not None and unit is not None:
            self._origin = -round(first * unit * rate_hz)
        return _Scratch(channels, np.float32 if self._is_wide(frame) else np.int16)

    def _is_wide(self, frame: AudioFrame) -> bool:
        if self._codec in _LOSSLESS_CODECS:
            return frame.format.bytes > 2
        return self._codec.startswith(_WIDE_CODECS)

    def _in_first_shape(self, frame: AudioFrame) -> list[AudioFrame]:
        """Bring a frame to the rate and channels of the first, where a file changes them."""
        shape = (frame.sample_rate, frame.layout.name, frame.format.name)
        if self._resampler is None or self._resampler[0] != shape:
            resampler = AudioResampler(frame.format, self._layout, self._rate_hz)
            self._resampler = (shape, resampler)
        return self._resampler[1].resample(frame)

    def _keep_time(self, frame: AudioFrame, scratch: _Scratch) -> None:
        """Put silence where the time stamps tell that sound before ``frame`` was lost."""
        if frame.pts is None or frame.time_base is None:
            return
        stamp = frame.pts * frame.time_base.numerator * self._rate_hz // frame.time_base.denominator
        if self._origin is None:
            self._origin = scratch.length - stamp
        gap = stamp + self._origin - scratch.length
        if _GAP_S * self._rate_hz < gap < _LONGEST_GAP_S * self._rate_hz:
            scratch.append_silence(gap)
            self._lost += gap
        elif abs(gap) >= _GAP_S * self._rate_hz:
            self._origin = scratch.length - stamp

    def _cut_short_s(self, header: WavHeader | None, duration_s: float) -> float | None:
        missing_s = 0.0
        if header is not None:
            missing_s = duration_s * header.missing_bytes / max(1, header.sound_bytes)
        elif self._container.format.name in _STATE_LENGTH:
            missing_s = self._stated_s() - duration_s
        return missing_s if missing_s > _CUT_SHORT_S else None

    def _stated_s(self) -> float:
        """Return the length that the container states; 0 where it states none."""
        if self._stream.duration is not None and self._stream.time_base is not None:
            return float(self._stream.duration * self._stream.time_base)
        return (self._container.duration or 0) / av.time_base

    def _error_without_sound(self) -> RecordingError:
        if self._skipped:
            return RecordingError(
                f"{self._name} holds nothing that can be decoded (it looks like {self._codec}): "
                "an undamaged recording is needed; export the call again"
            )
        return RecordingError(
            f"{self._name} holds 0 samples of sound: a recording is needed; export the call again"
        )


def _interleaved(frame: AudioFrame) -> NDArray[np.generic]:
    """Return the samples of a frame in its own number format, of shape ``(n, channels)``."""
    samples = frame.to_ndarray()
    if frame.format.is_planar:
        return samples.T
    return samples.reshape(-1, frame.layout.nb_channels)


def _as_dtype(samples: NDArray[np.generic], dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    """Bring samples of any FFmpeg number format to int16 or to float32 from -1 to 1."""
    if samples.dtype == dtype and dtype == np.int16:
        return samples
    whole = _FULL_SCALE.get(samples.dtype.name)
    unit = np.nan_to_num(samples.astype(np.float64))
    if whole is not None:
        unit = (unit - whole * (samples.dtype == np.uint8)) / whole
    if dtype == np.int16:
        return np.rint(unit * 32768).clip(-32768, 32767).astype(np.int16)
    return unit.clip(-1, 1).astype(np.float32)


def _in_lengths(
    pieces: Iterator[NDArray[np.float32]], length: int
) -> Iterator[NDArray[np.float32]]:
    """Cut pieces of any length into arrays of shape ``(channels, length)``, the last as is."""
    held: list[NDArray[np.float32]] = []
    count = 0
    for piece in pieces:
        held.append(piece)
        count += piece.shape[1]
        while count >= length:
            joined = np.concatenate(held, axis=1)
            yield np.ascontiguousarray(joined[:, :length])
            held, count = [joined[:, length:]], count - length
    if count:
        yield np.concatenate(held, axis=1)

"""What a WAV header says, and what is really there.

Call recorders write WAV headers before they know how long the call will be, and some never come
back to correct them. FFmpeg reads most of these files to their end by itself. This module finds
the rest: a length that is too small, a trailing chunk behind an endless length, a chunk of odd
size that was not padded. It also tells a recording that broke off from one without a length.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

# Recorders that cannot go back write 0, 0xFFFFFFFF (FFmpeg), 0x7FFFF000 (SoX) or a value near
# those. A real length of 2 GiB is 37 hours of 8 kHz, 16 bit: no call.
_ENDLESS_BYTES = 0x7FFF_0000
_MAX_UINT32 = 0xFFFF_FFFF
# How far before the end of a file with an endless length a closing LIST chunk is looked for.
_TAIL_BYTES = 65_536
_COPY_BYTES = 1 << 20
_KNOWN_CHUNKS = frozenset(
    b"fmt |fact|data|LIST|JUNK|junk|PAD |FLLR|bext|cue |smpl|inst|plst|iXML|axml|_PMX|id3 |ID3 "
    b"|PEAK|chna|ds64|levl|cart|acid|AFAn|DISP|minf|elm1|regn|umid|link|wavl".split(b"|")
)


@dataclass(frozen=True, slots=True)
class WavHeader:
    """Where the sound of a WAV file lies, in bytes.

    ``fmt`` is the content of the format chunk. ``declared_bytes`` is None where the header states
    no length (0, or a value that stands for "until the end"). ``needs_mending`` marks a file that
    FFmpeg would refuse, cut or read beyond the sound, as its header stands.
    """

    fmt: bytes
    start: int
    declared_bytes: int | None
    sound_bytes: int
    needs_mending: bool

    @property
    def missing_bytes(self) -> int:
        """Bytes of sound that the header promises and the file does not hold."""
        return max(0, (self.declared_bytes or 0) - self.sound_bytes)


class MendedWav:
    """A WAV file as it should have been written: a plain header, then the sound and nothing else.

    Gives PyAV what it asks of a file that is read once, from beginning to end.
    """

    def __init__(self, file: BinaryIO, header: WavHeader) -> None:
        self.name = "mended.wav"
        length = struct.pack("<I", min(header.sound_bytes, _MAX_UINT32))
        riff = b"RIFF" + struct.pack("<I", _MAX_UINT32) + b"WAVE"
        fmt = b"fmt " + struct.pack("<I", len(header.fmt)) + header.fmt + bytes(len(header.fmt) % 2)
        self._head = io.BytesIO(riff + fmt + b"data" + length)
        self._file = file
        self._left = header.sound_bytes
        file.seek(header.start)

    def read(self, size: int) -> bytes:
        """Return up to ``size`` further bytes; none at the end."""
        head = self._head.read(size)
        if head:
            return head
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data


def read_wav_header(file: BinaryIO) -> WavHeader | None:
    """Find the sound in a RIFF, RF64 or BW64 file; None for any other file, or without sound."""
    size = file.seek(0, io.SEEK_END)
    magic = _bytes_at(file, 0, 12)
    if magic[:4] not in (b"RIFF", b"RF64", b"BW64") or magic[8:] != b"WAVE":
        return None
    fmt, long_bytes, unpadded = b"", 0, False
    for name, start, length, was_unpadded in _chunks(file, 12, size):
        unpadded |= was_unpadded
        if name == b"fmt ":
            fmt = _bytes_at(file, start, min(length, 4096))
        elif name == b"ds64":
            long_bytes = int.from_bytes(_bytes_at(file, start + 8, 8), "little")
        elif name == b"data":
            is_long = magic[:4] != b"RIFF" and length == _MAX_UINT32
            declared = long_bytes if is_long else length
            # FFmpeg takes a long length of 0 at its word.
            mend = unpadded or (is_long and not long_bytes)
            return _with_sound(file, fmt, start, declared, mend=mend) if fmt else None
    return None


def _with_sound(file: BinaryIO, fmt: bytes, start: int, declared: int, *, mend: bool) -> WavHeader:
    """Decide how many bytes from ``start`` are sound."""
    size = file.seek(0, io.SEEK_END)
    there = size - start
    if declared == 0 or (declared > there and declared >= _ENDLESS_BYTES):
        sound = _without_closing_chunk(file, start, size)
        return WavHeader(fmt, start, None, sound, needs_mending=mend or sound < there)
    if declared < there and not _may_end_at(file, start + declared, size):
        return WavHeader(fmt, start, declared, there, needs_mending=True)
    return WavHeader(fmt, start, declared, min(declared, there), needs_mending=mend)


def _chunks(file: BinaryIO, at: int, size: int) -> Iterator[tuple[bytes, int, int, bool]]:
    """Walk the chunks from ``at``: name, start of the content, length, padding forgotten before."""
    unpadded = False
    while at + 8 <= size:
        name, length = struct.unpack("<4sI", _bytes_at(file, at, 8))
        if name == bytes(4):  # reserved room, perhaps gigabytes of it
            return
        yield name, at + 8, length, unpadded
        at += 8 + length
        # Chunks begin at even places; some writers forget the padding byte.
        unpadded = length % 2 == 1 and _bytes_at(file, at, 4) in _KNOWN_CHUNKS
        at += length % 2 and not unpadded


def _may_end_at(file: BinaryIO, at: int, size: int) -> bool:
    """Tell whether the sound can end at ``at``: padding, further chunks or only zeros follow."""
    padded = at + at % 2
    if size - padded < 8 or _is_chunk(file, at, size) or _is_chunk(file, padded, size):
        return True
    return _only_zeros(file, at)


def _is_chunk(file: BinaryIO, at: int, size: int) -> bool:
    """Tell whether chunks begin at ``at``: a known name, or a chain that ends with the file."""
    if _bytes_at(file, at, 4) in _KNOWN_CHUNKS:
        return True
    end = at
    for name, start, length, _ in _chunks(file, at, size):
        if not all(0x20 <= letter < 0x7F for letter in name):
            return False
        end = start + length
    return 0 <= size - end <= 1


def _without_closing_chunk(file: BinaryIO, start: int, size: int) -> int:
    """Return the bytes from ``start`` to the end, less a LIST chunk that closes the file."""
    begin = max(start, size - _TAIL_BYTES)
    tail = _bytes_at(file, begin, size - begin)
    at = tail.find(b"LIST")
    while at >= 0:
        length = int.from_bytes(tail[at + 4 : at + 8], "little")
        if 0 <= len(tail) - (at + 8 + length) <= 1:
            return begin + at - start
        at = tail.find(b"LIST", at + 1)
    return size - start


def _only_zeros(file: BinaryIO, at: int) -> bool:
    """Tell whether nothing but zeros follows: room that a recorder reserved and did not use."""
    file.seek(at)
    while block := file.read(_COPY_BYTES):
        if any(block):
            return False
    return True


def _bytes_at(file: BinaryIO, at: int, count: int) -> bytes:
    file.seek(at)
    return file.read(count)

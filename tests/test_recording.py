"""Recordings of known sound, in every format that can be made here, read back.

Not to be made here, as no encoder for them is at hand: AMR-WB, G.729, WMA Pro. They pass through
the same code as AMR and WMA.
"""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
import pytest
import soxr
from numpy.typing import NDArray
from sounds import (
    Signal,
    chunk,
    dominant_hz,
    encode,
    noise,
    pcm16,
    peak_level,
    silence,
    tone,
    wav_bytes,
    write_wav,
)

from calltone.audio import recording as recording_module
from calltone.audio.errors import RecordingError
from calltone.audio.recording import Recording, RecordingFacts, open_recording
from calltone.audio.spans import Span

LEFT_HZ, RIGHT_HZ = 440.0, 700.0
LEFT_LEVEL, RIGHT_LEVEL = 0.5, 0.25
Writer = Callable[[Path, Signal, int], Path]


def call(channels: int, rate_hz: int = 8000, duration_s: float = 3.0) -> Signal:
    """One tone per channel, each of its own frequency and level."""
    left = tone(LEFT_HZ, duration_s, rate_hz, LEFT_LEVEL)
    right = tone(RIGHT_HZ, duration_s, rate_hz, RIGHT_LEVEL)
    return np.stack([left, right][:channels])


def everything(recording: Recording, rate_hz: int | None = None) -> NDArray[np.float32]:
    return np.concatenate(list(recording.blocks(rate_hz or recording.facts.rate_hz)), axis=1)


def facts_of(path: Path) -> RecordingFacts:
    with open_recording(path) as recording:
        return recording.facts


def saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def by_libsndfile(subtype: str, container: str = "WAV") -> Writer:
    def write(path: Path, samples: Signal, rate_hz: int) -> Path:
        return write_wav(path, samples, rate_hz, subtype, format=container)

    return write


def by_ffmpeg(encoder: str) -> Writer:
    def write(path: Path, samples: Signal, rate_hz: int) -> Path:
        return encode(path, samples, rate_hz, encoder)

    return write


@dataclass(frozen=True)
class Format:
    """How a call is written, how it is to be found, and how far off it may be.

    ``level_off``: one quantisation step for PCM (8 bit: 1/128), half the coarsest step of G.711
    (1/32 of the value), and 6 percent for lossy coding: LAME scales by 0.95, GSM measured 0.972.
    AMR is made for speech and not for a steady sine: it measured 0.86.
    ``longer_s``: 0 without loss; else up to two frames of the codec's padding.
    """

    codec: str
    name: str
    rate_hz: int
    write: Writer
    level_off: float
    longer_s: float = 0.0
    channels: int = 2

    def __str__(self) -> str:
        return f"{self.codec}-{Path(self.name).suffix[1:]}-{self.rate_hz}-{self.channels}"


BIT = 1 / 32768
STEREO_FORMATS = [
    Format("pcm_u8", "call.wav", 8000, by_libsndfile("PCM_U8"), 1 / 128),
    Format("pcm_s16le", "call.wav", 8000, by_libsndfile("PCM_16"), BIT),
    Format("pcm_s24le", "call.wav", 8000, by_libsndfile("PCM_24"), 1e-6),
    Format("pcm_f32le", "call.wav", 8000, by_libsndfile("FLOAT"), 1e-6),
    Format("pcm_alaw", "call.wav", 8000, by_libsndfile("ALAW"), 1 / 64),
    Format("pcm_mulaw", "call.wav", 8000, by_libsndfile("ULAW"), 1 / 64),
    Format("pcm_s16le", "call.wav", 44100, by_libsndfile("PCM_16", "WAVEX"), BIT),
    Format("pcm_s16le", "call.wav", 16000, by_libsndfile("PCM_16", "RF64"), BIT),
    Format("pcm_s16le", "call.w64", 16000, by_libsndfile("PCM_16", "W64"), BIT),
    Format("adpcm_ms", "call.wav", 8000, by_libsndfile("MS_ADPCM"), 0.06, 0.13),
    Format("flac", "call.flac", 16000, by_libsndfile("PCM_16", "FLAC"), BIT),
    Format("mp3", "call.mp3", 8000, by_ffmpeg("libmp3lame"), 0.06, 0.15),
    Format("mp3", "call.mp3", 44100, by_ffmpeg("libmp3lame"), 0.06, 0.06),
    Format("aac", "call.m4a", 16000, by_ffmpeg("aac"), 0.06, 0.13),
    Format("opus", "call.opus", 48000, by_ffmpeg("libopus"), 0.06, 0.04),
    Format("opus", "call.webm", 48000, by_ffmpeg("libopus"), 0.06, 0.04),
    Format("vorbis", "call.ogg", 16000, by_libsndfile("VORBIS", "OGG"), 0.06, 0.02),
    Format("wmav2", "call.wma", 16000, by_ffmpeg("wmav2"), 0.06, 0.13),
]
FORMATS = [
    *STEREO_FORMATS,
    *(replace(form, channels=1) for form in STEREO_FORMATS),
    # Codecs of the telephone, which have one channel only.
    Format("gsm_ms", "call.wav", 8000, by_libsndfile("GSM610"), 0.06, 0.04, 1),
    Format("gsm", "call.gsm", 8000, by_libsndfile("GSM610", "RAW"), 0.06, 0.04, 1),
    Format("amr_nb", "call.amr", 8000, by_ffmpeg("libopencore_amrnb"), 0.2, 0.04, 1),
]


def assert_holds_the_call(path: Path, form: Format) -> None:
    with open_recording(path) as recording:
        facts, sound = recording.facts, everything(recording)
    assert facts.codec == form.codec
    assert (facts.rate_hz, facts.channels) == (form.rate_hz, form.channels)
    assert facts.duration_s == pytest.approx(3.0, abs=form.longer_s or 1e-9)
    assert (facts.cut_short_s, facts.skipped_packets, facts.lost_s) == (None, 0, 0.0)
    assert sound.shape == (form.channels, round(facts.duration_s * form.rate_hz))
    assert sound.dtype == np.float32
    steady = sound[:, form.rate_hz // 2 : form.rate_hz * 5 // 2]
    tones = [(LEFT_HZ, LEFT_LEVEL), (RIGHT_HZ, RIGHT_LEVEL)]
    for heard, (hz, level) in zip(steady, tones, strict=False):
        # The window holds 2 s: partials lie 0.5 Hz apart.
        assert dominant_hz(heard, form.rate_hz) == pytest.approx(hz, abs=0.5)
        assert peak_level(heard) == pytest.approx(level, rel=form.level_off, abs=BIT)


@pytest.mark.parametrize("form", FORMATS, ids=str)
def test_each_format_gives_back_what_was_put_in(tmp_path: Path, form: Format) -> None:
    path = form.write(tmp_path / form.name, call(form.channels, form.rate_hz), form.rate_hz)
    assert_holds_the_call(path, form)


def test_pcm_comes_back_sample_by_sample(tmp_path: Path) -> None:
    steps = np.array([-32768, -32767, -1, 0, 1, 32767], "<i2")
    path = saved(tmp_path / "steps.wav", wav_bytes(steps.tobytes()))
    with open_recording(path) as recording:
        assert (everything(recording)[0] * 32768).tolist() == steps.tolist()


def test_unsigned_8_bit_is_centred_on_128(tmp_path: Path) -> None:
    path = saved(tmp_path / "u8.wav", wav_bytes(bytes([0, 64, 128, 192, 255]), bits=8))
    with open_recording(path) as recording:
        assert everything(recording)[0].tolist() == [-1.0, -0.5, 0.0, 0.5, 127 / 128]


def test_24_bit_keeps_its_lowest_bit(tmp_path: Path) -> None:
    one = (1).to_bytes(3, "little", signed=True)
    path = saved(tmp_path / "s24.wav", wav_bytes(one + b"\0\0\0", bits=24))
    with open_recording(path) as recording:
        assert everything(recording)[0].tolist() == [2.0**-23, 0.0]


def test_floating_point_beyond_full_scale_is_clipped(tmp_path: Path) -> None:
    values = np.array([2.0, -3.0, 0.25, np.nan], "<f4")
    path = saved(tmp_path / "f32.wav", wav_bytes(values.tobytes(), bits=32, tag=3))
    with open_recording(path) as recording:
        assert everything(recording)[0].tolist() == [1.0, -1.0, 0.25, 0.0]


def test_the_fingerprint_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "call.wav", call(2))
    assert facts_of(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_name_that_looks_like_an_address_is_a_file(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "http:10:15:00.wav", call(1))
    assert facts_of(path).duration_s == 3.0


# --- WAV headers ---------------------------------------------------------------------------------

SOUND = pcm16(tone(LEFT_HZ, 2.0))
INFO = chunk(b"LIST", b"INFO" + chunk(b"ISFT", b"recorder"))
DS64 = chunk(b"ds64", struct.pack("<QQQI", len(SOUND) + 72, len(SOUND), 16000, 0))
RF64 = {"magic": b"RF64", "riff_length": 0xFFFFFFFF, "before": DS64}
ENDLESS = [0, 0xFFFFFFFF, 0xFFFFFFFF - 44, 0x7FFFFFFF, 0x80000000, 0x7FFFF000]
HEADERS = {
    "right": wav_bytes(SOUND),
    "right, LIST follows": wav_bytes(SOUND, after=INFO),
    "right, a broken off LIST follows": wav_bytes(SOUND) + INFO[:10],
    "right, an unknown chunk follows": wav_bytes(SOUND, after=chunk(b"nice", b"call centre")),
    "right, reserved zeros follow": wav_bytes(SOUND) + bytes(4096),
    "right, LIST and an odd chunk before": wav_bytes(SOUND, before=INFO + chunk(b"bext", b"abc")),
    "an odd chunk without padding before": wav_bytes(
        SOUND, before=chunk(b"junk", b"abc", pad=False)
    ),
    "RIFF length 0": wav_bytes(SOUND, riff_length=0),
    "RF64": wav_bytes(SOUND, data_length=0xFFFFFFFF, after=INFO, **RF64),  # type: ignore[arg-type]
    "BW64": wav_bytes(
        SOUND,
        data_length=0xFFFFFFFF,
        after=INFO,
        **{**RF64, "magic": b"BW64"},  # type: ignore[arg-type]
    ),
    "RF64 without sizes": wav_bytes(
        SOUND, data_length=0xFFFFFFFF, magic=b"RF64", before=chunk(b"ds64", bytes(28))
    ),
    "too short": wav_bytes(SOUND, data_length=4000),
    "too short, odd": wav_bytes(SOUND, data_length=4001),
    "4 bytes too long": wav_bytes(SOUND, data_length=len(SOUND) + 4),
    "the size of the file": wav_bytes(SOUND, data_length=len(SOUND) + 44),
    **{f"endless {n:#x}": wav_bytes(SOUND, data_length=n, riff_length=n) for n in ENDLESS},
    **{f"endless {n:#x}, LIST": wav_bytes(SOUND, data_length=n, after=INFO) for n in ENDLESS},
}


@pytest.mark.parametrize("header", HEADERS)
def test_all_of_the_sound_and_nothing_else_is_read(tmp_path: Path, header: str) -> None:
    path = saved(tmp_path / "call.wav", HEADERS[header])
    with open_recording(path) as recording:
        sound, facts = everything(recording)[0], recording.facts
    assert (facts.cut_short_s, facts.skipped_packets) == (None, 0)
    assert (sound * 32768).astype("<i2").tobytes() == SOUND


@pytest.mark.parametrize("pad", [True, False])
def test_sound_of_odd_length_ends_before_the_chunk_that_follows(tmp_path: Path, pad: bool) -> None:
    odd = SOUND[:4001]
    content = wav_bytes(odd, bits=8) + bytes(pad) + INFO
    with open_recording(saved(tmp_path / "call.wav", content)) as recording:
        assert (everything(recording)[0] * 128 + 128).astype(np.uint8).tobytes() == odd


@pytest.mark.parametrize(("bits", "tag", "bytes_per_s"), [(16, 1, 16000), (8, 7, 8000)])
def test_a_header_with_more_than_the_file_tells_of_a_broken_off_recording(
    tmp_path: Path, bits: int, tag: int, bytes_per_s: int
) -> None:
    sound = bytes([0x55]) * (2 * bytes_per_s)
    promised = wav_bytes(sound, data_length=5 * bytes_per_s, bits=bits, tag=tag)
    facts = facts_of(saved(tmp_path / "call.wav", promised))
    assert facts.duration_s == 2.0
    assert facts.cut_short_s == pytest.approx(3.0)


def test_sound_with_the_lengths_but_not_the_names_of_chunks_is_sound(tmp_path: Path) -> None:
    after = chunk(b"\1\0\2\0", SOUND[4008:])
    path = saved(tmp_path / "call.wav", wav_bytes(SOUND[:4000] + after, data_length=4000))
    assert facts_of(path).duration_s == 2.0


def test_an_empty_data_chunk_before_a_list_holds_no_sound(tmp_path: Path) -> None:
    path = saved(tmp_path / "call.wav", wav_bytes(b"", after=INFO))
    with pytest.raises(RecordingError, match="0 samples"):
        open_recording(path)


@pytest.mark.parametrize("cut", range(0, 60, 7))
def test_a_file_cut_inside_its_header_is_refused(tmp_path: Path, cut: int) -> None:
    path = saved(tmp_path / "call.wav", wav_bytes(SOUND, before=INFO)[:cut])
    with pytest.raises(RecordingError, match=r"^call\.wav "):
        open_recording(path)


# --- Broken off and damaged ----------------------------------------------------------------------


def test_a_broken_off_flac_tells_what_is_missing(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "call.flac", noise(10.0), subtype="PCM_16", format="FLAC")
    facts = facts_of(saved(path, path.read_bytes()[: path.stat().st_size // 2]))
    assert facts.duration_s == pytest.approx(5.0, abs=0.6)  # FLAC frames are 0.5 s long here
    assert facts.cut_short_s == pytest.approx(10.0 - facts.duration_s)


@pytest.mark.parametrize(
    ("encoder", "name"),
    [("libmp3lame", "call.mp3"), ("aac", "call.aac"), ("libopencore_amrnb", "call.amr")],
)
def test_half_a_file_is_half_a_call(tmp_path: Path, encoder: str, name: str) -> None:
    path = encode(tmp_path / name, tone(LEFT_HZ, 10.0), 8000, encoder)
    facts = facts_of(saved(path, path.read_bytes()[: path.stat().st_size // 2]))
    # The bits of a steady tone are even but for the first frames.
    assert facts.duration_s == pytest.approx(5.0, abs=0.5)


def damaged(content: bytes, start: float, share: float) -> bytes:
    """Replace a part of a file, both counted in its length, by noise."""
    first, count = int(len(content) * start), int(len(content) * share)
    return content[:first] + np.random.default_rng(1).bytes(count) + content[first + count :]


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (by_ffmpeg("aac"), "call.m4a"),
        (by_ffmpeg("libopus"), "call.opus"),
        (by_ffmpeg("wmav2"), "call.wma"),
        (by_libsndfile("PCM_16", "FLAC"), "call.flac"),
        (by_libsndfile("GSM610", "RAW"), "call.gsm"),
    ],
)
def test_sound_after_damage_stays_at_its_time(tmp_path: Path, write: Writer, name: str) -> None:
    rate_hz = {"call.gsm": 8000, "call.opus": 48000}.get(name, 16000)
    quiet_loud = np.concatenate([tone(LEFT_HZ, 15.0, rate_hz, 0.05), tone(LEFT_HZ, 5.0, rate_hz)])
    quiet_loud += noise(20.0, rate_hz, 0.01)
    path = write(tmp_path / name, quiet_loud, rate_hz)
    with open_recording(path) as recording:
        whole = recording.read(0, Span(0, 20), 8000)
    with open_recording(saved(path, damaged(path.read_bytes(), 0.3, 0.1))) as recording:
        facts, mended = recording.facts, recording.read(0, Span(0, 20), 8000)
    # A tenth of the file is about 2 s; an Ogg page more, 1 s, is lost at each end.
    assert 0.5 < facts.lost_s < 4.5
    loud_from = [int(np.argmax(np.abs(sound) > 0.3)) / 8000 for sound in (whole, mended)]
    # GSM takes one noise frame in 16 for sound, where it happens to begin with GSM's mark.
    if name != "call.gsm":
        assert loud_from[1] == pytest.approx(loud_from[0], abs=0.001)
    assert facts.duration_s == pytest.approx(20.0, abs=0.13)


def test_lost_packets_are_counted(tmp_path: Path) -> None:
    path = encode(tmp_path / "call.m4a", call(1, 16000, 20.0), 16000, "aac")
    facts = facts_of(saved(path, damaged(path.read_bytes(), 0.5, 0.05)))
    assert facts.skipped_packets > 0
    # Each AAC packet holds 1024 samples.
    assert facts.lost_s <= facts.skipped_packets * 1024 / 16000 + 1e-9


@pytest.mark.parametrize(("first", "second"), [((8000, 1), (44100, 2)), ((44100, 2), (8000, 1))])
def test_a_change_of_rate_and_channels_keeps_those_of_the_beginning(
    tmp_path: Path, first: tuple[int, int], second: tuple[int, int]
) -> None:
    parts = [
        encode(tmp_path / f"{rate}.mp3", call(channels, rate, 3.0), rate, "libmp3lame").read_bytes()
        for rate, channels in (first, second)
    ]
    with open_recording(saved(tmp_path / "both.mp3", b"".join(parts))) as recording:
        facts, sound = recording.facts, everything(recording)
    assert (facts.rate_hz, facts.channels) == first
    assert facts.duration_s == pytest.approx(6.0, abs=0.3)  # two paddings of LAME
    assert dominant_hz(sound[0, -2 * first[0] :], first[0]) == pytest.approx(LEFT_HZ, abs=1.0)


def test_time_stamps_count_anew_after_a_change_of_rate(tmp_path: Path) -> None:
    # FFmpeg stamps the packets in the middle as if they were of 16 kHz: three times too long.
    parts = [
        encode(tmp_path / f"{rate}.aac", tone(LEFT_HZ, 3.0, rate), rate, "aac").read_bytes()
        for rate in (16000, 48000, 16000)
    ]
    facts = facts_of(saved(tmp_path / "three.aac", b"".join(parts)))
    assert facts.duration_s == pytest.approx(9.0, abs=0.3)  # three paddings of AAC
    assert facts.lost_s == 0


# --- Containers ----------------------------------------------------------------------------------


def film(path: Path, sounds: list[Signal]) -> Path:
    """Write ten black pictures, and one audio stream for each sound, of 16 kHz."""
    with av.open(str(path), "w") as output:
        pictures = output.add_stream("mpeg4", rate=10)
        pictures.width = pictures.height = 64
        pictures.pix_fmt = "yuv420p"
        layouts = ["mono" if len(sound) == 1 else "stereo" for sound in sounds]
        streams = [output.add_stream("aac", rate=16000, layout=layout) for layout in layouts]
        for _ in range(10):
            output.mux(pictures.encode(av.VideoFrame(64, 64, "yuv420p")))
        output.mux(pictures.encode(None))
        for stream, sound, layout in zip(streams, sounds, layouts, strict=True):
            frame = av.AudioFrame.from_ndarray(sound, "fltp", layout)
            frame.sample_rate = 16000
            output.mux(stream.encode(frame))
            output.mux(stream.encode(None))
    return path


def test_the_first_audio_stream_of_a_film_is_taken(tmp_path: Path) -> None:
    path = film(tmp_path / "screen.mp4", [call(2, 16000), call(1, 16000)])
    assert_holds_the_call(path, Format("aac", path.name, 16000, by_ffmpeg("aac"), 0.06, 0.13))


def test_a_film_without_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"^screen\.mp4 has no audio stream: .*export"):
        open_recording(film(tmp_path / "screen.mp4", []))


@pytest.mark.parametrize("name", ["list.m3u8", "list.wav"])
def test_a_playlist_does_not_open_other_files(tmp_path: Path, name: str) -> None:
    write_wav(tmp_path / "call.wav", call(1))
    playlist = (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{tmp_path}/call.wav\n#EXT-X-ENDLIST\n"
    )
    with pytest.raises(RecordingError, match="not a sound file"):
        open_recording(saved(tmp_path / name, playlist.encode()))


# --- Refusals ------------------------------------------------------------------------------------


def refusal(path: Path) -> str:
    """The message, checked for what holds of all."""
    with pytest.raises(RecordingError) as caught:
        open_recording(path)
    message = str(caught.value)
    assert message.startswith(path.name)
    assert "\n" not in message
    assert str(path.parent) not in message
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return message


def test_a_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "call.wav") == (
        "call.wav was not found: a recording is needed; check the path"
    )


def test_a_directory(tmp_path: Path) -> None:
    (tmp_path / "calls.wav").mkdir()
    assert refusal(tmp_path / "calls.wav") == ("calls.wav is a directory: name one recording in it")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "call.wav")
    assert "is a device or pipe" in refusal(tmp_path / "call.wav")


def test_an_empty_file(tmp_path: Path) -> None:
    assert "is empty (0 bytes)" in refusal(saved(tmp_path / "call.wav", b""))


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_wav(tmp_path / "call.wav", call(1))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    # Tests may run as root, to whom nothing is refused.
    monkeypatch.setattr(Path, "open", refuse)
    assert "it needs read permission" in refusal(path)


def test_a_file_on_a_failing_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_wav(tmp_path / "call.wav", call(1))

    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr(recording_module, "read_wav_header", fail)
    assert refusal(path).startswith("call.wav cannot be read (Input/output error): ")


@pytest.mark.parametrize("suffix", ["wav", "mp3", "gsm", "amr", "aac", "txt", "flac"])
def test_a_text(tmp_path: Path, suffix: str) -> None:
    message = refusal(saved(tmp_path / f"call.{suffix}", b"Agent: good morning.\n" * 500))
    assert "a recording is needed" in message or "an undamaged recording is needed" in message


@pytest.mark.parametrize("suffix", ["wav", "mp3", "bin", "m4a"])
@pytest.mark.parametrize("content", [bytes(100_000), np.random.default_rng(0).bytes(100_000)])
def test_zeros_and_noise(tmp_path: Path, suffix: str, content: bytes) -> None:
    refusal(saved(tmp_path / f"call.{suffix}", content))


def test_a_codec_without_a_decoder(tmp_path: Path) -> None:
    message = refusal(saved(tmp_path / "call.wav", wav_bytes(SOUND, tag=0x7777)))
    assert "codec that FFmpeg cannot decode" in message


def test_no_samples(tmp_path: Path) -> None:
    assert refusal(saved(tmp_path / "call.wav", wav_bytes(b""))) == (
        "call.wav holds 0 samples of sound: a recording is needed; export the call again"
    )


@pytest.mark.parametrize("channels", [3, 6])
def test_too_many_channels(tmp_path: Path, channels: int) -> None:
    path = write_wav(tmp_path / "call.wav", np.tile(call(1), (channels, 1)))
    assert refusal(path) == (
        f"call.wav has {channels} channels; calltone needs one or two: "
        "export agent and customer as left and right"
    )


@pytest.mark.parametrize("rate_hz", [1000, 3999, 192_001, 384_000])
def test_rates_that_no_call_has(tmp_path: Path, rate_hz: int) -> None:
    path = write_wav(tmp_path / "call.wav", tone(100, 0.5, rate_hz), rate_hz)
    assert f"has a sample rate of {rate_hz} Hz; calltone needs 4000 to 192000 Hz" in refusal(path)


@pytest.mark.parametrize("rate_hz", [4000, 11025, 192_000])
def test_unusual_rates_that_are_read(tmp_path: Path, rate_hz: int) -> None:
    facts = facts_of(write_wav(tmp_path / "call.wav", tone(100, 0.5, rate_hz), rate_hz))
    assert facts.rate_hz == rate_hz
    assert facts.duration_s == pytest.approx(0.5, abs=1 / rate_hz)


def test_no_room_for_the_decoded_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_wav(tmp_path / "call.wav", call(1))

    def fail(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", fail)
    with pytest.raises(RecordingError, match=r"no room .*No space left.*TMPDIR"):
        open_recording(path)


def test_ffmpeg_writes_nothing_to_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = encode(tmp_path / "call.mp3", call(1), 8000, "libmp3lame")
    facts_of(saved(path, damaged(path.read_bytes(), 0.5, 0.1)))
    refusal(saved(tmp_path / "text.mp3", b"Agent: good morning.\n" * 500))
    assert capfd.readouterr() == ("", "")


# --- Scratch -------------------------------------------------------------------------------------


def test_a_recording_lives_on_without_its_file(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "call.wav", call(1))
    with open_recording(path) as recording:
        path.unlink()
        assert dominant_hz(recording.read(0, Span(0, 3)), 8000) == pytest.approx(LEFT_HZ, abs=0.5)


def test_recordings_do_not_share_a_scratch_file(tmp_path: Path) -> None:
    one = write_wav(tmp_path / "one.wav", call(1))
    two = write_wav(tmp_path / "two.wav", call(2)[1])
    with open_recording(one) as first, open_recording(two) as second:
        blocks = zip(first.blocks(8000, 0.5), second.blocks(8000, 0.5), strict=True)
        for left, right in blocks:
            # Blocks of 0.5 s: partials lie 2 Hz apart.
            assert dominant_hz(left[0], 8000) == pytest.approx(LEFT_HZ, abs=2)
            assert dominant_hz(right[0], 8000) == pytest.approx(RIGHT_HZ, abs=2)


def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_wav(tmp_path / "call.wav", call(1))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    with open_recording(path):
        assert list(scratch.iterdir()) == []
    assert list(scratch.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_no_file_stays_open(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "call.wav", call(1))
    bad = write_wav(tmp_path / "bad.wav", np.tile(call(1), (3, 1)))
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        facts_of(path)
        refusal(bad)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_closed_recording_gives_no_samples(tmp_path: Path) -> None:
    with open_recording(write_wav(tmp_path / "call.wav", call(1))) as recording:
        pass
    with pytest.raises(ValueError, match="closed"):
        recording.read(0, Span(0, 1))


READ_ALL = """
import sys
from calltone.audio.recording import open_recording
with open_recording(sys.argv[1]) as recording:
    assert sum(block.shape[1] for block in recording.blocks(16000)) > 0
print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory from /proc")
def test_memory_does_not_grow_with_the_call(tmp_path: Path) -> None:
    minute = pcm16(np.stack([noise(60.0), tone(LEFT_HZ, 60.0)]))
    peaks_mb = []
    for minutes in (5, 60):
        path = saved(tmp_path / f"{minutes}.wav", wav_bytes(minute * minutes, channels=2))
        # Each in a process of its own, as the tests before this one leave a peak of theirs.
        command = [sys.executable, "-c", READ_ALL, str(path)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        done = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
        peaks_mb.append(int(done.stdout) / 1024)
    # An hour of stereo is 110 MB as int16 and 440 MB as float32 at 16 kHz. What remains, the
    # allocator's own growth, measured 5 MB.
    assert peaks_mb[1] - peaks_mb[0] < 20


# --- Reading -------------------------------------------------------------------------------------


@pytest.fixture
def ramp(tmp_path: Path) -> Path:
    """Two seconds at 8 kHz: sample ``n`` is ``n`` on the left and ``-n`` on the right."""
    count = np.arange(16000, dtype="<i2")
    data = np.stack([count, -count], axis=1).tobytes()
    return saved(tmp_path / "ramp.wav", wav_bytes(data, channels=2))


@pytest.mark.parametrize(
    ("span", "first", "count"),
    [
        (Span(0.0, 2.0), 0, 16000),
        (Span(0.5, 0.75), 4000, 2000),
        (Span(-1.0, 0.25), 0, 2000),
        (Span(1.75, 9.0), 14000, 2000),
        (Span(1.99995, 2.0), 15999, 0),
        (Span(0.0001, 0.0003), 1, 2),
        (Span(3.0, 4.0), 0, 0),
        (Span(-2.0, -1.0), 0, 0),
        (Span(1.0, 0.5), 0, 0),
    ],
)
def test_read_gives_the_samples_of_the_span(ramp: Path, span: Span, first: int, count: int) -> None:
    with open_recording(ramp) as recording:
        left, right = recording.read(0, span), recording.read(1, span)
    assert (left * 32768).tolist() == list(range(first, first + count))
    assert (right * -32768).tolist() == list(range(first, first + count))
    assert left.dtype == np.float32
    assert left.flags.writeable


@pytest.mark.parametrize("rate_hz", [8000, 16000])
@pytest.mark.parametrize("start", [0.5, 1.5, 4000.49, 4000.5, 4001.5, 15997.5])
def test_read_up_to_an_odd_end_is_not_a_sample_short(
    tmp_path: Path, start: float, rate_hz: int
) -> None:
    path = write_wav(tmp_path / "call.wav", noise(2.0)[:15999])
    with open_recording(path) as recording:
        end_s = recording.facts.duration_s
        sound = recording.read(0, Span(start / 8000, 9.0), rate_hz)
    assert sound.size == round((end_s - start / 8000) * rate_hz)


@pytest.mark.parametrize("native_hz", [8000, 11025, 44100, 48000])
@pytest.mark.parametrize("rate_hz", [8000, 16000, 22050, 7999])
@pytest.mark.parametrize("start_s", [0.0, 0.3, 0.77777, 1.4])
def test_read_resampled_has_the_exact_length_and_the_sound_of_the_whole(
    tmp_path: Path, native_hz: int, rate_hz: int, start_s: float
) -> None:
    path = write_wav(tmp_path / "call.wav", tone(LEFT_HZ, 2.0, native_hz), native_hz)
    with open_recording(path) as recording:
        end_s = start_s + 0.55555
        piece = recording.read(0, Span(start_s, end_s), rate_hz)
        whole = recording.read(0, recording.span, rate_hz)
    assert piece.shape == (round((end_s - start_s) * rate_hz),)
    first = round(start_s * rate_hz)
    # soxr's HQ filter stops at -100 dB (1e-5); 1e-4 leaves room for its ripple at the edges.
    np.testing.assert_allclose(piece, whole[first : first + piece.size], atol=1e-4)


def test_resampling_upwards_adds_nothing_above_the_old_limit(tmp_path: Path) -> None:
    mix = tone(1000.0, 2.0) + noise(2.0, level=0.02)
    with open_recording(write_wav(tmp_path / "call.wav", mix)) as recording:
        sound = recording.read(0, Span(0.5, 1.5), 16000)
    assert dominant_hz(sound, 16000) == pytest.approx(1000.0, abs=1.0)
    power = np.abs(np.fft.rfft(sound * np.hanning(sound.size))) ** 2
    # Above 4 kHz and the filter's slope: at most 80 dB below all of it; 16 bits alone reach 90.
    assert power[4200:].sum() < 1e-8 * power.sum()
    assert peak_level(sound) == pytest.approx(0.5, rel=0.01)  # the noise adds 0.3 percent


def test_resampling_downwards_folds_nothing_back(tmp_path: Path) -> None:
    above = tone(6000.0, 2.0, 44100)
    with open_recording(write_wav(tmp_path / "call.wav", above, 44100)) as recording:
        sound = recording.read(0, Span(0.5, 1.5), 8000)
    assert peak_level(sound) < 0.5e-4  # 80 dB below the tone; 16 bits alone reach 90


def test_there_is_no_third_channel(ramp: Path) -> None:
    with open_recording(ramp) as recording:
        for channel in (-1, 2):
            with pytest.raises(ValueError, match="there are 2"):
                recording.read(channel, Span(0, 1))


@pytest.mark.parametrize("block_s", [0.0001, 0.3, 2.0, 30.0])
def test_native_blocks_are_the_call_in_order(ramp: Path, block_s: float) -> None:
    with open_recording(ramp) as recording:
        blocks = list(recording.blocks(8000, block_s))
    length = round(block_s * 8000)
    assert {block.shape[1] for block in blocks[:-1]} <= {length}
    assert 0 < blocks[-1].shape[1] <= length
    assert (np.concatenate(blocks, axis=1)[0] * 32768).tolist() == list(range(16000))


@pytest.mark.parametrize(("native_hz", "rate_hz"), [(8000, 16000), (44100, 16000), (48000, 8000)])
@pytest.mark.parametrize("block_s", [0.05, 0.7, 30.0])
def test_blocks_resample_as_one_signal(
    tmp_path: Path, native_hz: int, rate_hz: int, block_s: float
) -> None:
    signal = np.stack([noise(3.3, native_hz), call(2, native_hz, 3.3)[1]])
    path = write_wav(tmp_path / "call.wav", signal, native_hz, "FLOAT")
    with open_recording(path) as recording:
        blocks = list(recording.blocks(rate_hz, block_s))
    joined = np.concatenate(blocks, axis=1)
    whole = soxr.resample(signal.T, native_hz, rate_hz).T
    assert {block.shape[1] for block in blocks[:-1]} <= {round(block_s * rate_hz)}
    assert joined.shape == whole.shape == (2, round(3.3 * rate_hz))
    # The same filter over the same samples: only the rounding of float32 may differ.
    np.testing.assert_allclose(joined, whole, atol=1e-6)


@pytest.mark.parametrize(("rate_hz", "block_s"), [(0, 30.0), (-8000, 30.0), (8000, 0.0)])
def test_blocks_of_nothing_are_refused(ramp: Path, rate_hz: int, block_s: float) -> None:
    with open_recording(ramp) as recording, pytest.raises(ValueError, match="above 0"):
        recording.blocks(rate_hz, block_s)


def test_silence_stays_silence(tmp_path: Path) -> None:
    with open_recording(write_wav(tmp_path / "call.wav", silence(1.0))) as recording:
        assert not everything(recording, 16000).any()

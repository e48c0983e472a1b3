"""Which recordings are found, in what order, and what their results are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from calltone.analysis.files import SUFFIXES, Found, find_recordings
from calltone.audio.errors import SettingsError


def make(root: Path, *files: str) -> None:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def names(found: list[Found]) -> list[str]:
    return [each.file for each in found]


def results(found: list[Found]) -> list[str]:
    return [each.result for each in found]


class TestFolder:
    def test_all_below_in_order_of_name(self, tmp_path: Path) -> None:
        make(tmp_path, "b.wav", "a.wav", "team/z.mp3", "team/deep/y.ogg", "area/x.m4a")
        found = find_recordings([tmp_path])
        assert names(found) == ["a.wav", "b.wav", "area/x.m4a", "team/z.mp3", "team/deep/y.ogg"]
        assert results(found) == [
            "a.json",
            "b.json",
            "area/x.json",
            "team/z.json",
            "team/deep/y.json",
        ]
        assert [each.path for each in found] == [tmp_path.resolve() / f for f in names(found)]

    def test_hidden_files_and_folders_are_left_out(self, tmp_path: Path) -> None:
        make(tmp_path, "a.wav", ".b.wav", ".trash/c.wav", "._a.wav")
        assert names(find_recordings([tmp_path])) == ["a.wav"]

    def test_other_files_are_left_out(self, tmp_path: Path) -> None:
        make(tmp_path, "a.wav", "a.txt", "a.json", "wav", "a.wav.bak", "b")
        assert names(find_recordings([tmp_path])) == ["a.wav"]

    @pytest.mark.parametrize("suffix", sorted(SUFFIXES))
    def test_suffix_in_any_case(self, tmp_path: Path, suffix: str) -> None:
        make(tmp_path, f"a{suffix}", f"B{suffix.upper()}")
        assert len(find_recordings([tmp_path])) == 2

    def test_hidden_folder_that_is_named_itself_is_taken(self, tmp_path: Path) -> None:
        make(tmp_path, ".calls/a.wav")
        assert names(find_recordings([tmp_path / ".calls"])) == ["a.wav"]


class TestFile:
    def test_named_file_is_taken_whatever_it_is_called(self, tmp_path: Path) -> None:
        make(tmp_path, "a.bin", ".hidden")
        found = find_recordings([tmp_path / "a.bin", tmp_path / ".hidden"])
        assert names(found) == ["a.bin", ".hidden"]

    def test_files_keep_the_order_they_are_given_in(self, tmp_path: Path) -> None:
        make(tmp_path, "a.wav", "b.wav")
        assert names(find_recordings([tmp_path / "b.wav", tmp_path / "a.wav"])) == [
            "b.wav",
            "a.wav",
        ]

    def test_file_given_twice_or_by_its_folder_too_is_taken_once(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make(tmp_path, "a.wav", "team/b.wav")
        monkeypatch.chdir(tmp_path)
        given = ["a.wav", "a.wav", str(tmp_path / "a.wav"), "team/../a.wav", ".", "team"]
        found = find_recordings([Path(path) for path in given])
        assert names(found) == ["a.wav", "team/b.wav"]

    def test_link_to_a_recording_that_is_there_too_is_taken_once(self, tmp_path: Path) -> None:
        make(tmp_path, "a.wav")
        (tmp_path / "b.wav").symlink_to(tmp_path / "a.wav")
        assert names(find_recordings([tmp_path])) == ["a.wav"]


class TestRefusal:
    def test_missing_path(self, tmp_path: Path) -> None:
        path = tmp_path / "none.wav"
        with pytest.raises(SettingsError) as raised:
            find_recordings([tmp_path, path])
        assert str(raised.value) == (
            f"'{path}' does not exist: expected a recording or a folder of them"
        )

    def test_folders_without_recordings(self, tmp_path: Path) -> None:
        make(tmp_path, "one/a.txt", "two/.a.wav")
        with pytest.raises(SettingsError) as raised:
            find_recordings([tmp_path / "one", tmp_path / "two"])
        assert str(raised.value) == (
            f"no recordings in '{tmp_path / 'one'}', '{tmp_path / 'two'}': "
            "expected files like .wav, .mp3, .m4a, .ogg"
        )

    def test_folder_that_cannot_be_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make(tmp_path, "a.wav")

        def refused(path: str) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr("os.scandir", refused)
        with pytest.raises(SettingsError) as raised:
            find_recordings([tmp_path])
        assert str(raised.value) == (
            f"cannot read the folder '{tmp_path}' (Permission denied): "
            "expected a folder that can be read"
        )


class TestToldApart:
    def test_same_name_in_two_folders(self, tmp_path: Path) -> None:
        make(tmp_path, "north/call.wav", "south/call.wav", "south/other.wav")
        found = find_recordings([tmp_path / "north", tmp_path / "south"])
        assert names(found) == ["north/call.wav", "south/call.wav", "other.wav"]
        assert results(found) == ["north/call.json", "south/call.json", "other.json"]

    def test_same_folder_names_further_up(self, tmp_path: Path) -> None:
        make(tmp_path, "may/calls/a.wav", "june/calls/a.wav")
        found = find_recordings([tmp_path / "may" / "calls", tmp_path / "june" / "calls"])
        assert names(found) == ["may/calls/a.wav", "june/calls/a.wav"]

    def test_name_that_another_recording_already_has(self, tmp_path: Path) -> None:
        make(tmp_path, "all/north/a.wav", "north/a.wav", "south/a.wav")
        given = [tmp_path / "all", tmp_path / "north", tmp_path / "south"]
        found = find_recordings(given)
        assert len(set(names(found))) == len(set(results(found))) == 3
        assert all(each.path.as_posix().endswith(f"/{each.file}") for each in found)

    def test_folders_that_end_alike_up_to_the_root(self, tmp_path: Path) -> None:
        inner = tmp_path / "b" / tmp_path.resolve().relative_to("/") / "a"
        make(tmp_path, "a/call.wav")
        make(inner, "call.wav")
        outer, nested = find_recordings([tmp_path / "a", inner])
        assert f"/{outer.file}" == outer.path.as_posix()
        assert nested.file == f"b/{outer.file}"

    def test_links_of_one_name_to_files_of_one_folder(self, tmp_path: Path) -> None:
        make(tmp_path, "store/1.wav", "store/2.wav")
        for team, target in (("north", "1.wav"), ("south", "2.wav")):
            (tmp_path / team).mkdir()
            (tmp_path / team / "call.wav").symlink_to(tmp_path / "store" / target)
        found = find_recordings([tmp_path / "north", tmp_path / "south"])
        assert names(found) == ["north/call.wav", "south/call.wav"]

    def test_link_to_a_shallower_place(self, tmp_path: Path) -> None:
        make(tmp_path, "1.wav", "2.wav")
        for team, target in (("north", "1.wav"), ("south", "2.wav")):
            (tmp_path / team / "deep").mkdir(parents=True)
            (tmp_path / team / "deep" / "call.wav").symlink_to(tmp_path / target)
        found = find_recordings([tmp_path / "north", tmp_path / "south"])
        assert names(found) == ["north/deep/call.wav", "south/deep/call.wav"]

    def test_same_stem_with_two_suffixes(self, tmp_path: Path) -> None:
        make(tmp_path, "a.wav", "a.mp3", "b.wav")
        found = find_recordings([tmp_path])
        assert results(found) == ["a.mp3.json", "a.wav.json", "b.json"]

    def test_name_that_ends_like_another_name_with_its_suffix(self, tmp_path: Path) -> None:
        make(tmp_path, "a.wav", "a.mp3", "a.wav.mp3", "a.wav.mp3.wav")
        found = find_recordings([tmp_path])
        assert len(set(results(found))) == 4


@pytest.mark.parametrize(
    "given",
    [
        ["../x/call.wav"],
        ["../x"],
        ["../x/../x/call.wav"],
        ["../x", "../y"],
        ["../x/call.wav", "../y/call.wav"],
        ["../y/../x/call.wav", "../x/../y/call.wav"],
        ["..", "."],
        ["../other", "../y/.."],
    ],
)
def test_results_never_leave_the_results_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[str]
) -> None:
    make(tmp_path, "x/call.wav", "y/call.wav", "work/call.wav", "other/x/call.wav")
    monkeypatch.chdir(tmp_path / "work")
    for each in find_recordings([Path(path) for path in given]):
        assert not each.result.startswith("/")
        assert ".." not in each.result.split("/")
        assert each.result.endswith("call.json")
        assert ".." not in each.file.split("/")

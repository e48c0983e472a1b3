"""What is known of a recording beside its sound: from its name, or from the house's table."""

from __future__ import annotations

from pathlib import Path

import pytest

from calltone.analysis.metadata import EXAMPLE, Metadata, read_metadata
from calltone.audio.errors import SettingsError

NAME = "Auto0_GUID_000_AGENT_ChrisL_DT_2025-02-19T06-01-22_Mono.wav"


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "calls.csv"
    path.write_text(text, encoding=encoding, newline="")
    return path


def refusal(pattern: str | None, path: Path | None = None) -> str:
    with pytest.raises(SettingsError) as raised:
        read_metadata(pattern, path)
    return str(raised.value)


def test_nothing_is_known_without_pattern_and_table() -> None:
    assert read_metadata(None, None).of(NAME) == {} == Metadata().of(NAME)


class TestPattern:
    def test_documented_name_gives_agent_and_date(self) -> None:
        assert read_metadata(EXAMPLE, None).of(NAME) == {"agent": "ChrisL", "date": "2025-02-19"}

    def test_only_the_name_is_searched_not_its_folders(self) -> None:
        known = read_metadata(EXAMPLE, None)
        assert known.of(f"AGENT_Dana_DT_2024-01-01/{NAME}")["agent"] == "ChrisL"
        assert known.of(f"{NAME}/a.wav") == {}

    def test_groups_that_match_nothing_are_unknown(self) -> None:
        known = read_metadata(r"^(?P<team>[a-z]+)(?:-(?P<agent>[a-z]+))?(?P<shift>x*)\.wav$", None)
        assert known.of("north-dana.wav") == {"agent": "dana", "team": "north"}
        assert known.of("north.wav") == {"team": "north"}

    def test_names_come_sorted(self) -> None:
        known = read_metadata(r"(?P<team>\w)(?P<agent>\w)\.wav", None)
        assert list(known.of("ab.wav")) == ["agent", "team"]

    def test_broken_pattern(self) -> None:
        assert refusal("(?P<agent>[") == (
            "the name pattern '(?P<agent>[' is not a regular expression (unterminated character "
            f"set at position 10): expected something like '{EXAMPLE}'"
        )

    @pytest.mark.parametrize("pattern", [".*", "AGENT_([^_]+)"])
    def test_pattern_that_names_nothing(self, pattern: str) -> None:
        assert refusal(pattern) == (
            f"the name pattern '{pattern}' names nothing: expected named groups, like '{EXAMPLE}'"
        )

    @pytest.mark.parametrize("name", ["file", "words", "genuine_tone", "fingerprint"])
    def test_pattern_with_the_name_of_a_column(self, name: str) -> None:
        assert refusal(f"(?P<{name}>.)") == (
            f"the name pattern uses the name '{name}', which is a column of calls.csv: "
            "expected another name"
        )


class TestTable:
    def test_rows_are_found_by_path_or_by_name(self, tmp_path: Path) -> None:
        path = table(tmp_path, "file,agent\nnorth/a.wav,Dana\nb.wav,Chris\n")
        known = read_metadata(None, path)
        assert known.of("north/a.wav") == {"agent": "Dana"}
        assert known.of("south/b.wav") == known.of("b.wav") == {"agent": "Chris"}
        assert known.of("a.wav") == known.of("south/a.wav") == {}

    def test_path_wins_over_name(self, tmp_path: Path) -> None:
        path = table(tmp_path, "file,agent\na.wav,Chris\nnorth/a.wav,Dana\n")
        known = read_metadata(None, path)
        assert known.of("north/a.wav") == {"agent": "Dana"}
        assert known.of("south/a.wav") == {"agent": "Chris"}

    def test_table_wins_over_the_pattern_where_it_knows(self, tmp_path: Path) -> None:
        path = table(tmp_path, f"file,agent,date\n{NAME},Christine, \n")
        known = read_metadata(EXAMPLE, path).of(NAME)
        assert known == {"agent": "Christine", "date": "2025-02-19"}

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    def test_byte_order_mark_of_spreadsheets_is_no_part_of_the_column(
        self, tmp_path: Path, encoding: str
    ) -> None:
        path = table(tmp_path, "file,agent\r\na.wav,Zoë\r\n", encoding)
        assert read_metadata(None, path).of("a.wav") == {"agent": "Zoë"}

    def test_blanks_around_values_and_blank_values_are_left_out(self, tmp_path: Path) -> None:
        path = table(tmp_path, "file,agent,team\n a.wav , Dana ,  \n")
        assert read_metadata(None, path).of("a.wav") == {"agent": "Dana"}

    def test_short_and_long_rows_keep_what_has_a_name(self, tmp_path: Path) -> None:
        path = table(tmp_path, "file,agent,team\na.wav,Dana\nb.wav,Chris,north,more\n")
        known = read_metadata(None, path)
        assert known.of("a.wav") == {"agent": "Dana"}
        assert known.of("b.wav") == {"agent": "Chris", "team": "north"}

    def test_empty_rows_are_nothing(self, tmp_path: Path) -> None:
        path = table(tmp_path, "file,agent\na.wav,Dana\n,\n\n,\n")
        assert dict(read_metadata(None, path).rows) == {"a.wav": {"agent": "Dana"}}

    def test_column_of_files_is_missing(self, tmp_path: Path) -> None:
        assert refusal(None, table(tmp_path, "name,agent\na.wav,Dana\n")) == (
            "'calls.csv' has no column 'file' (found: name, agent): "
            "expected one row a recording, with its name in that column"
        )

    def test_empty_table(self, tmp_path: Path) -> None:
        assert "has no column 'file' (found: none)" in refusal(None, table(tmp_path, ""))

    def test_recording_with_two_rows(self, tmp_path: Path) -> None:
        text = "file,agent\na.wav,Dana\nb.wav,Dana\na.wav,Chris\n"
        assert refusal(None, table(tmp_path, text)) == (
            "'calls.csv' line 4 repeats 'a.wav': expected one row a recording"
        )

    def test_row_without_a_recording(self, tmp_path: Path) -> None:
        assert refusal(None, table(tmp_path, "file,agent\na.wav,Dana\n ,Chris\n")) == (
            "'calls.csv' line 3 names no recording: expected its name in the column 'file'"
        )

    def test_name_of_a_column(self, tmp_path: Path) -> None:
        assert refusal(None, table(tmp_path, "file,agent,status\na.wav,Dana,x\n")) == (
            "'calls.csv' uses the name 'status', which is a column of calls.csv: "
            "expected another name"
        )

    def test_missing_table(self, tmp_path: Path) -> None:
        path = tmp_path / "none.csv"
        assert refusal(None, path) == (
            f"cannot read the metadata '{path}' (No such file or directory): expected a CSV file"
        )

    def test_spreadsheet_in_another_encoding(self, tmp_path: Path) -> None:
        assert refusal(None, table(tmp_path, "file,agent\na.wav,Zoë\n", "latin-1")) == (
            "'calls.csv' is not UTF-8 text: save it as CSV UTF-8 and try again"
        )

    def test_text_that_is_no_csv(self, tmp_path: Path) -> None:
        text = refusal(None, table(tmp_path, 'file,agent\na.wav,"' + "x" * 200_000))
        assert text == (
            "'calls.csv' is not a CSV file (field larger than field limit (131072)): "
            "save it as CSV UTF-8 and try again"
        )

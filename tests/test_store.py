"""Results on disk: exact, the same every time, and whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest
from conversations import Manner, agent, customer, dialogue, heard_call, small_talk
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from calltone.analysis.judge import failed, judge
from calltone.analysis.results import CallScore
from calltone.analysis.settings import Settings
from calltone.analysis.store import (
    from_json,
    read_result,
    result_schema,
    stored_result,
    to_json,
    write_atomically,
    write_result,
)
from calltone.audio.errors import SettingsError


def scored(manner: Manner = "usual", *, count: int = 3) -> CallScore:
    turns = dialogue(
        [
            agent("Thank you for calling Brightline, how can I help you?"),
            *small_talk(count),
            customer("Der Käse… the boiler is cold and I'm so upset about this."),
            agent("mm-hmm", wait_s=-2.0),
            agent("I'm so sorry about the cold boiler. What happened?", manner, wait_s=1.3),
            customer("Thank you so much."),
            agent("You're welcome."),
        ]
    )
    return judge(heard_call(turns), "täglich/a.wav", Settings(), {"agent": "Zoë"})


CALL = scored()
ODD = {
    "flat": scored("flat"),
    "unmeasured": scored("unmeasured"),
    "failed": failed("a.wav", Settings(), CALL.heard.engine, "broken", {}) if CALL.heard else CALL,
    "nothing asked for": judge(
        heard_call(dialogue([agent("How can I help you?"), *small_talk()])), "b.wav", Settings()
    ),
    "empty": judge(heard_call(()), "c.wav", Settings()),
}


@pytest.mark.parametrize("call", [CALL, *ODD.values()], ids=["scored", *ODD])
class TestRoundTrip:
    def test_result_comes_back_equal_and_writes_the_same_bytes(self, call: CallScore) -> None:
        content = to_json(call)
        again = from_json(content)
        assert again == call
        assert to_json(again) == content

    def test_result_fits_the_schema(self, call: CallScore) -> None:
        jsonschema.Draft202012Validator(result_schema()).validate(json.loads(to_json(call)))


@hypothesis_settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(("usual", "flat", "hurried", "raised", "warm", "unmeasured")),
    st.integers(0, 4),
)
def test_any_manner_of_call_comes_back_equal(manner: Manner, count: int) -> None:
    call = scored(manner, count=count)
    assert from_json(to_json(call)) == call


class TestSchema:
    @pytest.mark.parametrize(
        ("name", "value"),
        [("words", "high"), ("status", "excellent"), ("moments", None), ("reasons", [{}])],
    )
    def test_schema_refuses_what_is_no_result(self, name: str, value: object) -> None:
        wrong = {**json.loads(to_json(CALL)), name: value}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, result_schema())


def test_json_is_readable_text_that_ends_with_a_line() -> None:
    text = to_json(CALL).decode("utf-8")
    assert text.endswith("}\n")
    assert text.splitlines()[1] == ' "schema_version": 1,'
    assert "täglich/a.wav" in text


class TestWrite:
    def test_first_and_changed_results_are_written_and_the_same_is_not(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "deep" / "er" / "a.json"
        assert write_result(CALL, path)
        os.utime(path, (1, 1))
        assert not write_result(CALL, path)
        assert path.stat().st_mtime == 1
        assert write_result(ODD["flat"], path)
        assert read_result(path) == ODD["flat"]

    def test_nothing_but_the_result_is_left(self, tmp_path: Path) -> None:
        write_result(CALL, tmp_path / "a.json")
        assert [path.name for path in tmp_path.iterdir()] == ["a.json"]

    def test_failing_write_leaves_the_old_file_and_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "a.json"
        write_result(CALL, path)

        def full(self: Path, target: Path) -> Path:
            assert self.read_bytes() == to_json(ODD["flat"])
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(SettingsError) as raised:
            write_result(ODD["flat"], path)
        assert str(raised.value) == (
            f"cannot write '{path}' (No space left on device): give a folder that can be written"
        )
        assert read_result(path) == CALL
        assert [each.name for each in tmp_path.iterdir()] == ["a.json"]

    def test_interrupted_write_leaves_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(self: Path, target: Path) -> Path:
            raise KeyboardInterrupt

        monkeypatch.setattr(Path, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_result(CALL, tmp_path / "a.json")
        assert list(tmp_path.iterdir()) == []

    def test_file_where_a_folder_should_be(self, tmp_path: Path) -> None:
        (tmp_path / "results").write_text("")
        with pytest.raises(SettingsError, match="give a folder that can be written"):
            write_result(CALL, tmp_path / "results" / "a.json")

    @pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
    def test_others_may_read_what_the_umask_lets_them(
        self, tmp_path: Path, umask: int, mode: int
    ) -> None:
        path = tmp_path / "a.json"
        before = os.umask(umask)
        try:
            write_atomically(path, b"x")
        finally:
            os.umask(before)
        assert path.stat().st_mode & 0o777 == mode


class TestRead:
    def test_missing_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.json"
        with pytest.raises(SettingsError) as raised:
            read_result(path)
        assert str(raised.value) == (
            f"cannot read '{path}' (No such file or directory): expected a result of calltone score"
        )
        assert stored_result(path) is None

    def test_folder_is_no_result(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="cannot read"):
            read_result(tmp_path)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"not json",
            b"[]",
            b"{}",
            b'{"schema_version": 1}',
            b"\xff\xfe",
            to_json(CALL)[:-20],
            to_json(CALL).replace(b'"status": "scored"', b'"status": "fine"'),
            to_json(CALL).replace(b'"schema_version": 1', b'"schema_version": 2'),
        ],
        ids=["empty", "text", "list", "object", "partial", "bytes", "cut", "status", "version"],
    )
    def test_foreign_file_is_refused_with_a_remedy(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "a.json"
        path.write_bytes(content)
        with pytest.raises(SettingsError) as raised:
            read_result(path)
        text = str(raised.value)
        assert text.startswith("'a.json' is not a result of this version of calltone (")
        assert text.endswith("): expected schema version 1; score the recording again")
        assert stored_result(path) is None

    def test_stored_result_comes_back(self, tmp_path: Path) -> None:
        write_result(CALL, tmp_path / "a.json")
        assert stored_result(tmp_path / "a.json") == CALL

"""What is installed: the wheel, the requirements and their pins, the rules between the parts."""

from __future__ import annotations

import ast
import shutil
import statistics
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PARTS = ("audio", "analysis")
PINNED_EXTRAS = {"offline", "fast", "dev", "table"}
CUDA_LIBRARIES = ("cuda-", "nvidia-")
HEAVY = {"torch", "whisper", "librosa", "numba", "scipy", "av", "pandas"}
# A shell user feels a delay from about 0.4 s on (Doherty and Thadani, 1982). Measured here: 0.05 s;
# importing torch alone takes more than a second.
HELP_WITHIN_S = 0.5

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def sources(*parts: str) -> list[Path]:
    """Every module of these parts of the package; of all of it without arguments."""
    if parts:
        return sorted(file for part in parts for file in (ROOT / part).rglob("*.py"))
    return sorted(ROOT.glob("*.py")) + sources(*PARTS)


def imports(file: Path) -> Iterator[str]:
    """Full names of the modules that a file imports, anywhere in it; relative ones with dots."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (f"{module}.{alias.name}" for alias in node.names)


def importing(files: Iterable[Path], *forbidden: str) -> list[str]:
    """Those imports in the files that begin with a forbidden name."""
    return [
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        for name in imports(file)
        if any(f"{name}.".startswith(f"{start}.") for start in forbidden)
    ]


def python(*arguments: str, cwd: Path) -> str:
    """Run the interpreter of this environment and give what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names in a wheel that is built from a copy: a build in the checkout leaves files there."""
    folder = tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.strip("\0").split("\0"):
        if (ROOT / name).exists():  # not one that was just deleted
            (folder / "source" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / "source" / name)
    python("-m", "build", "--wheel", "--no-isolation", "--outdir", "..", cwd=folder / "source")
    [built] = folder.glob("*.whl")
    with ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_whole_package_and_nothing_else(wheel: set[str]) -> None:
    own = [*ROOT.glob("*.py"), ROOT / "py.typed"]
    own += [
        file
        for part in PARTS
        for file in (ROOT / part).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    ]
    expected = {f"calltone/{file.relative_to(ROOT).as_posix()}" for file in own}
    assert {name for name in wheel if ".dist-info/" not in name} == expected


def test_the_root_holds_no_module_that_should_not_ship() -> None:
    assert {file.name for file in ROOT.glob("*.py")} == {"__init__.py", "cli.py"}


def test_the_wheel_brings_the_command_and_the_licence(wheel: set[str]) -> None:
    info = f"calltone-{PROJECT['version']}.dist-info"
    assert {f"{info}/entry_points.txt", f"{info}/licenses/LICENSE"} <= wheel


@pytest.mark.parametrize("code", ["import calltone", "import calltone.cli"])
def test_importing_loads_nothing_heavy(code: str, tmp_path: Path) -> None:
    loaded = python("-c", f"{code}\nimport sys\nprint(*sys.modules)", cwd=tmp_path).split()
    assert HEAVY.isdisjoint(loaded)


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    code = "import runpy, sys, atexit; atexit.register(lambda: print(*sys.modules)); "
    code += "sys.argv[1:] = ['--help']; runpy.run_module('calltone.cli', run_name='__main__')"
    printed = python("-c", code, cwd=tmp_path)
    assert "Usage:" in printed
    assert HEAVY.isdisjoint(printed.split())


def test_help_answers_at_once(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("calltone")
    took_s = []
    for _ in range(3):  # the median: the first run may read from a cold disk
        began_s = time.perf_counter()
        subprocess.run([command, "--help"], cwd=tmp_path, capture_output=True, check=True)
        took_s.append(time.perf_counter() - began_s)
    assert statistics.median(took_s) < HELP_WITHIN_S


def test_audio_knows_nothing_of_analysis_or_the_command_line() -> None:
    assert importing(sources("audio"), "calltone.analysis", "calltone.cli", "click", "rich") == []


def test_analysis_opens_no_sound_file_and_knows_no_command_line() -> None:
    banned = ("av", "soundfile", "audioread", "wave", "calltone.cli", "click", "rich")
    assert importing(sources("analysis"), *banned) == []


def test_imports_inside_the_project_are_absolute() -> None:
    names = {(file, name) for file in sources() for name in imports(file)}
    assert [(file, name) for file, name in names if name.startswith(".")] == []
    assert importing(sources(), "audio", "analysis", "cli") == []


@pytest.mark.parametrize(
    ("files", "extras"),
    [(sources(), {"table", "fast"}), (sources("tests"), PINNED_EXTRAS)],
    ids=["package", "tests"],
)
def test_what_is_imported_is_required(files: list[Path], extras: set[str]) -> None:
    homes = packages_distributions()
    required = {canonicalize_name(Requirement(text).name) for text in stated(*extras)}
    imported = {name.split(".")[0] for file in files for name in imports(file)}
    own = {"calltone"} | {file.stem for file in sources("tests", "benchmarks")}
    assert {
        name
        for name in imported - sys.stdlib_module_names - own
        if required.isdisjoint(canonicalize_name(home) for home in homes.get(name, [name]))
    } == set()


def stated(*extras: str) -> list[str]:
    """Requirements in pyproject.toml, without the package's own extras."""
    texts = list(PROJECT["dependencies"])
    for extra in extras:
        texts += PROJECT["optional-dependencies"][extra]
    return [text for text in texts if Requirement(text).name != PROJECT["name"]]


def pins() -> dict[str, str]:
    """The version of each package in constraints.txt, which holds nothing but pins."""
    found = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if text := line.partition("#")[0].strip():
            name, version = text.split("==")
            assert canonicalize_name(name) not in found, f"{name} is there twice"
            found[canonicalize_name(name)] = version
    return found


def needed(requirement: Requirement, seen: set[str]) -> set[str]:
    """Add the package that a requirement names to those seen, and all that it needs here."""
    name = canonicalize_name(requirement.name)
    if name in seen:
        return seen
    seen.add(name)
    for inner in map(Requirement, requires(name) or []):
        chosen = requirement.extras or {""}
        if inner.marker is None or any(inner.marker.evaluate({"extra": e}) for e in chosen):
            needed(inner, seen)
    return seen


def test_every_requirement_is_pinned_to_a_version_that_it_allows() -> None:
    pinned = pins()
    for text in stated(*PINNED_EXTRAS):
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        assert name in pinned, f"constraints.txt lacks {name}"
        assert requirement.specifier.contains(pinned[name]), f"{text}, but pinned {pinned[name]}"


def test_every_indirect_requirement_is_pinned() -> None:
    seen: set[str] = set()
    for text in stated(*PINNED_EXTRAS):
        needed(Requirement(text), seen)
    unpinned = seen - pins().keys()
    # A CUDA build of torch, where somebody has one, pins its own NVIDIA libraries.
    assert {name for name in unpinned if not name.startswith(CUDA_LIBRARIES)} == set()


def test_torch_is_pinned_to_one_release_and_without_cuda() -> None:
    pinned = pins()
    assert pinned["torch"] == "2.13.0"
    assert [name for name in pinned if name.startswith(CUDA_LIBRARIES)] == []


def test_no_extra_is_forgotten() -> None:
    assert PROJECT["optional-dependencies"].keys() == PINNED_EXTRAS | {"fixtures"}


def test_requirement_files_name_no_registry() -> None:
    for name in ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run"):
        text = (ROOT / name).read_text()
        found = [word for word in ("index-url", "find-links", "://", "file:") if word in text]
        assert found == [], name

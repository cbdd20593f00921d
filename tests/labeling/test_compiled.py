"""The engine compiled to C says what the Python says: built as a user builds it, and run beside it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORPUS = Path(__file__).parent / "corpus"

LAZY = {f"labeling/{name}.py" for name in ("questions", "heard_levels", "dictation", "legends")} | {
    f"labeling/forms/{name}.py" for name in ("boxes", "fields", "forms", "options", "picks")
}
"""What is made when it is first asked for: mypyc would make a `cached_property` anew at every look."""
INTERPRETED = {"labeling/report.py", "labeling/policies.py", "labeling/issues.py"} | LAZY
"""What users print and pickle, and what is asked for once."""

DIGEST = """
import hashlib, json, sys
import labeling.labeler, labeling.linking.linker
from labeling.labeler import Labeler
from labeling.report import Report

labeler, digest = Labeler(), hashlib.sha256()
for line in open(sys.argv[1], encoding="utf-8"):
    said = labeler.label(Report("", json.loads(line)["text"]))
    rows = [[*map(str, grade[:7]), sorted(grade.flags), grade.evidence] for grade in said.grades]
    digest.update(json.dumps([rows, sorted(said.flags), said.unread]).encode())
print(digest.hexdigest(), labeling.labeler.__file__, labeling.linking.linker.__file__)
"""


def compiled_modules() -> list[str]:
    build = (ROOT / "setup.py").read_text("utf-8")
    named = re.findall(r'"(labeling/[\w/]+\.py)"', build)
    packages = re.findall(r'_modules_of\("(labeling/\w+)"\)', build)
    whole = [str(path.relative_to(ROOT)) for package in packages for path in (ROOT / package).glob("*.py")]
    return [name for name in (*named, *whole) if not name.endswith("__init__.py")]


@pytest.mark.parametrize("name", compiled_modules())
def test_the_build_names_modules_that_exist(name: str) -> None:
    assert (ROOT / name).is_file()


def test_the_build_names_the_engine() -> None:
    assert {"labeling/labeler.py", "labeling/walk/scope.py", "labeling/tagging.py"} <= set(compiled_modules())


def test_the_build_leaves_out_no_module_that_a_sentence_passes_through() -> None:
    """What the labeler imports of its own package, directly or not, but tables of plain values."""
    script = "import sys, labeling.labeler; print(*(m for m in sys.modules if m.startswith('labeling.')))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    imported = {f"{module.replace('.', '/')}.py" for module in run.stdout.split()}
    engine = {name for name in imported if (ROOT / name).is_file()}
    assert engine - set(compiled_modules()) == INTERPRETED


def digest(installed: Path, corpus: Path) -> tuple[str, list[str]]:
    """What the package under `installed` says of a corpus, and the files that its engine came from."""
    found = subprocess.run(
        [sys.executable, "-c", DIGEST, str(corpus)],
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=installed,
        check=True,
        capture_output=True,
        text=True,
    )
    value, *files = found.stdout.split()
    return value, files


def test_nothing_compiled_is_made_anew_at_every_look() -> None:
    """But for the bits of a level expression, which cost less than looking them up."""
    lazy = {name for name in compiled_modules() if "@cached_property" in (ROOT / name).read_text("utf-8")}
    assert lazy <= {"labeling/levels.py"}


@pytest.mark.prove
@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_a_compiled_engine_says_the_same(tmp_path: Path) -> None:
    source, installed = tmp_path / "source", tmp_path / "installed"
    source.mkdir()
    for name in ("lexicons", "labeling", "dataset", "training", "levelwise"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    compiled = {**os.environ, "LEVELWISE_COMPILED": "1"}
    subprocess.run([*pip, "--target", str(installed), str(source)], env=compiled, check=True)
    for corpus in sorted(CORPUS.glob("tuning*.jsonl")):
        value, files = digest(installed, corpus)
        assert all(file.endswith((".so", ".pyd")) for file in files)
        assert digest(ROOT, corpus) == (
            value,
            [str(ROOT / "labeling" / name) for name in ("labeler.py", "linking/linker.py")],
        )

"""Docs cannot lag: the README's example and snippets run, its paths exist, the command reference is fresh."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from golden import assert_golden

from labeling.labeler import label_text

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def example() -> tuple[str, list[tuple[str, str, str, str]]]:
    """The report at the top of the README and the rows of its table."""
    text = " ".join(line[2:] for line in README.splitlines() if line.startswith("> "))
    rows = re.findall(r"^\| (\S+ [A-Z]{3}) \| (.+?) \| (\d) \| (.+?) \|$", README, re.MULTILINE)
    return text, rows


def test_the_first_example_says_what_the_labeler_says() -> None:
    text, rows = example()
    cells = {f"{g.level} {g.code}": g for g in label_text(text).grades}
    assert rows
    for cell, says, grade, because in rows:
        words, rule = re.fullmatch(r'"(.+)" `(.+)`', because).groups()  # type: ignore[union-attr]
        read = cells[cell]
        assert str(read) == f"{cell} {says}"
        assert read.grade == int(grade)
        assert (words, rule) in {(e.span.of(text), e.rule) for e in read.evidence}
    more = re.search(r"\(and (\d+) more cells; (\S+ [A-Z]{3}), of which", README)
    assert more
    assert len(cells) == len(rows) + int(more[1])
    assert more[2] not in cells


@pytest.mark.parametrize("code", re.findall(r"```python\n(.+?)```", README, re.DOTALL))
def test_python_snippets_run(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for line in re.findall(r"# (L\S+ [A-Z]{3} .+?\))", code):
        assert line in done.stdout


def test_every_script_and_file_that_the_readme_names_exists() -> None:
    scripts = set(re.findall(r"benchmarks/\w+\.py", README))
    links = set(re.findall(r"\]\(([^)#]+)\)", README))
    missing = [name for name in scripts | links if "://" not in name and not (ROOT / name).exists()]
    assert scripts
    assert not missing


def test_every_command_of_the_readme_is_one() -> None:
    named = set(re.findall(r"^levelwise (\w+)", README, re.MULTILINE))
    known = set(re.findall(r"^## `levelwise (\w+)`", (ROOT / "docs" / "cli.md").read_text(), re.MULTILINE))
    assert named
    assert named <= known


def test_the_command_reference_is_fresh() -> None:
    command = [sys.executable, "-m", "typer", "levelwise.cli", "utils", "docs", "--name", "levelwise"]
    made = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert_golden(made, ROOT / "docs" / "cli.md", "tests/levelwise/test_docs.py")

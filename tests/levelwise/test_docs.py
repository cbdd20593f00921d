"""Docs cannot lag: the README's example and snippets run, its paths exist, the command reference is fresh."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from golden import assert_golden

import levelwise
from labeling.gold import read_gold
from labeling.labeler import label_text
from labeling.lexicon_check import check_lexicon
from labeling.policies import POLICIES, regrade
from lexicons.vocabulary import Interval

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
ARCHIVES = (ROOT / "docs" / "archives.md").read_text("utf-8")


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


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.+?)```", text, re.DOTALL)


@pytest.mark.parametrize("code", [*blocks(README, "python"), *blocks(ARCHIVES, "python")])
def test_python_snippets_run(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for line in re.findall(r"# (L\S+ [A-Z]{3} .+?\))", code):
        assert line in done.stdout


def test_every_public_name_is_listed_for_type_checkers_and_is_there() -> None:
    assert set(levelwise.__all__) == {"__version__", *levelwise._PUBLIC}
    assert all(getattr(levelwise, name) for name in levelwise.__all__)


def test_every_script_and_file_that_the_readme_names_exists() -> None:
    scripts = set(re.findall(r"benchmarks/\w+\.py", README))
    links = set(re.findall(r"\]\(([^)#]+)\)", README))
    missing = [name for name in scripts | links if "://" not in name and not (ROOT / name).exists()]
    assert scripts
    assert not missing


def test_the_gold_and_the_lexicon_of_the_guide_are_read(tmp_path: Path) -> None:
    (gold,) = blocks(ARCHIVES, "json")
    (tmp_path / "gold.jsonl").write_text(gold, "utf-8")
    (report,) = read_gold(tmp_path / "gold.jsonl")
    assert len(report.cells) == 4
    (rule,) = blocks(ARCHIVES, "toml")
    (tmp_path / "grades.toml").write_text(rule, "utf-8")
    assert check_lexicon(tmp_path).faults == ()


def test_the_policies_of_the_guide_draw_what_it_says() -> None:
    said = {
        row[0]: row[1:] for row in re.findall(r"^\| `(\w+)`" + r" \| (\w+)" * 4 + r" \|$", ARCHIVES, re.M)
    }
    asked = [
        (Interval(1, 2), ""),
        (Interval(1, 3), "at_least"),
        (Interval(0, 1), ""),
        (Interval(1, 3), "ungraded"),
    ]
    drawn = {name: tuple(str(regrade(i, {flag}, name)).lower() for i, flag in asked) for name in POLICIES}
    assert said == drawn


@pytest.mark.parametrize("page", [README, ARCHIVES], ids=["README", "archives"])
def test_every_command_of_a_page_is_one(page: str) -> None:
    named = set(re.findall(r"^levelwise (\w+)", page, re.MULTILINE))
    known = set(re.findall(r"^## `levelwise (\w+)`", (ROOT / "docs" / "cli.md").read_text(), re.MULTILINE))
    assert named
    assert named <= known


def test_the_command_reference_is_fresh() -> None:
    command = [sys.executable, "-m", "typer", "levelwise.cli", "utils", "docs", "--name", "levelwise"]
    made = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert_golden(made, ROOT / "docs" / "cli.md", "tests/levelwise/test_docs.py")

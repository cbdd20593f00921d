"""The distribution of grades: counted right, nothing of few patients in it, even beside the other tables."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from tiny_archive import Archive, label_row, random_archive, report_row
from typer.testing import CliRunner

from dataset.build import build
from dataset.card import render_card
from dataset.disclosure import small
from dataset.stats import OTHERS, UNKNOWN, Breakdown, Stats, grade_stats
from dataset.stats_files import to_csv, write_stats
from dataset.tallies import GRADES, TOTAL
from labeling.issues import InputError
from levelwise.cli import app
from levelwise.errors import Exit
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS, Level

READERS = ("Dr Able", "Dr Baker", "Dr Charlie", "Dr Dog", None)


def read_by_several(patients: int = 120, seed: int = 3) -> Archive:
    """Reports of four readers, one of whom read for few patients, and of some that nobody signed."""
    archive = random_archive(patients, seed=seed)
    rng = np.random.default_rng(seed)
    for report in archive.reports:
        report["reader"] = READERS[int(rng.choice(5, p=(0.5, 0.24, 0.15, 0.03, 0.08)))]
        report["date"] = date(2014 + int(rng.choice(4, p=(0.4, 0.3, 0.25, 0.05))), 1, 1)
    archive.reports[0]["error"] = "RuntimeError in sentences.py, line 1"
    archive.reports[1]["flags"] = ["draft"]
    archive.reports[2]["flags"] = ["other_region"]
    return archive


@pytest.fixture(scope="module")
def archive() -> Archive:
    return read_by_several()


@pytest.fixture(scope="module")
def labels(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive.write(tmp_path_factory.mktemp("stats"))[0]


def counted(report: dict[str, Any]) -> bool:
    return report["error"] is None and not {"draft", "other_region"} & set(report["flags"])


def cells_of(archive: Archive) -> list[tuple[str, str, str, str, str | None, str]]:
    """Person, code, level, grade, reader and year of every disc and code, not by way of `grade_stats`."""
    grade = {(row["report_id"], row["level"], row["finding"]): row["grade"] for row in archive.labels}
    return [
        (
            report["patient"],
            code,
            level,
            "none" if grade.get((report["report_id"], level, code)) is None else
            str(grade[report["report_id"], level, code]),
            report["reader"],
            str(report["date"].year),
        )
        for report in archive.reports
        if counted(report)
        for code in CODES
        for level in map(str, LEVELS)
    ]  # fmt: skip


def test_every_count_inside_the_hospital(archive: Archive, labels: Path) -> None:
    stats = grade_stats(labels, internal=True)
    assert [part.by for part in stats.breakdowns] == ["level", "reader", "year"]
    cells = cells_of(archive)
    by_level = Counter((code, level, grade) for _, code, level, grade, _, _ in cells)
    by_reader = Counter((code, reader or UNKNOWN, grade) for _, code, _, grade, reader, _ in cells)
    by_year = Counter((code, year, grade) for _, code, _, grade, _, year in cells)
    for part, expected in zip(stats.breakdowns, (by_level, by_reader, by_year), strict=True):
        for code in CODES:
            for group in part.reports:
                if group != TOTAL:
                    assert part.row(code, group) == [expected[code, group, grade] for grade in GRADES]
                assert sum(count or 0 for count in part.row(code, group)) in {
                    part.reports[group],
                    6 * part.reports[group],
                }
    assert list(stats.breakdowns[1].reports) == ["Dr Able", "Dr Baker", "Dr Charlie", "Dr Dog", UNKNOWN]
    assert stats.codes == ("SCS", "RFS", "LFS")


def test_readers_lose_their_names_and_small_groups_are_counted_together(labels: Path) -> None:
    _, readers, years = grade_stats(labels).breakdowns
    assert list(readers.reports) == ["reader 1", "reader 2", "reader 3", OTHERS]
    assert not re.search("Able|Baker|Charlie|Dog", to_csv(grade_stats(labels)))
    reports = len(cells_of(read_by_several())) // (len(CODES) * len(LEVELS))
    for part in (readers, years):
        assert sum(part.reports.values()) == reports


def people_behind(archive: Archive, stats: Stats) -> dict[tuple[str, str, str, str], set[str]]:
    """The patients of every cell that `stats` has, by breakdown, code, group and grade."""
    numbers = Counter(report["reader"] for report in archive.reports if report["error"] is None)
    named = sorted((reader for reader in numbers if reader), key=lambda name: (-numbers[name], name))
    masked = {name: f"reader {place}" for place, name in enumerate(named, start=1)} | {None: UNKNOWN}
    found: dict[tuple[str, str, str, str], set[str]] = {}
    groups = {part.by: set(part.reports) for part in stats.breakdowns}
    for person, code, level, grade, reader, year in cells_of(archive):
        for by, group in (("level", level), ("level", TOTAL), ("reader", masked[reader]), ("year", year)):
            if by in groups:
                name = group if group in groups[by] else OTHERS
                found.setdefault((by, code, name, grade), set()).add(person)
    return found


def attack(stats: Stats, code: str) -> dict[tuple[str, str, str], tuple[float, float]]:
    """The least and greatest value of every hidden count of one code, from all that is printed of it."""
    cells = [(part.by, g, grade) for part in stats.breakdowns for g in part.reports for grade in GRADES]
    at = {cell: number for number, cell in enumerate(cells)}
    shown = {
        (p.by, g, grade): p.counts[code, g, grade]
        for p in stats.breakdowns
        for g in p.reports
        for grade in GRADES
    }
    lines: list[tuple[list[int], float | int]] = []
    for part in stats.breakdowns:
        inner = [group for group in part.reports if group != TOTAL]
        each = 1 if part.by == "level" else 6
        lines += [([at[part.by, g, grade] for grade in GRADES], each * part.reports[g]) for g in inner]
        for grade in GRADES:
            lines.append(([*(at[part.by, g, grade] for g in inner), -1 - at["level", TOTAL, grade]], 0))
    equations, right = np.zeros((len(lines), len(cells))), np.zeros(len(lines))
    for row, (parts, total) in enumerate(lines):
        right[row] = total
        for part in parts:
            equations[row, part if part >= 0 else -1 - part] += 1 if part >= 0 else -1
    bounds = [(0, None) if shown[cell] is None else (shown[cell], shown[cell]) for cell in cells]
    found = {}
    for cell in cells:
        if shown[cell] is None:
            cost = np.eye(len(cells))[at[cell]]
            ends = [linprog(s * cost, A_eq=equations, b_eq=right, bounds=bounds) for s in (1, -1)]
            assert {end.status for end in ends} == {0}
            found[cell] = (ends[0].fun, -ends[1].fun)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_an_optimiser_cannot_compute_a_small_count(tmp_path: Path, seed: int) -> None:
    archive = read_by_several(110 + 10 * seed, seed)
    stats = grade_stats(archive.write(tmp_path)[0])
    people = people_behind(archive, stats)
    assert [part.by for part in stats.breakdowns] == ["level", "reader", "year"]
    for code in stats.codes:
        ranges = attack(stats, code)
        for part in stats.breakdowns:
            for group in part.reports:
                for grade in GRADES:
                    if small(len(people.get((part.by, code, group, grade), ()))):
                        least, most = ranges[part.by, group, grade]
                        assert most - least > 0.5, (code, part.by, group, grade)
        assert len(ranges) < sum(5 * len(part.reports) for part in stats.breakdowns)


def test_a_dataset_hides_what_its_card_hides(tmp_path: Path) -> None:
    out = build(*random_archive(60, seed=2).write(tmp_path), tmp_path / "out", workers=1).folder
    card = render_card(out)
    (levels,) = grade_stats(out).breakdowns
    for code in ("SCS", "RFS", "LFS"):
        table = card.split(f"**{code}**")[1].split("**", maxsplit=1)[0]
        for group in levels.reports:
            row = re.search(rf"^\| {group} \| (.+) \|$", table, re.MULTILINE)
            assert row
            assert row[1].split(" | ") == ["s" if n is None else str(n) for n in levels.row(code, group)]


def test_a_synthetic_dataset_is_shown_whole(tmp_path: Path) -> None:
    inputs = random_archive(8).write(tmp_path)
    stats = grade_stats(build(*inputs, tmp_path / "out", workers=1, synthetic=True).folder)
    assert stats.exact
    assert None not in stats.breakdowns[0].counts.values()


def test_few_patients_give_no_number_at_all(tmp_path: Path) -> None:
    stats = grade_stats(random_archive(8).write(tmp_path)[0])
    assert stats.reports is None
    assert [part.by for part in stats.breakdowns] == ["level"]
    assert set(stats.breakdowns[0].reports.values()) == {0}
    assert set(stats.breakdowns[0].counts.values()) == {None, 0}


def test_the_files(labels: Path, tmp_path: Path) -> None:
    stats = grade_stats(labels)
    paths = write_stats(stats, tmp_path)
    pictures = [f"grades-by-{by}.png" for by in ("level", "reader", "year")]
    assert [path.name for path in paths] == ["grades.csv", *pictures, "grades.html"]
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in pictures)
    page = (tmp_path / "grades.html").read_text("utf-8")
    assert page.count('src="data:image/png;base64,') == 3
    assert not re.search(r"<script|https?://", page)
    rows = list(csv.DictReader((tmp_path / "grades.csv").read_text().splitlines()))
    part: Breakdown = stats.breakdowns[1]
    held = [
        row["discs"]
        for row in rows
        if (row["code"], row["by"], row["group"]) == ("SCS", "reader", "reader 1")
    ]
    assert held == ["s" if n is None else str(n) for n in part.row("SCS", "reader 1")]


def test_sites_are_a_breakdown_of_their_own(tmp_path: Path) -> None:
    archive = read_by_several()
    for number, report in enumerate(archive.reports):
        report["site"] = ("North", "South", "South")[number % 3]
    stats = grade_stats(archive.write(tmp_path)[0], internal=True)
    sizes = {part.by: dict(part.reports) for part in stats.breakdowns}
    assert list(sizes) == ["level", "reader", "site", "year"]
    numbers = Counter(report["site"] for report in archive.reports if counted(report))
    assert sizes["site"] == dict(numbers)


def test_of_the_versions_of_a_report_one_is_counted_with_its_addenda(tmp_path: Path) -> None:
    archive = Archive()
    names = ("first", "second", "silent", "addendum")
    for day, name in enumerate(names, start=1):
        archive.reports.append(report_row(name, "1.2.3", patient="P1", date=date(2020 + day, 1, day)))
    archive.reports[-1]["flags"] = ["addendum"]
    archive.reports.append(report_row("another", "1.2.4", patient="P1", date=date(2020, 1, 1)))
    archive.labels += [
        label_row("first", Level.L4_L5, "SCS", 1),
        label_row("first", Level.L3_L4, "SCS", 1),
        label_row("second", Level.L4_L5, "SCS", 2),
        label_row("second", Level.L5_S1, "SCS", 2),
        label_row("addendum", Level.L5_S1, "SCS", 3),
    ]
    stats = grade_stats(archive.write(tmp_path)[0], internal=True)
    assert stats.reports == 2
    level = stats.breakdowns[0]
    told = {name: level.row("SCS", name) for name in ("L3-L4", "L4-L5", "L5-S1")}
    assert told == {"L3-L4": [0, 0, 0, 0, 2], "L4-L5": [0, 0, 1, 0, 1], "L5-S1": [0, 0, 0, 1, 1]}


def test_another_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a folder that `levelwise label` or `levelwise build`"):
        grade_stats(tmp_path)


def test_the_command(labels: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["stats", str(labels), "-o", str(tmp_path)])
    assert done.exit_code == Exit.DONE
    assert "Dr Able" not in done.output
    done = CliRunner().invoke(app, ["stats", str(labels), "-o", str(tmp_path), "--internal"])
    assert done.exit_code == Exit.DONE
    assert "Discs by grade and reader" in done.output


def test_many_readers_are_left_to_the_page(tmp_path: Path) -> None:
    archive = read_by_several()
    for number, report in enumerate(archive.reports):
        report["reader"] = f"Dr {number % 12}"
    labels = archive.write(tmp_path / "labels")[0]
    done = CliRunner().invoke(app, ["stats", str(labels), "-o", str(tmp_path / "out"), "--internal"])
    assert "Discs by grade and reader: 12 of them, in grades.html and grades.csv" in done.output
    assert "without drafts and other regions" in done.output

"""Two builds side by side: every cell that changed, discs that came, went, moved or changed their split."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_archive import Archive, label_row, random_archive
from typer.testing import CliRunner

from dataset.build import build
from dataset.versions import compare_versions
from labeling.issues import InputError
from levelwise.cli import app
from levelwise.errors import Exit
from lexicons.vocabulary import LEVELS


def built(archive: Archive, root: Path, **options: str) -> Path:
    return build(*archive.write(root), root / "out", workers=1, **options).folder  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(random_archive(6, seed=4), tmp_path_factory.mktemp("before"))


def changed(root: Path) -> tuple[Path, dict[str, str]]:
    """The same archive with one change of each kind; the second value says which kind each cell has."""
    archive = random_archive(6, seed=4)
    rows = [row for row in archive.labels if row["report_id"] == "report of 1.2.0.0"]
    kinds = {}
    for row, kind in zip(rows, ("interval", "certainty", "grade", "removed"), strict=False):
        kinds[f"{row['level']} {row['finding']}"] = kind
        if kind == "interval":
            row |= {"low": 0, "high": 3}
        elif kind == "certainty":
            row["certainty"] = "uncertain"
        elif kind == "grade":
            row["grade"] = None
        else:
            archive.labels.remove(row)
    archive.labels.append(label_row("report of 1.2.0.0", "L5-S1", "RFA", 2))
    kinds["L5-S1 RFA"] = "added"
    disc = next(row for row in archive.discs if (row["study"], row["level"]) == ("1.2.0.0", "L5-S1"))
    disc["centre"] = (9.0, 9.0, -150.0)
    archive.discs = [row for row in archive.discs if row["study"] != "1.2.5.0"]
    return built(archive, root), kinds


def test_a_build_does_not_differ_from_itself(before: Path) -> None:
    found = compare_versions(before, before)
    assert (found.only_before, found.only_after, found.moved, found.splits, found.dropped) == (
        0,
        0,
        0,
        {},
        {},
    )
    assert not found.changes
    assert found.same == 3 * found.discs > 0


def test_every_kind_of_change_is_found_where_it_is(before: Path, tmp_path: Path) -> None:
    after, kinds = changed(tmp_path)
    found = compare_versions(before, after)
    assert {f"{c.level} {c.code}": c.kind for c in found.changes} == kinds
    assert {c.report_id for c in found.changes} == {"report of 1.2.0.0"}
    assert found.kinds == dict.fromkeys(found.kinds, 1)
    assert (found.only_before, found.only_after, found.moved) == (len(LEVELS), 0, 1)
    assert found.dropped["reports: no-discs"] == (0, 1)
    back = compare_versions(after, before)
    swap = {"added": "removed", "removed": "added"}
    assert {f"{c.level} {c.code}": swap.get(c.kind, c.kind) for c in back.changes} == kinds
    assert json.loads(json.dumps(found.to_json()))["moved"] == 1
    assert "| reports: no-discs | 0 | 1 |" in found.to_markdown()


def test_another_seed_moves_discs_between_splits_and_changes_no_cell(before: Path, tmp_path: Path) -> None:
    found = compare_versions(before, built(random_archive(6, seed=4), tmp_path, seed="another"))
    assert found.splits
    assert sum(found.splits.values()) <= found.discs
    assert not found.changes


def test_the_command_compares_datasets(before: Path, tmp_path: Path) -> None:
    after, _ = changed(tmp_path)
    done = CliRunner().invoke(app, ["diff", str(before), str(after), "-o", str(tmp_path / "diff.md")])
    assert done.exit_code == Exit.DONE
    assert "5 cells of the discs in both differ" in done.output
    assert "reports: no-discs" in done.output
    assert "L5-S1 RFA: absent -> moderate" in done.output


def test_a_folder_that_no_build_finished(before: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected a dataset that `levelwise build` finished"):
        compare_versions(before, tmp_path)

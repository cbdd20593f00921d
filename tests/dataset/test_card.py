"""The card: golden text, nothing of few patients in it, and its errors."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml
from golden import assert_golden
from scipy.optimize import linprog
from tiny_archive import Archive, random_archive, report_row
from typer.testing import CliRunner

from dataset.build import build
from dataset.card import AGREEMENT, NOTES, render_card, take_agreement, write_card
from dataset.disclosure import LIMIT, small
from dataset.record import FLOW, Manifest, Record
from dataset.split import SPLITS
from dataset.tallies import GRADES, TOTAL, Tallies, tally
from labeling.agreement import Agreement, Scores
from labeling.bootstrap import Measure
from labeling.issues import InputError
from levelwise.cli import app
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS

GOLDEN = Path(__file__).parent / "card.golden.md"


def messy_archive() -> Archive:
    """Forty patients, of whom some lose a study in each of many ways."""
    archive = random_archive(40, seed=7)
    for number in range(3):
        archive.reports[number]["flags"] = ["draft"]
    for number in range(4, 18):
        archive.reports[number]["modality"] = "CT"
    archive.reports.append(report_row("on nobody", None))
    archive.discs = [row for row in archive.discs if (row["study"], row["level"]) != ("1.2.20.0", "T12-L1")]
    archive.labels = [
        row for row in archive.labels if row["report_id"] != "report of 1.2.30.0" or row["finding"] == "SCS"
    ]
    return archive


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("card")
    return build(*messy_archive().write(root), root / "out", workers=1).folder


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("card")
    return build(*messy_archive().write(root), root / "out", workers=1, synthetic=True).folder


def tallies(folder: Path) -> tuple[Tallies, Tallies]:
    """The counts as the card of patient data shows them, and the whole of them."""
    manifest = Manifest.read(folder)
    return tally(folder, manifest, open_counts=False), tally(folder, manifest, open_counts=True)


def patients_of(folder: Path) -> dict[tuple[str, str, str], set[str]]:
    """The patients of every cell, counted in another way than the card does."""
    files = [folder / name for names in Manifest.read(folder).data_files().values() for name in names]
    columns = ["study", "patient", "level", *CODES]
    rows = [row for path in files for row in pq.read_table(path, columns=columns).to_pylist()]
    patient = {row["study"]: row["patient"] for row in rows}
    people: dict[tuple[str, str, str], set[str]] = {}
    for code in CODES:
        for level in map(str, LEVELS):
            graded = {row["study"]: row[code] for row in rows if row["level"] == level}
            for study, person in patient.items():
                grade = "none" if graded.get(study) is None else str(graded[study])
                for at in (level, TOTAL):
                    people.setdefault((code, at, grade), set()).add(person)
    return defaultdict(set, people)


def numbers(card: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    part = card.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return [row for row in rows if "---" not in row[0]][1:]


def ranges(printed: dict[tuple[str, str], str], studies: int) -> dict[tuple[str, str], tuple[float, float]]:
    """The least and greatest value of every hidden cell of one printed table, by linear programming."""
    cells, levels = list(printed), list(map(str, LEVELS))
    lines = [([(level, grade) for grade in GRADES], None, studies) for level in levels]
    lines += [([(level, grade) for level in levels], (TOTAL, grade), 0) for grade in GRADES]
    equations, right = np.zeros((len(lines), len(cells))), np.array([total for *_, total in lines])
    for number, (parts, total, _) in enumerate(lines):
        equations[number, [cells.index(part) for part in parts]] = 1
        if total is not None:
            equations[number, cells.index(total)] = -1
    bounds = [(0, 6 * studies) if printed[cell] == "s" else (int(printed[cell]),) * 2 for cell in cells]
    found = {}
    for number, cell in enumerate(cells):
        if printed[cell] == "s":
            cost = np.eye(len(cells))[number]
            ends = [linprog(sign * cost, A_eq=equations, b_eq=right, bounds=bounds) for sign in (1, -1)]
            assert {end.status for end in ends} == {0}
            found[cell] = (ends[0].fun, -ends[1].fun)
    return found


def test_the_card_is_as_it_was(folder: Path) -> None:
    # The checksum of the manifest changes with the version of Arrow that wrote the files.
    text = re.sub(r"\b[0-9a-f]{64}\b", "<sha256>", render_card(folder))
    assert_golden(text, GOLDEN, "tests/dataset/test_card.py")


def test_the_same_folder_gives_the_same_card(folder: Path) -> None:
    before = (folder / "README.md").read_text("utf-8")
    assert write_card(folder).read_text("utf-8") == before


def test_the_front_matter_is_yaml_and_names_the_files(folder: Path) -> None:
    _, front, _ = render_card(folder).split("---\n", 2)
    said = yaml.safe_load(front)
    (config,) = said["configs"]
    assert [part["split"] for part in config["data_files"]] == list(SPLITS)
    for part in config["data_files"]:
        assert list(folder.glob(part["path"]))
    # A number of examples here would tell what the tables hide.
    assert set(said["dataset_info"]) == {"features"}


class TestDisclosure:
    def test_no_shown_count_rests_on_few_patients(self, folder: Path) -> None:
        shown, whole = tallies(folder)
        people = patients_of(folder)
        for cell, count in whole.grades.items():
            assert shown.grades[cell] in (count, None)
            assert not small(len(people[cell])) or shown.grades[cell] is None
        hidden = sum(count is None for count in shown.grades.values())
        assert 0 < hidden < len(whole.grades) / 2

    def test_the_tables_add_up_to_no_small_count(self, folder: Path) -> None:
        shown, _ = tallies(folder)
        people = patients_of(folder)
        levels = list(map(str, LEVELS))
        for code in CODES:
            lines = [[(code, level, grade) for grade in GRADES] for level in (*levels, TOTAL)]
            known = [grade for grade in GRADES if shown.grades[code, TOTAL, grade] is not None]
            lines += [[(code, level, grade) for level in levels] for grade in known]
            for line in lines:
                hidden = [cell for cell in line if shown.grades[cell] is None]
                assert len(hidden) != 1
                assert not small(len(set().union(*(people[cell] for cell in hidden))))

    def test_a_level_that_few_studies_lack_is_not_given_away(self, folder: Path) -> None:
        # One study has no disc at T12-L1: beside 39 studies, 233 discs would tell.
        shown, whole = tallies(folder)
        assert whole.splits[TOTAL].discs == 6 * (whole.splits[TOTAL].studies or 0) - 1
        assert {one.discs for one in shown.splits.values()} == {None}
        assert whole.grades["SCS", "T12-L1", "none"] == 1
        assert shown.grades["SCS", "T12-L1", "none"] is None
        assert "233" not in render_card(folder)

    def test_patients_are_not_shown_where_few_have_several_studies(self, tmp_path: Path) -> None:
        archive = random_archive(60, most_studies=1)
        archive.add("1.2.999", "P000", day=3)
        counts, whole = tallies(build(*archive.write(tmp_path), tmp_path / "out", workers=1).folder)
        total, true = counts.splits[TOTAL], whole.splits[TOTAL]
        assert (true.patients, true.studies, true.discs) == (60, 61, 366)
        assert (total.patients, total.studies, total.discs) == (None, 61, 366)

    def test_an_optimiser_cannot_compute_a_small_count_from_the_printed_card(self, folder: Path) -> None:
        card, people = render_card(folder), patients_of(folder)
        studies = int(numbers(card, "Splits")[-1][2])
        attacked = 0
        for code in ("SCS", "RFS", "LFS"):
            table = card.split(f"**{code}**")[1].split("**", maxsplit=1)[0]
            printed = {
                (row[0], grade): cell
                for row in (
                    line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")
                )
                if row[0] in {*map(str, LEVELS), TOTAL}
                for grade, cell in zip(GRADES, row[1:], strict=True)
            }
            for (level, grade), (least, most) in ranges(printed, studies).items():
                if small(len(people[code, level, grade])):
                    attacked += 1
                    assert most - least > 0.5, (code, level, grade)
        assert attacked > 10

    def test_the_share_of_hedged_cells_is_not_shown_where_few_patients_have_one(self, tmp_path: Path) -> None:
        archive = random_archive(60, most_studies=1)
        for row in archive.labels:
            number = int(row["report_id"].split(".")[-2])
            row |= {"certainty": "uncertain" if number < 4 else "affirmed"}
            row |= {"basis": "implied" if number < 30 else "stated"}
        out = build(*archive.write(tmp_path), tmp_path / "out", workers=1).folder
        manifest = Manifest.read(out)
        exact = tally(out, manifest, open_counts=True).marks
        assert exact == {"uncertain": pytest.approx(100 * 4 / 60), "implied": pytest.approx(50)}
        assert tally(out, manifest, open_counts=False).marks == {
            "uncertain": None,
            "implied": exact["implied"],
        }

    def test_the_splits(self, folder: Path, synthetic: Path) -> None:
        hidden = numbers(render_card(folder), "Splits")
        exact = numbers(render_card(synthetic), "Splits")
        assert [row[0] for row in hidden] == [*SPLITS, "all"]
        assert all("s" not in row for row in exact)
        for mine, true in zip(hidden, exact, strict=True):
            assert all(shown in ("s", number) for shown, number in zip(mine, true, strict=True))
            assert int(true[1]) > LIMIT or set(mine[1:]) == {"s"}
        # Two rows at least, or the sum would tell.
        assert sum(set(row[1:]) == {"s"} for row in hidden) >= 2

    def test_the_flow(self, folder: Path, synthetic: Path) -> None:
        hidden, exact = render_card(folder), render_card(synthetic)
        assert "a draft, not a final report" in hidden
        assert not re.search(r"a draft, not a final report +-\d", hidden)
        assert re.search(r"a draft, not a final report +-3$", exact, re.MULTILINE)
        assert re.search(r"the report is of another modality +-14$", exact, re.MULTILINE)

    def test_it_is_off_only_where_the_build_was_told(self, folder: Path, synthetic: Path) -> None:
        assert "**Synthetic data.**" in render_card(synthetic)
        assert "**Patient data.**" in render_card(folder)
        assert json.loads((synthetic / FLOW).read_text("utf-8"))["synthetic"] is True
        assert " s |" not in render_card(synthetic)

    def test_a_flag_that_is_not_true_hides(self, folder: Path, tmp_path: Path) -> None:
        record = json.loads((folder / FLOW).read_text("utf-8")) | {"synthetic": "yes"}
        (tmp_path / FLOW).write_text(json.dumps(record), "utf-8")
        assert Record.read(tmp_path).synthetic is False

    def test_a_dataset_of_few_patients_shows_no_number_of_them(self, tmp_path: Path) -> None:
        archive = random_archive(LIMIT, seed=1)
        card = render_card(build(*archive.write(tmp_path), tmp_path / "out", workers=1).folder)
        assert numbers(card, "Splits") == [[name, "s", "s", "s"] for name in (*SPLITS, "all")]
        flow = card.split("## Flow")[1].split("Cohort `", maxsplit=1)[0]
        assert not re.search(r"[1-9]\d*$", flow, re.MULTILINE)
        # Zeros stay: that nobody has a grade tells of nobody.
        grades = [row for row in numbers(card, "Grades") if row[0] != "level"]
        assert {cell for row in grades for cell in row[1:]} == {"s", "0"}


def test_it_counts_what_the_files_hold(synthetic: Path) -> None:
    _, counts = tallies(synthetic)
    record = Record.read(synthetic)
    for split in SPLITS:
        one, true = counts.splits[split], record.splits[split]
        assert (one.discs, one.studies, one.patients) == (true.rows, true.studies, true.patients)
    studies = counts.splits[TOTAL].studies or 0
    for code in CODES:
        for level in map(str, LEVELS):
            assert sum(counts.grades[code, level, grade] or 0 for grade in GRADES) == studies
    assert counts.grades["RFA", TOTAL, "none"] == 6 * studies


def test_every_warning_of_a_build_has_its_sentence() -> None:
    source = "".join(
        (Path(__file__).parents[2] / "dataset" / name).read_text("utf-8") for name in ("build.py", "split.py")
    )
    given = set(re.findall(r'Issue\(\s*[^,]+,\s*f?"([a-z{}-]+)"', source))
    given |= {f"split-by-{mode}" for mode in ("study", "disc")} | {"mixed-lexicon", "mixed-policy"}
    errors = {"split-by-{mode}", "mixed-{name}", "unknown-split", "bad-fractions", "output-is-input"}
    errors |= {"unknown-site", "bad-folds"}
    assert given - errors == set(NOTES)


class TestAgreement:
    def scores(self, n: int) -> Scores:
        measure = Measure(0.9, 0.85, 0.95, n)
        return Scores(measure, measure, measure, measure, Measure(None, None, None, 0), measure)

    def agreement(self, few: int) -> dict[str, Any]:
        many = self.scores(1200)
        return Agreement(120, 0, many, many, {"SCS": many, "RFA": self.scores(few)}, {}, {}, ()).to_json()

    def card(self, folder: Path, data: object) -> str:
        path = folder / AGREEMENT
        path.write_text(json.dumps(data), "utf-8")
        try:
            return render_card(folder)
        finally:
            path.unlink()

    def test_figures_with_their_intervals(self, folder: Path) -> None:
        card = self.card(folder, self.agreement(7))
        assert "| SCS | 1,200 | 0.900 (0.850–0.950) | 0.900 (0.850–0.950) | – | 0.900 (0.850–0.950) |" in card
        assert "120 of them" in card
        assert "| RFA | s | s | s | s | s |" in card

    def test_the_command_takes_figures_without_their_misses(self, folder: Path, tmp_path: Path) -> None:
        copy, figures = shutil.copytree(folder, tmp_path / "copy"), tmp_path / "agree.json"
        figures.write_text(json.dumps(self.agreement(7) | {"misses": [{"report_id": "R1"}]}), "utf-8")
        done = CliRunner().invoke(app, ["card", str(copy), "--agreement", str(figures)])
        assert done.exit_code == 0
        assert "120 of them" in (copy / "README.md").read_text("utf-8")
        assert "R1" not in (copy / AGREEMENT).read_text("utf-8")

    def test_figures_that_are_none(self, folder: Path, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="expected a file; got none"):
            take_agreement(tmp_path / "agree.json", folder)

    def test_without_figures_it_says_so(self, folder: Path) -> None:
        assert "was not measured on this archive" in render_card(folder)

    @pytest.mark.parametrize("data", [[], {"core": 1}, {"core": {}, "all": {}, "findings": {}, "reports": 1}])
    def test_another_file_is_refused(self, folder: Path, data: object) -> None:
        with pytest.raises(InputError, match=r"agreement\.json: expected what .* got something else"):
            self.card(folder, data)


class TestErrors:
    def test_no_dataset(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"got no flow\.json\. Check the path, or run `levelwise build`"):
            write_card(tmp_path)

    @pytest.mark.parametrize("text", ["{", "[]", "{}", '{"cohort": 1}'])
    def test_a_damaged_record(self, tmp_path: Path, text: str) -> None:
        (tmp_path / FLOW).write_text(text, "utf-8")
        with pytest.raises(InputError, match=r"flow\.json: expected the file that `levelwise build` wrote"):
            write_card(tmp_path)

    def test_a_data_file_that_is_gone(self, tmp_path: Path) -> None:
        out = build(*random_archive(5).write(tmp_path), tmp_path / "out", workers=1).folder
        next((out / "data").glob("train-*.parquet")).unlink()
        with pytest.raises(InputError, match=r"train-00000\.parquet: expected a readable file"):
            write_card(out)

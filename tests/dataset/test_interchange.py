"""Labels to other formats and back: what comes back is what went, or as little less as the format says."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.sr._concepts_dict import concepts
from tiny_archive import random_archive
from typer.testing import CliRunner

from dataset.build import build
from dataset.interchange import FORMATS, dicom_sr, export_labels, import_labels, label_studio, mimic_csv, rsna
from dataset.interchange.archive import CELLS, Labelled, imported_cell, read_labelled, write_labelled
from dataset.label_archive import label_archive
from dataset.validate import check
from dataset.versions import compare_versions
from labeling.agreement import agree
from labeling.issues import InputError
from labeling.report import LevelGrade, Report, ReportLabels
from levelwise.cli import app
from levelwise.errors import Exit
from lexicons.findings import CODES, FINDINGS
from lexicons.vocabulary import LEVELS, Basis, Certainty, Interval, Level, Side

INTERVALS = [Interval(low, high) for low in range(4) for high in range(low, 4)]
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def cells(draw: st.DrawFn) -> LevelGrade:
    level, code = draw(st.sampled_from(CELLS))
    interval = draw(st.sampled_from(INTERVALS))
    grade = draw(st.sampled_from([None, *range(interval.low, interval.high + 1)]))
    certainty, basis = draw(st.sampled_from(Certainty)), draw(st.sampled_from(Basis))
    return imported_cell(level, code, interval, grade, certainty, basis)


@st.composite
def archives(draw: st.DrawFn) -> list[Labelled]:
    """A few reports of a study each, with cells of any kind."""
    items = []
    for number in range(draw(st.integers(1, 3))):
        found = draw(st.lists(cells(), max_size=30, unique_by=lambda cell: (cell.level, cell.code)))
        order = tuple(sorted(found, key=lambda cell: (cell.level, list(CODES).index(cell.code))))
        report = Report(
            draw(st.sampled_from(["R", 'Befund ä, "1"', "a|b"])) + str(number),
            "",
            study=draw(st.sampled_from([f"1.2.826.0.{number + 1}", f"A{number}"])),
            patient=draw(st.sampled_from([None, "P1"])),
            date=draw(st.sampled_from([None, date(2019, 2, 3)])),
        )
        items.append(Labelled(report, ReportLabels(report.id, order)))
    return items


def says(items: list[Labelled]) -> dict[str, set[tuple[str, int | None]]]:
    """Every report by its id, with each cell as its line and its grade."""
    return {one.report.id: {(str(cell), cell.grade) for cell in one.labels.grades} for one in items}


def there_and_back(items: list[Labelled], name: str) -> list[Labelled]:
    with TemporaryDirectory() as place:
        root = Path(place)
        labels = write_labelled(items, root / "labels", "test").path
        written = export_labels(labels, root / "out", name)
        if not written.reports:
            return []
        source = root / "out" if name == "dicom-sr" else written.files[0]
        taken = import_labels(source, root / "back", name)
        assert not taken.issues
        assert not [issue for issue in check(taken.path) if issue.severity == "error"]
        return list(read_labelled(taken.path))


@given(archives())
@FEW
def test_a_labels_folder_is_read_as_it_was_written(items: list[Labelled]) -> None:
    with TemporaryDirectory() as place:
        found = list(read_labelled(write_labelled(items, Path(place), "test").path))
    assert says(found) == says(items)
    assert [one.report for one in found] == [one.report for one in items]


@given(archives())
@FEW
def test_a_mimic_table_loses_no_cell(items: list[Labelled]) -> None:
    back = there_and_back(items, "mimic-csv")
    assert says(back) == says(items)
    assert [(one.report.study, one.report.patient) for one in back] == [
        (one.report.study, one.report.patient) for one in items
    ]


@given(archives())
@FEW
def test_structured_reports_lose_no_cell(items: list[Labelled]) -> None:
    spoken = [one for one in items if one.labels.grades]
    back = there_and_back(items, "dicom-sr")
    assert says(back) == says(spoken)
    keys = {one.report.id: (one.report.study, one.report.patient, one.report.date) for one in back}
    assert keys == {one.report.id: (one.report.study, one.report.patient, one.report.date) for one in spoken}


@given(archives())
@FEW
def test_the_rsna_table_keeps_the_class_of_every_cell_it_has_room_for(items: list[Labelled]) -> None:
    back = {one.report.id: one.labels.cells for one in there_and_back(items, "rsna")}
    for one in items:
        read, room = back[one.report.study or ""], set(rsna.COLUMNS.values())
        for place, cell in one.labels.cells.items():
            name = rsna.class_of(cell.interval)
            assert (place in read) == (place in room and name != "")
            if place in read:
                assert read[place].interval == rsna.CLASSES[name]
                assert (
                    read[place].interval.low
                    <= cell.interval.low
                    <= cell.interval.high
                    <= read[place].interval.high
                )
        assert set(read) <= set(one.labels.cells)


_class = st.sampled_from(["", *rsna.CLASSES])


@given(st.lists(st.lists(_class, min_size=25, max_size=25), min_size=1, max_size=4))
@FEW
def test_an_rsna_table_comes_back_as_it_was(rows: list[list[str]]) -> None:
    with TemporaryDirectory() as place:
        root = Path(place)
        table = [["study_id", *rsna.COLUMNS], *([str(4003253 + n), *row] for n, row in enumerate(rows))]
        source = root / "train.csv"
        source.write_text("\n".join(",".join(line) for line in table) + "\n", "utf-8")
        labels = import_labels(source, root / "labels", "rsna").path
        (back, *_) = export_labels(labels, root / "out", "rsna").files
        assert back.read_text("utf-8") == source.read_text("utf-8")


def test_the_rsna_columns_are_those_of_the_challenge() -> None:
    assert len(rsna.COLUMNS) == 25
    assert list(rsna.COLUMNS)[:6] == [
        "spinal_canal_stenosis_l1_l2",
        "spinal_canal_stenosis_l2_l3",
        "spinal_canal_stenosis_l3_l4",
        "spinal_canal_stenosis_l4_l5",
        "spinal_canal_stenosis_l5_s1",
        "left_neural_foraminal_narrowing_l1_l2",
    ]
    assert rsna.COLUMNS["right_subarticular_stenosis_l5_s1"] == (Level.L5_S1, "RRS")


@pytest.mark.parametrize("interval", INTERVALS, ids=str)
def test_every_interval_has_the_class_it_lies_in_or_none(interval: Interval) -> None:
    ends = {
        "Normal/Mild" if rank < 2 else {2: "Moderate", 3: "Severe"}[rank]
        for rank in (interval.low, interval.high)
    }
    assert rsna.class_of(interval) == (ends.pop() if len(ends) == 1 else "")


def test_of_two_reports_of_a_study_the_newer_one_is_exported(tmp_path: Path) -> None:
    items = [
        Labelled(
            Report(f"R{year}", "", study="1.2.3", date=date(year, 1, 1)),
            ReportLabels(f"R{year}", (imported_cell(Level.L4_L5, "SCS", Interval(grade, grade), grade),)),
        )
        for year, grade in ((2020, 3), (2018, 2))
    ]
    labels = write_labelled(items, tmp_path / "labels", "test").path
    written = export_labels(labels, tmp_path / "out", "rsna")
    assert (written.reports, written.left_out) == (1, {"an older report of the same study": 1})
    (row,) = csv.DictReader((tmp_path / "out" / "train.csv").read_text("utf-8").splitlines())
    assert row["spinal_canal_stenosis_l4_l5"] == "Severe"


def test_addenda_are_laid_over_the_report_that_is_exported_and_drafts_stay_behind(tmp_path: Path) -> None:
    said = {
        ("R1", 1, ()): [("SCS", 3), ("LFS", 1)],
        ("R2", 2, ("addendum",)): [("SCS", 2)],
        ("R3", 3, ("draft",)): [("SCS", 0)],
        ("R4", 4, ("other_region",)): [("SCS", 0)],
        ("R5", 5, ()): [],
    }
    items = [
        Labelled(
            Report(name, "", study="0017", date=date(2024, 1, day)),
            ReportLabels(
                name,
                tuple(imported_cell(Level.L4_L5, code, Interval(n, n), n) for code, n in cells),
                frozenset(flags),
            ),
        )
        for (name, day, flags), cells in said.items()
    ]
    written = export_labels(write_labelled(items, tmp_path / "labels", "test").path, tmp_path / "out", "rsna")
    (row,) = csv.DictReader((tmp_path / "out" / "train.csv").read_text("utf-8").splitlines())
    assert row["spinal_canal_stenosis_l4_l5"] == "Moderate"
    assert row["left_neural_foraminal_narrowing_l4_l5"] == "Normal/Mild"
    assert written.left_out == {
        "a draft": 1,
        "a report of another region": 1,
        "the report says nothing of any cell, another of the study does": 1,
    }


VALUES = {
    (0, 0, "affirmed"): "0.0",
    (0, 0, "uncertain"): "-1.0",
    (0, 2, "affirmed"): "-1.0",
    (1, 1, "affirmed"): "1.0",
    (1, 3, "affirmed"): "1.0",
    (2, 3, "uncertain"): "-1.0",
}


@pytest.mark.parametrize(("cell", "value"), VALUES.items(), ids=str)
def test_the_value_of_a_mimic_column(cell: tuple[int, int, str], value: str) -> None:
    low, high, certainty = cell
    made = imported_cell(Level.L4_L5, "SCS", Interval(low, high), None, Certainty(certainty))
    assert mimic_csv.value_of(made) == value


PLAIN: dict[str, tuple[dict[str, str], str | None]] = {
    "there": ({"SCS_L4-L5": "1.0"}, "L4-L5 SCS mild..severe (stated)"),
    "there, as a whole number": ({"SCS_L4-L5": "1"}, "L4-L5 SCS mild..severe (stated)"),
    "not there": ({"SCS_L4-L5": "0.0"}, "L4-L5 SCS normal (stated)"),
    "uncertain": ({"SCS_L4-L5": "-1.0"}, "L4-L5 SCS normal..severe? (stated)"),
    "not mentioned": ({"SCS_L4-L5": ""}, None),
    "a grade": ({"SCS_L4-L5": "1.0", "SCS_L4-L5_grade": "2"}, "L4-L5 SCS moderate (stated)"),
    "the words win": (
        {"SCS_L4-L5": "1.0", "SCS_L4-L5_grade": "2", "SCS_L4-L5_says": "mild..moderate? (inherited)"},
        "L4-L5 SCS mild..moderate? (inherited)",
    ),
}


@pytest.mark.parametrize(("values", "line"), PLAIN.values(), ids=list(PLAIN))
def test_a_table_of_somebody_else(tmp_path: Path, values: dict[str, str], line: str | None) -> None:
    source = tmp_path / "other.csv"
    source.write_text(f"study_id,{','.join(values)}\n50414267,{','.join(values.values())}\n", "utf-8")
    (item,) = read_labelled(import_labels(source, tmp_path / "labels", "mimic-csv").path)
    assert [str(cell) for cell in item.labels.grades] == ([line] if line else [])
    assert item.report.study == "50414267"


def test_a_hole_in_a_table_costs_its_cell_and_nothing_else(tmp_path: Path) -> None:
    source = tmp_path / "other.csv"
    source.write_text("study_id,SCS_L4-L5,SCS_L5-S1\n7,yes,0.0\n,1.0,1.0\n8,1.0,inf\n", "utf-8")
    taken = import_labels(source, tmp_path / "labels", "mimic-csv")
    assert [issue.where.split(" > ", 1)[1] for issue in taken.issues] == [
        "line 2 > SCS_L4-L5",
        "line 3 > study_id",
        "line 4 > SCS_L5-S1",
    ]
    found = {one.report.id: [str(cell) for cell in one.labels.grades] for one in read_labelled(taken.path)}
    assert found == {"7": ["L5-S1 SCS normal (stated)"], "8": ["L4-L5 SCS mild..severe (stated)"]}


class TestCodes:
    @pytest.mark.parametrize(
        "code",
        [
            *dicom_sr.DISCS.values(),
            *dicom_sr.SIDES.values(),
            *dicom_sr.SEVERITIES.values(),
            dicom_sr.SEVERITY,
        ],
        ids=lambda code: code.meaning,
    )
    def test_pydicom_carries_it_with_this_meaning(self, code: Any) -> None:
        meanings = {
            versions[code.value][0].lower() for versions in concepts["SCT"].values() if code.value in versions
        }
        assert any(code.meaning.lower() in meaning for meaning in meanings), meanings

    def test_every_level_side_and_finding_has_one_of_its_own(self) -> None:
        assert list(dicom_sr.DISCS) == list(LEVELS)
        assert list(dicom_sr.SIDES) == list(Side)
        for codes in (dicom_sr.DISCS.values(), map(dicom_sr.finding_code, FINDINGS.values())):
            keys = [(code.value, code.scheme_designator) for code in codes]
            assert len(set(keys)) == len(keys)


def one_of_each() -> Labelled:
    grades = tuple(imported_cell(level, code, Interval(1, 2), 2) for level in LEVELS for code in CODES)
    report = Report("R1", "", study="1.2.3", patient="P1", date=date(2019, 2, 3))
    return Labelled(report, ReportLabels("R1", grades))


def test_a_structured_report_is_the_same_bytes_each_time_and_a_valid_tid_1500(tmp_path: Path) -> None:
    labels = write_labelled([one_of_each()], tmp_path / "labels", "test").path
    (one,) = export_labels(labels, tmp_path / "one", "dicom-sr").files
    (two,) = export_labels(labels, tmp_path / "two", "dicom-sr").files
    assert one.read_bytes() == two.read_bytes()
    held = dcmread(one)
    assert held.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    assert (held.StudyInstanceUID, held.PatientID, str(held.PatientName)) == ("1.2.3", "P1", "")
    assert held.ConceptNameCodeSequence[0].CodeValue == "126000"
    assert "R1" not in one.name


def test_a_structured_report_of_another_maker_is_read_by_site_type_and_severity() -> None:
    document = dicom_sr.document(one_of_each())
    (measurements,) = [
        item for item in document.ContentSequence if item.ConceptNameCodeSequence[0].CodeValue == "126010"
    ]
    for group in measurements.ContentSequence:
        group.ContentSequence = [
            item
            for item in group.ContentSequence
            if item.ConceptNameCodeSequence[0].CodingSchemeDesignator != dicom_sr.OURS
        ]
    read = dicom_sr.labelled(document)
    # Recess and facet have codes of ours alone; the type of a group still says which.
    assert {str(cell) for cell in read.labels.grades} == {
        f"{level} {code} mild..moderate (stated)" for level in LEVELS for code in CODES
    }


@pytest.mark.parametrize(
    ("study", "patient"), [("a study key of more than 16", None), ("A\\B", None), ("A1", "P" * 65)]
)
def test_keys_that_dicom_has_no_room_for_are_left_out(
    tmp_path: Path, study: str, patient: str | None
) -> None:
    item = Labelled(Report("R1", "", study=study, patient=patient), one_of_each().labels)
    written = export_labels(
        write_labelled([item], tmp_path / "labels", "test").path, tmp_path / "out", "dicom-sr"
    )
    assert (written.reports, list(written.left_out.values())) == (0, [1])


def test_files_that_are_no_structured_reports_are_set_aside(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.dcm").write_bytes(b"no DICOM")
    document = dicom_sr.document(one_of_each())
    del document.ContentSequence
    document.save_as(tmp_path / "in" / "b.dcm")
    taken = import_labels(tmp_path / "in", tmp_path / "out", "dicom-sr")
    assert (taken.reports, [issue.reason for issue in taken.issues]) == (0, ["not-a-report"] * 2)


TEXT = "FINDINGS: 🦴 L4-L5: Possible moderate canal stenosis. Mild right foraminal narrowing. L5-S1: Normal."


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A report archive and its labels."""
    root = tmp_path_factory.mktemp("label-studio")
    reports = [
        {"id": "R1", "text": TEXT},
        {"id": "R2", "text": "FINDINGS: L3-L4: No high-grade canal stenosis."},
    ]
    source = root / "reports.jsonl"
    source.write_text("\n".join(map(json.dumps, reports)), "utf-8")
    return source, label_archive(source, root / "labels", workers=1).folder


class TestLabelStudio:
    def tasks(self, archive: tuple[Path, Path], out: Path) -> list[dict[str, Any]]:
        export_labels(archive[1], out, "label-studio", with_text=archive[0])
        tasks: list[dict[str, Any]] = json.loads((out / "tasks.json").read_text("utf-8"))
        return tasks

    def annotated(self, tasks: list[dict[str, Any]], path: Path) -> Path:
        for task in tasks:
            task["annotations"] = [{"was_cancelled": False, "result": task["predictions"][0]["result"]}]
        path.write_text(json.dumps(tasks), "utf-8")
        return path

    def test_spans_cover_the_words_as_the_browser_counts_them(
        self, archive: tuple[Path, Path], tmp_path: Path
    ) -> None:
        spans = 0
        for task in self.tasks(archive, tmp_path):
            units = task["data"]["text"].encode("utf-16-le")
            for item in task["predictions"][0]["result"]:
                if item["type"] == "labels":
                    spans += 1
                    value = item["value"]
                    assert units[2 * value["start"] : 2 * value["end"]].decode("utf-16-le") == value["text"]
        assert spans > 5

    def test_the_interface_has_a_place_for_everything_in_the_tasks(
        self, archive: tuple[Path, Path], tmp_path: Path
    ) -> None:
        tasks = self.tasks(archive, tmp_path)
        view = ElementTree.fromstring((tmp_path / "config.xml").read_text("utf-8"))
        names = {
            tag.get("name"): {one.get("value") for one in tag} for tag in view.iter() if tag.get("toName")
        }
        assert len(names) == 1 + len(CELLS)
        for item in (item for task in tasks for item in task["predictions"][0]["result"]):
            chosen = item["value"].get("labels") or item["value"]["choices"]
            assert set(chosen) <= names[item["from_name"]]

    def test_predictions_taken_as_they_are_come_back_as_gold_that_agrees(
        self, archive: tuple[Path, Path], tmp_path: Path
    ) -> None:
        source = self.annotated(self.tasks(archive, tmp_path), tmp_path / "export.json")
        taken = import_labels(source, tmp_path / "gold", "label-studio")
        assert (taken.reports, taken.issues) == (2, ())
        lines = [json.loads(line) for line in taken.path.read_text("utf-8").splitlines()]
        assert lines[0]["cells"]["L4-L5"] == {"SCS": "2?", "RFS": "1"}
        assert lines[1]["cells"]["L3-L4"] == {"SCS": "N"}
        assert "text" not in lines[0]
        result = agree(archive[1], taken.path)
        assert (result.all.accuracy.value, result.all.accuracy.n > 5) == (1.0, True)

    def test_a_corrected_choice_is_what_counts(self, archive: tuple[Path, Path], tmp_path: Path) -> None:
        tasks = json.loads(
            self.annotated(self.tasks(archive, tmp_path), tmp_path / "e.json").read_text("utf-8")
        )
        first, second = tasks
        corrected = [item for item in first["annotations"][0]["result"] if item["from_name"] != "RFS_L4_L5"]
        for item in corrected:
            if item["from_name"] == "SCS_L4_L5":
                item["value"]["choices"] = ["3"]
        first["annotations"] += [{"result": corrected}, {"was_cancelled": True, "result": []}]
        second["annotations"] = []
        (tmp_path / "e.json").write_text(json.dumps(tasks), "utf-8")
        taken = import_labels(tmp_path / "e.json", tmp_path / "gold", "label-studio")
        (line,) = (json.loads(line) for line in taken.path.read_text("utf-8").splitlines())
        assert line["cells"]["L4-L5"] == {"SCS": "3"}
        assert [issue.reason for issue in taken.issues] == ["no-annotation"]

    @pytest.mark.parametrize("choices", [[], ["1", "2"], ["?"], ["7"]])
    def test_choices_that_are_no_value(self, tmp_path: Path, choices: list[str]) -> None:
        item = {"type": "choices", "from_name": "SCS_L4_L5", "value": {"choices": choices}}
        task = {"data": {"report_id": "R1"}, "annotations": [{"result": [item]}]}
        (tmp_path / "e.json").write_text(json.dumps([task]), "utf-8")
        taken = import_labels(tmp_path / "e.json", tmp_path / "gold", "label-studio")
        assert [issue.reason for issue in taken.issues] == ["wrong-choice"]


class TestErrors:
    def test_text_leaves_only_where_it_is_asked_for(self, archive: tuple[Path, Path], tmp_path: Path) -> None:
        source, labels = archive
        with pytest.raises(InputError, match="shows their text to annotators"):
            export_labels(labels, tmp_path, "label-studio")
        for name in set(FORMATS) - {"label-studio"}:
            with pytest.raises(InputError, match="has no place for it"):
                export_labels(labels, tmp_path, name, with_text=source)
            export_labels(labels, tmp_path / name, name)
            for path in (tmp_path / name).iterdir():
                assert b"foraminal narrowing. L5-S1" not in path.read_bytes()

    def test_every_export_says_what_it_holds(self, archive: tuple[Path, Path], tmp_path: Path) -> None:
        for name, chosen in FORMATS.items():
            export_labels(archive[1], tmp_path / name, name, with_text=archive[0] if chosen.text else None)
            said = (tmp_path / name / "README.md").read_text("utf-8")
            assert ("full text of every report" in said) == chosen.text

    @pytest.mark.parametrize("name", ["rsna", "mimic-csv"])
    def test_the_folder_of_an_export_is_read_back(
        self, archive: tuple[Path, Path], tmp_path: Path, name: str
    ) -> None:
        (table,) = export_labels(archive[1], tmp_path / name, name).files
        one, two = (import_labels(source, tmp_path / source.stem, name) for source in (table, table.parent))
        assert says(list(read_labelled(one.path))) == says(list(read_labelled(two.path)))

    def test_an_unknown_format(self, archive: tuple[Path, Path], tmp_path: Path) -> None:
        with pytest.raises(
            InputError, match="expected one of rsna, label-studio, mimic-csv, dicom-sr; got 'xls'"
        ):
            export_labels(archive[1], tmp_path, "xls")

    @pytest.mark.parametrize("name", ["rsna", "mimic-csv", "label-studio"])
    def test_another_file(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "other").write_text("a,b\n1,2\n", "utf-8")
        with pytest.raises(InputError):
            import_labels(tmp_path / "other", tmp_path / "out", name)
        with pytest.raises(InputError, match="expected a file or folder; got none"):
            import_labels(tmp_path / "none", tmp_path / "out", name)

    def test_an_archive_of_other_reports(self, archive: tuple[Path, Path], tmp_path: Path) -> None:
        (tmp_path / "other.jsonl").write_text(json.dumps({"id": "X", "text": TEXT}), "utf-8")
        with pytest.raises(InputError, match="none of them is in the archive"):
            export_labels(archive[1], tmp_path, "label-studio", with_text=tmp_path / "other.jsonl")


@pytest.mark.parametrize("name", ["mimic-csv", "dicom-sr"])
def test_labels_that_went_out_and_came_back_build_the_same_dataset(tmp_path: Path, name: str) -> None:
    labels, discs = random_archive(4).write(tmp_path)
    written = export_labels(labels, tmp_path / "there", name)
    source = tmp_path / "there" if name == "dicom-sr" else written.files[0]
    back = import_labels(source, tmp_path / "back", name).path
    found = compare_versions(
        build(labels, discs, tmp_path / "one", workers=1).folder,
        build(back, discs, tmp_path / "two", workers=1).folder,
    )
    assert (found.changes, found.only_before, found.only_after, found.splits) == ((), 0, 0, {})
    assert found.same > 50


def test_the_commands(archive: tuple[Path, Path], tmp_path: Path) -> None:
    run = CliRunner().invoke
    done = run(app, ["export", str(archive[1]), "--to", "mimic-csv", "-o", str(tmp_path / "csv")])
    # a long path moves the ends of the lines
    assert (done.exit_code, "no text of a report" in " ".join(done.output.split())) == (Exit.DONE, True)
    done = run(
        app,
        ["import", str(tmp_path / "csv" / "labels.csv"), "--from", "mimic-csv", "-o", str(tmp_path / "back")],
    )
    assert (done.exit_code, "import: 2 reports; 0 set aside" in done.output) == (Exit.DONE, True)
    done = run(
        app,
        [
            "export",
            str(archive[1]),
            "--to",
            "label-studio",
            "-o",
            str(tmp_path),
            "--with-text",
            str(archive[0]),
        ],
    )
    assert "The full text of every report" in done.output
    assert label_studio.GOLD not in done.output

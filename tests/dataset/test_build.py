"""The build: the files it writes, the same bytes however it ran, and what Hugging Face makes of them."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from tiny_archive import SHAPES, Archive, random_archive

import dataset.build as build_module
import dataset.build_rows as rows_module
import dataset.split as split_module
from dataset.build import BuildResult, Layout, build
from dataset.card import features
from dataset.cohort import Cohort, vary
from dataset.record import FLOW, MANIFEST, Manifest, Record
from dataset.schema import DATASET, DROPPED, SERIES
from dataset.shards import sha256_of, write_parquet
from dataset.split import SPLITS
from dataset.stage import read_table
from dataset.validate import check_dataset as check
from labeling.issues import InputError
from labeling.quarantine import QUARANTINE
from lexicons.vocabulary import LEVELS, Level

PATIENTS = 12


@pytest.fixture(scope="module")
def archive() -> Archive:
    return random_archive(PATIENTS, seed=3)


@pytest.fixture(scope="module")
def inputs(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return archive.write(tmp_path_factory.mktemp("inputs"))


@pytest.fixture(scope="module")
def built(inputs: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    return run(inputs, tmp_path_factory.mktemp("built") / "out")


def run(inputs: tuple[Path, Path], out: Path, **options: Any) -> BuildResult:
    options = {"workers": 1, "layout": Layout(rows_per_file=16)} | options
    return build(*inputs, out, **options)


def rows_of(out: Path) -> list[dict[str, Any]]:
    files = [out / name for names in Manifest.read(out).data_files().values() for name in names]
    return [row for path in files for row in pq.read_table(path, partitioning=None).to_pylist()]


def bytes_of(out: Path) -> dict[str, str]:
    """Checksums of everything that the bytes of the input decide."""
    paths = sorted(path for path in out.rglob("*") if path.is_file() and path != out / "data" / MANIFEST)
    return {path.relative_to(out).as_posix(): sha256_of(path) for path in paths}


def reason_of(inputs: tuple[Path, Path], out: Path, **options: Any) -> str:
    with pytest.raises(InputError) as error:
        run(inputs, out, **options)
    assert error.value.issue.cure
    return error.value.issue.reason


def test_every_disc_arrives_with_its_voxels_and_grades(built: BuildResult, archive: Archive) -> None:
    rows = {(row["study"], row["level"]): row for row in rows_of(built.folder)}
    assert len(rows) == built.rows["dataset"] == len(archive.discs)
    for disc in archive.discs:
        row = rows[disc["study"], disc["level"]]
        assert {name: row[name] for name in SHAPES} == {name: disc[name] for name in SHAPES}
        assert (row["centre"], row["patient"]) == (list(disc["centre"]), disc["patient"])
    for cell in archive.labels:
        row = rows[cell["report_id"].removeprefix("report of "), cell["level"]]
        code = cell["finding"]
        assert [row[code], row[f"{code}_low"], row[f"{code}_high"]] == [
            cell["grade"],
            cell["low"],
            cell["high"],
        ]
        assert row["RFA"] is None


def test_files_have_one_row_a_row_group_and_the_schema(built: BuildResult) -> None:
    for names in Manifest.read(built.folder).data_files().values():
        for name in names:
            with pq.ParquetFile(built.folder / name) as file:
                assert file.num_row_groups == file.metadata.num_rows <= 16
                assert file.metadata.row_group(0).column(0).compression == "LZ4"
                assert file.schema_arrow.equals(DATASET)
                assert file.schema_arrow.field("level").metadata[b"description"] == b"Disc level, as in L4-L5"


def test_splits_hold_whole_patients_in_the_files_of_their_name(built: BuildResult) -> None:
    assert set(Manifest.read(built.folder).data_files()) == set(SPLITS)
    splits: dict[str, set[str]] = {}
    for row in rows_of(built.folder):
        splits.setdefault(row["patient"], set()).add(row["split"])
    assert len(splits) == PATIENTS
    assert all(len(split) == 1 for split in splits.values())
    assert sum(built.rows[split] for split in SPLITS) == built.rows["dataset"]


def test_the_result_is_whole_and_says_what_it_did(built: BuildResult) -> None:
    assert check(built.folder) == []
    assert built.record == Record.read(built.folder)
    assert built.flow.tables["discs"][-1].left.rows == built.rows["dataset"]
    assert built.summary().startswith(f"build: {built.rows['dataset']} dataset, ")


class TestSameBytes:
    def test_whatever_the_order_of_rows_and_files(
        self, archive: Archive, built: BuildResult, tmp_path: Path
    ) -> None:
        turned = Archive(archive.reports[::-1], archive.labels[::-1], archive.discs[::-1])
        again = run(turned.write(tmp_path, files=5), tmp_path / "out")
        assert bytes_of(again.folder) == bytes_of(built.folder)

    def test_whatever_the_number_of_workers(
        self, inputs: tuple[Path, Path], built: BuildResult, tmp_path: Path
    ) -> None:
        assert bytes_of(run(inputs, tmp_path / "out", workers=2).folder) == bytes_of(built.folder)

    def test_after_a_run_that_died(
        self,
        inputs: tuple[Path, Path],
        built: BuildResult,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        out, work, calls = tmp_path / "out", build_module.assemble, Counter[str]()

        def dies(parts: Any, layout: Layout) -> dict[str, pa.Table]:
            calls["shards"] += 1
            if calls["shards"] == 3:
                raise OSError("the disk is full")
            return work(parts, layout)

        monkeypatch.setattr(build_module, "assemble", dies)
        with pytest.raises(OSError, match="the disk is full"):
            run(inputs, out)
        assert [issue.reason for issue in check(out)] == ["missing-file"]
        monkeypatch.undo()
        again = run(inputs, out)
        assert (again.reused, bytes_of(out)) == (2, bytes_of(built.folder))

    def test_after_damage(self, inputs: tuple[Path, Path], built: BuildResult, tmp_path: Path) -> None:
        out = tmp_path / "out"
        shutil.copytree(built.folder, out)
        path = out / "data" / "train-00001.parquet"
        path.write_bytes(path.read_bytes()[:-100])
        (out / "data" / "train-00099.parquet").write_bytes(b"stale")
        again = run(inputs, out)
        assert (again.shards - again.reused, bytes_of(out)) == (1, bytes_of(built.folder))

    def test_everything_is_reused_until_an_option_changes(
        self, inputs: tuple[Path, Path], built: BuildResult, tmp_path: Path
    ) -> None:
        out = tmp_path / "out"
        shutil.copytree(built.folder, out)
        again = run(inputs, out)
        assert again.reused == again.shards > 2
        assert run(inputs, out, resume=False).reused == 0
        assert run(inputs, out, seed="another").reused == 0


def test_no_worker_holds_more_than_one_file_of_a_split(
    inputs: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    read_rows = rows_module.read_rows

    def watched(places: list[Any], **options: Any) -> pa.Table:
        held.append(len(places))
        return read_rows(places, **options)

    monkeypatch.setattr(rows_module, "read_rows", watched)
    result = run(inputs, tmp_path / "out", layout=Layout(rows_per_file=5))
    assert (max(held), sum(held)) == (5, result.rows["dataset"])


def test_rows_of_a_large_row_group_are_copied_out_of_it(tmp_path: Path, archive: Archive) -> None:
    labels, discs = archive.write(tmp_path, files=1)
    path = discs / "discs-00000.parquet"
    write_parquet(pq.read_table(path, partitioning=None), path, row_group_rows=50)
    out = run((labels, discs), tmp_path / "out")
    assert {row["axial"] for row in rows_of(out.folder)} == {row["axial"] for row in archive.discs}


class TestPatients:
    def build(self, tmp_path: Path, archive: Archive) -> BuildResult:
        return run(archive.write(tmp_path), tmp_path / "out", cohort="any")

    def test_the_report_names_the_patient_where_the_image_does_not(self, tmp_path: Path) -> None:
        archive = random_archive(4, most_studies=1)
        for disc in archive.discs:
            disc["patient"] = None
        result = self.build(tmp_path, archive)
        assert {row["patient"] for row in rows_of(result.folder)} == {"P000", "P001", "P002", "P003"}
        assert result.rows["quarantine"] == result.record.split["moved"]

    def test_two_keys_of_one_person_are_one_patient(self, tmp_path: Path) -> None:
        archive = random_archive(8, most_studies=1)
        for report in archive.reports[:4]:
            report["patient"] = "R1"  # the images call the same person P000 to P003
        result = self.build(tmp_path, archive)
        found = {row["study"]: (row["patient"], row["split"]) for row in rows_of(result.folder)}
        assert len({found[f"1.2.{number}.0"] for number in range(4)}) == 1
        assert {patient for patient, _ in found.values()} == {"P000", "P004", "P005", "P006", "P007"}

    def test_without_any_key_the_study_stands_in_and_the_row_says_so(self, tmp_path: Path) -> None:
        archive = random_archive(4, most_studies=1)
        for row in (*archive.discs, *archive.reports):
            row["patient"] = None
        result = self.build(tmp_path, archive)
        assert all((r["patient"], r["flags"]) == (None, ["no_patient_key"]) for r in rows_of(result.folder))
        reasons = read_table(result.folder, "quarantine", QUARANTINE)["reason"].to_pylist()
        assert "no-patient-keys" in reasons
        assert check(result.folder) == []


class TestFoldsAndSites:
    def test_folds_are_a_column_and_validation_is_the_first(
        self, inputs: tuple[Path, Path], tmp_path: Path
    ) -> None:
        result = run(inputs, tmp_path / "out", folds=3)
        rows = rows_of(result.folder)
        assert {(row["split"], row["fold"]) for row in rows} == {
            ("validation", 0),
            ("train", 1),
            ("train", 2),
            ("test", None),
        }
        assert result.record.split["folds"] == 3
        assert "**3 folds**" in (result.folder / "README.md").read_text("utf-8")
        assert check(result.folder) == []

    def test_an_external_site_is_the_test_split(self, tmp_path: Path) -> None:
        archive = random_archive(8)
        for number, report in enumerate(archive.reports):
            report["site"] = "North" if number < 4 else "South"
        inputs = archive.write(tmp_path)
        result = run(inputs, tmp_path / "out", external_site="North")
        at_site = {row["patient"] for row in rows_of(result.folder) if row["site"] == "North"}
        assert at_site == {row["patient"] for row in rows_of(result.folder) if row["split"] == "test"}
        assert "**External test.**" in (result.folder / "README.md").read_text("utf-8")
        assert reason_of(inputs, tmp_path / "none", external_site="East") == "unknown-site"

    def test_a_leak_ends_the_build(
        self, inputs: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(split_module.Unit, "key", lambda unit, mode: f"{unit.study}/{unit.level}")
        with pytest.raises(RuntimeError, match="patients are in more than one split"):
            run(inputs, tmp_path / "out")
        assert not (tmp_path / "out" / MANIFEST).exists()


class TestHonesty:
    def test_what_fell_out_is_listed(self, tmp_path: Path) -> None:
        archive = random_archive(6)
        lost = archive.reports.pop()
        result = run(archive.write(tmp_path), tmp_path / "out")
        dropped = read_table(result.folder, "dropped", DROPPED).to_pylist()
        reasons = {(row["table"], row["reason"]) for row in dropped}
        assert reasons == {("labels", "no-report"), ("discs", "study-without-report")}
        assert {row["report_id"] for row in dropped} == {lost["report_id"], None}

    def test_an_empty_dataset_ends_with_its_reasons(self, tmp_path: Path) -> None:
        archive = random_archive(3)
        for report in archive.reports:
            report["modality"] = "CT"
        result = run(archive.write(tmp_path), tmp_path / "out")
        (issue,) = read_table(result.folder, "quarantine", QUARANTINE).to_pylist()
        assert (result.rows["dataset"], issue["reason"]) == (0, "empty-dataset")
        assert "the report is of another modality" in issue["message"]
        assert [issue.reason for issue in check(result.folder)] == ["empty-dataset"]
        assert "No disc is left." in (result.folder / "README.md").read_text("utf-8")

    def test_reports_that_name_accession_numbers(self, tmp_path: Path) -> None:
        archive = random_archive(6, most_studies=1)
        series = []
        for number, report in enumerate(archive.reports):
            row = dict.fromkeys(SERIES.names) | {"study": report["study"], "accession": f"acc{number}"}
            row |= {
                "series": "1",
                "plane": "axial",
                "role": "primary",
                "files": 1,
                "stacks": 1,
                "missing": [],
            }
            series.append(row)
            report["study"] = f"acc{number}"
        index = tmp_path / "index"
        write_parquet(pa.Table.from_pylist(series, SERIES), index / "series-00000.parquet")
        inputs = archive.write(tmp_path)
        wrong = run(inputs, tmp_path / "wrong")
        assert wrong.rows["dataset"] == 0
        right = run(inputs, tmp_path / "right", key="accession", index=index)
        assert (right.rows["dataset"], right.record.key) == (36, "accession")

    def test_contrast_comes_from_the_index(self, tmp_path: Path) -> None:
        archive = random_archive(6, most_studies=1)
        series = []
        for number, report in enumerate(archive.reports):
            for contrast in (None, False, *((True,) if number < 2 else ())):
                row = {"study": report["study"], "series": "1", "plane": "axial", "role": "primary"}
                row |= {"files": 1, "stacks": 1, "missing": [], "contrast": contrast}
                series.append(dict.fromkeys(SERIES.names) | row)
        write_parquet(pa.Table.from_pylist(series, SERIES), tmp_path / "index" / "series-00000.parquet")
        inputs = archive.write(tmp_path)
        rule = vary("deepspine", contrast=False)
        result = run(inputs, tmp_path / "out", cohort=rule, index=tmp_path / "index")
        assert result.rows["dataset"] == 24
        assert "discs: 36 read = 24 in the dataset + 12 contrast" in result.flow.sums()
        assert reason_of(inputs, tmp_path / "none", cohort=rule) == "no-index"

    def test_addenda_are_named_beside_the_report(self, tmp_path: Path) -> None:
        archive = random_archive(4, most_studies=1)
        first = archive.reports[0]
        archive.reports.append(
            first | {"report_id": "more", "text_sha256": "0", "flags": ["addendum"], "date": None}
        )
        archive.labels.append(archive.labels[0] | {"report_id": "more", "grade": 3, "low": 3, "high": 3})
        result = run(archive.write(tmp_path), tmp_path / "out")
        (row, *others) = [r for r in rows_of(result.folder) if r["study"] == first["study"]]
        assert (row["report_id"], row["addenda"], row["flags"]) == (
            first["report_id"],
            ["more"],
            ["addendum"],
        )
        assert (row[archive.labels[0]["finding"]], len(others)) == (3, 5)
        assert "reports: 5 read = 5 in the dataset" in result.flow.sums()

    def test_many_reports_without_images_hint_at_another_key(self, tmp_path: Path) -> None:
        archive = random_archive(8, most_studies=1)
        for number, report in enumerate(archive.reports[:5]):
            report["study"] = f"acc{number}"
        result = run(archive.write(tmp_path), tmp_path / "out")
        issues = {i["reason"]: i for i in read_table(result.folder, "quarantine", QUARANTINE).to_pylist()}
        assert "5 reports met no images by StudyInstanceUID, 3 did." in issues["few-matches"]["message"]

    def test_grades_of_two_lexicons_are_noticed(self, tmp_path: Path) -> None:
        archive = random_archive(4)
        for cell in archive.labels[:18]:
            cell["lexicon"] = "another"
        result = run(archive.write(tmp_path), tmp_path / "out")
        reasons = read_table(result.folder, "quarantine", QUARANTINE)["reason"].to_pylist()
        assert "mixed-lexicon" in reasons
        assert result.record.lexicons == ("0123abcd", "another")

    def test_a_cohort_of_ones_own(self, inputs: tuple[Path, Path], tmp_path: Path) -> None:
        rule = Cohort("two levels", levels_imaged=(Level.L4_L5,), disc_grades=3)
        result = run(inputs, tmp_path / "out", cohort=rule)
        cohort = json.loads((result.folder / FLOW).read_text("utf-8"))["cohort"]
        assert (cohort["name"], cohort["levels_imaged"], cohort["disc_grades"]) == (
            "two levels",
            ["L4-L5"],
            3,
        )


class TestErrors:
    def test_no_such_folder(self, inputs: tuple[Path, Path], tmp_path: Path) -> None:
        assert reason_of((tmp_path / "none", inputs[1]), tmp_path / "out") == "missing-folder"

    def test_no_such_table(self, inputs: tuple[Path, Path], tmp_path: Path) -> None:
        with pytest.raises(
            InputError, match=r"expected discs-\*\.parquet in the folder; got none.*levelwise discs"
        ):
            run((inputs[0], inputs[0]), tmp_path / "out")

    def test_a_column_of_another_type(self, archive: Archive, tmp_path: Path) -> None:
        labels, discs = archive.write(tmp_path)
        path = labels / "labels-00000.parquet"
        table = pq.read_table(path, partitioning=None)
        write_parquet(table.set_column(3, "grade", table["grade"].cast(pa.int64())), path)
        with pytest.raises(InputError, match=r"labels-00000\.parquet > grade: expected int8; got int64"):
            run((labels, discs), tmp_path / "out")

    def test_a_column_that_is_not_there(self, archive: Archive, tmp_path: Path) -> None:
        labels, discs = archive.write(tmp_path)
        path = discs / "discs-00000.parquet"
        write_parquet(pq.read_table(path, partitioning=None).drop_columns(["normal"]), path)
        with pytest.raises(InputError, match=r"discs-00000\.parquet > normal: .* got no such column"):
            run((labels, discs), tmp_path / "out")

    @pytest.mark.parametrize("change", ["cut", "flipped", "gone"])
    def test_a_file_that_differs_from_the_stage_that_wrote_it(
        self, archive: Archive, tmp_path: Path, change: str
    ) -> None:
        labels, discs = archive.write(tmp_path)
        path = discs / "discs-00001.parquet"
        info = {"file": path.name, "rows": 1, "sha256": sha256_of(path)}
        manifest = {"shards": {"00001": {"fingerprint": "", "tables": {"discs": info}}}}
        (discs / MANIFEST).write_text(json.dumps(manifest), "utf-8")
        data = bytearray(path.read_bytes())
        if change == "gone":
            path.unlink()
        else:
            data[len(data) // 2] ^= 1
            path.write_bytes(data[:-9] if change == "cut" else data)
        expected = "missing-file" if change == "gone" else "damaged-file"
        assert reason_of((labels, discs), tmp_path / "out") == expected

    def test_a_file_that_is_no_parquet(self, archive: Archive, tmp_path: Path) -> None:
        labels, discs = archive.write(tmp_path)
        (labels / "reports-00001.parquet").write_bytes(b"PAR1 no more")
        assert reason_of((labels, discs), tmp_path / "out") == "damaged-file"

    def test_not_onto_the_inputs(self, inputs: tuple[Path, Path]) -> None:
        assert reason_of(inputs, inputs[1]) == "output-is-input"

    @pytest.mark.parametrize(
        ("options", "reason"),
        [
            ({"cohort": "x"}, "unknown-cohort"),
            ({"split": "x"}, "unknown-split"),
            ({"fractions": (1, 1, 1)}, "bad-fractions"),
            ({"key": "accession"}, "no-index"),
        ],
    )
    def test_options(
        self, inputs: tuple[Path, Path], tmp_path: Path, options: dict[str, Any], reason: str
    ) -> None:
        assert reason_of(inputs, tmp_path / "out", **options) == reason


class TestHuggingFace:
    """`datasets.load_dataset` reads the result, without a network."""

    @pytest.fixture(autouse=True)
    def _offline(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise AssertionError("the network was asked for")

        monkeypatch.setattr("socket.socket.connect", refuse)

    @pytest.mark.parametrize("streaming", [False, True])
    @pytest.mark.parametrize("by", ["folder", "files"])
    def test_load_dataset(self, built: BuildResult, tmp_path: Path, by: str, streaming: bool) -> None:
        data = built.folder / "data"
        files = {split: str(data / f"{split}-*.parquet") for split in SPLITS}
        what = {"path": str(built.folder)} if by == "folder" else {"path": "parquet", "data_files": files}
        loaded = datasets.load_dataset(**what, cache_dir=str(tmp_path), streaming=streaming)
        expected = rows_of(built.folder)
        found = [row for split in SPLITS for row in loaded[split]]
        assert found == expected
        assert loaded["train"].features == datasets.Features.from_arrow_schema(DATASET)
        axial = np.frombuffer(found[0]["axial"], found[0]["dtype"]).reshape(found[0]["axial_shape"])
        assert axial.shape == SHAPES["axial"]

    def test_the_front_matter_says_what_datasets_would(self) -> None:
        said = yaml.safe_load("\n".join(features(DATASET)))
        assert said == datasets.Features.from_arrow_schema(DATASET)._to_yaml_list()


def test_six_levels_of_every_study(built: BuildResult) -> None:
    levels: dict[str, list[str]] = {}
    for row in rows_of(built.folder):
        levels.setdefault(row["study"], []).append(row["level"])
    assert all(found == list(map(str, LEVELS)) for found in levels.values())

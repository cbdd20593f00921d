"""Keyed names and moved dates: the same for who has the key, nothing to guess for who has not."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.datadict import dictionary_VR, tag_for_keyword
from tiny_archive import Archive, random_archive

from dataset.build import BuildResult, build
from dataset.deidentify import KEY_VARIABLE, MOST_DAYS, Pseudonyms, secret_for
from dataset.released import COLUMNS, HEADERS
from dataset.schema import DATASET
from dataset.validate import check_dataset
from labeling.issues import InputError

SECRET = b"0123456789abcdef" * 4
NAMES = Pseudonyms(SECRET)
IMAGING = Path(__file__).parents[2] / "dataset" / "imaging"


def test_the_names_are_pinned() -> None:
    # A change here gives every patient of every dataset another name: never change it.
    assert NAMES.name("patient", "P1") == "patient-37b668a3f45e5a712e5a3d9e"
    assert NAMES.uid("1.2.3") == "2.25.145540936943015859640099670240152251353"
    assert NAMES.date("P1", date(2020, 1, 1)) == date(2017, 6, 4)


@given(st.text(), st.text())
def test_other_values_and_other_keys_have_other_names(one: str, other: str) -> None:
    assert (NAMES.name("patient", one) == NAMES.name("patient", other)) == (one == other)
    assert NAMES.name("patient", one) != NAMES.name("report", one)
    assert NAMES.name("patient", one) != Pseudonyms(SECRET[1:]).name("patient", one)
    assert one not in NAMES.name("patient", one) or len(one) < 3


@given(st.text())
def test_uids_are_valid_dicom(uid: str) -> None:
    made = NAMES.uid(uid)
    assert pydicom.uid.UID(made).is_valid
    assert made.startswith("2.25.")


@given(st.text(), st.dates(date(1990, 1, 1)), st.dates(date(1990, 1, 1)))
def test_dates_of_a_patient_keep_their_distance(person: str, one: date, other: date) -> None:
    moved, later = NAMES.date(person, one), NAMES.date(person, other)
    assert moved is not None
    assert later is not None
    assert later - moved == other - one
    assert timedelta(1) <= one - moved <= timedelta(MOST_DAYS)


def test_patients_move_by_different_numbers_of_days() -> None:
    day = date(2020, 1, 1)
    assert len({NAMES.date(f"P{n}", day) for n in range(200)}) > 150


def test_without_a_key_identifiers_stay_and_dates_go() -> None:
    names = Pseudonyms()
    assert (names.uid("1.2"), names.name("patient", "P"), names.key_id) == ("1.2", "P", None)
    assert names.date("P", date(2020, 1, 1)) is None


def test_a_key_never_prints() -> None:
    assert "abcdef" not in repr(NAMES)


class TestSecret:
    def test_from_a_file_then_from_the_environment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(KEY_VARIABLE, raising=False)
        assert secret_for(tmp_path / "out", None) is None
        monkeypatch.setenv(KEY_VARIABLE, "e" * 32)
        assert secret_for(tmp_path / "out", None) == b"e" * 32
        (tmp_path / "key").write_bytes(SECRET + b"\n")
        assert secret_for(tmp_path / "out", tmp_path / "key") == SECRET

    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("key", b"tooshort", "short-key"),
            ("none", None, "no-key-file"),
            ("out/key", SECRET, "key-in-dataset"),
        ],
    )
    def test_a_key_that_will_not_do(
        self, tmp_path: Path, name: str, content: bytes | None, reason: str
    ) -> None:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(InputError) as error:
            secret_for(tmp_path / "out", path)
        assert error.value.issue.reason == reason
        assert "tooshort" not in str(error.value)


class TestAllowList:
    def test_every_column_of_the_dataset_is_on_it_and_no_other(self) -> None:
        assert set(COLUMNS) == set(DATASET.names)

    def test_identifiers_are_all_replaced(self) -> None:
        replaced = {name for name, column in COLUMNS.items() if column.action != "keep"}
        assert replaced == {
            "study", "patient", "sagittal_series", "axial_series", "report_id", "addenda", "date", "site",
        }  # fmt: skip

    def test_the_imaging_stages_name_no_other_tag_that_can_tell_of_a_person(self) -> None:
        source = "".join(path.read_text("utf-8") for path in sorted(IMAGING.rglob("*.py")))
        tags = {
            word for word in re.findall(r"\b[A-Z][A-Za-z]+\b", source) if tag_for_keyword(word) is not None
        }
        telling = {"AE", "AS", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"}
        named_alike = {"UID", "Plane", "Planes"}  # an abbreviation, a class and a type of the code
        kinds_of_object = {"SOPClassUID", "TransferSyntaxUID"}
        assert {tag for tag in tags - named_alike if dictionary_VR(tag) in telling} - kinds_of_object == set(
            HEADERS
        )


@pytest.fixture(scope="module")
def archive() -> Archive:
    archive = random_archive(8, seed=5)
    for number, report in enumerate(archive.reports):
        report["site"] = f"Hospital {number % 2}"
    archive.reports.append(archive.reports[0] | {"report_id": "lost", "study": "9.9.9.9"})
    for disc in archive.discs:
        disc["axial_series"] = f"{disc['study']}.77"
    return archive


@pytest.fixture(scope="module")
def keyed(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    root = tmp_path_factory.mktemp("keyed")
    inputs = archive.write(root)
    options: dict[str, Any] = {"secret": SECRET, "workers": 1, "external_site": "Hospital 1"}
    return build(*inputs, root / "out", **options)


class TestBuild:
    def test_no_identifier_and_no_key_is_anywhere(self, archive: Archive, keyed: BuildResult) -> None:
        identifiers = {
            str(row[name]) for row in archive.reports for name in ("report_id", "patient", "study")
        }
        identifiers |= {row["axial_series"] for row in archive.discs} | {"Hospital 0", "Hospital 1"}
        assert len(identifiers) > 30
        found = everything(keyed.folder)
        assert [
            name for name in sorted(identifiers) if re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", found)
        ] == []
        assert SECRET.decode() not in found
        assert check_dataset(keyed.folder) == []

    def test_keys_still_join_and_dates_keep_their_distance(
        self, archive: Archive, keyed: BuildResult
    ) -> None:
        by_study = {NAMES.uid(row["study"]): row for row in archive.reports if row["study"] != "9.9.9.9"}
        shifts = defaultdict(set)
        for row in rows_of(keyed.folder):
            report = by_study[row["study"]]
            assert row["report_id"] == NAMES.name("report", report["report_id"])
            assert row["patient"] == NAMES.name("patient", report["patient"])
            assert row["site"] == NAMES.name("site", report["site"])
            shifts[row["patient"]].add(report["date"] - row["date"])
        assert len(shifts) == 8
        assert all(len(days) == 1 for days in shifts.values())

    def test_the_card_says_which_key(self, keyed: BuildResult) -> None:
        card = (keyed.folder / "README.md").read_text("utf-8")
        assert f"(HMAC-SHA256, key {NAMES.key_id})" in card
        assert keyed.record.deidentification["key_id"] == NAMES.key_id

    def test_without_a_key_the_card_says_that_it_is_not_deidentified(
        self, archive: Archive, tmp_path: Path
    ) -> None:
        result = build(*archive.write(tmp_path), tmp_path / "out", workers=1)
        card = (result.folder / "README.md").read_text("utf-8")
        assert "**Identifiers stand here as they came**" in card
        assert {row["date"] for row in rows_of(result.folder)} == {None}

    def test_the_split_is_the_same_with_and_without(self, archive: Archive, tmp_path: Path) -> None:
        inputs = archive.write(tmp_path)
        splits = []
        for secret in (None, SECRET):
            result = build(*inputs, tmp_path / f"out{len(splits)}", workers=1, secret=secret)
            names = Pseudonyms(secret)
            found = {row["study"]: row["split"] for row in rows_of(result.folder)}
            splits.append({row["study"]: found[names.uid(row["study"])] for row in archive.discs})
        assert splits[0] == splits[1]


def rows_of(folder: Path) -> list[dict[str, Any]]:
    files = sorted((folder / "data").glob("*.parquet"))
    return [row for path in files for row in pq.read_table(path, partitioning=None).to_pylist()]


def everything(folder: Path) -> str:
    """Names and bytes of every file, and every value of every table that is no volume."""
    text = ""
    for path in sorted(folder.rglob("*")):
        text += f"{path.relative_to(folder)}\n"
        if path.suffix == ".parquet":
            table = pq.read_table(path, partitioning=None)
            names = [name for name in table.column_names if name not in {"axial", "sagittal"}]
            text += (
                f"{table.schema.to_string(show_schema_metadata=True)}\n{table.select(names).to_pylist()}\n"
            )
        elif path.is_file():
            text += path.read_text("utf-8")
    return text

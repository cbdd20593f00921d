"""A DICOM tree to its index, whatever the layout and the defects of the tree."""

from pathlib import Path
from random import Random

import numpy as np
import pyarrow.parquet as pq
import pytest
from dicom_factory import (
    AXIAL,
    AXIAL_STACK,
    SAGITTAL_STACK,
    Stack,
    enhanced,
    image,
    images,
    moved,
    save,
    slope,
    write_study,
)
from pydicom.uid import RLELossless
from shared import IMAGING, needs

from dataset.imaging.index import index_tree
from dataset.imaging.series import AXIAL_T2, choose_sagittal, rank
from dataset.imaging.stacks import load_stack, read_stacks
from dataset.schema import SERIES, STACKS
from dataset.stage import StageResult, read_table
from labeling.issues import InputError
from labeling.quarantine import QUARANTINE

SMALL = Stack(AXIAL, (0, 0, 0), 5, 4.0, 8, 6, (2.0, 2.0))
QUIET = {"no-axial-t2", "no-sagittal-t2"}
"""Issues of a tree that holds one view only, as most of these do."""


def index(tmp_path: Path, **how: object) -> StageResult:
    return index_tree(tmp_path / "tree", tmp_path / "index", workers=1, **how)


def issues(tmp_path: Path, *, quiet: set[str] = QUIET) -> list[tuple[str, str]]:
    """Reason and file name or folder of every issue but the `quiet` ones."""
    rows = read_table(tmp_path / "index", "quarantine", QUARANTINE).to_pylist()
    return sorted((row["reason"], Path(row["where"]).name) for row in rows if row["reason"] not in quiet)


def stacks(tmp_path: Path) -> list[dict]:
    return read_table(tmp_path / "index", "stacks", STACKS).to_pylist()


def test_study_becomes_series_and_stacks(tmp_path: Path) -> None:
    write_study(tmp_path / "tree")
    result = index(tmp_path)
    assert dict(result.rows) == {"series": 2, "stacks": 2}
    assert [row["plane"] for row in stacks(tmp_path)] == ["sagittal", "axial"]
    (row, _) = read_table(tmp_path / "index", "series", SERIES).to_pylist()
    assert (row["patient"], row["accession"], str(row["date"]), row["modality"]) == (
        "P1",
        "A1",
        "2020-01-02",
        "MR",
    )
    assert (row["plane"], row["weighting"], row["role"], row["files"], row["stacks"]) == (
        "sagittal",
        "T2",
        "primary",
        9,
        1,
    )
    assert issues(tmp_path, quiet=set()) == []


def test_two_stacks_in_one_series_in_shuffled_files_without_suffix(tmp_path: Path) -> None:
    blocks = [*images(SMALL), *images(moved(SMALL, first=(0, 5, 60), slices=4), start=6)]
    save(tmp_path / "tree/deep/er", Random(0).sample(blocks, 9), names="{:d}".format)
    index(tmp_path)
    rows = stacks(tmp_path)
    assert [row["instances"] for row in rows] == [[1, 2, 3, 4, 5], [6, 7, 8, 9]]
    for row in read_stacks(tmp_path / "index")["1.2.3"]:
        volume = load_stack(row)
        places = volume.to_lps(np.stack(np.indices(volume.shape), axis=-1))
        np.testing.assert_allclose(volume.voxels, slope(places), atol=0.51)


def test_study_spread_over_folders_is_one_study(tmp_path: Path) -> None:
    every = images(SMALL)
    save(tmp_path / "tree/a", every[:2])
    save(tmp_path / "tree/b/c", every[2:])
    result = index(tmp_path)
    assert dict(result.rows) == {"series": 1, "stacks": 1, "quarantine": 1}
    assert stacks(tmp_path)[0]["paths"] == ["a/IM0000", "a/IM0001", "b/c/IM0000", "b/c/IM0001", "b/c/IM0002"]


def test_every_file_left_out_has_its_reason(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    save(tree / "study", images(SMALL))
    save(tree / "copy", images(SMALL)[:1], names="double{:d}".format)
    save(tree, [image(np.zeros((2, 2), np.uint16))], names="unplaced{:d}".format)
    (tree / "study/empty").touch()
    (tree / "study/notes.txt").write_text("hello")
    (tree / "study/IM0004").write_bytes((tree / "study/IM0004").read_bytes()[:-1])
    index(tmp_path)
    expected = [
        ("duplicate-instance", "IM0000"), ("empty-file", "empty"), ("missing-geometry", "unplaced0"),
        ("not-dicom", "notes.txt"), ("truncated", "IM0004"),
    ]  # fmt: skip
    assert issues(tmp_path) == expected
    assert stacks(tmp_path)[0]["paths"] == ["copy/double0", "study/IM0001", "study/IM0002", "study/IM0003"]


def test_same_instance_uid_in_two_series_is_no_duplicate(tmp_path: Path) -> None:
    for series in ("1.2.3.1", "1.2.3.2"):
        save(
            tmp_path / "tree" / series, images(moved(SMALL, slices=1), series=series, SOPInstanceUID="1.2.9")
        )
    assert index(tmp_path).rows["series"] == 2
    assert issues(tmp_path) == []


def test_hole_in_a_stack_parts_it_and_is_said(tmp_path: Path) -> None:
    every = images(moved(SMALL, slices=9))
    save(tmp_path / "tree/study", every[:4] + every[5:])
    index(tmp_path)
    assert [len(row["paths"]) for row in stacks(tmp_path)] == [4, 4]
    assert issues(tmp_path) == [("slices-missing", "study")]


def test_lone_slice_without_thickness_is_left_out(tmp_path: Path) -> None:
    save(tmp_path / "tree", images(moved(SMALL, slices=1), SliceThickness=None))
    assert index(tmp_path).rows["stacks"] == 0
    assert issues(tmp_path) == [("missing-geometry", "IM0000")]


def test_missing_tags_are_tolerated_and_listed(tmp_path: Path) -> None:
    save(
        tmp_path / "tree",
        images(SMALL, SOPClassUID=None, Modality=None, PatientID=None, EchoTime=90, RepetitionTime=3000),
    )
    index(tmp_path)
    (row,) = read_table(tmp_path / "index", "series", SERIES).to_pylist()
    assert row["missing"] == ["Modality", "PatientID", "SOPClassUID", "ScanningSequence"]
    assert (row["patient"], row["modality"], row["stacks"]) == (None, None, 1)


@pytest.mark.parametrize(
    ("axial", "sagittal", "expected"),
    [
        (True, True, []),
        (False, True, ["no-axial-t2"]),
        (True, False, ["no-sagittal-t2"]),
    ],
)
def test_study_without_a_view_is_named_by_its_folder(
    tmp_path: Path, axial: bool, sagittal: bool, expected: list[str]
) -> None:
    folder = tmp_path / "tree/patient/study"
    if axial:
        save(folder / "ax", images(AXIAL_STACK, series="1.2.3.2"))
    weighting = "T2" if sagittal else "T1"
    save(folder / "sag", images(SAGITTAL_STACK, SeriesDescription=weighting))
    index(tmp_path)
    rows = read_table(tmp_path / "index", "quarantine", QUARANTINE).to_pylist()
    assert [(row["reason"], row["severity"]) for row in rows] == [(reason, "warning") for reason in expected]
    assert all(row["where"].startswith(str(folder)) and "Add the" in row["cure"] for row in rows)


def test_compressed_and_enhanced_files_give_their_voxels(tmp_path: Path) -> None:
    flat = images(SMALL)
    for data in flat:
        data.compress(RLELossless)
    save(tmp_path / "tree/rle", flat)
    save(tmp_path / "tree/enhanced", [enhanced(images(SMALL))])
    index(tmp_path)
    one, other = read_stacks(tmp_path / "index")["1.2.3"]
    assert (one.frames, other.frames) == (None, (1, 2, 3, 4, 5))
    np.testing.assert_array_equal(load_stack(one).voxels, load_stack(other).voxels)
    np.testing.assert_allclose(one.affine, other.affine, atol=1e-9)


def test_classic_and_enhanced_files_may_share_a_stack(tmp_path: Path) -> None:
    flat = images(moved(SMALL, slices=7))
    several = enhanced(flat[3:], SeriesInstanceUID="1.2.3.1")
    save(tmp_path / "tree", [*flat[:3], several])
    index(tmp_path)
    (stack,) = read_stacks(tmp_path / "index")["1.2.3"]
    assert stack.frames == (1, 1, 1, 1, 2, 3, 4)
    np.testing.assert_array_equal(load_stack(stack).voxels, [data.pixel_array for data in flat])


def test_only_what_changed_is_indexed_again(tmp_path: Path) -> None:
    for study in ("1.2.3", "1.2.4", "1.2.5"):
        write_study(tmp_path / "tree" / study, study=study)
    first = index(tmp_path)
    before = {path.name: path.read_bytes() for path in (tmp_path / "index").glob("*.parquet")}
    again = index(tmp_path)
    assert (first.reused, again.reused) == (0, again.shards)
    write_study(tmp_path / "tree/1.2.6", study="1.2.6")
    third = index(tmp_path)
    assert third.rows["series"] == 8
    assert third.reused >= again.shards - 1
    assert all(
        (tmp_path / "index" / name).read_bytes() == data
        for name, data in before.items()
        if name in _kept(tmp_path)
    )
    (tmp_path / "tree/1.2.6/sagittal/IM0000").unlink()
    index(tmp_path)
    assert sorted(len(row["paths"]) for row in stacks(tmp_path)) == [8, 9, 9, 9, 57, 57, 57, 57]


def _kept(tmp_path: Path) -> set[str]:
    """Files of shards that hold none of the new study."""
    return {
        path.name
        for path in (tmp_path / "index").glob("*.parquet")
        if "1.2.6" not in {row["study"] for row in read_rows(path)}
    }


def read_rows(path: Path) -> list[dict]:
    return [{"study": None, **row} for row in pq.read_table(path).to_pylist()]


def test_index_inside_its_own_tree_does_not_index_itself(tmp_path: Path) -> None:
    save(tmp_path / "tree/study", images(SMALL))
    for _ in range(2):
        result = index_tree(tmp_path / "tree", tmp_path / "tree/index", workers=1)
    assert dict(result.rows) == {"series": 1, "stacks": 1, "quarantine": 1}


def test_tree_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a folder"):
        index(tmp_path)


def test_folder_without_an_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found no stack"):
        read_stacks(tmp_path)


def test_no_header_value_in_names_or_issues(tmp_path: Path) -> None:
    tags = {"PatientID": "SECRETID", "StudyInstanceUID": "1.2.777777", "series": "1.2.888888"}
    save(
        tmp_path / "tree", [*images(moved(SMALL, slices=3), **tags), *images(moved(SMALL, slices=1), **tags)]
    )
    index(tmp_path)
    names = [str(path.relative_to(tmp_path)) for path in (tmp_path / "index").rglob("*")]
    texts = [str(row) for row in read_table(tmp_path / "index", "quarantine", QUARANTINE).to_pylist()]
    assert texts
    for secret in ("SECRETID", "777777", "888888"):
        assert not any(secret in text for text in [*names, *texts])


@needs(IMAGING / "study_a")
def test_real_study_splits_into_seven_axial_stacks(tmp_path: Path) -> None:
    index_tree(IMAGING / "study_a", tmp_path / "index", workers=1)
    ((found),) = read_stacks(tmp_path / "index").values()
    axial = [stack for stack in found if stack.plane == "axial"]
    assert [stack.shape[0] for stack in axial] == [10, 9, 9, 9, 8, 8, 7]
    assert {
        (stack.plane, stack.weighting, stack.shape[0]) for stack in found if stack.plane == "sagittal"
    } == {
        ("sagittal", "T1", 18),
        ("sagittal", "T2", 18),
    }
    assert choose_sagittal(found).weighting == "T2"
    assert set(rank(found, AXIAL_T2)) == set(axial)
    assert "SOPClassUID" in read_table(tmp_path / "index", "series", SERIES)["missing"][0].as_py()

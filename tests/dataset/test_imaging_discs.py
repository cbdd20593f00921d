"""From DICOM and a label map, or points, to disc volumes; a bad mask costs its study and says why."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dicom_factory import AXIAL, AXIAL_STACK, Stack, images, moved, save, slope, write_study
from shared import IMAGING, needs

from dataset.imaging.discs import cut_discs
from dataset.imaging.index import index_tree
from dataset.imaging.labelmap import write_label_map
from dataset.imaging.resample import VIEWS
from dataset.imaging.series import Ranking, choose_sagittal
from dataset.imaging.spine import VERTEBRAE, Plane
from dataset.imaging.stacks import load_stack, read_stacks
from dataset.imaging.volume import Volume
from dataset.keys import file_key
from dataset.schema import DISCS
from dataset.stage import StageResult, read_table
from labeling.issues import InputError
from labeling.quarantine import QUARANTINE
from lexicons.vocabulary import LEVELS, Level

BODIES = {
    name: np.array([5.0, 0.02 * (30 * n - 105) ** 2 / 10, 30.0 * n - 105]) for n, name in enumerate(VERTEBRAE)
}
"""Centres of eight vertebral bodies of a slightly bent spine, LPS mm."""


def labels(volume: Volume, bodies: dict = BODIES) -> np.ndarray:
    """A box of 26 x 20 x 16 mm around each centre, numbered from the sacrum up."""
    places = volume.to_lps(np.stack(np.indices(volume.shape), axis=-1))
    voxels = np.zeros(volume.shape, np.uint8)
    for name, centre in bodies.items():
        voxels[(abs(places - centre) <= (13, 10, 8)).all(axis=-1)] = 1 + VERTEBRAE.index(name)
    return voxels


def prepared(tmp_path: Path, *, axial: Stack | None = AXIAL_STACK, bodies: dict = BODIES) -> Path:
    """An indexed study with its label map under tmp_path/masks; returns the label map."""
    write_study(tmp_path / "tree", axial=axial)
    index_tree(tmp_path / "tree", tmp_path / "index", workers=1)
    volume = load_stack(choose_sagittal(read_stacks(tmp_path / "index")["1.2.3"]))
    path = tmp_path / "masks" / f"{file_key('1.2.3')}.nii.gz"
    write_label_map(volume, labels(volume, bodies), path)
    return path


def cut(tmp_path: Path, **how: object) -> StageResult:
    how = {"masks": tmp_path / "masks", "size": "half", "workers": 1, **how}
    return cut_discs(tmp_path / "index", tmp_path / "discs", **how)


def rows(tmp_path: Path) -> dict[str, dict]:
    return {row["level"]: row for row in read_table(tmp_path / "discs", "discs", DISCS).to_pylist()}


def reasons(tmp_path: Path) -> list[str]:
    return read_table(tmp_path / "discs", "quarantine", QUARANTINE)["reason"].to_pylist()


def voxels(row: dict, view: str) -> np.ndarray:
    return np.frombuffer(row[view], row["dtype"]).reshape(row[f"{view}_shape"])


@pytest.mark.parametrize("size", VIEWS)
def test_every_voxel_of_every_disc_comes_from_its_place_in_the_patient(tmp_path: Path, size: str) -> None:
    prepared(tmp_path)
    result = cut(tmp_path, size=size)
    found = rows(tmp_path)
    assert (result.rows["discs"], tuple(found)) == (6, tuple(map(str, LEVELS)))
    for row in found.values():
        plane = Plane(np.array(row["centre"]), np.array(row["normal"]))
        for view in VIEWS[size]:
            image = voxels(row, view.name)
            assert image.shape == view.shape
            places = np.stack(np.indices(view.shape), axis=-1) @ view.affine(plane)[:3, :3].T
            expected = slope(places + view.affine(plane)[:3, 3])
            seen = image != 0
            assert seen.mean() == pytest.approx(row[f"{view.name}_coverage"], abs=0.03)
            # The rim of half a voxel around the source is held constant there.
            assert np.percentile(abs(image[seen] - expected[seen]), 95) <= 1.1
    assert reasons(tmp_path) == []


def test_discs_lie_between_their_bodies_and_left_is_left(tmp_path: Path) -> None:
    prepared(tmp_path)
    cut(tmp_path)
    for name, row in rows(tmp_path).items():
        level = Level.parse(name)
        middle = (BODIES[level.upper] + BODIES[level.lower]) / 2
        assert np.linalg.norm(np.array(row["centre"]) - middle) < 2.0
        assert row["normal"][2] > 0.9
        axial, sagittal = voxels(row, "axial").astype(int), voxels(row, "sagittal").astype(int)
        # The field rises to the left and the back.
        assert axial[4, 60, 120] > axial[4, 60, 60]
        assert axial[4, 120, 90] > axial[4, 60, 90]
        assert sagittal[18, 40, 80] > sagittal[6, 40, 80]
        assert sagittal[12, 40, 110] > sagittal[12, 40, 50]
        assert sagittal[12, 20, 80] > sagittal[12, 60, 80]
        assert (row["source"], row["study"], row["patient"]) == ("mask", "1.2.3", "P1")
        assert (row["sagittal_series"], row["axial_series"], row["axial_stack"]) == ("1.2.3.1", "1.2.3.2", 0)


def test_a_scoliotic_spine_loses_no_disc(tmp_path: Path) -> None:
    bent = {
        name: centre + np.array([20 * np.sin(n / 1.2), 0, 0])
        for n, (name, centre) in enumerate(BODIES.items())
    }
    prepared(tmp_path, bodies=bent)
    cut(tmp_path)
    found = rows(tmp_path)
    assert set(found) == {str(level) for level in LEVELS}
    for level in LEVELS:
        upper, lower, row = bent[level.upper], bent[level.lower], found[str(level)]
        assert np.linalg.norm(row["centre"] - (upper + lower) / 2) < 5
        lean = (upper - lower) / np.linalg.norm(upper - lower)
        assert np.dot(row["normal"], lean) > np.cos(np.radians(12)), (
            "the plane leans to the side as the spine does"
        )


def test_one_row_per_row_group(tmp_path: Path) -> None:
    prepared(tmp_path)
    cut(tmp_path)
    (path,) = (tmp_path / "discs").glob("discs-*.parquet")
    assert pq.ParquetFile(path).num_row_groups == 6


def test_axial_view_comes_from_the_stack_along_the_disc(tmp_path: Path) -> None:
    """One straight block over everything and one steep one over L5-S1 only: each serves where it fits."""
    prepared(tmp_path)
    row = _cut_with_blocks(tmp_path, "L5-S1")
    tilt = np.arctan2(-row["normal"][1], row["normal"][2])
    assert row["axial_series"] == "1.2.3.3"
    assert row["axial_angle_deg"] < np.degrees(abs(tilt))
    assert rows(tmp_path)["L1-L2"]["axial_series"] == "1.2.3.2"


def _cut_with_blocks(tmp_path: Path, level: str) -> dict:
    cut(tmp_path)
    row = rows(tmp_path)[level]
    y, z = row["normal"][1], row["normal"][2]
    along = (1, 0, 0, 0, z, -y)
    block = moved(
        AXIAL_STACK,
        orientation=along,
        first=tuple(np.array(row["centre"]) - 12 * np.array(row["normal"])),
        slices=7,
    )
    save(tmp_path / "tree/steep", images(block, series="1.2.3.3"))
    index_tree(tmp_path / "tree", tmp_path / "index", workers=1)
    cut(tmp_path)
    return rows(tmp_path)[level]


@pytest.mark.parametrize(
    ("axial", "missing"),
    [
        (None, list(map(str, LEVELS))),
        (Stack(AXIAL, (0, 0, -100), 16, 4.0, 60, 60, (3.0, 3.0)), ["T12-L1", "L1-L2", "L2-L3", "L3-L4"]),
    ],
    ids=["no axial series", "axial series of the lower levels"],
)
def test_disc_without_axial_cover_keeps_its_sagittal_view(
    tmp_path: Path, axial: Stack | None, missing: list[str]
) -> None:
    prepared(tmp_path, axial=axial)
    cut(tmp_path)
    found = rows(tmp_path)
    assert len(found) == 6
    assert [name for name, row in found.items() if row["axial"] is None] == missing
    for name, row in found.items():
        assert ("no_axial" in row["flags"]) is (name in missing)
        assert (row["axial_coverage"] is None) is (name in missing)
        assert row["sagittal"] is not None
    assert reasons(tmp_path) == []


def test_narrow_axial_stack_is_flagged_with_its_coverage(tmp_path: Path) -> None:
    prepared(tmp_path, axial=moved(AXIAL_STACK, rows=21, columns=60))
    cut(tmp_path)
    for row in rows(tmp_path).values():
        assert 0.5 < row["axial_coverage"] < 0.75
        assert "partial_axial" in row["flags"]


LOST = {
    ("L3",): ({"L2-L3", "L3-L4"}, True),
    ("S1",): ({"L5-S1"}, False),
    ("T11",): (set(), False),
    ("T11", "T12"): ({"T12-L1"}, False),
    ("L5", "L2"): ({"L5-S1", "L4-L5", "L2-L3", "L1-L2"}, True),
}


@pytest.mark.parametrize(("lost", "expected"), LOST.items(), ids=map("-".join, LOST))
def test_missing_vertebra_costs_its_discs_and_is_said(
    tmp_path: Path, lost: tuple[str, ...], expected: tuple[set[str], bool]
) -> None:
    uncut, gap = expected
    prepared(tmp_path, bodies={name: centre for name, centre in BODIES.items() if name not in lost})
    cut(tmp_path)
    found = rows(tmp_path)
    assert set(found) == {str(level) for level in LEVELS} - uncut
    assert all(("gap_in_numbering" in row["flags"]) is gap for row in found.values())
    assert reasons(tmp_path) == (["label-missing"] if uncut else [])


def _affine_lost(path: Path) -> None:
    volume = Volume.from_affine(np.zeros((9, 60, 40), np.int16), np.eye(4))
    write_label_map(volume, np.full((9, 60, 40), 3), path)


def _garbage(path: Path) -> None:
    path.write_bytes(b"not a mask")


def _gone(path: Path) -> None:
    path.unlink()


BAD_MASKS = {
    "affine lost": (_affine_lost, ["mask-misplaced"]),
    "not a NIfTI": (_garbage, ["unreadable-mask"]),
    "missing": (_gone, ["no-levels"]),
}


@pytest.mark.parametrize(("damage", "expected"), BAD_MASKS.values(), ids=BAD_MASKS)
def test_bad_mask_is_set_aside_and_never_cut(tmp_path: Path, damage: object, expected: list[str]) -> None:
    damage(prepared(tmp_path))
    assert cut(tmp_path).rows["discs"] == 0
    assert reasons(tmp_path) == expected


def test_mask_of_another_scheme_is_refused_by_its_labels(tmp_path: Path) -> None:
    path = prepared(tmp_path)
    volume = load_stack(choose_sagittal(read_stacks(tmp_path / "index")["1.2.3"]))
    write_label_map(volume, labels(volume) * 30, path)
    cut(tmp_path)
    assert reasons(tmp_path) == ["unknown-label"]


def test_disc_labels_of_another_scheme_give_the_same_discs(tmp_path: Path) -> None:
    path = prepared(tmp_path)
    cut(tmp_path)
    expected = rows(tmp_path)
    volume = load_stack(choose_sagittal(read_stacks(tmp_path / "index")["1.2.3"]))
    places = volume.to_lps(np.stack(np.indices(volume.shape), axis=-1))
    drawn = np.zeros(volume.shape, np.uint8)
    for number, level in enumerate(reversed(LEVELS)):
        drawn[(abs(places - expected[str(level)]["centre"]) <= (13, 10, 5)).all(axis=-1)] = 201 + number
    write_label_map(volume, drawn, path)
    cut(tmp_path, scheme="spider")
    for name, row in rows(tmp_path).items():
        assert np.linalg.norm(np.subtract(row["centre"], expected[name]["centre"])) < 3


def test_a_labelled_disc_gives_its_own_plane_and_others_are_flagged(tmp_path: Path) -> None:
    path = prepared(tmp_path)
    cut(tmp_path)
    before = rows(tmp_path)
    volume = load_stack(choose_sagittal(read_stacks(tmp_path / "index")["1.2.3"]))
    offsets = volume.to_lps(np.stack(np.indices(volume.shape), axis=-1)) - before["L3-L4"]["centre"]
    lower_behind = (abs(offsets[..., :2]) <= (13, 14)).all(axis=-1) & (
        abs(offsets[..., 2] + 0.15 * offsets[..., 1]) <= 4
    )
    drawn = labels(volume)
    drawn[lower_behind & (drawn == 0)] = 13
    write_label_map(volume, drawn, path)
    cut(tmp_path)
    after = rows(tmp_path)
    lean = [np.degrees(np.arctan2(*found["L3-L4"]["normal"][1:])) for found in (before, after)]
    assert lean[1] - lean[0] > 4
    assert [name for name, row in after.items() if "plane_from_curve" in row["flags"]] == [
        name for name in before if name != "L3-L4"
    ]


def test_masks_may_be_one_file_a_uid_or_a_table(tmp_path: Path) -> None:
    path = prepared(tmp_path)
    assert cut(tmp_path, masks=path).rows["discs"] == 6
    named = path.rename(path.with_name("1.2.3.nii.gz"))
    assert cut(tmp_path).rows["discs"] == 6
    named.rename(path.with_name("any.nii.gz"))
    table = pa.table({"study": ["1.2.3"], "file": ["any.nii.gz"], "flags": [["short_stack"]]})
    pq.write_table(table, tmp_path / "masks/masks-00000.parquet")
    assert cut(tmp_path).rows["discs"] == 6
    assert all("short_stack" in row["flags"] for row in rows(tmp_path).values())


def test_mask_of_no_study_is_said(tmp_path: Path) -> None:
    path = prepared(tmp_path)
    path.with_name("stranger.nii.gz").write_bytes(path.read_bytes())
    assert cut(tmp_path).rows["discs"] == 6
    assert reasons(tmp_path) == ["mask-without-study"]


def test_only_a_changed_mask_is_cut_again(tmp_path: Path) -> None:
    path = prepared(tmp_path)
    assert cut(tmp_path).reused == 0
    assert cut(tmp_path).reused == 1
    volume = load_stack(choose_sagittal(read_stacks(tmp_path / "index")["1.2.3"]))
    write_label_map(volume, labels(volume, {n: c for n, c in BODIES.items() if n != "T11"}), path)
    assert cut(tmp_path).reused == 0


def test_edited_pixels_are_noticed_and_cut_again(tmp_path: Path) -> None:
    prepared(tmp_path)
    cut(tmp_path)
    path = tmp_path / "tree/axial/IM0003"
    content = path.read_bytes()
    path.write_bytes(content[:-2] + b"\x07\x07")
    index_tree(tmp_path / "tree", tmp_path / "index", workers=1)
    assert cut(tmp_path).reused == 0
    assert cut(tmp_path).reused == 1


def test_choice_of_series_can_be_overridden(tmp_path: Path) -> None:
    prepared(tmp_path)
    cut(tmp_path, axial=Ranking(plane="axial", weighting=("T1",)))
    assert all(row["axial"] is None for row in rows(tmp_path).values())
    cut(tmp_path, axial=Ranking(plane="axial", weighting=("T1",), named="t2"))
    assert {row["axial_series"] for row in rows(tmp_path).values()} == {"1.2.3.2"}


def test_slice_that_is_gone_costs_its_view(tmp_path: Path) -> None:
    prepared(tmp_path)
    (tmp_path / "tree/axial/IM0003").unlink()
    cut(tmp_path)
    assert {row["axial"] for row in rows(tmp_path).values()} == {None}
    assert reasons(tmp_path) == ["unreadable-pixels"]


HEAD = "study_id,series_id,instance_number,condition,level,x,y\n"


def points(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "points.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines))
    return path


def canal(study: str = "1.2.3", series: str = "1.2.3.1") -> list[str]:
    """Canal points 40 mm behind the front of the sagittal slices, one a level, 32 mm apart."""
    return [
        f"{study},{series},5,spinal_canal_stenosis,{str(level).lower().replace('-', '_')},25,{8 + 8 * level}"
        for level in LEVELS
    ]


@pytest.mark.parametrize("ids", [("1.2.3", "1.2.3.1"), ("3", "1"), ("3", "sagittal")])
def test_points_give_discs_in_front_of_the_canal(tmp_path: Path, ids: tuple[str, str]) -> None:
    prepared(tmp_path)
    cut(tmp_path, masks=None, points=points(tmp_path, *canal(*ids)))
    found = rows(tmp_path)
    assert len(found) == 6
    for name, row in found.items():
        y, z = 4 * (25 - 19.5), 4 * (29.5 - (8 + 8 * Level.parse(name)))
        assert row["centre"][0] == pytest.approx(0, abs=1e-6)
        assert row["centre"][1] == pytest.approx(y - 27.5, abs=3)
        assert row["centre"][2] == pytest.approx(z, abs=1e-6)
        assert (row["source"], "canal_point" in row["flags"]) == ("points", True)
    assert reasons(tmp_path) == []


def test_points_that_fit_nothing_are_set_aside(tmp_path: Path) -> None:
    prepared(tmp_path)
    strangers = [
        *canal("9.9"),
        "1.2.3,1.2.3.1,99,spinal_canal_stenosis,l4_l5,1,1",
        "1.2.3,1,5,spinal_canal_stenosis,l9,1,1",
    ]
    cut(tmp_path, masks=None, points=points(tmp_path, *strangers))
    assert sorted(reasons(tmp_path)) == ["point-without-slice", "point-without-study", "unreadable-point"]
    assert rows(tmp_path) == {}


def test_single_point_gives_no_disc(tmp_path: Path) -> None:
    prepared(tmp_path)
    cut(tmp_path, masks=None, points=points(tmp_path, canal()[0]))
    assert (reasons(tmp_path), rows(tmp_path)) == (["too-few-points"], {})


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"masks": None}, "masks or points"),
        ({"points": Path("p.csv")}, "masks or points"),
        ({"scheme": "other"}, "levelwise, totalspineseg, spider"),
        ({"size": "huge"}, "paper, half"),
        ({"masks": Path("gone")}, "folder of label maps"),
    ],
)
def test_options_that_make_no_sense_are_refused(tmp_path: Path, how: dict, words: str) -> None:
    prepared(tmp_path)
    with pytest.raises(InputError, match=words):
        cut(tmp_path, **how)


@needs(IMAGING / "study_a")
def test_real_study_is_cut_at_its_five_points(tmp_path: Path) -> None:
    index_tree(IMAGING / "study_a", tmp_path / "index", workers=1)
    cut(tmp_path, masks=None, points=IMAGING / "study_a/points.csv")
    found = rows(tmp_path)
    assert list(found) == ["L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1"]
    # The technologist laid one axial block along each of these discs.
    assert [row["axial_stack"] for row in found.values()] == [4, 3, 2, 1, 0]
    assert all(row["axial_coverage"] > 0.9 and row["sagittal_coverage"] > 0.9 for row in found.values())
    assert max(row["axial_angle_deg"] for row in found.values()) < 12

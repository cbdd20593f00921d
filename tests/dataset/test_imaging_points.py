"""Level points of the RSNA 2024 challenge."""

from pathlib import Path

import numpy as np
import pytest

from dataset.imaging.points import CANAL_TO_DISC_MM, LevelPoint, planes_from_canal, point_lps, read_points
from dataset.imaging.stacks import Stack
from labeling.issues import InputError
from lexicons.vocabulary import LEVELS, Level

HEAD = "study_id,series_id,instance_number,condition,level,x,y\n"


def csv(tmp_path: Path, *lines: str, head: str = HEAD) -> Path:
    path = tmp_path / "points.csv"
    path.write_text(head + "".join(f"{line}\n" for line in lines))
    return path


@pytest.mark.parametrize(
    "line", ["7,8,9,spinal_canal_stenosis,l4_l5,10.5,20.25", "7,8,9,Spinal Canal Stenosis,L4/L5,10.5,20.25"]
)
def test_both_spellings_of_the_challenge_are_read(tmp_path: Path, line: str) -> None:
    points, issues = read_points(csv(tmp_path, line))
    assert (points, issues) == ([LevelPoint("7", "8", 9, Level.L4_L5, 10.5, 20.25, 2)], [])


def test_other_conditions_are_passed_by(tmp_path: Path) -> None:
    lines = ["7,8,9,left_subarticular_stenosis,l4_l5,1,2", "7,8,9,spinal_canal_stenosis,l5_s1,1,2"]
    points, issues = read_points(csv(tmp_path, *lines))
    assert ([point.level for point in points], issues) == ([Level.L5_S1], [])


@pytest.mark.parametrize("cell", ["x,l4_l5,1,2", "9,l7_l8,1,2", "9,l4_l5,,2", "9,l4_l5,1,two"])
def test_line_that_cannot_be_read_is_named(tmp_path: Path, cell: str) -> None:
    instance, rest = cell.split(",", 1)
    path = csv(tmp_path, f"7,8,{instance},spinal_canal_stenosis,{rest}")
    points, (issue,) = read_points(path)
    assert points == []
    assert (issue.where, issue.reason) == (f"{path} > line 2", "unreadable-point")


def test_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="level, x, y missing"):
        read_points(csv(tmp_path, head="study_id,series_id,instance_number,condition\n"))
    with pytest.raises(InputError, match="there is none"):
        read_points(tmp_path / "gone.csv")


AFFINE = np.array([[4.0, 0, 0, -8], [0, 0, 0.5, 10], [0, -0.5, 0, 100], [0, 0, 0, 1]])
STACK = Stack(
    study="1.2.7", series="1.2.8", stack=0, plane="sagittal", weighting="T2", role="primary",
    shape=(3, 50, 50), spacing_mm=(4.0, 0.5, 0.5), affine=AFFINE, root=Path("tree"),
    paths=("a/55/1", "a/55/2", "a/55/3"), instances=(3, 2, 1),
)  # fmt: skip


@pytest.mark.parametrize("series", ["1.2.8", "8", "55"])
def test_point_lies_at_its_column_row_and_instance(series: str) -> None:
    place = point_lps(LevelPoint("7", series, 2, Level.L4_L5, x=6, y=20, line=2), [STACK])
    np.testing.assert_allclose(place, [-4, 13, 90])


@pytest.mark.parametrize(("series", "instance"), [("9", 2), ("8", 4), (".8", 2)])
def test_point_of_no_slice_has_no_place(series: str, instance: int) -> None:
    assert point_lps(LevelPoint("7", series, instance, Level.L4_L5, 1, 1, 2), [STACK]) is None


def test_planes_stand_in_front_of_the_canal() -> None:
    canal = {level: np.array([1.0, 40.0, 100.0 - 35 * level]) for level in LEVELS}
    planes = planes_from_canal(canal)
    assert set(planes) == set(LEVELS)
    for level, plane in planes.items():
        np.testing.assert_allclose(plane.normal, [0, 0, 1], atol=1e-9)
        np.testing.assert_allclose(plane.centre, canal[level] - [0, CANAL_TO_DISC_MM[level], 0], atol=1e-9)


def test_tilted_canal_tilts_the_shift() -> None:
    canal = {level: np.array([0.0, 35.0 * level, -35.0 * level]) for level in (Level.L4_L5, Level.L5_S1)}
    plane = planes_from_canal(canal)[Level.L5_S1]
    forwards = plane.centre - canal[Level.L5_S1]
    assert forwards @ plane.normal == pytest.approx(0, abs=1e-9)
    assert np.linalg.norm(forwards) == pytest.approx(CANAL_TO_DISC_MM[Level.L5_S1])
    assert forwards[1] < 0


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_points_give_no_plane(count: int) -> None:
    assert planes_from_canal({level: np.zeros(3) for level in LEVELS[:count]}) == {}

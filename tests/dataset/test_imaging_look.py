"""The picture of a study is drawn, at one scale, without header values."""

from pathlib import Path

import matplotlib.image
import numpy as np
import pyarrow as pa
import pytest
from dicom_factory import write_study

from dataset.imaging.index import index_tree
from dataset.imaging.look import draw_study
from dataset.imaging.resample import VIEWS
from dataset.imaging.sheet import covers, write_sheet
from dataset.keys import file_key
from dataset.schema import DISCS
from dataset.shards import write_parquet
from labeling.issues import InputError
from lexicons.vocabulary import LEVELS, Level


def disc(level: Level, *, axial: bool = True) -> dict:
    """A row of the discs table with noise for voxels."""
    shapes = {view.name: view for view in VIEWS["half"]}
    rng = np.random.default_rng(level)
    row: dict = {
        "study": "1.2.3", "level": str(level), "centre": [0.0, 0.0, 80.0 - 35 * level],
        "normal": [0.0, 0.0, 1.0], "dtype": "int16", "source": "mask", "flags": [] if axial else ["no_axial"],
    }  # fmt: skip
    for name, view in shapes.items():
        if axial or name != "axial":
            row[name] = rng.integers(1, 900, view.shape).astype(np.int16).tobytes()
            row[f"{name}_shape"] = list(view.shape)
    return row


def prepared(tmp_path: Path, rows: list[dict]) -> tuple[Path, Path]:
    write_study(tmp_path / "tree", axial=None)
    index_tree(tmp_path / "tree", tmp_path / "index", workers=1)
    write_parquet(pa.Table.from_pylist(rows, schema=DISCS), tmp_path / "discs/discs-0.parquet")
    return tmp_path / "index", tmp_path / "discs"


@pytest.mark.parametrize("count", [1, 6])
def test_picture_is_drawn(tmp_path: Path, count: int) -> None:
    folders = prepared(tmp_path, [disc(level, axial=level != 2) for level in LEVELS[:count]])
    grades = {level: {"SCS": level % 4, "RFS": 0, "LFS": 3} for level in LEVELS[:count]}
    pictures = [
        matplotlib.image.imread(draw_study(*folders, "1.2.3", tmp_path / f"{n}.png", grades=chosen))
        for n, chosen in enumerate((None, grades))
    ]
    assert pictures[0].shape[1] > 1500
    assert np.ptp(pictures[0][..., 0]) > 0.9
    assert not np.array_equal(pictures[0], pictures[1])


@pytest.mark.parametrize(("rows", "study"), [([disc(Level.L4_L5)], "1.2.9"), ([], "1.2.3")])
def test_nothing_to_draw_says_so(tmp_path: Path, rows: list[dict], study: str) -> None:
    folders = prepared(tmp_path, rows)
    with pytest.raises(InputError, match="found no disc"):
        draw_study(*folders, study, tmp_path / "p.png")


def covered(study: str, *coverage: float | None, flags: tuple[str, ...] = ()) -> list[dict]:
    return [
        {
            "study": study,
            "level": str(level),
            "axial_coverage": axial,
            "sagittal_coverage": 1.0,
            "flags": flags,
        }
        for level, axial in zip(LEVELS, coverage, strict=False)
    ]


def test_the_worst_covered_study_stands_first_and_no_uid_is_shown(tmp_path: Path) -> None:
    whole, part = covered("1.2.840.1", *[1.0] * 6), covered("1.2.840.2", *[1.0] * 5, 0.7)
    none, few = covered("1.2.840.3", 1.0, None, flags=("no_axial",)), covered("1.2.840.4", *[1.0] * 3)
    assert [study.key for study in covers([*whole, *few, *part, *none])] == [
        file_key(f"1.2.840.{number}") for number in (3, 2, 4, 1)
    ]
    page = write_sheet([*whole, *none], tmp_path).read_text()
    assert page.index(file_key("1.2.840.3")) < page.index(file_key("1.2.840.1"))
    assert "no axial" in page
    assert page.count("not cut") == 4
    assert "1.2.840" not in page
    assert "http" not in page, "the page needs nothing from elsewhere"


def test_a_sheet_holds_its_pictures(tmp_path: Path) -> None:
    folders = prepared(tmp_path, [disc(Level.L4_L5)])
    draw_study(*folders, "1.2.3", tmp_path / f"{file_key('1.2.3')}.png")
    page = write_sheet(covered("1.2.3", 1.0), tmp_path).read_text()
    assert page.count("data:image/jpeg;base64,") == 1
    assert len(page) < 300_000

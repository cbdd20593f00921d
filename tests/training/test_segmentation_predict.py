"""From a stack to a label map: orientation, central slices, the shipped weights, the stage on DICOM."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from shared import IMAGING, needs

from dataset.imaging.discs import cut_discs
from dataset.imaging.index import index_tree
from dataset.imaging.labelmap import read_label_map
from dataset.imaging.points import point_lps, read_points
from dataset.imaging.stacks import load_stack, read_stacks
from dataset.imaging.volume import Volume
from dataset.keys import file_key
from dataset.schema import DISCS
from dataset.stage import read_table
from labeling.quarantine import QUARANTINE
from levelwise.sample.archive import write_archive
from levelwise.sample.phantom import iter_slices
from levelwise.sample.protocol import Protocol
from training.segmentation.evaluate import evaluate_segmentation
from training.segmentation.numbering import NAMES
from training.segmentation.picture import padded, prepared, scaled
from training.segmentation.predict import DISC, Orientation, central, segment_volume
from training.segmentation.segment import MASKS, segment
from training.segmentation.sources import from_label_map
from training.segmentation.unet import PRESETS
from training.segmentation.weights import SHIPPED, load_segmenter

# Voxel to LPS of a sagittal stack: slices to the left, rows to the feet, columns to the back.
USUAL = np.array([[4.0, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]])


@given(transposed=st.booleans(), down=st.booleans(), back=st.booleans())
def test_any_stored_order_is_turned_and_restored(transposed: bool, down: bool, back: bool) -> None:
    usual = np.arange(2 * 4 * 3).reshape(2, 4, 3)
    stored, affine = usual, USUAL.copy()
    if down:
        stored, affine[:, 1] = stored[:, ::-1], -affine[:, 1]
    if back:
        stored, affine[:, 2] = stored[:, :, ::-1], -affine[:, 2]
    if transposed:
        stored, affine = stored.swapaxes(1, 2), affine[:, [0, 2, 1, 3]]
    orientation = Orientation.of(affine)
    np.testing.assert_array_equal(orientation.turn(stored), usual)
    np.testing.assert_array_equal(orientation.restore(orientation.turn(stored)), stored)


@pytest.mark.parametrize(("slices", "first", "last"), [(3, 0, 2), (5, 0, 4), (15, 3, 11), (18, 4, 14)])
def test_central_slices(slices: int, first: int, last: int) -> None:
    assert central(slices).tolist() == list(range(first, last + 1))


def test_intensities_become_0_to_1_and_padding_stays_black() -> None:
    image = torch.zeros(20, 20)
    image[5:15, 5:15] = torch.arange(100).reshape(10, 10) * 30.0 + 500
    ready = scaled(image)
    assert (ready.min(), ready.max()) == (0, 1)
    assert (ready[:5] == 0).all()
    assert torch.equal(scaled(image * 7), ready) or torch.allclose(scaled(image * 7), ready, atol=1e-4)
    assert not scaled(torch.full((4, 4), 9.0)).any()


def test_a_slice_is_resampled_to_the_spacing_and_padded_to_the_step() -> None:
    ready = prepared(np.ones((100, 60), np.int16), (0.5, 0.75), 1.0)
    assert ready.shape == (1, 50, 45)
    assert padded(ready, 16).shape == (1, 64, 48)


def test_the_shipped_weights_are_as_documented() -> None:
    card = SHIPPED.with_name("MODEL_CARD.md").read_text("utf-8")
    network = load_segmenter()
    assert network.config == PRESETS["light"]
    assert SHIPPED.stat().st_size < 10_000_000
    parameters = sum(p.numel() for p in network.parameters())
    assert f"{parameters:,} parameters" in card


def test_the_shipped_weights_name_the_vertebrae_of_phantoms() -> None:
    slices = [
        from_label_map(f"{k}", f"{k}", item.image, item.labels, item.pixel_mm)
        for k, item in enumerate(iter_slices(77, 4))
    ]
    score = evaluate_segmentation(slices, load_segmenter())
    assert score.misnamed == 0
    assert score.success_rate >= 0.75
    assert score.dice("body")[0] > 0.85


def test_an_empty_volume_is_refused_and_gets_no_label() -> None:
    volume = Volume.from_affine(np.zeros((5, 64, 64), np.int16), USUAL)
    found = segment_volume(volume, load_segmenter())
    assert found.numbering.refused == "no-sacrum"
    assert not found.labels.any()
    assert found.certainty == 0


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    protocol = Protocol(scale=0.5, t1_share=0.0, localizer_share=0.0)
    write_archive(folder / "sample", 2, seed=1, workers=1, protocol=protocol)
    index_tree(folder / "sample" / "dicom", folder / "index", workers=1)
    return folder / "index"


def test_the_stage_writes_a_label_map_per_study_in_its_own_geometry(index: Path, tmp_path: Path) -> None:
    result = segment(index, tmp_path)
    rows = read_table(tmp_path, "masks", MASKS).to_pylist()
    assert result.rows["masks"] == len(rows) > 0
    stacks = {s.study: s for group in read_stacks(index).values() for s in group if s.plane == "sagittal"}
    for row in rows:
        assert row["file"] == f"{file_key(row['study'])}.nii.gz"
        volume, labels = load_stack(stacks[row["study"]]), read_label_map(tmp_path / row["file"])
        assert labels.shape == volume.shape
        np.testing.assert_allclose(labels.affine, volume.affine, atol=1e-3)
        values = [int(v) for v in np.unique(labels.voxels) if v]
        assert [NAMES[value] for value in values if value in NAMES] == row["vertebrae"]
        assert {value for value in values if value not in NAMES} <= set(range(DISC + 1, DISC + max(NAMES)))
        assert sorted(np.flatnonzero(labels.voxels.any(axis=(1, 2))).tolist()) == row["slices"]
        # S1 lies lowest and every next disc and vertebra above it, in the patient.
        upwards = sorted(values, key=lambda value: (value % DISC, value))
        heights = [labels.to_lps(np.argwhere(labels.voxels == value))[:, 2].mean() for value in upwards]
        assert heights == sorted(heights)


def test_a_second_run_reuses_and_a_lost_map_is_made_again(index: Path, tmp_path: Path) -> None:
    first = segment(index, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.nii.gz")}
    assert segment(index, tmp_path).reused == first.shards
    next(tmp_path.glob("*.nii.gz")).unlink()
    assert segment(index, tmp_path).reused == 0
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.nii.gz")} == before


def test_studies_that_cannot_be_segmented_say_why(index: Path, tmp_path: Path) -> None:
    broken = tmp_path / "index"
    broken.mkdir()
    for path in index.glob("*.parquet"):
        table = pq.read_table(path)
        if path.name.startswith("stacks-"):
            planes = ["axial" if plane == "sagittal" else plane for plane in table["plane"].to_pylist()]
            table = table.set_column(
                table.schema.get_field_index("plane"), table.schema.field("plane"), [planes]
            )
        pq.write_table(table, broken / path.name)
    result = segment(broken, tmp_path / "out")
    reasons = read_table(tmp_path / "out", "quarantine", QUARANTINE)["reason"].to_pylist()
    assert result.rows["masks"] == 0
    assert set(reasons) == {"no-sagittal-t2"}
    assert not list((tmp_path / "out").glob("*.nii.gz"))


@needs(IMAGING / "study_a")
def test_the_shipped_weights_find_the_discs_of_a_real_study(tmp_path: Path) -> None:
    """No point is given to it: each human canal point lies within 4 mm of the plane of its own disc."""
    index_tree(IMAGING / "study_a", tmp_path / "index", workers=1)
    segment(tmp_path / "index", tmp_path / "masks")
    cut_discs(tmp_path / "index", tmp_path / "discs", masks=tmp_path / "masks", size="half", workers=1)
    discs = {row["level"]: row for row in read_table(tmp_path / "discs", "discs", DISCS).to_pylist()}
    assert min(disc["axial_coverage"] for disc in discs.values()) > 0.99
    (stacks,) = read_stacks(tmp_path / "index").values()
    points, _ = read_points(IMAGING / "study_a" / "points.csv")
    assert len(points) == 5
    for point in points:
        disc = discs[str(point.level)]
        offset = point_lps(point, stacks) - np.array(disc["centre"])
        assert abs(offset @ np.array(disc["normal"])) < 4
        assert 15 < np.linalg.norm(offset) < 35, "a canal point lies behind its disc, not behind another one"

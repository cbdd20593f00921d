"""Plane, weighting, role and contrast of a series, as tables."""

import numpy as np
import pytest
from pydicom.dataset import Dataset

from dataset.imaging.classify import contrast_of, plane_of, role_of, weighting_of


def tags(**values: object) -> Dataset:
    dataset = Dataset()
    for name, value in values.items():
        setattr(dataset, name, value)
    return dataset


@pytest.mark.parametrize(
    ("normal", "plane"),
    [
        ((1, 0, 0), "sagittal"),
        ((-1, 0, 0), "sagittal"),
        ((0.9, 0.3, 0.3), "sagittal"),
        ((0, 0, 1), "axial"),
        ((0, -0.47, 0.88), "axial"),  # along L5-S1
        ((0, -0.8, 0.6), "axial"),  # along a steep L5-S1: nearer to coronal, and still axial
        ((0, 1, 0), "coronal"),
        ((0, 0.95, 0.3), "coronal"),
    ],
)
def test_plane_comes_from_geometry(normal: tuple[float, ...], plane: str) -> None:
    assert plane_of(np.array(normal) / np.linalg.norm(normal)) == plane


TIMED = {
    "fast spin echo T2": ({"ScanningSequence": "SE", "EchoTime": 100, "RepetitionTime": 3500}, "T2"),
    "3D T2 with a short repetition": ({"EchoTime": 124, "RepetitionTime": 1000}, "T2"),
    "spin echo T1": ({"ScanningSequence": "SE", "EchoTime": 10, "RepetitionTime": 550}, "T1"),
    "proton density": ({"ScanningSequence": "SE", "EchoTime": 30, "RepetitionTime": 2500}, "PD"),
    "STIR": ({"EchoTime": 60, "RepetitionTime": 4000, "InversionTime": 160}, "STIR"),
    "T1 FLAIR": ({"EchoTime": 20, "RepetitionTime": 2200, "InversionTime": 860}, "T1"),
    "gradient echo": ({"ScanningSequence": "GR", "EchoTime": 10, "RepetitionTime": 500}, None),
    "stated": ({"AcquisitionContrast": "T2", "EchoTime": 10, "RepetitionTime": 500}, "T2"),
    "nothing": ({}, None),
}  # fmt: skip


@pytest.mark.parametrize(("values", "weighting"), TIMED.values(), ids=TIMED)
def test_weighting_comes_from_tags(values: dict, weighting: str | None) -> None:
    assert weighting_of(tags(**values), []) == weighting


@pytest.mark.parametrize(
    ("name", "weighting"),
    [
        ("SAG_T2_TSE", "T2"), ("sag t2", "T2"), ("t2w_tra", "T2"), ("Ax T2*", "T2"), ("T1", "T1"),
        ("SAG T1 FSE +C", "T1"), ("SAG STIR", "STIR"), ("t2_tirm_sag", "STIR"), ("AX PD", "PD"),
        ("pdw tse", "PD"), ("SPINE", None), ("AT2LAS", None), ("", None),
    ],
)  # fmt: skip
def test_weighting_comes_from_the_name_where_tags_are_silent(name: str, weighting: str | None) -> None:
    assert weighting_of(tags(), [name]) == weighting


def test_tags_outweigh_the_name() -> None:
    assert weighting_of(tags(ScanningSequence="SE", EchoTime=100, RepetitionTime=3000), ["T1 sag"]) == "T2"


@pytest.mark.parametrize(
    ("values", "name", "role"),
    [
        ({"ImageType": ["ORIGINAL", "PRIMARY", "M"]}, "T2", "primary"),
        ({}, "", "primary"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, "T2", "localizer"),
        ({}, "3-plane LOC", "localizer"),
        ({}, "Survey", "localizer"),
        ({}, "local coil T2", "primary"),
        ({"ImageType": ["DERIVED", "SECONDARY", "MPR"]}, "T2", "derived"),
        ({"ImageType": "DERIVED"}, "T2", "derived"),
    ],
)
def test_role(values: dict, name: str, role: str) -> None:
    assert role_of(tags(**values), [name]) == role


@pytest.mark.parametrize(
    ("agent", "name", "contrast"),
    [
        ("Gadovist", "T1", True), ("NONE", "T1", False), (None, "T1", None), ("", "T1", None),
        (None, "SAG T1 POST", True), (None, "T1 +C", True), (None, "t1_tse_gd", True), (None, "T1 C+", True),
        (None, "T1 PRE", False), (None, "T2 w/o contrast", False), (None, "T2 post op", None),
    ],
)  # fmt: skip
def test_contrast(agent: str | None, name: str, contrast: bool | None) -> None:
    values = {} if agent is None else {"ContrastBolusAgent": agent}
    assert contrast_of(tags(**values), [name]) is contrast

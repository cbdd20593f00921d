"""One file to its slices, or to the reason why it has none."""

from pathlib import Path

import dicom_factory
import numpy as np
import pytest
from dicom_factory import AXIAL, Stack, geometry, image, images, item, save
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import RLELossless

from dataset.imaging.archives import Entry
from dataset.imaging.headers import EXPECTED_TAGS, read_headers
from dataset.imaging.slices import slices_of, slices_table
from labeling.issues import Issue

PIXELS = np.arange(12, dtype=np.uint16).reshape(3, 4)
STACK = Stack(AXIAL, (1, 2, 3), 2, 4.0, 3, 4, (0.5, 0.75))


def read(folder: Path, data: Dataset | bytes) -> list | Issue:
    if isinstance(data, bytes):
        (folder / "f").write_bytes(data)
    else:
        data.save_as(folder / "f")
    return read_headers(folder, Entry("f", ""))


def whole(folder: Path, **tags: object) -> bytes:
    return save(folder, [image(PIXELS, **{**geometry(STACK, 0), **tags})])[0].read_bytes()


def test_slice_carries_what_its_header_says(tmp_path: Path) -> None:
    (found,) = read(tmp_path, image(PIXELS, **geometry(STACK, 1), EchoTime=100, RepetitionTime=4000))
    assert (found.study, found.series, found.instance, found.frame) == ("1.2.3", "1.2.3.1", 1, None)
    assert (found.rows, found.columns, found.pixel_mm, found.thickness) == (3, 4, (0.5, 0.75), 4.0)
    np.testing.assert_allclose(found.position, STACK.corner(1))
    assert (found.weighting, found.role, str(found.date)) == ("T2", "primary", "2020-01-02")


@pytest.mark.parametrize("tag", EXPECTED_TAGS)
def test_missing_standard_tag_is_tolerated_and_named(tmp_path: Path, tag: str) -> None:
    (found,) = read(tmp_path, image(PIXELS, **{**geometry(STACK, 0), "EchoTime": 9, "RepetitionTime": 500,
                                               "ScanningSequence": "SE", tag: None}))  # fmt: skip
    assert found.missing == (tag,)


BROKEN_TAGS = {
    "no position": ({"ImagePositionPatient": None}, "missing-geometry"),
    "no orientation": ({"ImageOrientationPatient": None}, "missing-geometry"),
    "no pixel spacing": ({"PixelSpacing": None}, "missing-geometry"),
    "zero pixel spacing": ({"PixelSpacing": [0, 1]}, "bad-geometry"),
    "directions of no length": ({"ImageOrientationPatient": [0] * 6}, "bad-geometry"),
    "directions not at a right angle": ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, "bad-geometry"),
    "position out of this world": ({"ImagePositionPatient": [0, 1e9, 0]}, "bad-geometry"),
    "pixels out of this world": ({"PixelSpacing": [1e9, 1]}, "bad-geometry"),
    "rows beyond all scans": ({"Rows": 5000, "Columns": 1, "PixelData": bytes(10_000)}, "unsupported"),
    "frames below zero": ({"NumberOfFrames": -3}, "unsupported"),
    "identifier without end": ({"StudyInstanceUID": "1." * 200 + "1"}, "missing-identity"),
    "no study": ({"StudyInstanceUID": None}, "missing-identity"),
    "no series": ({"SeriesInstanceUID": None}, "missing-identity"),
    "colour": ({"SamplesPerPixel": 3, "PixelData": PIXELS.tobytes() * 3}, "unsupported"),
    "palette": ({"PhotometricInterpretation": "PALETTE COLOR"}, "unsupported"),
    "bare frames": ({"NumberOfFrames": 2, "PixelData": PIXELS.tobytes() * 2}, "unsupported"),
    "no pixels": ({"PixelData": None}, "no-pixel-data"),
    "too few pixels": ({"PixelData": PIXELS.tobytes()[:-2]}, "truncated"),
}


@pytest.mark.filterwarnings("ignore::UserWarning")  # of pydicom, which writes what it is told
@pytest.mark.parametrize(("tags", "reason"), BROKEN_TAGS.values(), ids=BROKEN_TAGS)
def test_file_that_cannot_be_used_says_why(tmp_path: Path, tags: dict, reason: str) -> None:
    issue = read(tmp_path, image(PIXELS, **{**geometry(STACK, 0), **tags}))
    assert isinstance(issue, Issue)
    assert (issue.reason, issue.where) == (reason, str(tmp_path / "f"))


def test_bytes_that_are_no_image_say_why(tmp_path: Path) -> None:
    good = whole(tmp_path)
    table = {
        b"": "empty-file",
        b"a;b;c\n1;2;3\n": "not-dicom",
        b"\x08\x00 not really": "not-dicom",
        b"\0" * 128 + b"DICM" + b"\x02\x00": "unreadable-header",
        good[:-1]: "truncated",
        good[: good.index(b"\xe0\x7f\x10\x00")]: "no-pixel-data",
    }
    for data, reason in table.items():
        issue = read(tmp_path, data)
        assert isinstance(issue, Issue), reason
        assert issue.reason == reason


def test_file_without_preamble_is_read(tmp_path: Path) -> None:
    good = whole(tmp_path)
    (found,) = read(tmp_path, good[good.index(b"\x08\x00") :])
    assert found.rows == 3


def test_missing_file_says_so(tmp_path: Path) -> None:
    issue = read_headers(tmp_path, Entry("gone", ""))
    assert isinstance(issue, Issue)
    assert issue.reason == "unreadable-file"


@pytest.mark.parametrize("kept", [1.0, 0.6], ids=["whole", "cut short"])
def test_fragments_of_compressed_pixels_are_walked(tmp_path: Path, kept: float) -> None:
    data = images(Stack(AXIAL, slices=1))[0]
    data.compress(RLELossless)
    path = save(tmp_path, [data])[0]
    content = path.read_bytes()
    found = read(tmp_path, content[: int(len(content) * kept)])
    assert isinstance(found, list) is (kept == 1.0)


def test_messages_hold_no_header_value(tmp_path: Path) -> None:
    issue = read(
        tmp_path, image(PIXELS, PatientID="SECRET", StudyDate="20010203", SeriesDescription="HIDDEN")
    )
    assert isinstance(issue, Issue)
    for word in ("SECRET", "20010203", "HIDDEN", "1.2.3"):
        assert word not in str(issue)


ENHANCED = {
    "stated by the frame": (
        {"MRImageFrameTypeSequence": [item(AcquisitionContrast="T2", FrameType=["ORIGINAL", "PRIMARY"])]},
        ("T2", "primary", None),
    ),
    "by the times of the frame": (
        {
            "MREchoSequence": [item(EffectiveEchoTime=100.0)],
            "MRTimingAndRelatedParametersSequence": [item(RepetitionTime=3500.0)],
        },
        ("T2", "primary", None),
    ),
    "STIR": (
        {
            "MREchoSequence": [item(EffectiveEchoTime=60.0)],
            "MRTimingAndRelatedParametersSequence": [item(RepetitionTime=4000.0)],
            "MRModifierSequence": [item(InversionTimes=160.0)],
        },
        ("STIR", "primary", None),
    ),
    "converted from classic files": (
        {"UnassignedSharedConvertedAttributesSequence": [item(EchoTime=10, RepetitionTime=500)]},
        ("T1", "primary", None),
    ),
    "derived": (
        {"MRImageFrameTypeSequence": [item(AcquisitionContrast="T1", FrameType=["DERIVED", "PRIMARY"])]},
        ("T1", "derived", None),
    ),
}


@pytest.mark.parametrize(("groups", "expected"), ENHANCED.values(), ids=ENHANCED)
def test_enhanced_file_says_in_its_groups_what_it_shows(
    tmp_path: Path, groups: dict, expected: tuple
) -> None:
    shared = item(**groups)
    data = dicom_factory.enhanced(images(STACK), shared=shared, SeriesDescription="S", ImageType=None)
    found = read(tmp_path, data)
    assert {(one.weighting, one.role, one.contrast) for one in found} == {expected}


def test_enhanced_file_after_contrast_says_so(tmp_path: Path) -> None:
    agent = [item(ContrastBolusAgentNumber=1)]
    found = read(tmp_path, dicom_factory.enhanced(images(STACK), ContrastBolusAgentSequence=agent))
    assert {one.contrast for one in found} == {True}


ODD_TAGS = {
    "instance beyond all numbers": ({"InstanceNumber": "99999999999"}, "instance", None),
    "description without end": ({"SeriesDescription": "x" * 1000}, "description", "x" * 256),
    "thickness of no body": ({"SliceThickness": 1e30}, "thickness", None),
}


@pytest.mark.parametrize(("tags", "name", "value"), ODD_TAGS.values(), ids=ODD_TAGS)
@pytest.mark.filterwarnings("ignore::UserWarning")  # of pydicom, which writes what it is told
def test_odd_value_of_a_tag_that_is_not_needed_costs_nothing(
    tmp_path: Path, tags: dict, name: str, value: object
) -> None:
    (found,) = read(tmp_path, image(PIXELS, **{**geometry(STACK, 0), **tags}))
    assert getattr(found, name) == value


def enhanced(frames: int, listed: int) -> Dataset:
    """A multi-frame file whose orientation is shared and whose positions are per frame."""
    pixels = np.arange(frames * 12, dtype=np.uint16).reshape(frames, 3, 4)
    shared, tags = Dataset(), geometry(STACK, 0)
    shared.PlaneOrientationSequence = Sequence(
        [item(ImageOrientationPatient=tags["ImageOrientationPatient"])]
    )
    shared.PixelMeasuresSequence = Sequence([item(PixelSpacing=tags["PixelSpacing"], SliceThickness=4)])
    groups = []
    for number in range(listed):
        group = Dataset()
        position = geometry(STACK, number)["ImagePositionPatient"]
        group.PlanePositionSequence = Sequence([item(ImagePositionPatient=position)])
        groups.append(group)
    return image(
        pixels, NumberOfFrames=frames, SharedFunctionalGroupsSequence=Sequence([shared]),
        PerFrameFunctionalGroupsSequence=Sequence(groups), SliceThickness=None,
    )  # fmt: skip


def test_enhanced_file_gives_a_slice_a_frame(tmp_path: Path) -> None:
    found = read(tmp_path, enhanced(3, 3))
    assert [item.frame for item in found] == [1, 2, 3]
    np.testing.assert_allclose([item.position for item in found], [STACK.corner(n) for n in range(3)])
    assert {item.thickness for item in found} == {4.0}


def test_enhanced_file_with_a_group_missing_is_refused(tmp_path: Path) -> None:
    issue = read(tmp_path, enhanced(3, 2))
    assert isinstance(issue, Issue)
    assert issue.reason == "missing-geometry"


def test_slices_survive_their_table(tmp_path: Path) -> None:
    found = [*read(tmp_path, enhanced(2, 2)), *read(tmp_path, image(PIXELS, **geometry(STACK, 0)))]
    assert slices_of(slices_table(found)) == found

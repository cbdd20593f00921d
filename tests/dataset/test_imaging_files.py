"""Files wherever they lie: folders, archives, discs with a DICOMDIR; and what is no file to read."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import AXIAL, Stack, images, item, save
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MediaStorageDirectoryStorage

from dataset.imaging import archives
from dataset.imaging.index import index_tree
from dataset.imaging.stacks import load_stack, read_stacks
from dataset.stage import read_table
from labeling.quarantine import QUARANTINE

SMALL = Stack(AXIAL, (0, 0, 0), 5, 4.0, 8, 6, (2.0, 2.0))
QUIET = {"no-axial-t2", "no-sagittal-t2"}


def index(tree: Path, out: Path) -> list[tuple[str, str, str]]:
    """Reason, last name and severity of every issue but those of a missing view."""
    index_tree(tree, out, workers=1)
    rows = read_table(out, "quarantine", QUARANTINE).to_pylist()
    kept = [row for row in rows if row["reason"] not in QUIET]
    return sorted((row["reason"], Path(row["where"]).name, row["severity"]) for row in kept)


def folder(path: Path) -> Path:
    save(path, images(SMALL))
    return path


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def members(tree: Path) -> dict[str, bytes]:
    """The files of a folder, as those of an archive."""
    return {f"CD/{path.name}": path.read_bytes() for path in sorted(tree.iterdir())}


@pytest.mark.parametrize("within", ["", "tree/deep/er"], ids=["the tree", "in the tree"])
def test_archive_is_read_in_place(tmp_path: Path, within: str) -> None:
    plain = folder(tmp_path / "plain")
    path = zipped(tmp_path / within / "scan.ZIP", members(plain))
    found = {}
    for name, tree in (("plain", plain), ("zip", tmp_path / "tree" if within else path)):
        assert index(tree, tmp_path / name / "index") == []
        (stack,) = read_stacks(tmp_path / name / "index")["1.2.3"]
        found[name] = load_stack(stack)
    np.testing.assert_array_equal(found["zip"].voxels, found["plain"].voxels)
    np.testing.assert_array_equal(found["zip"].affine, found["plain"].affine)


def test_members_that_are_not_read_say_why(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a": b""}).read_bytes()
    names = ["../../out", "/etc/passwd", "C:\\x", "a/../../b", "in.zip"]
    path = zipped(tmp_path / "tree/one.zip", dict.fromkeys(names, inner))
    (tmp_path / "tree/broken.zip").write_bytes(path.read_bytes()[:-30])
    (tmp_path / "tree/text.zip").write_text("no archive")
    assert index(tmp_path / "tree", tmp_path / "index") == [
        ("nested-archive", "in.zip", "error"),
        ("unreadable-archive", "broken.zip", "error"),
        ("unreadable-archive", "text.zip", "error"),
        ("unsafe-name", "C:\\x", "error"),
        ("unsafe-name", "b", "error"),
        ("unsafe-name", "out", "error"),
        ("unsafe-name", "passwd", "error"),
    ]


def test_names_with_the_separator_of_windows_are_read(tmp_path: Path) -> None:
    files = {name.replace("/", "\\"): data for name, data in members(folder(tmp_path / "plain")).items()}
    zipped(tmp_path / "tree/one.zip", files)
    assert index(tmp_path / "tree", tmp_path / "index") == []
    assert load_stack(read_stacks(tmp_path / "index")["1.2.3"][0]).shape == (5, 8, 6)


def test_member_with_a_password_says_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "tree/one.zip", {"secret": b"x" * 50})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert index(tmp_path / "tree", tmp_path / "index") == [("encrypted", "secret", "error")]


def test_bomb_is_not_inflated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "bomb.zip", {str(n): bytes(1 << 20) for n in range(20)})
    monkeypatch.setattr(archives, "FREE_BYTES", 1 << 24)
    monkeypatch.setattr(archives, "MAX_MEMBER_BYTES", 1 << 10)
    issue = archives.list_archive(path)
    assert not isinstance(issue, list)
    assert issue.reason == "archive-bomb"
    monkeypatch.setattr(archives, "FREE_BYTES", 1 << 30)
    listed = archives.list_archive(path)
    assert isinstance(listed, list)
    assert {item.reason for item in listed if not isinstance(item, archives.Entry)} == {"too-large"}


def test_archive_that_changed_is_read_again(tmp_path: Path) -> None:
    files = members(folder(tmp_path / "plain"))
    path = zipped(tmp_path / "tree/one.zip", files)
    index(tmp_path / "tree", tmp_path / "index")
    before = read_stacks(tmp_path / "index")["1.2.3"][0]
    zipped(path, dict(list(files.items())[:4]))
    index(tmp_path / "tree", tmp_path / "index")
    after = read_stacks(tmp_path / "index")["1.2.3"][0]
    assert (len(before.paths), len(after.paths)) == (5, 4)
    assert load_stack(after).shape == (4, 8, 6)


def disc(tmp_path: Path) -> Path:
    """A disc as a scanner writes one: a DICOMDIR and the files that it names."""
    paths = save(tmp_path / "disc/DICOM", images(SMALL))
    records = [item(DirectoryRecordType="PATIENT")]
    records += [item(DirectoryRecordType="IMAGE", ReferencedFileID=["DICOM", path.name]) for path in paths]
    listing = item(DirectoryRecordSequence=records)
    listing.file_meta = FileMetaDataset()
    listing.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    listing.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    listing.file_meta.MediaStorageSOPInstanceUID = "1.2.4"
    listing.save_as(tmp_path / "disc/DICOMDIR", enforce_file_format=True)
    return tmp_path / "disc"


@pytest.mark.parametrize("tree", ["", "DICOMDIR"], ids=["folder", "its DICOMDIR"])
def test_dicomdir_names_its_files_and_is_no_error(tmp_path: Path, tree: str) -> None:
    path = disc(tmp_path)
    (path / "stranger.txt").write_text("not on the list")
    expected = [] if tree else [("not-dicom", "stranger.txt", "error")]
    assert index(path / tree, tmp_path / "index") == expected
    assert load_stack(read_stacks(tmp_path / "index")["1.2.3"][0]).shape == (5, 8, 6)


def test_disc_that_was_copied_in_part_or_in_lower_case_is_noticed_or_not(tmp_path: Path) -> None:
    path = disc(tmp_path)
    for file in sorted(path.rglob("*"), reverse=True):
        file.rename(file.with_name(file.name.lower()))
    assert index(path, tmp_path / "index") == []
    (path / "dicom/im0004").unlink()
    assert index(path, tmp_path / "again") == [("files-missing", "dicomdir", "warning")]
    assert [reason for reason, *_ in index(path / "dicomdir", tmp_path / "other")] == ["unreadable-file"]


def test_damaged_dicomdir_says_so(tmp_path: Path) -> None:
    path = disc(tmp_path) / "DICOMDIR"
    path.write_bytes(path.read_bytes()[:200])
    assert [reason for reason, *_ in index(path, tmp_path / "index")] == ["unreadable-header"]


def test_what_is_no_plain_file_is_not_waited_for(tmp_path: Path) -> None:
    tree = folder(tmp_path / "tree")
    os.mkfifo(tree / "pipe")
    (tree / "circle").symlink_to(tree)
    (tree / "nowhere").symlink_to(tmp_path / "gone")
    (tree / "another").symlink_to(tree / "IM0000")
    (Path(os.fsdecode(os.fsencode(tree) + b"/\xff\xfe"))).write_bytes(b"x")
    assert index(tree, tmp_path / "index") == [
        ("bad-file-name", "\\udcff\\udcfe", "error"),
        ("duplicate-instance", "another", "error"),
        ("linked-folder", "circle", "error"),
        ("unreadable-file", "nowhere", "error"),
        ("unreadable-file", "pipe", "error"),
    ]


def test_single_file_is_a_tree(tmp_path: Path) -> None:
    folder(tmp_path / "many")
    assert index(tmp_path / "many/IM0002", tmp_path / "index") == []
    (stack,) = read_stacks(tmp_path / "index")["1.2.3"]
    assert (stack.paths, stack.shape) == (("IM0002",), (1, 8, 6))

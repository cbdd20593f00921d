"""The definitions of findings: the shipped ones, and errors that say file, key, expected and got."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydicom.sr.codedict import codes

from lexicons.findings import CODES, CORE_CODES, FINDINGS, FINDINGS_FOLDER, HEAD_CODES, load_findings
from lexicons.problems import LexiconError
from lexicons.vocabulary import Side


def test_the_shipped_findings_are_those_of_the_guideline_in_its_order() -> None:
    assert list(FINDINGS) == ["canal", "foramen", "recess", "facet"]
    assert list(CODES) == ["SCS", "RFS", "LFS", "RRS", "LRS", "RFA", "LFA"]
    assert CORE_CODES == HEAD_CODES == ("SCS", "RFS", "LFS")
    assert CODES["SCS"][1] is None
    assert {side for _, side in (CODES[code] for code in ("RFS", "RRS", "RFA"))} == {Side.RIGHT}


def test_every_shipped_snomed_code_is_one_that_pydicom_carries_or_the_guideline_lists() -> None:
    listed = {"18347007", "371000119109"}  # checked by hand against SNOMED CT; pydicom has no lumbar stenosis
    shipped = {f.terminology["snomed_ct"]["code"] for f in FINDINGS.values() if "snomed_ct" in f.terminology}
    assert shipped == listed
    assert codes.SCT.Left.value == "7771000"
    assert codes.SCT.Right.value == "24028007"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("canal.toml", "core = true", "", r"canal.toml: missing keys \['core'\]"),
        ("canal.toml", "core = true", "core = true\nhue = 1", r"canal.toml: unknown keys \['hue'\]"),
        ("canal.toml", 'key = "canal"', 'key = "sac"', "canal.toml > key: expected 'canal'.*got 'sac'"),
        ("foramen.toml", '"LFS"', '"SCS"', "foramen.toml > codes: SCS is taken by canal.toml"),
        ("canal.toml", "order = 1", 'order = "1"', "canal.toml > order: expected int; got '1'"),
        ("canal.toml", '"normal", ', "", "canal.toml > scale: expected 4 words, for grades 0 to 3; got"),
        ("canal.toml", "order = 1", "order =", r"canal.toml: not readable as TOML \("),
        ("foramen.toml", 'left = "LFS"', "", r"foramen.toml > codes: expected `none`, or `right` and `left`"),
    ],
)
def test_a_broken_definition_says_where_and_what(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    folder = shutil.copytree(FINDINGS_FOLDER, tmp_path / "findings")
    path = folder / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(LexiconError, match=message):
        load_findings(folder)


def test_a_new_finding_is_one_file(tmp_path: Path) -> None:
    folder = shutil.copytree(FINDINGS_FOLDER, tmp_path / "findings")
    text = (folder / "facet.toml").read_text().replace('"facet"', '"modic"').replace("order = 4", "order = 9")
    (folder / "modic.toml").write_text(text.replace("RFA", "RMC").replace("LFA", "LMC"))
    assert list(load_findings(folder)) == ["canal", "foramen", "recess", "facet", "modic"]

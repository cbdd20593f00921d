"""Findings are read under every heading that they are given, and under none, whatever stands before them."""

from __future__ import annotations

from itertools import product

import pytest
from graded import Cells, graded_core, misread

BEFORE = [
    *(
        "",
        "HISTORY: Back pain.",
        "Clinical: 45F with sciatica.",
        "INDICATION: Radiculopathy.",
        "Symptoms: leg pain",
    ),
    *("TECHNIQUE: Sagittal T1, T2 and STIR and axial T2 images were obtained.", "COMPARISON: None."),
    *(
        "Comparison: None available.",
        "COMPARISON: MRI of 3/2/2019.",
        "EXAM: MRI LUMBAR SPINE WITHOUT CONTRAST",
    ),
    *(
        "History: LBP. Technique: routine. Comparison: none.",
        "MRI LUMBAR SPINE",
        "Contrast: none",
        "PRIOR: None",
    ),
    *(
        "Motion artifact limits the study.",
        "Vertebral bodies are normal in height.",
        "SURGICAL HISTORY: None.",
    ),
]
HEADINGS = [
    *(
        "",
        "FINDINGS:",
        "REPORT:",
        "MRI FINDINGS:",
        "INTERPRETATION:",
        "RESULTS:",
        "OBSERVATIONS:",
        "DESCRIPTION:",
    ),
    *("The study reveals:", "Study shows:", "Lumbar spine:", "LUMBAR SPINE MRI:", "DISCUSSION:", "ANALYSIS:"),
    *(
        "Spine:",
        "Level by level:",
        "Disc levels:",
        "Segmental analysis:",
        "DISCS:",
        "Axial images:",
        "By level:",
    ),
    *(
        "LEVEL BY LEVEL ANALYSIS:",
        "Disc spaces:",
        "NARRATIVE:",
        "Final report:",
        "Review of levels:",
        "L-SPINE:",
    ),
    *(
        "Key findings:",
        "Examination findings:",
        "IMPRESSION:",
        "CONCLUSION:",
        "OPINION:",
        "Canal and foramina:",
    ),
]
LINES = (
    "L3-4: No canal or foraminal stenosis.\n"
    "L4-5: Severe canal stenosis. Moderate right foraminal stenosis. Left foramen is patent.\n"
    "L5-S1: No canal stenosis. Foramina are patent."
)
PROSE = (
    "At L3-4 there is no canal or foraminal stenosis. At L4-5 there is severe canal stenosis with moderate "
    "right foraminal stenosis; the left foramen is patent. At L5-S1 no canal stenosis, and the foramina are "
    "patent."
)
CELLS = {(level, code): 0 for level in ("L3-L4", "L4-L5", "L5-S1") for code in ("SCS", "RFS", "LFS")} | {
    ("L4-L5", "SCS"): 3,
    ("L4-L5", "RFS"): 2,
}


@pytest.mark.parametrize("apart", ["\n", "\n\n"])
@pytest.mark.parametrize("heading", HEADINGS)
def test_findings_in_lines(heading: str, apart: str) -> None:
    for before, body in product(BEFORE, (LINES, PROSE)):
        assert graded_core(apart.join(filter(None, (before, heading, body)))) == CELLS, before


@pytest.mark.parametrize("heading", HEADINGS[1:])
def test_findings_on_the_line_of_what_stands_before(heading: str) -> None:
    for before in BEFORE:
        if not before or before.endswith("."):
            assert graded_core(" ".join(filter(None, (before, heading, PROSE)))) == CELLS, before


@pytest.mark.parametrize("before", [before for before in BEFORE if before.startswith("TECHNIQUE")])
def test_findings_that_run_on_after_the_technique(before: str) -> None:
    assert graded_core(f"{before} {PROSE}") == CELLS


SHAPES = [
    *("{}:", "{}", "{}.", "{} -", "[{}]", "[{}]:", "<{}>", "**{}**", "**{}:**", "*{}*", "__{}__", "~{}~"),
    *(
        "== {} ==",
        "--- {} ---",
        "===={}====",
        "| {} |",
        "\u3010{}\u3011",
        "\uff1c{}\uff1e",
        "## {}",
        "{}\n-----",
    ),
]
"""How a heading may be set off from what stands below it."""


@pytest.mark.parametrize("name", ["HISTORY", "History", "Comparison", "TECHNIQUE"])
@pytest.mark.parametrize("shape", SHAPES)
def test_sections_in_every_shape(shape: str, name: str) -> None:
    findings, impression = ("FINDINGS", "IMPRESSION") if name.isupper() else ("Findings", "Impression")
    text = (
        f"{shape.format(name)}\nSevere canal stenosis at L3-4 in 2019.\n\n"
        f"{shape.format(findings)}\nL4-5: Mild canal stenosis.\n\n"
        f"{shape.format(impression)}\nSevere canal stenosis at L5-S1."
    )
    assert graded_core(text) == {("L4-L5", "SCS"): 1, ("L5-S1", "SCS"): 3}


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape not in {"{}.", "{} -"}])
def test_structures_and_levels_in_every_shape(shape: str) -> None:
    canal, foramina, level, last = map(shape.format, ("Canal", "Foramina", "L4-5", "L5-S1"))
    by_structure = f"{canal}\nL3-4: mild\nL4-5: severe\n\n{foramina}\nL4-5: moderate bilaterally"
    graded = {("L3-L4", "SCS"): 1, ("L4-L5", "SCS"): 3, ("L4-L5", "RFS"): 2, ("L4-L5", "LFS"): 2}
    assert graded_core(by_structure) == graded
    by_level = f"{level}\nMild canal stenosis.\n{last}\nCanal patent."
    assert graded_core(by_level) == {("L4-L5", "SCS"): 1, ("L5-S1", "SCS"): 0}


KEYS = [
    *("Ind", "Background", "Purpose", "Presentation", "C/O", "Complaints", "Patient history", "Pt hx", "Sx"),
    *("Provisional diagnosis", "Working diagnosis", "Pertinent history", "Clinical info", "Clinical summary"),
    *("ICD-10", "RFE", "Patient information", "Case history", "Given history", "Dx", "Referred for"),
    *(
        "Old studies",
        "Old films",
        "Last exam",
        "Previous",
        "Prior findings",
        "Summary of prior",
        "Earlier studies",
    ),
    *(
        "Seq",
        "Technical",
        "Technical factors",
        "MRI protocol",
        "MR technique",
        "Scan parameters",
        "Image quality",
    ),
]
"""What the parts before the findings are called."""


@pytest.mark.parametrize("apart", [": ", ":\n"])
@pytest.mark.parametrize("key", KEYS)
def test_what_stands_before_the_findings(key: str, apart: str) -> None:
    for name in (key, key.upper()):
        text = f"{name}{apart}Severe canal stenosis at L3-4.\n\nFINDINGS:\nL4-5: Mild canal stenosis."
        assert graded_core(text) == {("L4-L5", "SCS"): 1}


TOLD_BY_THE_WAY = [
    "Contrast reaches the conus.",
    "Contrast was given through a lumbar needle.",
    "Contrast-enhanced images show no scar.",
    "Sequences were spoilt by breathing.",
    "Technique was limited by metal.",
    "Acquisition was cut short.",
    "Comparison was made to films from elsewhere.",
    "Correlation with plain films confirms the count.",
    "Prior study is from 2018.",
]
"""Sentences that begin with a word that may head a section, with no sign behind it."""


@pytest.mark.parametrize(
    "before", ["", "CT MYELOGRAM, LUMBAR. ", "FINDINGS: Alignment is good. ", "The disc is dry. "]
)
def test_a_word_that_may_be_a_heading_opens_nothing_for_what_comes_next(before: str) -> None:
    for said, (text, grade) in product(
        TOLD_BY_THE_WAY,
        [
            ("The canal at L3-4 is now open.", 0),
            ("Severe canal stenosis is seen at L3-4.", 3),
            ("L3-4 shows mild canal stenosis.", 1),
        ],
    ):
        assert graded_core(f"{before}{said} {text}") == {("L3-L4", "SCS"): grade}, (said, text)


def test_the_disc_of_a_vertebra_heads_the_level_below_it() -> None:
    notes: list[tuple[str, Cells]] = []
    for noun, sign, bullet, parted in product(
        ("disc", "disk space", "interspace"), (":", " -"), ("", "- "), ("\n", " ")
    ):
        lines = [f"{bullet}L{at} {noun}{sign} {said}." for at, said in ((3, "no stenosis"), (4, "bulge"))]
        text = parted.join([*lines, f"{bullet}L5 {noun}{sign} mild right foraminal narrowing. Canal patent."])
        graded: Cells = {("L3-L4", code): 0 for code in ("SCS", "RFS", "LFS")}
        notes.append((text, {**graded, ("L5-S1", "RFS"): 1, ("L5-S1", "SCS"): 0}))
    assert misread(notes) == []

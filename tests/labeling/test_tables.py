# ruff: noqa: E501  # one table and its cells per line reads better than wrapped
"""One table in the layouts that reports give it, and tables that must not be read.

Every layout of `SAME` holds the same grades, and each grade must rest on the words of its own row and column.
"""

from __future__ import annotations

import re

import pytest

from labeling.labeler import label_text

GRADES = "L3-L4 SCS=1 RFS=0 LFS=1; L4-L5 SCS=3 RFS=2 LFS=1; L5-S1 SCS=0 RFS=0 LFS=3"
LEGEND = "0 = none, 1 = mild, 2 = moderate, 3 = severe"

# fmt: off
SAME = {
    "pipes": "| Level | Canal | R foramen | L foramen |\n|---|---|---|---|\n| L3-4 | mild | none | mild |\n| L4-5 | severe | moderate | mild |\n| L5-S1 | none | normal | severe |",
    "pipes without edges": "Level | Disc | CCS | RNF | LNF\nL3/4 | bulge | mild | nl | mild\nL4/5 | severe loss | sev | mod | mild\nL5/S1 | nl | nl | no | sev",
    "an empty column": "| Level | Note | Canal | RNF | LNF |\n| L3-4 | | mild | none | mild |\n| L4-5 | | severe | moderate | mild |\n| L5-S1 | | none | none | severe |",
    "tabs": "LEVEL\tCANAL\tRT NF\tLT NF\nL3-L4\tmild\tWNL\tmild\nL4-L5\tsevere\tmoderate\tmild\nL5-S1\tWNL\tWNL\tsevere",
    "gaps": "Level     Disc        Canal     R NF       L NF\nL3-L4     bulge       mild      patent     mild\nL4-L5     protrusion  severe    moderate   mild\nL5-S1     normal      patent    patent     severe",
    "narrow gaps": "Level  Canal  RNF  LNF\nL3-4  mild  none  mild\nL4-5  severe  mod  mild\nL5-S1  none  none  severe",
    "a ruler and units": "Level    AP (mm)   Canal     RNF       LNF\n-----    -------   -----     ---       ---\nL3-L4    11        mild      no        mild\nL4-L5    6         severe    moderate  mild\nL5-S1    13        no        no        severe",
    "brackets": "[Level] [Disc] [CCS] [RNF] [LNF]\nL3-L4    bulge         mild    no      mild\nL4-L5    protrusion    severe  mod     mild\nL5-S1    normal        no      no      severe\n\nCCS = central canal stenosis; RNF/LNF = right/left neural foraminal stenosis",
    "numbers": f"Grading: {LEGEND}.\n\nLevel   Canal   RF   LF\nL3/4    1       0    1\nL4/5    3       2    1\nL5/S1   0       0    3",
    "keyed numbers": f"Grading key used in this department: {LEGEND}.\n\nL3/4   canal 1   RF 0   LF 1\nL4/5   canal 3   RF 2   LF 1\nL5/S1  canal 0   RF 0   LF 3",
    "keyed, pipes, legend below": "L3-L4 |  Disc: bulge  |  SCS: 1  |  NF R: 0  |  NF L: 1\nL4-L5 |  Disc: extrusion  |  SCS: 3  |  NF R: 2  |  NF L: 1\nL5-S1 |  Disc: normal  |  SCS: 0  |  NF R: 0  |  NF L: 3\n\n0 none, 1 mild, 2 moderate, 3 severe.",
    "keyed, commas": f"({LEGEND})\nL3-4: canal 1, RF 0, LF 1\nL4-5: canal 3, RF 2, LF 1\nL5-S1: canal 0, RF 0, LF 3",
    "keyed, one blank": f"L3-4 canal 1 RNF 0 LNF 1\nL4-5 canal 3 RNF 2 LNF 1\nL5-S1 canal 0 RNF 0 LNF 3\nKey: {LEGEND.replace(' = ', '=')}",
    "keyed, equal signs": "none (0), mild (1), moderate (2), severe (3)\nL3-4; SCS=1; RFS=0; LFS=1\nL4-5; SCS=3; RFS=2; LFS=1\nL5-S1; SCS=0; RFS=0; LFS=3",
    "keyed words and a 0": "L3-4  canal:mild RF:0 LF:mild\nL4-5  canal:severe RF:moderate LF:mild\nL5-S1  canal:0 RF:0 LF:severe",
    "keyed words": "L3-4   canal mild   RF none   LF mild\nL4-5   canal severe   RF moderate   LF mild\nL5-S1   canal none   RF none   LF severe",
    "plus signs": "Key: - none, + mild, ++ moderate, +++ severe\n\nLevel | Canal | R foramen | L foramen\nL3-4 | + | - | +\nL4-5 | +++ | ++ | +\nL5-S1 | - | - | +++",
    "colons, levels across": "Parameter : L3-4 : L4-5 : L5-S1\nDisc height : normal : severely reduced : reduced\nCentral canal : mild : severe : none\nRight foramen : none : moderate : none\nLeft foramen : mild : mild : severe",
    "pipes, levels across": "| | L3-L4 | L4-L5 | L5-S1 |\n|:--|:--|:--|:--|\n| Disc | bulge | extrusion | normal |\n| **Canal** | mild | severe | normal |\n| **Right foramen** | normal | moderate | normal |\n| **Left foramen** | mild | mild | severe |",
    "gaps, levels across": "                L3-4      L4-5        L5-S1\nDisc            bulge     extrusion   normal\nCanal           mild      severe      normal\nR foramen       normal    moderate    normal\nL foramen       mild      mild        severe",
    "csv": "Level,Canal,RF,LF\nL3-L4,mild,none,mild\nL4-L5,severe,moderate,mild\nL5-S1,none,none,severe",
    "csv, semicolons": "level; disc; canal; right NF; left NF\nL3-L4; bulge; mild; none; mild\nL4-L5; bulge; severe; moderate; mild\nL5-S1; normal; none; none; severe",
    "slashes by level": "Canal / R NF / L NF by level (0 = none):\n\nL3-L4: mild / none / mild\nL4-L5: severe / moderate / mild\nL5-S1: none / none / severe",
    "slashes, a format": "Format: canal / right foramen / left foramen.\nL3-4: mild/none/mild\nL4-5: severe/moderate/mild\nL5-S1: none/none/severe",
    "slashes throughout": "Level / Canal / Right foramen / Left foramen\nL3/4 / mild / normal / mild\nL4/5 / severe / moderate / mild\nL5/S1 / normal / none / severe",
    "sides in one column": "Level | Canal | Foramina (R/L)\nL3-4 | mild | none/mild\nL4-5 | severe | moderate / mild\nL5-S1 | none | none/severe",
    "sides in one column, numbers": f"{LEGEND}\nLevel   Canal   NF R/L\nL3-4    1       0/1\nL4-5    3       2/1\nL5-S1   0       0/3",
    "left before right": "Level | Canal | NF L/R\nL3-4 | mild | mild/none\nL4-5 | severe | mild/moderate\nL5-S1 | none | severe/none",
    "two names in one column": "Level\tCanal\tRF/LF\nL3-4\tmild\tnone/mild\nL4-5\tsevere\tmod/mild\nL5-S1\tnone\tnone/severe",
    "sides in words": "Level | Canal | Foramina\nL3-4 | mild | R none, L mild\nL4-5 | severe | moderate R, mild L\nL5-S1 | none | right patent, left severe",
    "a column named by its side": "Level | Canal | Foramen R | L\nL3-4 | mild | none | mild\nL4-5 | severe | moderate | mild\nL5-S1 | none | none | severe",
    "abbreviations explained": "SP = spinal canal; FR = right foramen; FL = left foramen\nLevel   SP      FR        FL\nL3-4    mild    none      mild\nL4-5    severe  moderate  mild\nL5-S1   none    none      severe",
}

OTHER = [
    (  # a row that runs through the scale is no choice of a form
        "Finding | L1-2 | L2-3 | L3-4 | L4-5\nRight foramen | normal | mild | moderate | severe\n"
        "Left foramen | mild | mild | mild | mild",
        "L1-L2 RFS=0 LFS=1; L2-L3 RFS=1 LFS=1; L3-L4 RFS=2 LFS=1; L4-L5 RFS=3 LFS=1",
    ),
    # a missing cell moves no other one
    ("Level     Canal     RNF       LNF\nL3-4      mild                severe\nL4-5      severe    moderate  mild", "L3-L4 SCS=1 LFS=3; L4-L5 SCS=3 RFS=2 LFS=1"),
    ("| Level | Canal | RNF | LNF |\n| L3-4 | | | severe |\n| L4-5 | mild | | |", "L3-L4 LFS=3; L4-L5 SCS=1"),
    ("Level\tCanal\tRNF\tLNF\nL3-4\t\t\tsevere\nL4-5\tmild\tnone\tnone", "L3-L4 LFS=3; L4-L5 SCS=1 RFS=0 LFS=0"),
    ("| Level | Canal | RNF | LNF |\n| L3-4 | severe | mild |\n| L4-5 | mild | none | none |", "L4-L5 SCS=1 RFS=0 LFS=0"),
    # numbers that nothing explains, and a column that is about no stenosis
    ("Level | Canal | RNF\nL3-4 | 1 | 2\nL4-5 | 3 | 0", ""),
    (f"{LEGEND}\nLevel | Pfirrmann | Canal\nL3-4 | 3 | 0\nL4-5 | 2 | 1", "L3-L4 SCS=0; L4-L5 SCS=1"),
    ("Level | Disc | Ligamentum flavum | Facets\nL3-4 | severe | moderate | mild\nL4-5 | mild | severe | none", "L3-L4 RFA=1 LFA=1; L4-L5 RFA=0 LFA=0"),
    (f"{LEGEND}\nL4-5   canal 9 mm   Pfirrmann 3   RF 1", "L4-L5 RFS=1"),
    ("0 = none, 1 = minimal, 2 = mild, 3 = moderate, 4 = severe\nL4-5: canal 4, RF 1, LF 3", "L4-L5 SCS=3 RFS=1 LFS=2"),
    ("Level | Canal | R | L\nL3-4 | mild | none | severe\nL4-5 | mild | mild | severe", "L3-L4 SCS=1; L4-L5 SCS=1"),
    # two columns in one, told apart by nothing
    (f"{LEGEND}\nLevel | Canal | Facets\nL3-4 | 1 | 1/2\nL4-5 | 0 | 2/2", "L3-L4 SCS=1; L4-L5 SCS=0 RFA=2 LFA=2"),
    ("R/L reported in that order throughout.\n\nL3/4 canal mild stenosis; foramina patent/mild narrowing\nL4/5 canal severe stenosis; foramina moderate narrowing/mild narrowing\nL5/S1 canal patent; foramina none/severe", GRADES),
    ("All foramina L/R in this order.\nL4-5: canal mild; foramina mild/moderate; facets severe/none", "L4-L5 SCS=1 RFS=2 LFS=1 RFA=0 LFA=3"),
    ("L4-5: canal mild; foramina mild/moderate", "L4-L5 SCS=1 RFS=2 LFS=2"),
    # recess and facets, two sides in a cell
    ("LEVEL\tCANAL\tLAT RECESS\tFACETS\nL3-4\tWNL\tWNL\tmild\nL4-5\tmild\tsevere R, mild L\tmod B/L", "L3-L4 SCS=0 RRS=0 LRS=0 RFA=1 LFA=1; L4-L5 SCS=1 RRS=3 LRS=1 RFA=2 LFA=2"),
    # what stands below a table is under none of its levels
    ("Level | Canal\nL3-4 | mild\nL4-5 | severe\nThe right foramen is severely narrowed.", "L3-L4 SCS=1; L4-L5 SCS=3"),
    # prose and lists of levels that look like tables
    ("Findings: disc desiccation, canal stenosis, facet arthropathy:\nL3-4: mild, moderate, severe.", ""),
    ("Canal stenosis, mild / moderate / severe:\nL3-4: mild canal stenosis.\nL4-5: severe canal stenosis.", "L3-L4 SCS=1; L4-L5 SCS=3"),
    ("Spinal canal and foramina:\nL3-4: no stenosis\nL4-5: mild canal stenosis, no foraminal stenosis", "L3-L4 SCS=0 RFS=0 LFS=0; L4-L5 SCS=1 RFS=0 LFS=0"),
    # forms that nobody filled in
    ("L4-5: Canal: mild. Facets: [normal / mild / moderate / severe]", "L4-L5 SCS=1"),
    ("L4-5: Canal {none|mild|moderate|severe}. Right foramen: mild", "L4-L5 RFS=1"),
    ("L4-5 canal: [ ] none [x] mild [ ] severe", "L4-L5 SCS=1"),
]
# fmt: on


def cells(text: str) -> set[str]:
    return {f"{grade.level} {grade.code}={grade.grade}" for grade in label_text(text).grades}


def expected(words: str) -> set[str]:
    levels = [level.split() for level in filter(None, words.split(";"))]
    return {f"{level} {code}" for level, *codes in levels for code in codes}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_a_table_is_read_in_any_layout(text: str) -> None:
    assert cells(text) == expected(GRADES)


@pytest.mark.parametrize(("text", "words"), OTHER, ids=[text[:60] for text, _ in OTHER])
def test_no_word_of_a_table_lands_in_another_cell(text: str, words: str) -> None:
    assert cells(text) == expected(words)


@pytest.mark.parametrize("text", [text for name, text in SAME.items() if "across" not in name])
def test_a_grade_rests_on_the_row_of_its_level(text: str) -> None:
    for grade in label_text(text).grades:
        for span, _, rule in grade.evidence:
            row = text[text.rfind("\n", 0, span.start) + 1 : (text + "\n").find("\n", span.end)]
            assert re.match(rf"[| ]*{str(grade.level)[:2]}", row), (grade, row, rule)
            assert span.of(text).strip() == span.of(text) != ""

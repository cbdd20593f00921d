"""Paragraphs that go on about the level above them, and those that are of the study again."""

from __future__ import annotations

from itertools import product

from graded import graded, misread

from lexicons.vocabulary import LEVELS

HEADS = ("{}", "{}:", "{}: Disc bulge.", "{}\nDisc: desiccated.", "Adjacent level, {}: dry disc.", "At {}:")
TOLD = (
    ("Canal narrowing, moderate.", "No narrowing of the canal.", {"SCS": 2}, {"SCS": 0}),
    (
        "Foramina: moderate stenosis on the left, patent on the right.",
        "Foramina: patent.",
        {"LFS": 2, "RFS": 0},
        {"RFS": 0, "LFS": 0},
    ),
    (
        "There is mild narrowing of both lateral recesses.",
        "Both lateral recesses are wide.",
        {"RRS": 1, "LRS": 1},
        {"RRS": 0, "LRS": 0},
    ),
)
ENDS = (
    "",
    "\n\nIMPRESSION: Lumbar spondylosis.",
    "\n\nThe conus ends at L1.",
    "\n\nKidneys are unremarkable.",
)


def test_the_same_structures_behind_each_level_are_of_that_level() -> None:
    for head, (narrow, wide, found, free), end in product(HEADS, TOLD, ENDS):
        blocks = [(head.format("L3-4"), narrow, found), (head.format("L4/5"), wide, free)]
        blocks.append((head.format("L5-S1"), wide, free))
        text = "\n\n".join(f"{level}\n\n{said}" for level, said, _ in blocks) + end
        places = ("L3-L4", "L4-L5", "L5-S1")
        told = zip(places, [cells for *_, cells in blocks], strict=True)
        wanted = {(at, code): grade for at, cells in told for code, grade in cells.items()}
        assert graded(text) == wanted, text


def test_what_is_told_at_length_between_two_levels_is_of_the_first() -> None:
    text = (
        "L3-4: Disc bulge with severe canal stenosis.\n\nFacet arthropathy, moderate, both sides.\n\n"
        "Foraminal narrowing, mild on the right.\n\nL4-5: The canal is patent.\n\nAtrophy of the muscles."
    )
    wanted = {("L3-L4", "SCS"): 3, ("L3-L4", "RFA"): 2, ("L3-L4", "LFA"): 2, ("L3-L4", "RFS"): 1}
    assert graded(text) == wanted | {("L4-L5", "SCS"): 0}


ALL = tuple(map(str, LEVELS))
OF_STUDY = [
    # nothing shows that the report is built of such paragraphs
    "L3-4: Bulge, mild canal stenosis.\n\nL4-5: Protrusion, mild canal stenosis.\n\n{}",
    "L4-5: Bulge, mild canal stenosis.\n\n{}\n\nL5-S1: Protrusion, mild canal stenosis.",
    "L3-4: Bulge.\n\nMild canal stenosis.\n\nL4-5: Bulge.\n\nMild canal stenosis.\n\nL5-S1: Normal.\n\n{}",
    # another matter comes first, or another structure than behind the other levels
    "L3-4: Bulge.\n\nMild canal stenosis.\n\nL4-5: Bulge.\n\nMild canal stenosis.\n\nNormal marrow.\n\n{}",
    "L3-4: Bulge.\n\nMild canal stenosis.\n\nL4-5: Bulge.\n\nMild canal stenosis.\n\n{}",
    # items of an impression stand each for itself
    "L4-5: Bulge.\n\nIMPRESSION:\n\nL3-4: mild canal stenosis.\n\n{0}\n\nL4-5: mild canal stenosis.\n\n{0}",
]


def test_other_denials_are_of_all_levels() -> None:
    for shape, (said, codes) in product(
        OF_STUDY,
        (("No foraminal stenosis.", ("RFS", "LFS")), ("The facet joints are normal.", ("RFA", "LFA"))),
    ):
        found = graded(shape.format(said))
        missing = [cell for cell in product(ALL, codes) if found.get(cell) != 0]
        assert missing == [], shape


def test_one_finding_between_two_levels_may_be_of_the_study() -> None:
    canal = {("L3-L4", "SCS"): 0}
    text = "L3-4: Patent canal.\n\nMild facet arthropathy.\n\nL4-5: Disc bulge."
    assert misread([(text, canal)]) == []

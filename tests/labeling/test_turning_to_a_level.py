"""Sentences that only name the level they turn to, and how far a lesion goes, which names none."""

from __future__ import annotations

from itertools import product

from graded import Cells, graded, misread

BEFORE = ("L3-4: Disc bulge, the canal is mildly narrowed.", "At L3-4 there is mild canal stenosis.")
TURNS = (
    *("Then L4-5 is the troublesome one.", "Around the corner at L4-5 there is junctional breakdown."),
    *("Then comes L4-5.", "Now L4-5.", "And now to L4-5.", "Moving on to L4-5.", "On to L4-5, which is bad."),
    *("Turning to L4-5.", "Going down, L4-5 is the problem level.", "But L4-5 is another story."),
    *("The trouble starts at L4-5.", "Things get worse at L4-5.", "It is at L4-5 that things go wrong."),
    *("Of most interest is L4-5.", "The level of interest is L4-5.", "What worries me is L4-5."),
    *(
        "Okay, L4-5.",
        "Lower down at L4-5 it is worse.",
        "Next down, L4-5 is degenerate.",
        "She is worst at L4-5.",
    ),
    *("The picture at L4-5 is different.", "Attention is drawn to L4-5.", "There is more going on at L4-5."),
)
AFTER = ("The canal is severely narrowed.", "There is severe canal stenosis.")
LESION = ("an extrusion", "a disc fragment", "a cyst", "epidural fat")
REACHES = (
    *("migrated up to L3-4", "which has migrated upwards to L3-4", "that reaches as far as L3-4"),
    *("extending up to L3-4", "extending to L3-4", "which extends cranially to L3-4", "tracking up to L3-4"),
)
AT = ("At L4-5 there is {} {}.", "L4-5: {} {}.", "L4-5 shows {} {}.")
BY_ITSELF = (
    *("It has migrated up to L3-4.", "The fragment reaches up to L3-4.", "This extends cranially to L3-4."),
    *("It extends as far as L3-4.", "The fragment extends from L4-5 to L3-4.", "It reaches L3-4."),
)


def test_a_sentence_that_turns_to_a_level_opens_it() -> None:
    texts = [" ".join(said) for said in product(BEFORE, TURNS, AFTER)]
    wanted: Cells = {("L3-L4", "SCS"): 1, ("L4-L5", "SCS"): 3}
    assert misread((text, wanted) for text in texts) == []


def test_how_far_a_lesion_goes_opens_no_level() -> None:
    texts = [f"{at.format(*lesion)} {after}" for at, *lesion, after in product(AT, LESION, REACHES, AFTER)]
    texts += [f"L4-5: Disc extrusion. {own} {after}" for own, after in product(BY_ITSELF, AFTER)]
    assert misread((text, {("L4-L5", "SCS"): 3}) for text in texts) == []


def test_what_is_held_against_a_level_does_not_turn_to_it() -> None:
    for said in ("It is worse than at L3-4.", "Compared with L3-4 it is worse.", "The conus ends at L1-2."):
        assert graded(f"L4-5: Bulge. {said} The canal is severely narrowed.") == {("L4-L5", "SCS"): 3}


BESIDE = {"above": "L3-L4", "below": "L5-S1"}
OF_LEVEL = (
    *("At the level {} the canal is mildly narrowed.", "At the level {}, the canal is mildly narrowed."),
    *("At the next level {} the canal is mildly narrowed.", "The level {}: the canal is mildly narrowed."),
    *("At the level {} there is mild canal stenosis.", "The canal is mildly narrowed at the level {}."),
    *("At the level immediately {} the canal is mildly narrowed.", "Mild canal stenosis at the level {}."),
    *("The adjacent level {} shows mild canal stenosis.", "The canal at the level {} is mildly narrowed."),
)


def test_the_level_beside_is_one_step_away() -> None:
    leads = ("At L4-5 there is severe canal stenosis.", "L4-5: Severe canal stenosis.")
    told = [
        (f"{lead} {of_level.format(place)}", {("L4-L5", "SCS"): 3, (level, "SCS"): 1})
        for lead, (place, level), of_level in product(leads, BESIDE.items(), OF_LEVEL)
    ]
    assert misread(told) == []


COUNTED = {
    "Above {},": {"the two levels": ("L1-L2", "L2-L3"), "all levels": ("T12-L1", "L1-L2", "L2-L3")},
    "Below {},": {"two levels": ("L4-L5", "L5-S1"), "the remaining levels": ("L4-L5", "L5-S1")},
}


def test_levels_beside_the_one_spoken_of_are_not_that_one() -> None:
    told: list[tuple[str, Cells]] = []
    for (lead, levels), this, said in product(
        COUNTED.items(), ("this", "that", "these"), ("show no stenosis", "have no narrowing")
    ):
        for words, meant in levels.items():
            free: Cells = {(level, code): 0 for level in meant for code in ("SCS", "RFS", "LFS")}
            text = f"L3-4: Severe canal stenosis. {lead.format(this)} {words} {said}."
            told.append((text, {**free, ("L3-L4", "SCS"): 3}))
    assert misread(told) == []


ALIKE = (
    "Similar {n} to {of}L3-4 are seen at L4-5. {x}.",
    "L4-5 shows similar {n} to {of}L3-4. {x}.",
    "At L4-5 there are similar {n} to {of}L3-4. {x}.",
    "At L4-5, similar {n} to {of}L3-4, with {x}.",
    "L4-5: {n} similar to {of}L3-4. {x}.",
)


def test_a_level_that_has_similar_changes_is_not_turned_to() -> None:
    nouns, of = (
        ("changes", "degenerative changes", "findings", "appearances"),
        ("", "those at ", "that seen at "),
    )
    told: list[tuple[str, Cells]] = []
    for form, n, at in product(ALIKE, nouns, of):
        text = form.format(n=n, of=at, x="mild right foraminal stenosis")
        told.append((f"L3-4: Severe canal stenosis. {text}", {("L3-L4", "SCS"): 3, ("L4-L5", "RFS"): 1}))
    assert misread(told) == []

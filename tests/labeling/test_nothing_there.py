"""Ways to say that nothing is to be seen at a level, or at the levels above and below it.

Who looks ("I do not see"), what is not seen ("anything of note", "any issues"), where the clause stands and
how the levels are named are crossed; what each sentence means is known from its parts. Nothing "to operate
on", no problem "with the cage" and nothing in the facets are of no level.
"""

from __future__ import annotations

from itertools import product

from graded import Cells, misread

ALL = ("SCS", "RFS", "LFS", "RRS", "LRS", "RFA", "LFA")
LEVELS = ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")

LOOKS = ("I do not see", "We didn't find", "One cannot see", "I can't really see", "I was unable to identify")
SEEN = (
    *("anything", "anything of consequence", "anything worth mentioning", "anything wrong", "any issues"),
    *("any real problem", "any significant abnormality", "an abnormality", "anything to report"),
)
NOTHING = (
    *("nothing", "nothing of any consequence", "nothing much", "nothing worth noting", "nothing is amiss"),
    *("no problems", "no real issue", "no trouble", "I see no abnormality", "we found nothing of note"),
    *("there is nothing", "there are no concerns", "there isn't anything", "nothing was found"),
)
PLACES = {
    "at L1-2": LEVELS[1:2],
    "at L1/2 or L2/3": LEVELS[1:3],
    "either at L1-2 or at L2-3": LEVELS[1:3],
    "in L1-2 and L2-3": LEVELS[1:3],
}
CLAUSES = (
    *("{}.", "The scan was read by a colleague, with whom I agree, and {}.", "The conus is normal; {}."),
    *("Scoliosis is slight, but {}.", "On the images {}."),
)
OF_NO_LEVEL = (
    *(
        "No problems with the cage at L4-5.",
        "There is nothing at L4-5 to operate on.",
        "Nothing was done at L4-5.",
    ),
    *("I see nothing at L4-5 that explains her pain.", "She had no trouble after surgery at L4-5."),
    *("I do not see anything that needs a surgeon at L4-5.", "No issues with the L4-5 injection."),
    *("No abnormality involving the disc at L4-5.", "Conus: n.p.", "The L4-5 cage was seen by NP Lee."),
)

SHORT = ("n.p.", "N.P.", "o.B.", "r.a.s.", "N.A.D.", "regular finding", "normal findings", "u/r")

DENIED = ("no pathology of", "no abnormality in", "nothing wrong with", "no abnormality involving")
LISTS = {
    "the disc, canal and foramina": ALL[:3],
    "intervertebral disc, spinal canal and both neural foramina": ALL[:3],
    "disc and spinal canal": ALL[:1],
    "the disc, facets, canal or foramina": (*ALL[:3], *ALL[5:]),
    "the canal or the lateral recesses": ("SCS", "RRS", "LRS"),
}

TOLD = "L5-S1: severe canal stenosis. L4-5: mild canal stenosis. "
TOLD_CELLS: Cells = {("L5-S1", "SCS"): 3, ("L4-L5", "SCS"): 1}
ABOVE = {
    **dict.fromkeys(("Above", "Higher up", "Everything above", "Above this", "All those above"), LEVELS[:4]),
    "The two levels above": LEVELS[2:4],
    "The three levels above that": LEVELS[1:4],
    "The next 3 levels up": LEVELS[1:4],
    "The four levels above these": LEVELS[:4],
    "The upper lumbar levels": LEVELS[1:3],
}
IS_NORMAL = ("{} is normal.", "{} is all normal.", "{}: all normal.", "{}: nothing of note.", "{} -> normal.")
ALL_NORMAL = {
    "L1-2 to L3-4 are all normal.": LEVELS[1:4],
    "L1-2, L2-3: all unremarkable.": LEVELS[1:3],
    "L1-2 and L2-3 all normal.": LEVELS[1:3],
}


def _whole(levels: tuple[str, ...], codes: tuple[str, ...] = ALL) -> Cells:
    return {(level, code): 0 for level in levels for code in codes}


def test_nothing_is_seen_at_a_level() -> None:
    said = [f"{looks} {seen}" for looks, seen in product(LOOKS, SEEN)]
    told = {f"{one} at L1-2.": _whole(LEVELS[1:2]) for one in said}
    for one, (place, levels), clause in product((*said[::7], *NOTHING), PLACES.items(), CLAUSES):
        told[clause.format(f"{one} {place}")] = _whole(levels)
    assert misread(told.items()) == []


def test_nothing_of_something_else_is_of_no_level() -> None:
    assert misread((text, {}) for text in OF_NO_LEVEL) == []


def test_short_words_for_nothing() -> None:
    told: dict[str, Cells] = {}
    for short in SHORT:
        told[f"L1/2: {short}\nL2/3: {short}\nL3/4: bulge, canal stenosis mild"] = {
            **_whole(LEVELS[1:3]),
            ("L3-L4", "SCS"): 1,
        }
        told[f"L3/4 canal stenosis mild. L1/2, L2/3 {short}"] = {
            **_whole(LEVELS[1:3]),
            ("L3-L4", "SCS"): 1,
        }
    assert misread(told.items()) == []


def test_lists_of_what_has_no_pathology() -> None:
    told: dict[str, Cells] = {}
    for denied, (nouns, codes) in product(DENIED, LISTS.items()):
        told[f"At L1-2 level; {denied} {nouns} is observed."] = _whole(LEVELS[1:2], codes)
        told[f"At T12-L1 and L1-2, {denied} {nouns} is detected."] = _whole(LEVELS[:2], codes)
        told[f"L1-2: {denied} {nouns}."] = _whole(LEVELS[1:2], codes)
    assert misread(told.items()) == []


def test_levels_above_are_normal() -> None:
    told = {
        TOLD + form.format(above): {**TOLD_CELLS, **_whole(levels)}
        for form, (above, levels) in product(IS_NORMAL, ABOVE.items())
    }
    told |= {text: _whole(levels) for text, levels in ALL_NORMAL.items()}
    told[TOLD + "There is no canal stenosis at the three levels above."] = {
        **TOLD_CELLS,
        **_whole(LEVELS[1:4], ALL[:1]),
    }
    told["L5-S1: severe canal stenosis. At L3-4 and at the levels higher up the canal is capacious."] = {
        ("L5-S1", "SCS"): 3,
        **_whole(LEVELS[:4], ALL[:1]),
    }
    told["L5-S1: severe canal stenosis. Upper levels nil."] = {("L5-S1", "SCS"): 3, **_whole(LEVELS[1:3])}
    told["L5-S1 -> severe canal stenosis.\nOthers -> normal"] = {("L5-S1", "SCS"): 3, **_whole(LEVELS[:5])}
    assert misread(told.items()) == []

"""What has changed, how far a grade goes and how sure it is, x structures x places in a report."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labeling.labeler import label_text

ADVERBS = {"mild": "mildly", "moderate": "moderately", "severe": "severely"}
STRUCTURES = {
    "canal stenosis": (("SCS",), "the canal is"),
    "bilateral foraminal stenosis": (("RFS", "LFS"), "both foramina are"),
    "left foraminal stenosis": (("LFS",), "the left foramen is"),
    "narrowing of the right lateral recess": (("RRS",), "the right lateral recess is"),
    "bilateral facet arthropathy": (("RFA", "LFA"), ""),
}
PLACES = (
    "L4-5: {said}.",
    "L4-5: Disc bulge. {said}.",
    "FINDINGS:\n- L4-5: {said}.",
    "{said_at}.",
    "IMPRESSION:\n1. {said_at}.\n2. No fracture.",
    "Mild canal stenosis at L2-3. {said_at}.",
    "L4-5: {said}, and {other}.",
    "{said_at}, and {other}.",
)

# {g} is the grade of today, {h} an earlier one
NOW = (
    *(
        "{g} {n}, previously {h}",
        "{g} {n} (was {h})",
        "{n}, {h} previously and {g} now",
        "{n}, {h} then, {g} now",
    ),
    *("{n}: {h} then, {g} now", "{n}, having been {h} and now {g}", "{g} {n}, {h} on the prior study"),
    *("{g} {n} compared to {h} on the prior", "{g} {n} versus {h} previously", "the {h} {n} has become {g}"),
    *(
        "the {n} was {h} and is now {g}",
        "the {n} is now {g} where it was {h}",
        "the {n} is now {g}; it was {h} before",
    ),
    *(
        "the {n} has gone from {h} to {g}",
        "the {n} is no longer {h} but {g}",
        "{n}, increased from {h} to {g}",
    ),
    *(
        "I would have called the {n} {h} then, and it is {g} now",
        "{d} {H} narrowed then and {G} narrowed now",
    ),
    *("{d}, previously {H} narrowed, now {G} narrowed", "{was} {H} narrowed and {d2} now {G} narrowed"),
    *("there has been no progression of the {g} {n}", "{g} {n}, slightly worse than before"),
    *("mild progression of {n}, now {g}", "the {n} has worsened markedly and is now {g}"),
    *("{g} {n} with slight interval worsening", "severely progressed {n}, now {g}", "up to {g} {n}"),
    *("if anything {g} {n}", "{n}, if anything {g}", "the previously seen {g} {n} is again noted"),
    "{g}, not {h}, {n}",
)
VALUES = {
    **dict.fromkeys(("resolution of {n}", "complete resolution of severe {n}", "no remaining {n}"), (0, 0)),
    **dict.fromkeys(("the {n} was severe and has resolved", "the {n} which was severe has resolved"), (0, 0)),
    **dict.fromkeys(("mild progression of {n}", "the {n} shows moderate progression"), (1, 3)),
    **dict.fromkeys(("the {n} has worsened severely", "the {n} has mildly increased"), (1, 3)),
    **dict.fromkeys(("the {n} is slightly worse than before", "moderately increased {n}"), (1, 3)),
    **dict.fromkeys(("mild {n}, bordering on moderate", "the {n} approaches moderate"), (1, 2)),
    **dict.fromkeys(("mild, bordering on moderate, {n}", "mild to at most moderate {n}"), (1, 2)),
    **dict.fromkeys(("moderate {n}, borderline severe", "the {n} is moderate if not severe"), (2, 3)),
    **dict.fromkeys(("near-severe {n}", "the {n} falls just short of severe"), (2, 3)),
    **dict.fromkeys(("the {n} is no worse than moderate", "there is no {n} greater than moderate"), (0, 2)),
    **dict.fromkeys(("at worst moderate {n}", "the {n} has not progressed beyond moderate"), (0, 2)),
    **dict.fromkeys(("no {n} that I would call severe", "the {n} is no more than moderate"), (0, 2)),
    **dict.fromkeys(("no {n} beyond mild", "the {n} is at most mild", "trace at most {n}"), (0, 1)),
    **dict.fromkeys(("low-end moderate {n}", "{n} at the lower end of moderate"), (2, 2)),
    **dict.fromkeys(("{n}, upper end of mild", "{n}, mild if any", "minimal, if any, {n}"), (1, 1)),
}
DOUBTED = (
    *("the {n} may be {g}", "the {n} is likely {g}", "the {n} is, I suspect, {g}", "{n}, possibly {g}"),
    *(
        "{n}: ? {g}",
        "I suspect there is {g} {n}",
        "findings concerning for {g} {n}",
        "what is likely {g} {n}",
    ),
    *("{d} likely {G} narrowed", "{d} suspected to be {G} narrowed"),
    *("{g} {n}, suspected", "{g} {n} suspected", "{g} {n} (?)"),
)
PLACE_OF_OTHER = {
    "{n} is {g} at L4-5, compared with {h} at L2-3": "L4-L5 g, L2-L3 h",
    "{n} is {g} at L4-5 versus {h} at L2-3": "L4-L5 g, L2-L3 h",
    "{g} {n} at L4-5, more severe than at L2-3, where it is {h}": "L4-L5 g, L2-L3 h",
    "{n} is more severe at L4-5, where it is {g}, than at L2-3, where it is {h}": "L4-L5 g, L2-L3 h",
    "{g} {n} at L4-5 and to the same degree at L2-3": "L4-L5 g, L2-L3 g",
    "{g} {n} at L4-5, equally at L2-3": "L4-L5 g, L2-L3 g",
    "{n} at L4-5 is {g} and the same at L2-3": "L4-L5 g, L2-L3 g",
}
SIDES = {
    "{n} is {g} on the right and to the same degree on the left": "gg",
    "{n} is {g} on the right versus {h} on the left": "gh",
    "{n} is {g} on the right compared with {h} on the left": "gh",
    "the right {n} is {g} and the left slightly less, {h}": "gh",
    "{g} right {n}, less on the left where it is {h}": "gh",
    "bilateral {n}, more severe on the right ({g})": "gP",
    "{g} right and possible {h} left {n}": "gh?",
    "possible {h} left {n}. {g} right {n}": "gh?",
}


def cells(text: str) -> dict[tuple[str, str], tuple[int, int, bool]]:
    """Bounds, and whether in doubt, of every cell."""
    return {
        (str(one.level), one.code): (
            int(one.interval.low),
            int(one.interval.high),
            one.certainty == "uncertain",
        )
        for one in label_text(text).grades
    }


def places(form: str, now: str, before: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """`form` of every structure at every place, and the codes that it is of."""
    for noun, (codes, subject) in STRUCTURES.items():
        if ("{d" in form or "{was}" in form) and not subject:
            continue
        singular = noun.removeprefix("bilateral ") if "no " in form else noun
        grades = {"g": now, "h": before, "G": ADVERBS[now], "H": ADVERBS[before]}
        was = subject.removesuffix(" is").removesuffix(" are") + (
            " were" if subject[-3:] == "are" else " was"
        )
        words = grades | {
            "d": subject,
            "d2": subject.rsplit(maxsplit=1)[-1:][0] if subject else "",
            "was": was,
        }
        said = form.format(n=singular, **words)
        noun_last = form.rfind("{n}")
        placed = form[: noun_last + 3] + " at L4-5" + form[noun_last + 3 :] if noun_last >= 0 else form
        said_at = placed.format(n=singular, **words) if noun_last >= 0 else f"at L4-5 {said}"
        other = "the foramina are patent" if codes == ("SCS",) else "the canal is patent"
        for place in PLACES:
            yield (
                place.format(
                    said=said[0].upper() + said[1:], said_at=said_at[0].upper() + said_at[1:], other=other
                ),
                codes,
            )


def misread(form: str, now: str, before: str, low: int, high: int, *, doubt: bool = False) -> list[str]:
    """The texts in which a structure does not get `low` to `high`, or another one does not stay normal."""
    wrong = []
    for text, codes in places(form, now, before):
        found = {code: value for (level, code), value in cells(text).items() if level == "L4-L5"}
        beside = ("RFS", "LFS") if codes == ("SCS",) else ("SCS",)
        wanted = dict.fromkeys(codes, (low, high, doubt))
        if " patent." in text:
            wanted |= dict.fromkeys(beside, (0, 0, False))
        bounded = low == 0 < high  # of a narrowing that is affirmed, the lower bound is mild
        if bounded and found.keys() == wanted.keys():
            found = {code: (0, *value[1:]) if code in codes else value for code, value in found.items()}
        if found != wanted:
            wrong.append(text)
    return wrong


@pytest.mark.parametrize("form", NOW)
def test_grade_of_today(form: str) -> None:
    ranks = {"mild": 1, "moderate": 2, "severe": 3}
    pairs = [("mild", "severe"), ("severe", "mild"), ("moderate", "severe")]
    if "no longer" in form or ", not " in form:
        pairs = [("mild", "severe"), ("moderate", "severe")]
    assert not [text for now, before in pairs for text in misread(form, now, before, ranks[now], ranks[now])]


@pytest.mark.parametrize("form", VALUES)
def test_how_far_a_grade_goes(form: str) -> None:
    assert not misread(form, "mild", "mild", *VALUES[form])


@pytest.mark.parametrize("form", DOUBTED)
def test_doubt_is_of_its_own_structure(form: str) -> None:
    assert not misread(form, "moderate", "mild", 2, 2, doubt=True)


@pytest.mark.parametrize("form", PLACE_OF_OTHER)
def test_levels_held_against_each_other(form: str) -> None:
    ranks = {"g": (3, 3, False), "h": (1, 1, False)}
    for noun, (codes, _) in STRUCTURES.items():
        wanted = {
            (place.split()[0], code): ranks[place.split()[1]]
            for place in PLACE_OF_OTHER[form].split(", ")
            for code in codes
        }
        text = form.format(n=noun, g="severe", h="mild")
        assert cells(text[0].upper() + text[1:] + ".") == wanted, text


@pytest.mark.parametrize("form", SIDES)
def test_sides_held_against_each_other(form: str) -> None:
    right, left, doubt = (*SIDES[form], "")[:3]
    values = {"g": (2, 2), "h": (1, 1), "P": (1, 3)}
    for noun, code in (
        ("foraminal stenosis", "FS"),
        ("lateral recess stenosis", "RS"),
        ("facet arthropathy", "FA"),
    ):
        said = form.format(n=noun, g="moderate", h="mild")
        wanted = {
            ("L4-L5", "R" + code): (*values[right], False),
            ("L4-L5", "L" + code): (*values[left], doubt == "?"),
        }
        for text in (f"L4-5: {said}.", f"L4-5: Dry disc. {said}. No canal stenosis."):
            beside = {("L4-L5", "SCS"): (0, 0, False)} if "canal" in text else {}
            assert cells(text) == wanted | beside, text

"""What narrows the canal at a vertebra narrows it at no disc that happened to be spoken of before.

Crossed are what stands before, the lesion, its vertebra and how it is told that the canal is narrow there.
"""

from __future__ import annotations

from itertools import product

from graded import misread

BEFORE = (
    "L5-S1: Disc bulge. Mild left foraminal stenosis. ",
    "Mild left foraminal stenosis at L5-S1. ",
    "At L5-S1 the left foramen is mildly narrowed. ",
)
LESIONS = (
    *("burst fracture of {}", "{} compression fracture", "metastasis in {}", "pathologic {} fracture"),
    *("{} vertebral body fracture", "lesion of the {} vertebral body", "{} superior endplate fracture"),
    *("osteoporotic collapse of {}", "destruction of the {} body", "vertebra plana of {}"),
)
VERTEBRAE = ("T12", "L1", "L3")
TOLD = (
    *("{lesion} with moderate canal stenosis.", "{lesion} causing moderate canal stenosis."),
    *(
        "{lesion} with retropulsion and moderate narrowing of the canal.",
        "{lesion}, moderate canal stenosis.",
    ),
    *("{lesion} with moderate canal stenosis at this level.", "{lesion}. Moderate canal stenosis."),
    *("{lesion}. The canal is moderately narrowed.", "{lesion}. It narrows the canal moderately."),
    *("{lesion} is seen. This causes moderate canal stenosis.", "{lesion}. Canal moderately stenotic there."),
)
NARROW = (
    *("Moderate canal stenosis due to the {lesion}.", "The canal is moderately narrowed by the {lesion}."),
    *(
        "Moderate canal stenosis at the level of the {lesion}.",
        "There is moderate stenosis behind the {lesion}.",
    ),
)
LEFT = {("L5-S1", "LFS"): 1}


def capital(words: str) -> str:
    return words[0].upper() + words[1:]


def test_lesion_of_a_vertebra_away_from_the_level_before() -> None:
    texts = [
        before + capital(told.format(lesion=lesion.format(vertebra)))
        for before, told, lesion, vertebra in product(BEFORE, (*TOLD, *NARROW), LESIONS, VERTEBRAE)
    ]
    assert misread((text, LEFT) for text in texts) == []


def test_lesion_of_a_vertebra_beside_the_disc() -> None:
    moderate = {("L1-L2", "SCS"): 2}
    texts = [
        "L1-2: Disc bulge. Burst fracture of L1 with moderate canal stenosis.",
        "L1-2: Disc bulge. Burst fracture of L2 with retropulsion. Moderate canal stenosis.",
    ]
    assert misread((text, moderate) for text in texts) == []


def test_lesion_that_is_denied_or_small_ends_no_block() -> None:
    moderate = {("L4-L5", "SCS"): 2}
    texts = [
        "L4-5: Disc bulge. No fracture of L1. Moderate canal stenosis.",
        "L4-5: Disc bulge. Haemangioma of L2. Moderate canal stenosis.",
        "L4-5: Disc bulge. Fracture of the L5 end plate. Moderate canal stenosis.",
    ]
    assert misread((text, moderate) for text in texts) == []


def test_what_is_denied_behind_a_lesion_is_denied_at_the_level_before_as_well() -> None:
    texts = [before + "Old fracture of L2. No canal stenosis." for before in BEFORE]
    assert misread((text, {**LEFT, ("L5-S1", "SCS"): 0}) for text in texts) == []


PASSING = (
    *(
        "Modic changes at L2-3.",
        "Schmorl's node in L2.",
        "Previous fusion of L2 and L3.",
        "Discitis at L2-3.",
    ),
    *("Epidural abscess from L1 to L3.", "Pars defects at L3.", "The L2 nerve root is compressed."),
    *("The conus ends at L1.", "The apex of the curve is at L2-3.", "An arachnoid cyst lies at L2-3."),
)


def test_what_is_named_in_passing_ends_the_reach_of_the_level_before() -> None:
    texts = [
        f"Mild left foraminal stenosis at L5-S1. {passing} {told}"
        for passing, told in product(
            PASSING, ("Moderate canal stenosis.", "The canal is moderately narrowed.")
        )
    ]
    assert misread((text, LEFT) for text in texts) == []


def test_what_is_named_in_passing_ends_no_block() -> None:
    moderate = {("L5-S1", "LFS"): 1, ("L5-S1", "SCS"): 2}
    texts = [
        f"L5-S1: Mild left foraminal stenosis. {passing} Moderate canal stenosis." for passing in PASSING
    ]
    assert misread((text, moderate) for text in texts) == []


BONES = (
    *(
        "The collapsed {} vertebra",
        "The wedged {} body",
        "A retropulsed fragment of {}",
        "{} is collapsed and",
    ),
    *(
        "The posterior wall of {}",
        "The {} vertebra is crushed and",
        "The infiltrated {}",
        "Retropulsion of {}",
    ),
)
NARROWS = ("narrows the canal", "severely narrows the canal", "encroaches on the canal")


def test_vertebra_that_narrows_the_canal_itself() -> None:
    texts = [
        f"{before}{bone.format(vertebra)} {narrows}."
        for before, bone, vertebra, narrows in product(BEFORE, BONES, VERTEBRAE, NARROWS)
    ]
    assert misread((text, LEFT) for text in texts) == []
    for bone in BONES:
        text = f"L3-4: Disc bulge. {bone.format('L4')} severely narrows the canal."
        assert misread([(text, {("L3-L4", "SCS"): 3})]) == []

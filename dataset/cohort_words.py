"""A cohort from the words of a command line."""

from __future__ import annotations

from dataset.cohort import Cohort, parse_cohort, vary
from labeling.issues import InputError, Issue
from lexicons.vocabulary import Level

_CONTRAST = {"any": None, "with": True, "without": False}


def cohort_of(
    name: str,
    *,
    levels_described: int | None = None,
    levels_imaged: str | None = None,
    disc_grades: int | None = None,
    views: str | None = None,
    modality: str | None = None,
    contrast: str | None = None,
    postoperative: bool | None = None,
    transitional: bool | None = None,
    uncertain: bool | None = None,
    implied: bool | None = None,
) -> Cohort:
    """The named cohort, with what is given changed; None leaves it as the cohort has it.

    Lists have commas between their parts; ``any`` or ``none`` is the empty list. Raises `InputError`.
    """
    return vary(
        name,
        levels_described=levels_described,
        levels_imaged=None if levels_imaged is None else tuple(map(_level, _parts(levels_imaged))),
        disc_grades=disc_grades,
        views=None if views is None else _parts(views),
        modalities=None if modality is None else tuple(part.upper() for part in _parts(modality)),
        contrast=_contrast(contrast),
        exclude_flags=_flags(parse_cohort(name), postoperative=postoperative, transitional=transitional),
        uncertain=uncertain,
        implied=implied,
    )


def _parts(words: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in words.split(",") if part.strip() not in {"", "any", "none"})


def _level(word: str) -> Level:
    try:
        return Level.parse(word)
    except ValueError:
        message = f"expected levels such as L4-L5; got {word!r}."
        raise InputError(Issue("cohort > levels_imaged", "bad-cohort", message, "Name discs.")) from None


def _contrast(word: str | None) -> bool | None:
    if word not in {None, *_CONTRAST}:
        message = f"expected one of {', '.join(_CONTRAST)}; got {word!r}."
        raise InputError(Issue("cohort > contrast", "bad-cohort", message, "Use one."))
    return _CONTRAST[word or "any"]


def _flags(rule: Cohort, **kept: bool | None) -> tuple[str, ...]:
    """The flags to exclude: those of the rule, but for what is said of one by name."""
    return tuple(
        flag for flag, keep in kept.items() if keep is False or (keep is None and flag in rule.exclude_flags)
    )

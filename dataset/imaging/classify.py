"""What a series is: plane from geometry; weighting, role and contrast from tags, then from names.

Each question is a table. A name is compared in lower case with everything but letters, digits, ``*`` and
``+`` turned into single spaces, so ``SAG_T2-TSE`` reads ``sag t2 tse``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, isfinite, nan
from typing import Any, TypeVar

import numpy as np
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from dataset.imaging.volume import Points

AXIAL_TILT = 0.5
"""Least head-feet part of the normal of an axial slice: planes through L5-S1 tilt by up to 60 degrees."""

T = TypeVar("T")
_Range = tuple[float, float]
_ANY: _Range = (-inf, inf)


@dataclass(frozen=True, slots=True)
class Timing:
    """Ranges of echo, repetition and inversion time, in ms, that make an image weighted so."""

    weighting: str
    echo: _Range
    repetition: _Range = _ANY
    inversion: _Range | None = None


TIMINGS = (
    Timing("STIR", echo=_ANY, inversion=(80, 260)),  # nulls fat at 1.5 T and 3 T
    Timing("T1", echo=(0, 35), inversion=(500, 1300)),  # T1 FLAIR
    Timing("T2", echo=(60, inf)),
    Timing("T1", echo=(0, 35), repetition=(0, 1200)),
    Timing("PD", echo=(0, 50), repetition=(1300, inf)),
)
"""Of spin-echo images; the first that fits counts. Gradient echoes are left to their name."""

NAMES = (
    ("STIR", r"\b(stir|tirm)"),
    ("T2", r"\bt2"),
    ("T1", r"\bt1"),
    ("PD", r"\bpd(w|\b)"),
)
"""Weighting in a series name; the first that matches counts, since a STIR is often called ``T2 STIR``."""

ACQUISITION_CONTRAST = {"T1": "T1", "T2": "T2", "STIR": "STIR", "PROTON_DENSITY": "PD"}
"""Values of AcquisitionContrast (0008,9209)."""

LOCALIZER = r"\b(loc|localizer|localiser|scout|survey|(3|three) ?plane)\b"
DERIVED_TYPES = {"MPR", "MIP", "PROJECTION IMAGE", "SUBTRACTION", "ADC", "REFORMATTED"}

CONTRAST_NAMES = (
    (False, r"\b(pre|without|w o|wo|non|no)\b(?! ?op)"),
    (True, r"(\b(post|gad\w*|gd|ce|contrast)\b(?! ?op)|\+ ?c\b|\bc ?\+)"),
)
NO_AGENT = {"", "NONE", "NO", "N"}


def plane_of(normal: Points) -> str:
    """``sagittal``, ``axial`` or ``coronal`` from the unit normal of the slices, LPS."""
    x, y, z = np.abs(normal)
    if x >= max(y, z):
        return "sagittal"
    return "axial" if z >= min(AXIAL_TILT, y) else "coronal"


def weighting_of(dataset: Dataset, names: Iterable[str]) -> str | None:
    """T1, T2, STIR or PD: from AcquisitionContrast, from the times of a spin echo, then from `names`."""
    stated = ACQUISITION_CONTRAST.get(str(dataset.get("AcquisitionContrast", "")).upper())
    return stated or _by_timing(dataset) or _by_name(names, NAMES)


def role_of(dataset: Dataset, names: Iterable[str]) -> str:
    """``localizer``, ``derived`` or ``primary``."""
    types = {str(value).upper() for tag in ("ImageType", "FrameType") for value in _many(dataset.get(tag))}
    if "LOCALIZER" in types or any(re.search(LOCALIZER, plain(name)) for name in names):
        return "localizer"
    return "derived" if types & {"DERIVED", *DERIVED_TYPES} else "primary"


def contrast_of(dataset: Dataset, names: Iterable[str]) -> bool | None:
    """Whether a contrast agent was given; None when neither the tag nor a name says."""
    agent = dataset.get("ContrastBolusAgent")
    if agent:
        return str(agent).strip().upper() not in NO_AGENT
    if dataset.get("ContrastBolusAgentSequence"):  # of an enhanced file
        return True
    return _by_name(names, CONTRAST_NAMES)


def plain(name: str) -> str:
    """A series name in lower case, its punctuation turned into single spaces."""
    return re.sub(r"[^a-z0-9*+]+", " ", name.lower()).strip()


def _by_timing(dataset: Dataset) -> str | None:
    echo = _first_number(dataset, "EffectiveEchoTime", "EchoTime")
    repetition = number_of(dataset, "RepetitionTime")
    if echo is None or repetition is None or _is_gradient_echo(dataset):
        return None
    inversion = _first_number(dataset, "InversionTimes", "InversionTime") or 0.0
    for timing in TIMINGS:
        fits = _within(echo, timing.echo) and _within(repetition, timing.repetition)
        if fits and (timing.inversion is None or _within(inversion, timing.inversion)):
            return timing.weighting
    return None


def _by_name(names: Iterable[str], table: Iterable[tuple[T, str]]) -> T | None:
    table = tuple(table)
    hits = (meaning for name in names for meaning, pattern in table if re.search(pattern, plain(name)))
    return next(hits, None)


def number_of(dataset: Dataset, tag: str) -> float | None:
    """The number in a tag, the first of several; None where there is none that can be read."""
    try:
        value = next(iter(_many(dataset.get(tag))), None)
        number = nan if value in (None, "") else float(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return number if isfinite(number) else None


def _first_number(dataset: Dataset, *tags: str) -> float | None:
    return next((number for tag in tags if (number := number_of(dataset, tag)) is not None), None)


def _is_gradient_echo(dataset: Dataset) -> bool:
    classic = {str(value) for value in _many(dataset.get("ScanningSequence"))}
    return bool(classic & {"GR", "EP"}) or str(dataset.get("EchoPulseSequence", "SPIN")) != "SPIN"


def _within(value: float, limits: _Range) -> bool:
    return limits[0] <= value <= limits[1]


def _many(value: Any) -> Iterable[Any]:
    """The values of a tag that may hold none, one or several."""
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple, MultiValue)) else (value,)

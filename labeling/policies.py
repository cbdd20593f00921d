"""From an interval of grades to the one training label, by a named policy.

`regrade` needs nothing but what a label row holds (interval, flags), so labels are graded again without
parsing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from labeling.issues import InputError, Issue
from lexicons.vocabulary import Grade, Interval

Choice = Literal["low", "high", "drop"]


@dataclass(frozen=True, slots=True)
class Policy:
    """How a policy draws a grade.

    `intermediate` is for two neighbouring grades (mild to moderate), `at_least` for "at least mild",
    `at_most` for "no more than mild", `wide` for what is left: no grade word, "no severe stenosis". Each is
    the lower bound, the upper bound or no label.
    """

    name: str
    intermediate: Choice
    at_least: Choice
    at_most: Choice
    wide: Choice


POLICIES: dict[str, Policy] = {
    policy.name: policy
    for policy in (
        # Lu et al. 2018, DeepSPINE, section 2: intermediate grades go with the higher grade
        Policy("deepspine", intermediate="high", at_least="low", at_most="low", wide="drop"),
        Policy("down", intermediate="low", at_least="low", at_most="low", wide="drop"),
        Policy("up", intermediate="high", at_least="high", at_most="high", wide="drop"),
        # exact grades only
        Policy("drop", intermediate="drop", at_least="drop", at_most="drop", wide="drop"),
    )
}
"""Every policy by name; ``deepspine`` is the default."""


def find_policy(name: str) -> Policy:
    """The policy called `name`; `InputError` names the choices."""
    if name not in POLICIES:
        message = f"expected one of {', '.join(POLICIES)}; got {name!r}."
        raise InputError(Issue("policy", "unknown-policy", message, "Choose one of them."))
    return POLICIES[name]


def regrade(
    interval: Interval, flags: Collection[str] = (), policy: Policy | str = "deepspine"
) -> int | None:
    """The label that `policy` draws from `interval`; `None` where it gives none.

    `flags` are those of the cell: ``at_least``, ``at_most`` and ``ungraded`` tell intervals apart that are
    the same in numbers.
    """
    chosen = find_policy(policy) if isinstance(policy, str) else policy
    low, high = interval.low, interval.high
    if low == high:
        return low
    if "ungraded" in flags or "not_severe" in flags:
        choice = chosen.wide
    elif "at_least" in flags:
        choice = chosen.at_least
    elif low == Grade.NORMAL and high == Grade.MILD:
        choice = chosen.at_most
    elif high - low == 1:
        choice = chosen.intermediate
    else:
        choice = chosen.wide
    return {"low": low, "high": high, "drop": None}[choice]

"""Every policy on every interval."""

from __future__ import annotations

import pytest

from labeling.issues import InputError
from labeling.policies import POLICIES, regrade
from lexicons.vocabulary import Interval

EXACT = [Interval(grade, grade) for grade in range(4)]
CASES = [
    # interval, flags, deepspine, down, up, drop
    ((0, 1), (), 0, 0, 1, None),
    ((0, 1), ("at_most",), 0, 0, 1, None),
    ((0, 2), ("not_severe",), None, None, None, None),
    ((1, 2), (), 2, 1, 2, None),
    ((2, 3), (), 3, 2, 3, None),
    ((1, 3), ("at_least",), 1, 1, 3, None),
    ((2, 3), ("at_least",), 2, 2, 3, None),
    ((1, 3), ("ungraded",), None, None, None, None),
    ((2, 3), ("ungraded",), None, None, None, None),
    ((1, 3), (), None, None, None, None),
    ((0, 3), (), None, None, None, None),
]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("interval", EXACT, ids=str)
def test_an_exact_grade_is_its_own_label(policy: str, interval: Interval) -> None:
    assert regrade(interval, policy=policy) == interval.low


@pytest.mark.parametrize(("bounds", "flags", "deepspine", "down", "up", "drop"), CASES)
def test_policies(bounds, flags, deepspine, down, up, drop) -> None:
    interval = Interval(*bounds)
    found = [regrade(interval, flags, policy) for policy in ("deepspine", "down", "up", "drop")]
    assert found == [deepspine, down, up, drop]


def test_unknown_policy_names_the_choices() -> None:
    with pytest.raises(InputError, match="expected one of deepspine, down, up, drop; got 'best'"):
        regrade(Interval(1, 2), policy="best")

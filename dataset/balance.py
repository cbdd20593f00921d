"""What a grader cannot learn from a dataset, or not be tested on: grades that a split does not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dataset.record import DATA
from dataset.schema import DATASET
from dataset.split import SPLITS
from dataset.stage import read_table
from labeling.issues import Issue
from lexicons.findings import CODES, HEAD_CODES

_FOR = {"train": "cannot be learned", "validation": "cannot be tuned", "test": "cannot be measured"}
_RARE = 0.01


def balance(dataset: Path) -> list[Issue]:
    """A warning for every grade of a model head that a split lacks, or that is rare in training."""
    return [issue for split in SPLITS for code in HEAD_CODES for issue in _of(dataset, split, code)]


def _of(dataset: Path, split: str, code: str) -> Iterator[Issue]:
    grades = read_table(dataset / DATA, split, DATASET, [code])[code].to_pylist()
    counts = Counter(grade for grade in grades if grade is not None)
    names = dict(enumerate(CODES[code][0].scale))
    where, cure = f"{dataset / DATA} > {split} > {code}", "Add studies, or another --seed or --fractions."
    if not counts:
        yield Issue(where, "no-grades", f"no disc has a grade; it {_FOR[split]}.", cure, "warning")
        return
    if absent := [f"{grade} ({name})" for grade, name in names.items() if not counts[grade]]:
        message = f"no disc of grade {', '.join(absent)}; it {_FOR[split]}."
        yield Issue(where, "absent-grade", message, cure, "warning")
    if split == "train":
        rare = [f"{g} ({names[g]})" for g, n in sorted(counts.items()) if n < _RARE * counts.total()]
        if rare:
            message = f"fewer than 1 disc in 100 is of grade {', '.join(rare)}."
            yield Issue(where, "rare-grade", message, "Weigh the loss, or add such studies.", "warning")

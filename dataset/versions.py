"""What changed between two builds: which discs came, went or moved, and which of their cells differ.

A disc is known by its study and level. What made rows fall out is compared by reason; which rule of a lexicon
changed a grade is what `labeling.difference` tells of the two label folders.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dataset.record import DATA, Manifest, Record
from dataset.schema import DATASET
from dataset.split import SPLITS
from dataset.stage import read_table
from labeling.difference import Change, cell_change, count_kinds, counts_table, made_with, place_of
from lexicons.findings import CODES

_MOVED_MM = 0.5
_COLUMNS = ["study", "level", "report_id", "split", "centre", "uncertain", "implied", "lexicon", "policy"]
_CELLS = [name for code in CODES for name in (code, f"{code}_low", f"{code}_high")]
_Key = tuple[str, str]
_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """Everything that two builds differ in.

    `discs` are in both; `moved` counts those of them whose centre is more than 0.5 mm away, `splits` those
    that changed their split (``train -> test``). `dropped` maps a reason to the rows of every input table
    that fell out for it before and after, where the numbers differ. `lexicons` and `policies` are what each
    build was graded with. The rest is as in `labeling.difference.Difference`.
    """

    discs: int
    only_before: int
    only_after: int
    moved: int
    splits: Mapping[str, int]
    dropped: Mapping[str, tuple[int, int]]
    lexicons: tuple[tuple[str, ...], tuple[str, ...]]
    policies: tuple[tuple[str, ...], tuple[str, ...]]
    same: int
    kinds: Mapping[str, int]
    cells: Mapping[str, Mapping[str, int]]
    changes: tuple[Change, ...]

    def to_json(self) -> dict[str, Any]:
        """The whole difference as plain values."""
        return asdict(self)

    def to_markdown(self, most: int = 50) -> str:
        """Counts by cell and by reason, and the first `most` changes."""
        lines = [f"{line}  " for line in self.summary()]
        lines += counts_table(self.cells, self.kinds)
        lines += ["", "| fell out because | before | after |", "| --- | ---: | ---: |"]
        lines += [f"| {reason} | {one:,} | {two:,} |" for reason, (one, two) in self.dropped.items()]
        lines += ["", "| report | cell | before | after |", "| --- | --- | --- | --- |"]
        for change in self.changes[:most]:
            report = change.report_id.replace("|", "\\|")
            values = f"{change.before or 'absent'} | {change.after or 'absent'}"
            lines.append(f"| {report} | {change.level} {change.code} | {values} |")
        if len(self.changes) > most:
            lines += ["", f"and {len(self.changes) - most:,} more"]
        return "\n".join([*lines, ""])

    def summary(self) -> list[str]:
        """What was compared, in a few lines."""
        changed = sum(self.kinds.values())
        lines = [
            f"{self.discs:,} discs in both, {self.only_before:,} only before, "
            f"{self.only_after:,} only after.",
            f"{changed:,} cells of the discs in both differ, {self.same:,} are the same.",
        ]
        moved = [f"{count:,} went {way}" for way, count in self.splits.items()]
        moved += [f"{self.moved:,} lie more than {_MOVED_MM:g} mm elsewhere"] if self.moved else []
        lines += [f"Discs: {'; '.join(moved)}."] if moved else []
        return lines + made_with(self.lexicons, self.policies)


def compare_versions(before: Path, after: Path) -> VersionDifference:
    """Compare two folders that `levelwise build` finished; volumes are not read. `InputError` for others."""
    first, second = _read(before), _read(after)
    one, two = Record.read(before), Record.read(after)
    both = sorted(first.keys() & second.keys())
    pairs = [pair for key in both for pair in _pairs(first[key], second[key])]
    changes = tuple(sorted((cell_change(*pair) for pair in pairs if _differ(*pair)), key=place_of))
    return VersionDifference(
        discs=len(both),
        only_before=len(first) - len(both),
        only_after=len(second) - len(both),
        moved=sum(math.dist(first[key]["centre"], second[key]["centre"]) > _MOVED_MM for key in both),
        splits=_split_changes((first[key]["split"], second[key]["split"]) for key in both),
        dropped=_dropped(one, two),
        lexicons=(one.lexicons, two.lexicons),
        policies=(one.policies, two.policies),
        same=len(pairs) - len(changes),
        kinds=count_kinds(changes),
        cells={code: count_kinds(change for change in changes if change.code == code) for code in CODES},
        changes=changes,
    )


def _read(folder: Path) -> dict[_Key, _Row]:
    Manifest.read(folder)  # a folder without one is one that no build finished
    rows = (
        row
        for split in SPLITS
        for row in read_table(folder / DATA, split, DATASET, [*_COLUMNS, *_CELLS]).to_pylist()
    )
    return {(row["study"], row["level"]): row for row in rows}


def _pairs(before: _Row, after: _Row) -> Iterator[tuple[_Row | None, _Row | None]]:
    """Every cell that either row has."""
    for code in CODES:
        one, two = _cell(before, code), _cell(after, code)
        if one or two:
            yield one, two


def _cell(row: _Row, code: str) -> _Row | None:
    """The cell as a row of `labels` says it; None when it is absent."""
    if row[f"{code}_low"] is None:
        return None
    return {
        "report_id": row["report_id"],
        "level": row["level"],
        "finding": code,
        "grade": row[code],
        "low": row[f"{code}_low"],
        "high": row[f"{code}_high"],
        "certainty": "uncertain" if code in row["uncertain"] else "affirmed",
        "evidence": (),
    }


def _differ(before: _Row | None, after: _Row | None) -> bool:
    names = ("grade", "low", "high", "certainty")
    return before is None or after is None or any(before[name] != after[name] for name in names)


def _split_changes(pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    counts = Counter(f"{one} -> {two}" for one, two in pairs if one != two)
    return dict(sorted(counts.items()))


def _dropped(before: Record, after: Record) -> dict[str, tuple[int, int]]:
    one, two = _reasons(before), _reasons(after)
    return {key: (one[key], two[key]) for key in sorted(one | two) if one[key] != two[key]}


def _reasons(record: Record) -> Counter[str]:
    counts: Counter[str] = Counter()
    for table, steps in record.flow.tables.items():
        for step in steps:
            counts.update({f"{table}: {reason}": count.rows for reason, count in step.reasons.items()})
    return counts

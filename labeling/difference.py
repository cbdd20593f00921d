"""What changed between two runs of the labeler: what an edit of a lexicon did to an archive.

Only reports with the same text in both runs are compared, cell by cell, on interval, certainty and grade; a
report of an import has no text and is known by its id. A rule is charged with every changed cell whose
evidence, before or after, it stands in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from labeling.label_runs import NO_TEXT, Row, changed_pairs, read_run
from lexicons.findings import CODES, PLACES
from lexicons.vocabulary import LEVELS, Interval, Level

Names = tuple[str, ...]
KINDS = ("added", "removed", "interval", "certainty", "grade")
"""What can happen to a cell: it came or went, its bounds, only its doubt or only its grade (policy)."""
KIND_NAMES = ("added", "removed", "interval", "only certainty", "only grade")


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that is not the same. `before` and `after` are as in ``mild..moderate?``, `None` when absent.

    `rules_before` and `rules_after` are the ids in its evidence.
    """

    report_id: str
    level: str
    code: str
    kind: str
    before: str | None
    after: str | None
    rules_before: tuple[str, ...]
    rules_after: tuple[str, ...]

    @property
    def rules(self) -> str:
        """The rules that went (-) and came (+), or those of both times when none did."""
        before, after = set(self.rules_before), set(self.rules_after)
        moved = [f"-{r}" for r in sorted(before - after)] + [f"+{r}" for r in sorted(after - before)]
        return ", ".join(moved or sorted(before))


@dataclass(frozen=True, slots=True)
class RuleChange:
    """Changed cells in whose evidence a rule stands: only before, only after, or both times."""

    before: int
    after: int
    both: int

    @property
    def cells(self) -> int:
        """All of them."""
        return self.before + self.after + self.both


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that two runs differ in.

    `reports` were compared, `by_id` of them by their id alone, because one run is an import and has no text.
    `only_before` and `only_after` count reports of one run alone, `other_text` those whose text is not the
    same; their cells are not compared. `lexicons` and `policies` are what each run was made with. `kinds` has
    every one of `KINDS`; `cells` maps codes and `levels` levels to their counts by kind. In `rules` those
    stand first that came into most cells or went out of them.
    """

    reports: int
    by_id: int
    only_before: int
    only_after: int
    other_text: int
    lexicons: tuple[tuple[str, ...], tuple[str, ...]]
    policies: tuple[tuple[str, ...], tuple[str, ...]]
    same: int
    kinds: Mapping[str, int]
    cells: Mapping[str, Mapping[str, int]]
    levels: Mapping[str, Mapping[str, int]]
    rules: Mapping[str, RuleChange]
    changes: tuple[Change, ...]

    def to_json(self) -> dict[str, Any]:
        """The whole difference as plain values."""
        return asdict(self)

    def to_markdown(self, most: int = 50) -> str:
        """Counts by cell and by rule, and the first `most` changes; no word of a report."""
        lines = [f"{line}  " for line in self.summary()]
        lines += counts_table(self.cells, self.kinds)
        lines += ["", "| rule | only before | only after | both |", "| --- | ---: | ---: | ---: |"]
        lines += [f"| {name} | {r.before} | {r.after} | {r.both} |" for name, r in self.rules.items()]
        lines += ["", "| report | cell | before | after | rules |", "| --- | --- | --- | --- | --- |"]
        for change in self.changes[:most]:
            report = change.report_id.replace("|", "\\|")
            cell = f"{change.level} {change.code}"
            lines.append(
                f"| {report} | {cell} | {change.before or 'absent'} | {change.after or 'absent'} | "
                f"{change.rules} |"
            )
        if len(self.changes) > most:
            lines += ["", f"and {len(self.changes) - most:,} more"]
        return "\n".join([*lines, ""])

    def summary(self) -> list[str]:
        """What was compared, in a few lines."""
        changed = sum(self.kinds.values())
        lines = [f"{self.reports:,} reports in both; {changed:,} cells differ, {self.same:,} are the same."]
        if self.by_id:
            lines.append(f"By id alone: {self.by_id:,} reports; an import has no text to compare.")
        if self.only_before or self.only_after or self.other_text:
            lines.append(
                f"Not compared: {self.only_before:,} reports only before, {self.only_after:,} only after, "
                f"{self.other_text:,} with another text."
            )
        return lines + made_with(self.lexicons, self.policies)


def difference(before: Path, after: Path) -> Difference:
    """Compare two folders that `levelwise label` wrote. `InputError` when one of them holds no reports."""
    first, second = read_run(before), read_run(after)
    shared = first.texts.keys() & second.texts.keys()
    by_id = {report for report in shared if NO_TEXT in (first.texts[report], second.texts[report])}
    same_text = by_id | {report for report in shared if first.texts[report] == second.texts[report]}
    pairs, same = changed_pairs(first, second, same_text)
    changes = tuple(sorted((cell_change(one, two) for one, two in pairs), key=place_of))
    return Difference(
        reports=len(same_text),
        by_id=len(by_id),
        only_before=len(first.texts) - len(shared),
        only_after=len(second.texts) - len(shared),
        other_text=len(shared) - len(same_text),
        lexicons=(first.lexicons, second.lexicons),
        policies=(first.policies, second.policies),
        same=same,
        kinds=count_kinds(changes),
        cells={code: count_kinds(c for c in changes if c.code == code) for code in CODES},
        levels={str(level): count_kinds(c for c in changes if c.level == str(level)) for level in LEVELS},
        rules=_rules(changes),
        changes=changes,
    )


def cell_change(before: Row | None, after: Row | None) -> Change:
    """What happened to one cell; `None` where it is absent, never both."""
    known = before or after or {}
    return Change(
        report_id=known["report_id"],
        level=known["level"],
        code=known["finding"],
        kind=_kind(before, after),
        before=_said(before),
        after=_said(after),
        rules_before=_evidence_rules(before),
        rules_after=_evidence_rules(after),
    )


def _kind(before: Row | None, after: Row | None) -> str:
    if before is None or after is None:
        return "added" if before is None else "removed"
    if (before["low"], before["high"]) != (after["low"], after["high"]):
        return "interval"
    return "certainty" if before["certainty"] != after["certainty"] else "grade"


def _said(row: Row | None) -> str | None:
    if row is None:
        return None
    doubt = "?" if row["certainty"] == "uncertain" else ""
    interval = Interval(row["low"], row["high"])
    grade = "" if interval.low == interval.high else f" = {'-' if row['grade'] is None else row['grade']}"
    return f"{interval}{doubt}{grade}"


def _evidence_rules(row: Row | None) -> tuple[str, ...]:
    return tuple(sorted({evidence["rule"] for evidence in row["evidence"]})) if row else ()


def count_kinds(changes: Iterable[Change]) -> dict[str, int]:
    """How many changes there are of each of `KINDS`."""
    counts = Counter(change.kind for change in changes)
    return {kind: counts[kind] for kind in KINDS}


def _rules(changes: Iterable[Change]) -> dict[str, RuleChange]:
    counts: Counter[tuple[str, str]] = Counter()
    for change in changes:
        before, after = set(change.rules_before), set(change.rules_after)
        for rule in before | after:
            counts[rule, "both" if rule in before & after else "before" if rule in before else "after"] += 1
    found = {
        rule: RuleChange(*(counts[rule, when] for when in ("before", "after", "both")))
        for rule in {rule for rule, _ in counts}
    }
    return dict(
        sorted(found.items(), key=lambda item: (-(item[1].before + item[1].after), -item[1].both, item[0]))
    )


def place_of(change: Change) -> tuple[str, Level, int]:
    """The key that changes are sorted by: report, level, code."""
    return change.report_id, Level.parse(change.level), PLACES[change.code]


def counts_table(cells: Mapping[str, Mapping[str, int]], kinds: Mapping[str, int]) -> list[str]:
    """The Markdown table of changes by cell and kind, after a blank line."""
    rows = {**cells, "all": kinds}
    head = ["", f"| cell | {' | '.join(KIND_NAMES)} |", "| --- |" + " ---: |" * len(KINDS)]
    return head + [f"| {name} | {' | '.join(f'{n[kind]:,}' for kind in KINDS)} |" for name, n in rows.items()]


def made_with(lexicons: tuple[Names, Names], policies: tuple[Names, Names]) -> list[str]:
    """What two runs were made with, before and after, in a line each."""
    lines = []
    for what, (before, after) in (("Lexicon", lexicons), ("Policy", policies)):
        one, two = (", ".join(name[:12] for name in names) or "none" for names in (before, after))
        lines.append(f"{what}: {one}, the same." if before == after else f"{what}: {one}, then {two}.")
    return lines

"""Results as tables in the terminal: what a build kept, how a grader does, how far two readings agree."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from labeling.difference import KIND_NAMES, Difference
from levelwise.console import out, say_quarantine, table

if TYPE_CHECKING:
    from dataset.build import BuildResult
    from dataset.stats import Stats
    from dataset.versions import VersionDifference
    from labeling.agreement import Agreement, Miss
    from labeling.bootstrap import Measure
    from labeling.lexicon_check import LexiconCheck
    from training.results import Evaluation, TextTable

_MOST_GROUPS = 10
"""Readers, sites or years with a table in the terminal."""


def say_build(result: BuildResult) -> None:
    """What the dataset holds, and what became of every input row."""
    out.print(Text(result.summary()))
    out.print(Text(f"  -> {result.folder}"), style="dim")
    for line in result.flow.sums():
        out.print(f"  {line}")
    for name, count in result.record.splits.items():
        out.print(
            f"  {name:10s} {count.rows:>7,} discs {count.studies:>6,} studies {count.patients:>6,} patients"
        )
    if result.issues and result.plan is None:
        say_quarantine(result.folder)


def say_evaluation(result: Evaluation) -> None:
    """The paper's Table 1 for this grader, then agreement and severe-or-not by level."""
    out.print(Text(result.summary()))
    for made in result.tables:
        out.print(_text_table(made))
    out.print(Text(result.note, style="dim"))


def say_agreement(result: Agreement, *, title: str, misses: int = 0) -> None:
    """Agreement per finding and over all cells, with intervals; the first `misses` misses, without text."""
    made = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="dim",
        box=box.SIMPLE_HEAD,
        padding=0,
    )
    for column in ("cells", "n", "precision", "recall", "F1", "silently wrong", "kappa"):
        made.add_column(column, justify="left" if column == "cells" else "right", no_wrap=True)
    for name, scores in {"core": result.core, "all": result.all, **result.findings}.items():
        made.add_row(
            name,
            f"{scores.accuracy.n:,}",
            _plain_percent(scores.precision),
            _plain_percent(scores.recall),
            _percent(scores.f1),
            _percent(scores.silent),
            _decimal(scores.kappa),
        )
    out.print(made)
    out.print(
        f"  {result.reports:,} reports; {len(result.misses):,} misses; {result.unsettled:,} cells that gold "
        "leaves open. Core: SCS, RFS and LFS. Intervals: 95 %, by resampling reports.",
        style="dim",
    )
    if result.unlabelled:
        out.print(
            f"  {result.unlabelled:,} of the reports are not among the labels: every cell of them is a miss.",
            style="yellow",
        )
    if result.misses[:misses]:
        out.print(
            "  P: affirmed without a grade. N: only “no severe”. ?: uncertain. absent: not spoken of.",
            style="dim",
        )
    for miss in result.misses[:misses]:
        out.print(Text(f"  {_miss_line(miss)}"))
    if len(result.misses) > misses > 0:
        out.print(f"  and {len(result.misses) - misses:,} more", style="dim")


def say_difference(result: Difference | VersionDifference, *, most: int) -> None:
    """What changed by cell and by rule or reason, and the first `most` changed cells, without text."""
    for line in result.summary():
        out.print(Text(line))
    _say_reasons(result, most=most)
    if not result.changes:
        return
    kinds = list(result.kinds)
    counts = {**{code: row for code, row in result.cells.items() if any(row.values())}, "all": result.kinds}
    rows = [(name, *(f"{row[kind]:,}" for kind in kinds)) for name, row in counts.items()]
    out.print(table("Changed cells", ("cell", *KIND_NAMES), rows))
    for change in result.changes[:most]:
        before, after = change.before or "absent", change.after or "absent"
        line = f"  {change.report_id}  {change.level} {change.code}: {before} -> {after}  "
        out.print(Text.assemble(line, (f"[{change.rules}]" if change.rules else "", "dim")))
    if len(result.changes) > most:
        out.print(f"  and {len(result.changes) - most:,} more cells", style="dim")


def _say_reasons(result: Difference | VersionDifference, *, most: int) -> None:
    """The rules behind changed cells, or why rows fell out of a dataset."""
    if isinstance(result, Difference):
        rows = [(name, f"{r.before:,}", f"{r.after:,}", f"{r.both:,}") for name, r in result.rules.items()]
        title, columns = "Rules in their evidence", ("rule", "only before", "only after", "both")
    else:
        rows = [
            (name, f"{one:,}", f"{two:,}", f"{two - one:+,}") for name, (one, two) in result.dropped.items()
        ]
        title, columns = "Rows that fell out", ("reason", "before", "after", "more")
    if rows:
        out.print(table(title, columns, rows[:most]))
    if len(rows) > most:
        out.print(f"  and {len(rows) - most:,} more", style="dim")


def say_lexicon_check(result: LexiconCheck) -> None:
    """Every fault, what reads otherwise, and the slowest rule."""
    styles = {"fault": "red", "replaced": "yellow", "changed": "yellow"}
    for line in result.lines():
        out.print(Text(line, style=styles.get(line.partition(":")[0], "")))


def say_disagreements(folder: Path) -> None:
    """How many cells two readers of a labels folder read differently, by kind."""
    from dataset.stage import read_table  # noqa: PLC0415  (Arrow is not needed to print help)
    from labeling.disagreements import DISAGREEMENTS  # noqa: PLC0415

    kinds = Counter(read_table(folder, "disagreements", DISAGREEMENTS)["kind"].to_pylist())
    meant = {
        "grades": "both read the cell, with other grades",
        "certainty": "both read the grade, one of them with doubt",
        "missing": "one reader finds nothing said of the cell",
    }
    for kind, words in meant.items():
        out.print(f"  {kinds[kind]:>5,} {kind}: {words}", style="dim")


def say_stats(result: Stats) -> None:
    """Discs by grade for every finding and side: by level, then in the other groups over all levels.

    Many readers or sites are left to the page: they would push the levels out of sight.
    """
    from dataset.stats_files import GRADE_NAMES, number  # noqa: PLC0415  (draws; not for printing help)

    reports = number(result.reports)
    few = "s: 1 to 10 patients, or what would tell of them; --internal shows it"
    counts = "every count" if result.exact else few
    out.print(f"stats: {reports} {result.unit}, without drafts and other regions; {counts}")
    for part in result.breakdowns:
        if len(part.reports) > _MOST_GROUPS:
            where = f"{len(part.reports):,} of them, in grades.html and grades.csv"
            out.print(f"Discs by grade and {part.by}: {where}", style="dim")
            continue
        rows = [
            (code, group, *map(number, part.row(code, group)))
            for code in result.codes
            for group in part.reports
        ]
        out.print(table(f"Discs by grade and {part.by}", ("", part.by, *GRADE_NAMES.values()), rows, left=2))


def _miss_line(miss: Miss) -> str:
    rules = f"  [{', '.join(miss.rules)}]" if miss.rules else ""
    return f"{miss.report_id}  {miss.level} {miss.code}: expected {miss.expected}, got {miss.got}{rules}"


def _percent(measure: Measure) -> str:
    if measure.value is None or measure.low is None or measure.high is None:
        return "-"
    return f"{100 * measure.value:.1f} [{100 * measure.low:.1f}, {100 * measure.high:.1f}]"


def _plain_percent(measure: Measure) -> str:
    return "-" if measure.value is None else f"{100 * measure.value:.1f}"


def _decimal(measure: Measure) -> str:
    return "-" if measure.value is None else f"{measure.value:.3f}"


def _text_table(made: TextTable) -> Table:
    """A table whose first column is printed only where it changes."""
    table = Table(title=made.title, title_justify="left", title_style="bold", header_style="dim")
    for position, column in enumerate(made.columns):
        table.add_column(column, justify="left" if position < 2 else "right")
    last = None
    for row in made.rows:
        table.add_row("" if row[0] == last else Text(row[0]), *(Text(cell) for cell in row[1:]))
        last = row[0]
    return table

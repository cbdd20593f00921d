"""Why a report has the grades it has, for the terminal: the text with its evidence, the grid, the cells.

Only the standard library and rich: the command that shows this starts at once.
"""

from __future__ import annotations

from itertools import groupby

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from labeling.report import LevelGrade, Report, ReportLabels
from labeling.segments import KIND_NAMES, cell_marks, grade_words, quoted, segments, verdict
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS, Certainty, Level

_STYLES = {
    "grade": "bold black on yellow",
    "doubt": "black on magenta",
    "what": "cyan",
    "where": "bold green",
}
_SEVERITY = ("dim", "yellow", "bold dark_orange", "bold red")
# A control character of a report must not reach the terminal, where it could move the cursor or hide words.
_CONTROLS = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"} | {13: ""}


def explain(report: Report, labels: ReportLabels) -> RenderableType:
    """What `labels` say of `report`, to be printed with a rich console: text, grid of levels, evidence."""
    parts: list[RenderableType] = [
        Text(f"{report.id}: {verdict(labels)}".translate(_CONTROLS), style="bold"),
        Text(),
        _text(report, labels),
        Text(),
    ]
    if labels.grades:
        parts += [_legend(), Text(), _grid(labels)]
        parts += [Text("? uncertain  * inherited  ~ implied  ! flagged", style="dim"), Text()]
        parts.append(_cells(report, labels))
    return Group(*parts)


def _text(report: Report, labels: ReportLabels) -> Text:
    shown = Text()
    for segment in segments(report.text, labels):
        words = report.text[segment.start : segment.end].translate(_CONTROLS)
        shown.append(words, style=_STYLES[segment.kind] if segment.kind else "")
    return shown


def _legend() -> Text:
    legend = Text()
    for kind, name in KIND_NAMES.items():
        legend.append(f" {name} ", style=_STYLES[kind]).append("  ")
    return legend


def _grid(labels: ReportLabels) -> Table:
    found = labels.cells
    table = Table("level", box=box.SIMPLE_HEAD, pad_edge=False)
    for code in CODES:
        table.add_column(code, overflow="fold")
    for level in LEVELS:
        table.add_row(str(level), *(_cell(found.get((level, code))) for code in CODES))
    return table


def _cell(grade: LevelGrade | None) -> Text:
    if grade is None:
        return Text("·", style="dim")
    style = "" if grade.grade is None else _SEVERITY[grade.grade]
    return Text(grade_words(grade), style=style).append(cell_marks(grade), style="dim")


def _cells(report: Report, labels: ReportLabels) -> Table:
    """One row for the cells of a level that rest on the same words and say the same."""
    table = Table("level", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("cells", max_width=7)
    table.add_column("says", max_width=21, overflow="fold")
    table.add_column("grade")
    table.add_column("evidence", overflow="fold")  # an id that is cut short is not to be searched for
    for (level, *_), group in groupby(labels.grades, key=_statement):
        grades = list(group)
        grade = grades[0]
        doubt = ", uncertain" if grade.certainty is Certainty.UNCERTAIN else ""
        flags = "".join(f"\n{flag}" for flag in sorted(grade.flags))
        table.add_row(
            str(level),
            " ".join(g.code for g in grades),
            f"{grade.interval}\n{grade.basis}{doubt}{flags}",
            "–" if grade.grade is None else str(grade.grade),
            _evidence(report, grade),
        )
    return table


def _statement(grade: LevelGrade) -> tuple[Level, object, object, object, object, object]:
    return grade.level, grade.interval, grade.certainty, grade.basis, grade.flags, grade.evidence


def _evidence(report: Report, grade: LevelGrade) -> Text:
    words = Text()
    for number, evidence in enumerate(grade.evidence):
        words.append("  " if number else "")
        words.append(quoted(evidence, report.text).translate(_CONTROLS)).append(
            f" {evidence.rule}", style="dim"
        )
    return words

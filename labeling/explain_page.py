"""Why a report has the grades it has, as one HTML page that needs no script, no network and no other file."""

from __future__ import annotations

from html import escape

from labeling.page import html_page
from labeling.report import Evidence, LevelGrade, Report, ReportLabels
from labeling.segments import KIND_NAMES, cell_marks, grade_words, kind_of, quoted, segments, verdict
from lexicons.findings import CODES, FINDINGS, Finding
from lexicons.vocabulary import LEVELS, Certainty

_STYLE = """
:root { --grade: #ffe28a; --doubt: #e9c8f5; --what: #cfe8f7; --where: #cdeccf; --s1: #fff3c4; --s2: #ffd199;
  --s3: #f5a59b; }
@media (prefers-color-scheme: dark) { :root { --grade: #6b5200; --doubt: #5b2c6f; --what: #12435e;
  --where: #1d4d24; --s1: #4a3f10; --s2: #6b4210; --s3: #7a231c; } }
.report { white-space: pre-wrap; border: 1px solid var(--line); border-radius: 6px; padding: 1rem 1.1rem;
  font-size: 1.02rem; line-height: 1.7; overflow-wrap: anywhere; }
mark { color: inherit; border-radius: 3px; padding: .08em .12em; }
mark.grade, .key.grade { background: var(--grade); font-weight: 600; }
mark.doubt, .key.doubt { background: var(--doubt); } mark.what, .key.what { background: var(--what); }
mark.where, .key.where { background: var(--where); }
mark:target { outline: 2px solid var(--accent); outline-offset: 1px; }
.keys { margin: 0 0 .6rem; } .key { border-radius: 3px; padding: .08em .4em; margin-right: .5rem; }
.grid td { min-width: 4.5rem; } .grid td, .grid th[scope="row"], td.label {
  white-space: nowrap; }
.grid a { color: inherit; text-decoration: none; display: block; }
.grid a:hover, .grid a:focus { text-decoration: underline; }
td.s1 { background: var(--s1); } td.s2 { background: var(--s2); } td.s3 { background: var(--s3); }
td.open { font-style: italic; } td.nil { color: var(--quiet); text-align: center; }
.flag { border: 1px solid var(--line); border-radius: 3px; padding: 0 .3em; font-size: .85em;
  white-space: nowrap; }
.cells td { font-size: .95em; } .cells td code { color: var(--quiet); }
.cells tr:target th { outline: 2px solid var(--accent); }
.cells ul { margin: 0; padding: 0; list-style: none; }
.cells li { display: inline-block; margin-right: 1rem; }
.cells a { color: var(--accent); text-decoration: none; }
"""


def explain_html(report: Report, labels: ReportLabels) -> str:
    """The page: the grid of levels and findings, the text with its evidence, every cell with its rules.

    Each cell of the grid leads to its row, and each piece of evidence to its words in the text.
    """
    title = f"Report {report.id}"
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="quiet">{escape(_origin(report))}{escape(verdict(labels))}</p>',
    ]
    if labels.grades:
        body += ["<h2>What it says</h2>", _grid(labels), _GRID_KEY]
        body += ["<h2>Where it says so</h2>", _keys(), _text(report, labels)]
        body += ["<h2>Cell by cell</h2>", _cells(report, labels)]
    else:
        body += ["<h2>It speaks of no cell</h2>", _text(report, labels)]
    return html_page(title, "\n".join(body), _STYLE)


_GRID_KEY = (
    '<p class="quiet">Empty: not mentioned, which is not normal. Italic: no single grade follows from '
    "the words. ? uncertain, * said of several levels together, ~ implied by a level called normal, "
    "! flagged.</p>"
)


def _origin(report: Report) -> str:
    known = (report.modality, report.date and report.date.isoformat())
    return "".join(f"{part}, " for part in known if part)


def _grid(labels: ReportLabels) -> str:
    found = labels.cells
    top = "".join(_finding_head(finding) for finding in FINDINGS.values())
    sides = "".join(f'<th scope="col">{side}</th>' for _, side in CODES.values() if side)
    rows = "".join(
        f'<tr><th scope="row">{level}</th>'
        + "".join(_grid_cell(found.get((level, code))) for code in CODES)
        + "</tr>"
        for level in LEVELS
    )
    head = f'<tr><th rowspan="2" scope="col">level</th>{top}</tr><tr>{sides}</tr>'
    return f'<div class="wide"><table class="grid">{head}{rows}</table></div>'


def _finding_head(finding: Finding) -> str:
    """The head over the sides of a finding; down to its cells where it has none."""
    span = 'rowspan="2" scope="col"' if None in finding.codes else 'scope="colgroup" colspan="2"'
    return f"<th {span}>{escape(finding.name)}</th>"


def _grid_cell(grade: LevelGrade | None) -> str:
    if grade is None:
        return '<td class="nil">&nbsp;</td>'
    style = "open" if grade.grade is None else f"s{grade.grade}"
    words = f"{escape(grade_words(grade))} {cell_marks(grade)}".strip()
    return f'<td class="{style}"><a href="#{_row_id(grade)}">{words}</a></td>'


def _text(report: Report, labels: ReportLabels) -> str:
    parts = []
    for segment in segments(report.text, labels):
        words = escape(report.text[segment.start : segment.end])
        if segment.kind:
            rules = "; ".join(f"{e.role}: {e.rule}" for e in segment.evidence)
            words = (
                f'<mark class="{segment.kind}" id="c{segment.start}" title="{escape(rules)}">{words}</mark>'
            )
        parts.append(words)
    return f'<div class="report">{"".join(parts)}</div>'


def _keys() -> str:
    keys = "".join(f'<span class="key {kind}">{escape(name)}</span>' for kind, name in KIND_NAMES.items())
    return f'<p class="keys">{keys}</p>'


def _cells(report: Report, labels: ReportLabels) -> str:
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("cell", "the words allow", "label", "evidence")
    )
    rows = "".join(_cell_row(report, grade) for grade in labels.grades)
    return f'<div class="wide"><table class="cells"><tr>{head}</tr>{rows}</table></div>'


def _cell_row(report: Report, grade: LevelGrade) -> str:
    side = f"{grade.side} " if grade.side else ""
    allowed = f"{grade.interval}, {grade.basis}"
    if grade.certainty is Certainty.UNCERTAIN:
        allowed += ", uncertain"
    flags = "".join(f'<br><span class="flag">{escape(flag)}</span>' for flag in sorted(grade.flags))
    label = "none" if grade.grade is None else f"{grade.grade} {grade.finding.scale[grade.grade]}"
    items = "".join(f"<li>{_evidence(evidence, report.text)}</li>" for evidence in grade.evidence)
    return (
        f'<tr id="{_row_id(grade)}"><th scope="row">{grade.level} {escape(side + grade.finding.name)}</th>'
        f'<td>{escape(allowed)}{flags}</td><td class="label">{escape(label)}</td>'
        f"<td><ul>{items}</ul></td></tr>"
    )


def _evidence(evidence: Evidence, text: str) -> str:
    words = escape(quoted(evidence, text))
    return (
        f'<a href="#c{evidence.span.start}"><span class="key {kind_of(evidence.role)}">{words}</span></a>'
        f"<code>{escape(evidence.rule)}</code>"
    )


def _row_id(grade: LevelGrade) -> str:
    return f"{grade.level}-{grade.code}"

"""An agreement as Markdown and as one HTML page: bars with their intervals, confusion tables, misses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from labeling.agreement import Agreement, Miss, Scores
from labeling.bootstrap import Measure
from labeling.gold import OUTCOMES
from labeling.page import html_page
from lexicons.findings import FINDINGS

_MEASURES = ("accuracy", "precision", "recall", "f1", "kappa", "silent")
_HEADS = ("accuracy", "precision", "recall", "F1", "kappa, linear", "silently wrong")
_SHADES = 5

_STYLE = """
.shade1 { background: color-mix(in srgb, var(--accent) 12%, transparent); }
.shade2 { background: color-mix(in srgb, var(--accent) 26%, transparent); }
.shade3 { background: color-mix(in srgb, var(--accent) 42%, transparent); }
.shade4 { background: color-mix(in srgb, var(--accent) 58%, transparent); }
td small { color: var(--quiet); white-space: nowrap; }
.wrong { color: var(--bad); font-weight: 600; } .nil { color: var(--quiet); }
.tables { display: flex; flex-wrap: wrap; gap: 1.5rem; } caption { text-align: left; font-weight: 600;
  padding-bottom: .25rem; }
svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
svg .bar { fill: var(--accent); opacity: .35; }
svg .mark { stroke: var(--ink); stroke-width: 1.5; } svg .axis { stroke: var(--line); }
details { margin: .4rem 0; } pre { white-space: pre-wrap; background: var(--soft); padding: .75rem; }
"""


def agreement_markdown(agreement: Agreement) -> str:
    """The scores by group and the confusion of each finding; reports are counted, never quoted."""
    rows = [(name, scores) for name, scores in _groups(agreement) if scores.accuracy.n]
    lines = [
        f"{agreement.reports:,} reports, {agreement.all.accuracy.n:,} cells scored, "
        f"{agreement.unsettled:,} unsettled left out, {len(agreement.misses):,} misses. "
        f"In parentheses: 95 % interval, bootstrap by report.{_unlabelled(agreement)}",
        "",
        _row(["cells", "n", *_HEADS]),
        _row(["---"] + ["---:"] * (len(_HEADS) + 1)),
        *(_row([name, f"{s.accuracy.n:,}", *map(str, _measures(s))]) for name, s in rows),
    ]
    for name, table in _confusions(agreement):
        lines += ["", f"{FINDINGS[name].name}: expected in rows, read in columns", ""]
        lines += [_row(["", *OUTCOMES]), _row(["---:"] * (len(OUTCOMES) + 1))]
        lines += [_row([out, *map(str, cells)]) for out, cells in zip(OUTCOMES, table, strict=True)]
    return "\n".join(lines) + "\n"


def agreement_html(agreement: Agreement) -> str:
    """The same with bars and every miss: id, cell, expected, got, flags, rules. No script, no network."""
    groups = [(name, scores) for name, scores in _groups(agreement) if scores.accuracy.n]
    body = [
        "<h1>Agreement with the annotated reports</h1>",
        f'<p class="quiet">{agreement.reports:,} reports, {agreement.all.accuracy.n:,} cells scored, '
        f"{agreement.unsettled:,} unsettled cells left out. Whiskers and parentheses: 95 % interval, "
        "bootstrap by report. N: only “no severe” is said. P: affirmed without a grade."
        f"{_unlabelled(agreement)}</p>",
        "<h2>F1 by group of cells</h2>",
        _bars([(name, scores.f1) for name, scores in groups]),
        "<h2>Scores</h2>",
        _score_table(groups),
        '<h2>Confusion by finding</h2><p class="quiet">Expected in rows, read in columns.</p>',
        f'<div class="tables">{"".join(_confusion_table(n, t) for n, t in _confusions(agreement))}</div>',
        f"<h2>Misses ({len(agreement.misses):,})</h2>",
        _misses(agreement.misses),
    ]
    return html_page("Agreement with the annotated reports", "\n".join(body), _STYLE)


def _unlabelled(agreement: Agreement) -> str:
    """A sentence on the reports that were never labelled; nothing where there are none."""
    count = agreement.unlabelled
    return f" {count:,} of the reports are not among the labels and count as read with no cell." * bool(count)


def _groups(agreement: Agreement) -> Iterable[tuple[str, Scores]]:
    yield "core (SCS, RFS, LFS)", agreement.core
    yield "all findings", agreement.all
    yield from ((FINDINGS[name].name, scores) for name, scores in agreement.findings.items())
    yield from agreement.levels.items()


def _measures(scores: Scores) -> list[Measure]:
    return [getattr(scores, name) for name in _MEASURES]


def _confusions(agreement: Agreement) -> list[tuple[str, tuple[tuple[int, ...], ...]]]:
    return [(name, table) for name, table in agreement.confusion.items() if any(map(any, table))]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _bars(rows: Sequence[tuple[str, Measure]]) -> str:
    """Horizontal bars from 0 to 1, one per row, each with its interval."""
    left, width, step = 210, 420, 24
    height = step * len(rows) + 24
    parts = [
        f'<svg width="840" height="{height}" viewBox="0 0 840 {height}" role="img" aria-label="F1 by group">'
    ]
    for tick in range(0, 11, 2):
        x = left + width * tick / 10
        parts.append(f'<line class="axis" x1="{x}" y1="0" x2="{x}" y2="{height - 20}"/>')
        parts.append(f'<text x="{x}" y="{height - 5}" text-anchor="middle">{tick / 10:.1f}</text>')
    for place, (name, measure) in enumerate(rows):
        y = step * place
        parts.append(f'<text x="{left - 10}" y="{y + 16}" text-anchor="end">{escape(name)}</text>')
        parts.append(_bar(measure, left, width, y))
    return "".join([*parts, "</svg>"])


def _bar(measure: Measure, left: int, width: int, y: int) -> str:
    if measure.value is None or measure.low is None or measure.high is None:
        return ""
    low, high, value = (left + width * v for v in (measure.low, measure.high, measure.value))
    return (
        f'<rect class="bar" x="{left}" y="{y + 4}" width="{value - left:.1f}" height="16"/>'
        f'<line class="mark" x1="{low:.1f}" y1="{y + 12}" x2="{high:.1f}" y2="{y + 12}"/>'
        f'<line class="mark" x1="{value:.1f}" y1="{y + 7}" x2="{value:.1f}" y2="{y + 17}"/>'
        f'<text x="{left + width + 12}" y="{y + 16}">{measure}</text>'
    )


def _score_table(groups: Iterable[tuple[str, Scores]]) -> str:
    head = "".join(f'<th class="number" scope="col">{name}</th>' for name in ("n", *_HEADS))
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td class="number">{scores.accuracy.n:,}</td>'
        + "".join(_measure_cell(measure) for measure in _measures(scores))
        + "</tr>"
        for name, scores in groups
    )
    return f'<div class="wide"><table><tr><th scope="col">cells</th>{head}</tr>{rows}</table></div>'


def _measure_cell(measure: Measure) -> str:
    value, _, interval = str(measure).partition(" ")
    return f'<td class="number">{value}<br><small>{interval.strip("()")}</small></td>'


def _confusion_table(name: str, table: Sequence[Sequence[int]]) -> str:
    most = max(map(max, table))
    head = "".join(f'<th class="number" scope="col">{out}</th>' for out in OUTCOMES)
    rows = "".join(
        f'<tr><th scope="row">{OUTCOMES[i]}</th>'
        + "".join(_count_cell(count, most, wrong=i != j) for j, count in enumerate(cells))
        + "</tr>"
        for i, cells in enumerate(table)
    )
    return f"<table><caption>{escape(FINDINGS[name].name)}</caption><tr><th></th>{head}</tr>{rows}</table>"


def _count_cell(count: int, most: int, *, wrong: bool) -> str:
    if not count:
        return '<td class="number nil">0</td>'
    shade = min(_SHADES - 1, 1 + (_SHADES - 1) * count // (most + 1))
    return f'<td class="number shade{shade}{" wrong" if wrong else ""}">{count}</td>'


def _misses(misses: Sequence[Miss]) -> str:
    head = "".join(
        f'<th scope="col">{h}</th>' for h in ("report", "cell", "expected", "read", "flags", "rules")
    )
    rows = []
    for report_id, group in groupby(misses, key=lambda miss: miss.report_id):
        found = list(group)
        rows += [_miss_row(miss) for miss in found]
        if found[0].text is not None:
            summary = f"<summary>Text of {escape(report_id)}</summary>"
            text = f"<details>{summary}<pre>{escape(found[0].text)}</pre></details>"
            rows.append(f'<tr><td colspan="6">{text}</td></tr>')
    return f'<div class="wide"><table><tr>{head}</tr>{"".join(rows)}</table></div>'


def _miss_row(miss: Miss) -> str:
    cells = (miss.report_id, f"{miss.level} {miss.code}", miss.expected, miss.got, ", ".join(miss.flags))
    rules = " ".join(f"<code>{escape(rule)}</code>" for rule in miss.rules)
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}<td>{rules}</td></tr>"

"""The distribution of grades as files: a CSV of every count, one picture per breakdown, one page with all."""

from __future__ import annotations

import base64
import csv
from collections.abc import Sequence
from html import escape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dataset.disclosure import HIDDEN, LIMIT
from dataset.shards import write_bytes
from dataset.stats import Breakdown, Stats
from dataset.tallies import GRADES, NONE, TOTAL
from labeling.page import html_page
from lexicons.findings import CODES

COLOURS = {"0": "#b8d8be", "1": "#f2cf63", "2": "#e8853a", "3": "#b3261e", NONE: "#eceff2"}
"""Green to red by grade; what has no grade stays in the background."""
GRADE_NAMES = {
    "0": "0 normal",
    "1": "1 mild",
    "2": "2 moderate",
    "3": "3 severe",
    NONE: "no grade",
}
_HIDDEN_NAME = "hidden: few patients, and what would tell of them"
_INK, _LINE = "#1b1f24", "#8b949e"
_ACROSS = 3


def write_stats(stats: Stats, out: Path) -> list[Path]:
    """Write ``grades.csv``, ``grades-by-<group>.png`` and ``grades.html`` into `out`; returns their paths."""
    pictures = {part.by: draw(part, stats) for part in stats.breakdowns}
    files = {"grades.csv": to_csv(stats).encode()}
    files |= {f"grades-by-{by}.png": picture for by, picture in pictures.items()}
    files["grades.html"] = to_html(stats, pictures).encode()
    for name, data in files.items():
        write_bytes(data, out / name)
    return [out / name for name in files]


def to_csv(stats: Stats) -> str:
    """One row for every count: finding, code, by, group, grade, discs; hidden ones are `HIDDEN`."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["finding", "code", "by", "group", "grade", "discs"])
    for part in stats.breakdowns:
        for code in stats.codes:
            for group in part.reports:
                for grade, count in zip(GRADES, part.row(code, group), strict=True):
                    name = CODES[code][0].name
                    writer.writerow([name, code, part.by, group, grade, number(count, thousands=False)])
    return text.getvalue()


def number(count: int | None, *, thousands: bool = True) -> str:
    """A count as it is printed."""
    if count is None:
        return HIDDEN
    return f"{count:,}" if thousands else str(count)


def draw(part: Breakdown, stats: Stats) -> bytes:
    """The PNG of one breakdown: a stack of grades for every group, one panel for every finding and side.

    Levels are counted in discs, as in the paper; other groups, which differ in size, in percent of theirs.
    """
    down = -(-len(stats.codes) // _ACROSS) or 1
    figure = Figure(figsize=(13, 0.8 + 2.9 * down), dpi=110, facecolor="white", layout="constrained")
    axes = figure.subplots(down, _ACROSS, squeeze=False).ravel()
    for panel, code in zip(axes, stats.codes, strict=False):
        _panel(panel, part, code)
    for panel in axes[len(stats.codes) :]:
        panel.set_axis_off()
    bars = {
        label: bar for panel in axes for bar, label in zip(*panel.get_legend_handles_labels(), strict=True)
    }
    names = [name for name in (*GRADE_NAMES.values(), _HIDDEN_NAME) if name in bars]
    figure.legend([bars[name] for name in names], names, loc="outside upper center", ncols=6, frameon=False)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _panel(axes: Axes, part: Breakdown, code: str) -> None:
    groups = [group for group in part.reports if group != TOTAL]
    rows = [part.row(code, group) for group in groups]
    sizes = [_discs(part, group) for group in groups]
    scale = [1 if part.by == "level" else 100 / size for size in sizes]
    base = [0.0] * len(groups)
    for place, grade in enumerate(GRADES[:-1]):
        heights = [(row[place] or 0) * one for row, one in zip(rows, scale, strict=True)]
        base = _stack(axes, groups, heights, base, color=COLOURS[grade], label=GRADE_NAMES[grade])
    hidden = [_hidden(row, size) * one for row, size, one in zip(rows, sizes, scale, strict=True)]
    if any(hidden):
        style = {"color": "white", "edgecolor": _LINE, "hatch": "////", "linewidth": 0.4}
        base = _stack(axes, groups, hidden, base, label=_HIDDEN_NAME, **style)
    heights = [(row[-1] or 0) * one for row, one in zip(rows, scale, strict=True)]
    _stack(axes, groups, heights, base, color=COLOURS[NONE], label=GRADE_NAMES[NONE])
    if part.by != "level":
        names = [f"{group} ({part.reports[group]:,})" for group in groups]
        axes.set_xticks(range(len(groups)), names, ha="right", rotation_mode="anchor")
    finding, side = CODES[code]
    axes.set_title(f"{code}: {f'{side} ' if side else ''}{finding.name}", fontsize=10, color=_INK, loc="left")
    axes.set_ylabel("discs" if part.by == "level" else "% of discs", fontsize=9)
    axes.tick_params(axis="x", labelsize=8, rotation=0 if part.by == "level" else 40)
    axes.tick_params(axis="y", labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_ylim(0, max(size * one for size, one in zip(sizes, scale, strict=True)) or 1)
    axes.margins(x=0.02)


def _stack(
    axes: Axes, groups: Sequence[str], heights: Sequence[float], base: Sequence[float], **style: Any
) -> list[float]:
    axes.bar(groups, heights, bottom=base, width=0.8, **style)
    return [low + high for low, high in zip(base, heights, strict=True)]


def _discs(part: Breakdown, group: str) -> int:
    """The discs of a group: a level has one for every report, another group six."""
    return part.reports[group] * (1 if part.by == "level" else 6)


def _hidden(row: Sequence[int | None], discs: int) -> int:
    return discs - sum(count or 0 for count in row) if None in row else 0


def to_html(stats: Stats, pictures: dict[str, bytes]) -> str:
    """One page with every picture and table, without script or network."""
    total = "few" if stats.reports is None else f"{stats.reports:,}"
    body = [
        "<h1>Distribution of grades</h1>",
        f'<p class="quiet">{total} {stats.unit}, {escape(_note(stats))}</p>',
    ]
    for part in stats.breakdowns:
        data = base64.b64encode(pictures[part.by]).decode()
        words = f"Stacked bars: discs by grade and {part.by}, one panel for every finding and side."
        body += [
            f"<h2>By {part.by}</h2>",
            f'<p class="wide"><img alt="{words}" src="data:image/png;base64,{data}"></p>',
            "<details><summary>Counts</summary>",
            *(_table(part, code) for code in stats.codes),
            "</details>",
        ]
    return html_page("Distribution of grades", "\n".join(body), _STYLE, images=True)


_STYLE = """
img { max-width: 100%; background: #fff; border-radius: 4px; } details { margin: .5rem 0 1rem; }
summary { cursor: pointer; } table { margin: .75rem 0; } caption { text-align: left; font-weight: 600; }
"""


def _note(stats: Stats) -> str:
    drafts = (
        "A report and its addenda are one. Drafts, reports of other regions and versions that a newer one "
        "replaces are left out. "
        if stats.unit == "reports"
        else ""
    )
    none = f"No grade: the {stats.unit[:-1]} gives none there that the policy can use."
    what = f"each with six discs. {drafts}{none}"
    if stats.exact:
        return f"{what} Every count is shown."
    hidden = f"{HIDDEN}: hidden, it rests on 1 to {LIMIT} patients or would give such a count away."
    return f"{what} {hidden} {_BESIDE}"


_BESIDE = (
    "Do not publish this beside counts of nearly the same patients, such as a dataset and the reports it was "
    "built from: their difference may rest on few."
)


def _table(part: Breakdown, code: str) -> str:
    finding, side = CODES[code]
    head = "".join(f'<th class="number" scope="col">{GRADE_NAMES[grade]}</th>' for grade in GRADES)
    rows = "".join(
        f'<tr><th scope="row">{escape(group)}</th>'
        + "".join(f'<td class="number">{number(count)}</td>' for count in part.row(code, group))
        + "</tr>"
        for group in part.reports
    )
    caption = f"{code}: {f'{side} ' if side else ''}{finding.name}"
    return f'<table><caption>{caption}</caption><tr><th scope="col">{part.by}</th>{head}</tr>{rows}</table>'

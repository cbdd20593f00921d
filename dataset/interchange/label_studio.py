"""Reports with their labels as tasks of Label Studio, and corrected annotations back as gold.

``tasks.json`` has one task for each report: its text, and as a prediction every span of evidence and, for
each cell, one choice: a grade 0..3, P (affirmed, no grade), N (only "no severe" is said) and, beside it,
``?`` for a hedge. ``config.xml`` is the labeling interface. Annotators correct the choices (X: two of them
could not settle the cell); ``levelwise import --from label-studio`` reads the exported JSON into
``gold.jsonl``, which `levelwise agree` takes. A cell without a choice is absent. Spans are for the eye and
are not read back.
Offsets are those of Label Studio: UTF-16 units, not characters.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from dataset.interchange.archive import CELLS, Labelled, Taken, Written, read_labelled, write_export
from dataset.shards import write_bytes
from labeling.gold import UNSETTLED, VALUES, Reading
from labeling.issues import InputError, Issue
from labeling.report import Evidence, LevelGrade, Report
from labeling.sources import Columns, read_reports
from lexicons.findings import CODES, PLACES
from lexicons.vocabulary import LEVELS, Certainty, Level

DOUBT = "?"
GOLD = "gold.jsonl"
ROLES = {
    "level": "#1f883d",
    "grade": "#bf8700",
    "structure": "#0969da",
    "head": "#0969da",
    "side": "#6e7781",
    "negation": "#cf222e",
    "uncertainty": "#8250df",
    "scope": "#1b7c83",
    "reference": "#1b7c83",
    "measure": "#953800",
}
_HOLDS = (
    "The full text of every report, ids of reports, and grades: patient data. It must not leave the hospital."
)


def write(labels: Path, out: Path, reports: Path | None, columns: Columns | None = None) -> Written:
    """Write ``tasks.json`` and ``config.xml``; `reports` is the archive with the texts. `InputError`."""
    if reports is None:
        raise ValueError("label_studio.write: tasks need the archive of the reports")
    found = {one.id: one for one in read_reports(reports, columns) if isinstance(one, Report)}
    left_out: Counter[str] = Counter()
    tasks = []
    for item in read_labelled(labels):
        if item.report.id in found:
            tasks.append(task(found[item.report.id].text, item))
        else:
            left_out["the archive does not have the report"] += 1
    if not tasks:
        message = "expected the reports of the labels folder; none of them is in the archive."
        raise InputError(
            Issue(
                str(reports),
                "no-report",
                message,
                "Name the archive that was labelled, and the columns that were named for it.",
            )
        )
    files = {"tasks.json": _json(tasks), "config.xml": config().encode()}
    return write_export(out, files, len(tasks), _HOLDS, __doc__ or "", left_out)


def _json(data: object) -> bytes:
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()


def task(text: str, item: Labelled) -> dict[str, Any]:
    """One report as a task with its labels as the prediction."""
    spans = dict.fromkeys(evidence for grade in item.labels.grades for evidence in grade.evidence)
    result = [_span(number, evidence, text) for number, evidence in enumerate(spans)]
    result += [_choice(grade) for grade in item.labels.grades]
    return {
        "data": {"report_id": item.report.id, "text": text},
        "predictions": [{"model_version": item.lexicon, "result": result}],
    }


def _span(number: int, evidence: Evidence, text: str) -> dict[str, Any]:
    start, end = (_utf16(text, at) for at in (evidence.span.start, evidence.span.end))
    return {
        "id": f"e{number}",
        "from_name": "evidence",
        "to_name": "report",
        "type": "labels",
        "value": {"start": start, "end": end, "text": evidence.span.of(text), "labels": [evidence.role]},
        "meta": {"text": [evidence.rule]},
    }


def _utf16(text: str, at: int) -> int:
    return len(text[:at].encode("utf-16-le", "surrogatepass")) // 2


def _choice(grade: LevelGrade) -> dict[str, Any]:
    doubt = [DOUBT] if grade.certainty is Certainty.UNCERTAIN else []
    value = str(grade.grade) if grade.grade is not None else "N" if grade.interval.low == 0 else "P"
    return {
        "id": name_of(grade.level, grade.code),
        "from_name": name_of(grade.level, grade.code),
        "to_name": "report",
        "type": "choices",
        "value": {"choices": [value, *doubt]},
    }


def name_of(level: Level, code: str) -> str:
    """The name of a cell's choices: ``SCS_L4_L5``."""
    return f"{code}_{level.name}"


def config() -> str:
    """The labeling interface: the text with its evidence, and beside it the choices of every level."""
    lines = ["<View>", '  <View style="display: flex; gap: 1rem">', '    <View style="flex: 3">']
    lines += ['      <Labels name="evidence" toName="report">']
    lines += [
        f"        <Label value={quoteattr(role)} background={quoteattr(ROLES[role])}/>" for role in ROLES
    ]
    lines += [
        "      </Labels>",
        '      <Text name="report" value="$text" granularity="word"/>',
        "    </View>",
    ]
    lines += ['    <View style="flex: 2; overflow: auto; max-height: 90vh">']
    for level in LEVELS:
        lines.append(f'      <Header value={quoteattr(str(level))} size="4"/>')
        for code, (finding, side) in CODES.items():
            words = f"{code}: {f'{side} ' if side else ''}{finding.name}"
            lines.append(f'      <Header value={quoteattr(words)} size="6"/>')
            name = name_of(level, code)
            lines.append(f'      <Choices name="{name}" toName="report" choice="multiple" showInline="true">')
            lines += [f"        <Choice value={quoteattr(value)}/>" for value in (*VALUES, UNSETTLED, DOUBT)]
            lines.append("      </Choices>")
    return "\n".join([*lines, "    </View>", "  </View>", "</View>", ""])


def read(source: Path, out: Path) -> Taken:
    """Read annotations that Label Studio exported as JSON into ``gold.jsonl``, without the texts.

    Of several annotations of a task the last that was not cancelled counts; a task without one is set aside.
    `InputError` for another file.
    """
    issues: list[Issue] = []
    lines = [json.dumps(line) for line in _gold(source, issues)]
    path = out / GOLD
    write_bytes(("\n".join(lines) + "\n" if lines else "").encode(), path)
    return Taken(path, len(lines), tuple(issues))


def _gold(source: Path, issues: list[Issue]) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(_tasks(source)):
        where = f"{source} > task {number}"
        try:
            done = [a for a in one.get("annotations") or [] if not a.get("was_cancelled")]
            report_id = str(one["data"]["report_id"])
            if not done:
                cure = "Annotate it, or leave it out."
                issues.append(
                    Issue(where, "no-annotation", "expected an annotation; got none.", cure, "warning")
                )
                continue
            yield {"id": report_id, "cells": _cells(done[-1]["result"], where, issues)}
        except (KeyError, TypeError, AttributeError):
            message = "expected a task with report_id and annotations; got another."
            issues.append(Issue(where, "wrong-task", message, "Export the project as JSON, not JSON-MIN."))


def _tasks(source: Path) -> Sequence[Mapping[str, Any]]:
    try:
        data = json.loads(source.read_text("utf-8"))
    except (ValueError, OSError):
        data = None
    if not isinstance(data, list):
        message = "expected the JSON that Label Studio exports, a list of tasks; got another."
        raise InputError(Issue(str(source), "wrong-file", message, "Export the project as JSON."))
    return data


def _cells(result: Sequence[Mapping[str, Any]], where: str, issues: list[Issue]) -> dict[str, dict[str, str]]:
    names = {name_of(level, code): (level, code) for level, code in CELLS}
    found: dict[tuple[Level, str], str] = {}
    for item in result:
        if item.get("type") != "choices" or item.get("from_name") not in names:
            continue
        level, code = names[item["from_name"]]
        chosen = item["value"]["choices"]
        try:
            (value,) = set(chosen) - {DOUBT}
            found[level, code] = str(Reading.parse(value + (DOUBT if DOUBT in chosen else "")))
        except ValueError:
            message = f"expected one of {', '.join(VALUES)}, {UNSETTLED}, with or without {DOUBT}."
            issues.append(Issue(f"{where} > {item['from_name']}", "wrong-choice", message, "Choose one."))
    cells: dict[str, dict[str, str]] = {}
    for level, code in sorted(found, key=lambda cell: (cell[0], PLACES[cell[1]])):
        cells.setdefault(str(level), {})[code] = found[level, code]
    return cells

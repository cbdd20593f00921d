"""One broken row costs that row: 200 archives with one damage each, in every place, under every delimiter.

The other rows come back word for word with their own study and reader, the broken one as itself or as an
issue with a reason, and nothing is lost in silence.
"""

# ruff: noqa: E501 - one kind of damage is one line of its table

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from labeling.issues import Issue
from labeling.report import Report
from labeling.sources import read_reports

ROWS = 7
PLACES = (0, 3, ROWS - 1)
Row = tuple[str, str, str, str]


def row(number: int, delimiter: str = ",") -> Row:
    """Id, study, text and reader; every other text holds what a text may hold."""
    words = f"level {number} mild{delimiter} stenosis" if number % 2 else f'line one\nsays "{number}"'
    return f"r{number}", f"s{number}", words, f"Dr{number}"


def quoted(value: str, delimiter: str) -> str:
    if any(sign in value for sign in (delimiter, '"', "\n")):
        return '"' + value.replace('"', '""') + '"'
    return value


def line(fields: tuple[str, ...], delimiter: str) -> str:
    return delimiter.join(quoted(field, delimiter) for field in fields)


Damage = Callable[[Row, str], bytes]


def written(*order: int, text: str | None = None) -> Damage:
    """The fields of the row in that order, the text replaced."""

    def write(fields: Row, delimiter: str) -> bytes:
        changed = (*fields[:2], fields[2] if text is None else text, fields[3])
        return line(tuple(changed[place] for place in order), delimiter).encode()

    return write


def raw(text: str) -> Damage:
    """The row with a text that is not quoted, `D` in it standing for the delimiter."""
    return lambda f, d: d.join((f[0], f[1], text.replace("D", d), f[3])).encode()


DELIMITED: list[tuple[str, Damage]] = [
    ("a field is missing", written(0, 1, 2)),
    ("only the id", written(0)),
    ("a field too many", written(0, 1, 2, 3, 3)),
    ("the text twice", written(0, 1, 2, 2, 3)),
    ("no text", written(0, 1, 2, 3, text="")),
    ("a blank text", written(0, 1, 2, 3, text="  ")),
    ("the delimiter in the text", raw("mildD stenosis")),
    ("a line break in the text", raw("first\nsecond")),
    ("a quote that never closes", raw('"mild stenosis')),
    ("a quote inside", raw('the "mild" one')),
    ("words after the quote", raw('"mild" stenosis')),
    ("bytes of no encoding", lambda f, d: d.encode().join((f[0].encode(), f[1].encode(), b"\xff\xfe\x81", f[3].encode()))),
    ("a null byte", raw("mild \0 stenosis")),
]  # fmt: skip


def obj(**changes: object) -> Callable[[Row], bytes]:
    return lambda f: json.dumps(
        {"id": f[0], "study": f[1], "text": f[2], "reader": f[3], **changes}, ensure_ascii=False
    ).encode()


def cut(start: int, end: int) -> Callable[[Row], bytes]:
    return lambda f: obj()(f)[start:end]


LINES: list[tuple[str, Callable[[Row], bytes]]] = [
    ("cut at the end", cut(0, -9)),
    ("cut at the start", cut(9, 10_000)),
    ("cut in the middle", cut(0, 30)),
    ("a brace too many", lambda f: obj()(f) + b"}"),
    ("twice on a line", lambda f: obj()(f) + obj()(f)),
    ("a comma behind", lambda f: obj()(f) + b","),
    ("single quotes", lambda f: obj()(f).replace(b'"', b"'")),
    ("a list", lambda f: b"[" + obj()(f) + b"]"),
    ("only a text", lambda f: json.dumps(f[2]).encode()),
    ("no text", obj(text=None)),
    ("a text of another type", obj(text={"body": "x"})),
    ("an id of another type", obj(id=["r"])),
    ("a line break in the text", lambda f: obj(text="a@b")(f).replace(b"@", b"\n")),
    ("bytes of no encoding", lambda f: obj(text="a@b")(f).replace(b"@", b"\xff\x81")),
    ("half of a pair", lambda f: obj(text="a@b")(f).replace(b"@", b"\\ud83d")),
    ("a key twice", lambda f: obj()(f)[:-1] + b', "text": "of another"}'),
]  # fmt: skip

CASES = [
    *((f"{what}, {d!r}, row {place}", place, d, make) for what, make in DELIMITED for d in ",;\t|" for place in PLACES),
    *((f"{what}, JSON, row {place}", place, "", lambda f, _, make=make: make(f)) for what, make in LINES for place in PLACES),
]  # type: ignore[misc]  # fmt: skip


def test_there_are_two_hundred_of_them() -> None:
    assert len(CASES) >= 200


@pytest.mark.parametrize(("place", "delimiter", "damage"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_one_broken_row_costs_that_row(tmp_path: Path, place: int, delimiter: str, damage: Damage) -> None:
    rows = [row(number, delimiter or ",") for number in range(ROWS)]
    whole = [line(r, delimiter).encode() if delimiter else obj()(r) for r in rows]
    whole[place] = damage(rows[place], delimiter)
    header = [line(("id", "study", "text", "reader"), delimiter).encode()] if delimiter else []
    path = tmp_path / ("a.csv" if delimiter else "a.jsonl")
    path.write_bytes(b"\n".join([*header, *whole]) + b"\n")
    found = list(read_reports(path))
    reports = {r.id: r for r in found if isinstance(r, Report)}
    for number, (name, study, text, reader) in enumerate(rows):
        if number != place:
            assert reports.pop(name) == Report(name, text, study=study, reader=reader)
    broken = reports.pop(rows[place][0], None)
    assert not reports, "no report out of nowhere"
    if broken is not None:
        assert (broken.study, broken.reader) == (rows[place][1], rows[place][3]), "no column has shifted"
    else:
        issues = [issue for issue in found if isinstance(issue, Issue)]
        assert issues
        assert all(issue.reason and issue.where.startswith(str(path)) for issue in issues)

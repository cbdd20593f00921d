"""JSON Lines: one object per line. A ``.json`` file that holds one array of objects is read whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from labeling.issues import Issue
from labeling.sources.columns import Columns
from labeling.sources.encoding import damaged, detect_encoding, open_text
from labeling.sources.table import EMPTY_CURE, Format, Row, Table

# Keys may differ from line to line: the columns are those of the first lines together.
_LOOK_AHEAD = 1000


class _RepeatedKeyError(ValueError):
    pass


def read(path: Path, columns: Columns) -> Iterator[Table | Issue]:  # noqa: ARG001 - the registry's signature
    """The one table of a JSON Lines file, or of a JSON file with one array."""
    encoding = detect_encoding(path)
    if _is_array(path, encoding):
        yield from _read_array(path, encoding)
        return
    rows = _lines(path, encoding)
    first = list(islice(rows, _LOOK_AHEAD))
    if not first:
        yield Issue(
            str(path), "empty-file", "expected one JSON object per line; got an empty file.", EMPTY_CURE
        )
        return
    names = dict.fromkeys(key for row in first if isinstance(row, Row) for key in row.values)
    yield Table(str(path), tuple(names), chain(first, rows), f"JSON Lines, {encoding}")


def _lines(path: Path, encoding: str) -> Iterator[Row | Issue]:
    with open_text(path, encoding, newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _row(line, f"{path} > line {number}", number, encoding)


def _row(line: str, where: str, number: int, encoding: str) -> Row | Issue:
    if damaged(line, encoding):
        return Issue(
            where, "undecodable-bytes", f"some bytes are not {encoding}.", "Export the archive as UTF-8."
        )
    try:
        value = json.loads(line, object_pairs_hook=_object)
    except _RepeatedKeyError:
        return Issue(where, "repeated-key", "one key stands twice in the object.", "Keep one of them.")
    except (ValueError, RecursionError) as error:
        place = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        return Issue(
            where,
            "broken-json",
            f"expected one JSON object; the line cannot be parsed{place}.",
            "Write each report on one line, with line breaks inside the text as \\n.",
        )
    return _as_row(value, where, number)


def _as_row(value: Any, where: str, number: int) -> Row | Issue:
    if not isinstance(value, dict):
        return Issue(
            where,
            "not-an-object",
            f"expected a JSON object; got {_kind(value)}.",
            "Write each report as an object.",
        )
    return Row(where, number, value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _RepeatedKeyError
    return value


def _kind(value: Any) -> str:
    kinds = {list: "an array", str: "a string", type(None): "null", bool: "true or false"}
    return kinds.get(type(value), "a number")


def _is_array(path: Path, encoding: str) -> bool:
    with open_text(path, encoding, newline="\n") as text:
        return text.read(4096).lstrip().startswith("[") and path.suffix.lower() == ".json"


def _read_array(path: Path, encoding: str) -> Iterator[Table | Issue]:
    with open_text(path, encoding, newline="\n") as file:
        text = file.read()
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        yield Issue(
            str(path),
            "broken-json",
            "expected one JSON array of objects; the file cannot be parsed.",
            "Write one JSON object per line (.jsonl): a broken line then costs one report.",
        )
        return
    rows = [_as_row(value, f"{path} > item {n}", n) for n, value in enumerate(values, start=1)]
    if not rows:
        yield Issue(str(path), "empty-file", "expected an array of objects; got an empty array.", EMPTY_CURE)
        return
    names = dict.fromkeys(key for row in rows if isinstance(row, Row) for key in row.values)
    yield Table(str(path), tuple(names), iter(rows), f"JSON array, {encoding}")


FORMAT = Format(
    name="JSON Lines",
    suffixes=(".jsonl", ".ndjson", ".json"),
    recognises=lambda head: head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"),
    read=read,
)

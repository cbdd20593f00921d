"""JSON Lines: one object per line. A ``.json`` file that is one value is read whole.

That value is an array of objects, an object that holds one somewhere, or one report. Fields of nested objects
are columns under their path: ``report.text``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from labeling.issues import Issue
from labeling.sources.columns import Columns
from labeling.sources.encoding import Meter, damaged, detect_encoding, open_text
from labeling.sources.table import EMPTY_CURE, Format, Row, Table

# Keys may differ from line to line: the columns are those of the first lines together.
_LOOK_AHEAD = 1000


class _RepeatedKeyError(ValueError):
    pass


def read(path: Path, columns: Columns) -> Iterator[Table | Issue]:  # noqa: ARG001 - the registry's signature
    """The one table of a JSON Lines file, or of a JSON file with one array."""
    encoding = detect_encoding(path)
    if _is_one_value(path, encoding):
        yield from _read_whole(path, encoding)
        return
    meter = Meter(path)
    rows = _lines(path, meter, encoding)
    first = list(islice(rows, _LOOK_AHEAD))
    if not first:
        yield Issue(
            str(path), "empty-file", "expected one JSON object per line; got an empty file.", EMPTY_CURE
        )
        return
    yield Table(str(path), _names(first), chain(first, rows), f"JSON Lines, {encoding}", share=meter.share)


def _names(rows: Iterable[Row | Issue]) -> tuple[str, ...]:
    """The columns of the rows together; an object is none, its fields are."""
    found: dict[str, bool] = {}
    for row in rows:
        for name, value in row.values.items() if isinstance(row, Row) else ():
            found[name] = found.get(name, False) or not isinstance(value, dict)
    return tuple(name for name, is_column in found.items() if is_column)


def _lines(path: Path, meter: Meter, encoding: str) -> Iterator[Row | Issue]:
    with meter.open(encoding, newline="\n") as lines:
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
    return Row(where, number, _flat(value) if any(isinstance(v, dict) for v in value.values()) else value)


def _flat(value: dict[str, Any]) -> dict[str, Any]:
    """The object, and beside its own fields those of the objects in it under their paths."""
    flat, inner = dict(value), [(name, v) for name, v in value.items() if isinstance(v, dict)]
    for name, found in inner:  # grows while it is walked over
        for key, v in found.items():
            flat.setdefault(path := f"{name}.{key}", v)
            if isinstance(v, dict):
                inner.append((path, v))
    return flat


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _RepeatedKeyError
    return value


def _kind(value: Any) -> str:
    kinds = {list: "an array", str: "a string", type(None): "null", bool: "true or false"}
    return kinds.get(type(value), "a number")


def _is_one_value(path: Path, encoding: str) -> bool:
    """Whether a ``.json`` file is an array, or an object over several lines."""
    if Path(path.name.removesuffix(".gz")).suffix.lower() != ".json":
        return False
    with open_text(path, encoding, newline="\n") as text:
        first, second = islice(chain((line.strip() for line in text if line.strip()), ("", "")), 2)
    return first[:1] == "[" or second[:1] != "{" or first[-1:] in {"[", ":"}


def _read_whole(path: Path, encoding: str) -> Iterator[Table | Issue]:
    with open_text(path, encoding, newline="\n") as file:
        text = file.read()
    try:
        value = json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        yield Issue(
            str(path),
            "broken-json",
            "expected one JSON array of objects; the file cannot be parsed.",
            "Write one JSON object per line (.jsonl): a broken line then costs one report.",
        )
        return
    values = value if isinstance(value, list) else _inner_array(value) or [value]
    rows = [_as_row(value, f"{path} > item {n}", n) for n, value in enumerate(values, start=1)]
    if not rows:
        yield Issue(str(path), "empty-file", "expected an array of objects; got an empty array.", EMPTY_CURE)
        return
    yield Table(str(path), _names(rows), iter(rows), f"JSON array, {encoding}")


def _inner_array(value: Any) -> list[Any]:
    """The longest array of objects that stands in an object, or in an object in it; empty for none."""
    found: list[Any] = []
    inner = [value]
    for one in inner:  # grows while it is walked over
        for v in one.values() if isinstance(one, dict) else ():
            if isinstance(v, list) and len(v) > len(found) and all(isinstance(item, dict) for item in v):
                found = v
            inner.append(v)
    return found


FORMAT = Format(
    name="JSON Lines",
    suffixes=(".jsonl", ".ndjson", ".json"),
    recognises=lambda head: head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"),
    read=read,
)

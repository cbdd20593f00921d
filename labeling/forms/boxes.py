"""Boxes to tick: ``canal: [ ] none [x] mild [ ] severe   foramina: none [ ] mild [x] severe [ ]``.

A box stands before what it is of, or behind it where the last box ends its line. Of the options of one key
only those ticked are left; two steps of a scale that are both ticked say nothing for sure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from labeling.forms.options import Options, key_before

_BOX = "\u2610"
_EMPTY = ("[ ]", "[]", "[_]", "[  ]", "[   ]", "( )", "()", "(  )", "{ }", "{}", "< >", "<>", _BOX)
_UNTOLD = re.compile(r"(?<![^\s.;,|])[A-Za-z][A-Za-z /-]{1,40}: ?(?:\[ ?\]|\{ ?\}|< ?>)(?= ?[.;,])")
"""A field that nobody filled in, with its key: ``Facets: [ ].`` heads nothing that stands below."""
_BOXES = re.compile(
    r"(?P<empty>\[(?: {0,3}|_)\]|\( {0,2}\)|\u2610)"
    r"|\[ ?[xXvV*+\u2022] ?\]|\( ?[xXvV\u2022] ?\)|[\u2611\u2612]"
)
_ROW = rf"[ \t]*(?:{_BOXES.pattern.replace('?P<empty>', '?:')})[^\n\[\]()\u2610-\u2612]{{1,60}}"
_COLUMN = re.compile(
    rf"^(?P<key>[ \t]*[A-Za-z][^\n\[\]()\u2610-\u2612]{{1,60}})\n(?P<rows>{_ROW}(?:\n{_ROW}){{1,7}})$", re.M
)
"""Boxes with a line each, below their key."""
_SQUARES = re.compile(r"(?<=\S)[ \t]*\u2022[^\n\u2022]*\u25a1|\u25a1[^\n\u2022]*\u2022")
"""A full square and an empty one on one line: what was chosen, and what was not."""
_LABEL_ENDS = re.compile(r"[;\[\]()]|[.](?=[ \t]+[A-Z])|(?<=\S)(?:[ \t]{2,}|\t)(?=\S)")
_LABEL_BEGINS = re.compile(r"(?:.*(?:[:;\[\]()]|[.][ \t]|(?<=\S)[ \t]{2}(?=\S)))?[ \t]*")


class _Option(NamedTuple):
    """A box at ``box``, its label at ``start..end``, and whether the option is the first of a key."""

    box: tuple[int, int]
    ticked: bool
    start: int
    end: int
    first: bool


class Boxes:
    """Finds what was ticked, in the words of one language."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def chosen(self, text: str) -> str:
        """`text` with the options that nobody ticked blanked out, of the same length."""
        if "\u25a1" in text:
            text = "\n".join(map(_boxes, text.split("\n")))
        if not any(box in text for box in _EMPTY):
            return text
        text = _UNTOLD.sub(lambda match: " " * len(match[0]), text)
        text = _COLUMN.sub(self._in_line, text)
        return "\n".join(map(self._line, text.split("\n")))

    def _in_line(self, column: re.Match[str]) -> str:
        """The options of a scale below each other in the line of their key."""
        rows = column["rows"].split("\n")
        if not all(self._options.answer.match(_BOXES.sub("", row, count=1)) for row in rows):
            return column[0]
        sign = " " if column["key"].rstrip().endswith(":") else ":"
        return f"{column['key']}{sign}{' '.join(rows)}"

    def _line(self, line: str) -> str:
        boxes = [*_BOXES.finditer(line)]
        if all(box["empty"] is None for box in boxes):
            return line
        read = self._before if self._stand_behind(line, boxes) else self._behind
        signs = list(line)
        for row in _rows(read(line, boxes)):
            for start, end in self._unchosen(line, row):
                signs[start:end] = " " * (end - start)
        return "".join(signs)

    def _stand_behind(self, line: str, boxes: list[re.Match[str]]) -> bool:
        """Whether the boxes stand behind their labels: the last ends the line, and a label begins it."""
        if len(boxes) < 2 or line[boxes[-1].end() :].strip(" \t.,;"):
            return False
        label = line[: boxes[0].start()].rpartition(":")[2].strip()
        some_ticked = any(box["empty"] is None for box in boxes)
        return bool(label) and (some_ticked or self._options.last.search(label) is not None)

    def _behind(self, line: str, boxes: list[re.Match[str]]) -> Iterator[_Option]:
        """The options whose labels stand behind their boxes."""
        stops = [*(box.start() for box in boxes[1:]), len(line)]
        labels = [line[box.end() : stop] for box, stop in zip(boxes, stops, strict=True)]
        rests = [self._behind_option(label) for label in labels]
        said = Counter(rests)  # "[ ] mild stenosis [x] severe stenosis": said of each, and no key of the next
        rests[-1] = ""
        first = True
        for box, label, rest in zip(boxes, labels, rests, strict=True):
            length = self._length(label, bool(rest) and said[rest] == 1)
            yield _Option(box.span(), box["empty"] is None, box.end(), box.end() + length, first)
            first = bool(label[length:].strip(" \t,;."))

    def _behind_option(self, label: str) -> str:
        option = self._options.answer.match(label)
        return label[option.end() :].strip(" \t,;.") if option else ""

    def _length(self, label: str, may_hold_key: bool) -> int:
        """How much of what stands behind a box is its label, and no key of the next row."""
        end = _LABEL_ENDS.search(label, len(label) - len(label.lstrip()))
        if end is not None:
            label = label[: end.start()]
        option = self._options.answer.match(label)
        if option is not None:
            rest = label[option.end() :]
            keyed = ":" in rest or (may_hold_key and self._options.keys(rest))
            return option.end() if keyed else len(label)
        before, colon, _ = label.partition(":")
        words = before.split()
        return label.index(words[0]) + len(words[0]) if colon and len(words) > 1 else len(label)

    def _before(self, line: str, boxes: list[re.Match[str]]) -> Iterator[_Option]:
        """The options whose labels stand before their boxes."""
        begin = 0
        for box in boxes:
            words = line[begin : box.start()]
            cut = _LABEL_BEGINS.match(words)
            start = cut.end() if cut else 0
            last = self._options.last.search(words)
            if last is not None and (not begin or self._options.keys(words[start : last.start()])):
                start = max(start, last.start())
            first = not begin or bool(words[:start].strip(" \t,;."))
            yield _Option(box.span(), box["empty"] is None, begin + start, box.start(), first)
            begin = box.end()

    def _unchosen(self, line: str, row: list[_Option]) -> list[tuple[int, int]]:
        """Where the boxes of one key are, and what was not ticked, with the key where nothing is told."""
        steps = [one for one in row if one.ticked and self._options.is_step(line[one.start : one.end])]
        unsure = len(steps) > 1 or not any(one.ticked for one in row)
        spans = [one.box for one in row]
        spans += [(one.start, one.end) for one in row if unsure or not one.ticked]
        if unsure:
            begin = min(row[0].start, row[0].box[0])
            spans.append((key_before(line, begin), begin))
        return spans


def _rows(options: Iterator[_Option]) -> Iterator[list[_Option]]:
    row: list[_Option] = []
    for option in options:
        if option.first and row:
            yield row
            row = []
        row.append(option)
    yield row


def _boxes(line: str) -> str:
    """`line` with boxes for its squares, where it has full ones and empty ones, of the same length."""
    return line.replace("\u25a1", _BOX).replace("\u2022", "\u2611") if _SQUARES.search(line) else line

"""A root that is pressed upon in a space named before it: "fills the right recess and pins the root there".

The space is put behind the root, as in "pins the root in the right recess". What only touches the root, and
a space that is called narrow itself, are left as they are.
"""

from __future__ import annotations

import re

from labeling.rewriting.line import Line
from labeling.rule_names import THERE_IS
from labeling.speech.parts import OF

_PRESSES = r"i[wr]{0,3}j?e"
_IS_PRESSED = r"[wr]{0,2}j?w?ev?[hH]"
_IN_SPACE = re.compile(
    rf"(?P<space>r?s)(?P<join>,?c|,)?(?P<where>p?W|b)?(?:{_PRESSES}|{_IS_PRESSED})(?P<there>[bp])?(?=$|[,;])"
)
"""The right recess, in which it compresses the L5 root; and the L5 root is compressed there."""
_TOLD = re.compile(r"[hHgzoxi]p{0,2}(?:r?[sf](?:,?c|,)){0,3}$")
"""What is told of a space, and of others before it: "narrowing of the foramen and recess"."""
_SPACES = frozenset({"recess", "foramen"})
_CONTACT = "heads/contact-it"


def put_space_behind_root(line: Line) -> None:
    """Puts the space behind the root that is pressed upon in it."""
    for found in reversed([*_IN_SPACE.finditer(line.speech)]):
        start, end = found.span()
        space, begun = found.end("space"), max(found.end(name) for name in ("space", "join", "where"))
        there = found.start("there") if found["there"] else found.end("where") - 1
        pressed = [at for at in range(begun, end) if at != found.start("there")]
        if (
            there < 0
            or not _is_place(line, there)
            or line.tags[space - 1].finding not in _SPACES
            or any(line.tags[at].rule == _CONTACT for at in pressed)
            or _is_narrow(line, start)
        ):
            continue
        line.turn(there, line.tags[there]._replace(meaning=OF))
        joined = range(*found.span("join")) if found["join"] else ()
        sided = any(line.speech[at] == "r" for at in (*pressed, start))
        side = [] if sided else _side_before(line, start)
        line.put(start, end, [*joined, *pressed, there, *side, *range(start, space)])


def _is_place(line: Line, at: int) -> bool:
    """Whether a word is "there", "in it" or "where"; "with the root compressed" says nothing of where."""
    return line.speech[at] != "b" or line.tags[at].rule == THERE_IS


def _side_before(line: Line, at: int) -> list[int]:
    """The side of the lesion, where it is the only one: "a left herniation occupies the recess, ..."."""
    sides = [i for i in range(at) if line.speech[i] == "r"]
    return sides[-1:] if {line.tags[i].meaning.value for i in sides} in ({"right"}, {"left"}) else []


def _is_narrow(line: Line, at: int) -> bool:
    """Whether the space at `at` has a narrowing of its own: "narrows the recess and pins the root there"."""
    told = _TOLD.search(line.speech, 0, at)
    return told is not None and line.tags[told.start()].rule != _CONTACT

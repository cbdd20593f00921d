r"""The patterns of a lexicon: a small part of the regular expressions, so that all rules fit into one trie.

A pattern may hold literal lower-case text, ``( | )`` groups, ``[ ]`` classes, ``?`` and the blanks ``\s``,
``\s*`` and ``\s+``; a long one may be broken into lines (`in_line`). Nothing in it repeats without end, so a
pattern is a finite set of phrases and the time to match it does not depend on how hostile the text is.
`expand` lists the phrases; `trie_regex` folds the phrases of every rule into one expression whose branches
start with different characters.

In a phrase a blank stands for any run of blanks and ``#`` for a run of digits (written ``\d+``). Phrases have
plain letters, as the folded text of a report does (`lexicons.letters`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache, lru_cache

from lexicons.letters import plain

BLANK, NUMBER = " ", "#"
MAX_PHRASES = 1000
"""A pattern that stands for more phrases than this is refused: split it."""

_LETTERS = re.compile(r"[a-z]+")
_TEXT = re.compile(r"(?:(?:[a-z -]|\\s)(?![?*+]))+")
"""What stands for itself or for a blank: most of a pattern; the rest is read sign by sign."""
_ESCAPES = {"s": [BLANK], "d": [NUMBER]}
_SPECIAL = set("^$*+{}#")


class PatternError(ValueError):
    """A pattern that is not of the restricted form; the message says where and what is allowed."""


def expand(pattern: str) -> frozenset[str]:
    """Every phrase that `pattern` stands for; `PatternError` when it is not of the restricted form."""
    phrases, end = _alternatives(pattern, 0)
    if end != len(pattern):
        raise PatternError(
            f"character {end}: unexpected {pattern[end]!r}; write \\{pattern[end]} for the sign itself"
        )
    clean = frozenset(_one_blank(plain("\n".join(phrases))).split("\n"))
    if "" in clean:
        raise PatternError("it matches empty text; make at least one part of it mandatory")
    return clean


def in_line(pattern: str) -> str:
    """A pattern that its file breaks into lines, as one: breaks and the blanks beside them say nothing."""
    return "".join(map(str.strip, pattern.split("\n")))


def _one_blank(lines: str) -> str:
    """Phrases, one on a line, with single blanks and none at either end."""
    while "  " in lines:
        lines = lines.replace("  ", BLANK)
    return lines.replace(" \n", "\n").replace("\n ", "\n").strip(BLANK)


def _alternatives(pattern: str, at: int) -> tuple[list[str], int]:
    phrases, at = _sequence(pattern, at)
    while at < len(pattern) and pattern[at] == "|":
        more, at = _sequence(pattern, at + 1)
        phrases += more
    return phrases, at


def _sequence(pattern: str, at: int) -> tuple[list[str], int]:
    phrases: list[str] = []
    while at < len(pattern) and pattern[at] not in "|)":
        if found := _TEXT.match(pattern, at):
            choices, at = [found[0].replace(r"\s", BLANK)], found.end()
        else:
            choices, at = _atom(pattern, at)
        phrases = [phrase + choice for phrase in phrases for choice in choices] if phrases else [*choices]
        if len(phrases) > MAX_PHRASES:
            raise PatternError(f"it stands for more than {MAX_PHRASES} phrases; split it into several rules")
    return phrases or [""], at


def _atom(pattern: str, at: int) -> tuple[list[str], int]:
    choices, end = _single(pattern, at)
    if pattern[end : end + 1] == "?":
        return ["", *choices], end + 1
    if choices == [BLANK] and pattern[end : end + 1] in {"*", "+"}:
        return (["", BLANK] if pattern[end] == "*" else [BLANK]), end + 1
    if choices == [NUMBER]:
        if pattern[end : end + 1] != "+":
            raise PatternError(f"character {at}: \\d stands only in \\d+")
        return choices, end + 1
    return choices, end


def _single(pattern: str, at: int) -> tuple[list[str], int]:
    sign = pattern[at]
    if sign == "(":
        at += 3 if pattern.startswith("(?:", at) else 1
        choices, end = _alternatives(pattern, at)
        if pattern[end : end + 1] != ")":
            raise PatternError(f"character {at}: the group is not closed; expected ')'")
        return choices, end + 1
    if sign == "[":
        end = pattern.find("]", at)
        if end < 0:
            raise PatternError(f"character {at}: the class is not closed; expected ']'")
        return _class(pattern[at + 1 : end].replace("\\s", BLANK), at), end + 1
    if sign == "\\":
        escaped = pattern[at + 1 : at + 2]
        if not escaped or (escaped.isalnum() and escaped not in _ESCAPES):
            raise PatternError(f"character {at}: expected \\s, \\d+ or a sign after \\; got {escaped!r}")
        return _ESCAPES.get(escaped, [escaped]), at + 2
    if sign in _SPECIAL or sign == "?":
        raise PatternError(
            f"character {at}: {sign!r} is not part of the pattern language; expected text, ( ), [ ] or ?"
        )
    if sign == ".":
        raise PatternError(f"character {at}: write \\. for a full stop")
    if not sign.isprintable():
        raise PatternError(f"character {at}: {sign!r} is no text; write the pattern between three quotes '''")
    if sign.isupper():
        raise PatternError(f"character {at}: {sign!r} is upper case; text is matched in lower case")
    return [sign], at + 1


def _class(signs: str, at: int) -> list[str]:
    if not signs or signs[0] == "^" or "-" in signs[1:-1]:
        raise PatternError(f"character {at}: a class lists its signs, without ^ and ranges, - first or last")
    return list(signs)


def trie_regex(phrases: Iterable[str]) -> str:
    """One expression that matches the longest of `phrases` at a position, in linear time; of none, nothing.

    Every branch of it starts with a different character, so the matcher never tries two of them. What was
    asked before is remembered: a second labeler of the same lexicon is ready in a quarter of the time.
    """
    return _trie_regex(tuple(phrases))


@lru_cache(maxsize=64)
def _trie_regex(phrases: tuple[str, ...]) -> str:
    root: dict[str, dict] = {}  # type: ignore[type-arg]
    for phrase in phrases:
        node = root
        for sign in phrase:
            node = node.setdefault(sign, {})
        node[""] = {}
    return _node_regex(root) or "(?!)"


def any_of(words: Collection[str]) -> str:
    """An expression for any of `words`, in the order given; of none, one that matches nothing."""
    return f"(?:{'|'.join(map(re.escape, words))})" if words else "(?!)"


def phrases_in(text: str, phrases: Iterable[str]) -> list[str]:
    """Those of `phrases` of which a lower-case `text` holds every word: no other can match in it."""
    words = set(_LETTERS.findall(text))
    begins: dict[str, bool] = {}  # most phrases share their first word with many others
    found = []
    for phrase in phrases:
        first = phrase.partition(" ")[0]
        if first not in begins:
            begins[first] = words.issuperset(_LETTERS.findall(first))
        if begins[first] and words.issuperset(_LETTERS.findall(phrase)):
            found.append(phrase)
    return found


def _node_regex(node: dict[str, dict]) -> str:  # type: ignore[type-arg]
    lead: list[str] = []
    while len(node) == 1:  # most signs have one that follows
        ((sign, child),) = node.items()
        if not sign:
            return "".join(lead)
        lead.append(_sign_regex(sign))
        node = child
    return "".join(lead) + _choice_regex(node)


def _choice_regex(node: dict[str, dict]) -> str:  # type: ignore[type-arg]
    branches = [_sign_regex(sign) + _node_regex(child) for sign, child in sorted(node.items()) if sign]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    if "" not in node:
        return body
    # The phrase may end inside a word that another phrase continues: the end of a word is checked here,
    # so that the matcher can step back to the shorter phrase.
    return f"(?:{body})?"


@cache
def _sign_regex(sign: str) -> str:
    if sign == BLANK:
        return r"[ \t\n]+"
    return r"\d+" if sign == NUMBER else re.escape(sign)


def as_phrase(words: str) -> str:
    """The phrase form of matched words: single blanks."""
    return re.sub(r"\s+", BLANK, words.strip())

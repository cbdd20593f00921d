"""Lexicons as medspaCy rules, and medspaCy rules as lexicon files: TargetRule and ConTextRule JSON.

Structures and heads are targets; grades, normal words, negation, doubt, sides and earlier times are ConText
modifiers. What ConText has no notion of (levels, references, sections, the same as above) is not exchanged. A
rule keeps its file, id and meaning in ``metadata``, so what was exported is imported as it was. Plain JSON:
neither spaCy nor medspaCy is needed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from labeling.issues import Issue
from lexicons.lexicon import Lexicon, Rule
from lexicons.patterns import PatternError, expand

# A word of the lexicon is never a part of another word.
_BEFORE, _AFTER = r"(?<![A-Za-z0-9])(?:", r")(?![A-Za-z0-9])"

Acts = tuple[tuple[str, str, str, str], ...]
"""How rules act in ConText: the file of the lexicon, its meaning ("*": any), category, direction."""

CONTEXT: Acts = (
    ("negation", "says nothing", "NEGATED_EXISTENCE", "PSEUDO"),
    ("negation", "*", "NEGATED_EXISTENCE", "FORWARD"),
    ("uncertainty", "before", "POSSIBLE_EXISTENCE", "FORWARD"),
    ("uncertainty", "after", "POSSIBLE_EXISTENCE", "BACKWARD"),
    ("change", "prior", "HISTORICAL", "FORWARD"),
    ("change", "prior after", "HISTORICAL", "BACKWARD"),
    ("grades", "*", "GRADE", "BIDIRECTIONAL"),
    ("normal", "normal", "NORMAL", "BIDIRECTIONAL"),
    ("normal", "resolved", "NORMAL", "BIDIRECTIONAL"),
    ("connectors", "but", "CONJ", "TERMINATE"),
)
"""What is exchanged, and what the second reader goes by as well."""
_EXCHANGED: Acts = (
    *CONTEXT,
    ("uncertainty", "not assessed", "NOT_ASSESSED", "BACKWARD"),
    ("sides", "*", "SIDE", "BIDIRECTIONAL"),
)
# What a rule from elsewhere, without metadata, means here: category and direction to file and meaning.
_FOREIGN: dict[tuple[str, str], tuple[str, str]] = {
    ("NEGATED_EXISTENCE", "FORWARD"): ("negation", "no"),
    ("POSSIBLE_EXISTENCE", "FORWARD"): ("uncertainty", "before"),
    ("POSSIBLE_EXISTENCE", "BACKWARD"): ("uncertainty", "after"),
    ("HISTORICAL", "FORWARD"): ("change", "prior"),
    ("HISTORICAL", "BACKWARD"): ("change", "prior after"),
    ("CONJ", "TERMINATE"): ("connectors", "but"),
}


@dataclass(frozen=True, slots=True)
class Imported:
    """Lexicon files made of medspaCy rules: name (``grades.toml``) to TOML, and what could not be taken over.

    Write the files into a folder and name it as the `site` of a `Labeler`.
    """

    files: Mapping[str, str]
    issues: tuple[Issue, ...]


def export_rules(lexicon: Lexicon) -> dict[str, list[dict[str, Any]]]:
    """The lexicon as ``{"target_rules": [...], "context_rules": [...]}``, the JSON that medspaCy reads."""
    context = [found for rule in lexicon.rules if (found := _as_context(rule)) is not None]
    return {
        "target_rules": [_as_target(rule) for rule in lexicon.rules if _is_target(rule)],
        "context_rules": context,
    }


def import_rules(data: Mapping[str, Any], where: str) -> Imported:
    """The rules of a medspaCy file (``target_rules``, ``context_rules`` or both) as lexicon files.

    A literal is taken as it is, a pattern when it is a regular expression of the lexicons' own small dialect.
    Token patterns and categories that mean nothing here become issues; `where` is the file's name in them.
    """
    rules: dict[str, list[Rule]] = {}
    issues: list[Issue] = []
    for kind in ("target_rules", "context_rules"):
        for number, rule in enumerate(data.get(kind, ()), start=1):
            found = _imported(rule, f"{where} > {kind} > {number}")
            if isinstance(found, Issue):
                issues.append(found)
            else:
                rules.setdefault(found.file, []).append(found)
    return Imported({f"{file}.toml": _toml(found) for file, found in sorted(rules.items())}, tuple(issues))


def _is_target(rule: Rule) -> bool:
    return rule.file.startswith("findings/") or rule.file == "heads"


def _as_target(rule: Rule) -> dict[str, Any]:
    category = rule.file.removeprefix("findings/").upper()
    return {
        "literal": rule.name,
        "category": category,
        "pattern": _wrapped(rule),
        "metadata": _metadata(rule),
    }


def _as_context(rule: Rule) -> dict[str, Any] | None:
    found = context_of(rule, _EXCHANGED)
    if found is None:
        return None
    category, direction = found
    return {
        "literal": rule.name,
        "category": category,
        "pattern": _wrapped(rule),
        "direction": direction,
        "metadata": _metadata(rule),
    }


def context_of(rule: Rule, acts: Acts) -> tuple[str, str] | None:
    """The category and the direction of `rule` as a ConText modifier; `None` if it is none."""
    for file, means, category, direction in acts:
        if rule.file == file and means in {"*", rule.means}:
            return category, direction
    return None


def _wrapped(rule: Rule) -> str:
    return f"{_BEFORE}{rule.pattern}{_AFTER}"


def _metadata(rule: Rule) -> dict[str, Any]:
    return {"file": rule.file, "id": rule.id, "means": rule.means, "flags": sorted(rule.flags)}


def _imported(rule: Mapping[str, Any], where: str) -> Rule | Issue:
    known = rule.get("metadata") or {}
    category, direction = str(rule.get("category", "")).upper(), str(rule.get("direction", "")).upper()
    file, means = known.get("file"), known.get("means")
    if not file or not means:
        file, means = _FOREIGN.get((category, direction), (None, None))
    if file is None or means is None:
        modifier = direction or any(category == known for known, _ in _FOREIGN)
        choices = f"one of {', '.join(f'{c} {d}' for c, d in _FOREIGN)}, or " if modifier else ""
        return Issue(
            where,
            "unknown-category",
            f"expected {choices}metadata with the file and the meaning of a rule; got "
            f"{' '.join(filter(None, (category, direction))) or 'no category'}.",
            'Add them, as in "metadata": {"file": "findings/canal", "means": "structure"}.',
        )
    pattern = _pattern(rule)
    if pattern is None:
        return Issue(
            where,
            "unknown-pattern",
            "expected a literal or a regular expression without repetition; got another pattern.",
            "Write the phrases out as literals.",
        )
    rule_id = known.get("id") or _slug(str(rule.get("literal", "rule")))
    return Rule(file, rule_id, pattern, means, frozenset(known.get("flags", ())))


def _pattern(rule: Mapping[str, Any]) -> str | None:
    pattern = rule.get("pattern")
    if pattern is None:
        return (
            "".join(_literal(sign) for sign in " ".join(str(rule.get("literal", "")).lower().split())) or None
        )
    if not isinstance(pattern, str):
        return None
    inner = pattern.removeprefix(_BEFORE).removesuffix(_AFTER) if pattern.startswith(_BEFORE) else pattern
    try:
        expand(inner)
    except (PatternError, IndexError):
        return None
    return inner


def _literal(sign: str) -> str:
    return r"\s" if sign == " " else sign if sign.isalnum() else re.sub(r"([^\w\s'/,:;<>&%-])", r"\\\1", sign)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "rule"


def _toml(rules: Iterable[Rule]) -> str:
    """Rules as TOML, each with an example: the loader refuses a rule that no example shows."""
    blocks, taken = [], Counter[str]()
    for rule in rules:
        taken[rule.id] += 1
        rule_id = rule.id if taken[rule.id] == 1 else f"{rule.id}-{taken[rule.id]}"
        example = min(expand(rule.pattern), key=lambda phrase: (len(phrase), phrase)).replace("#", "1")
        flags = f"flags = {json.dumps(sorted(rule.flags))}\n" if rule.flags else ""
        blocks.append(
            f"[[rule]]\nid = {json.dumps(rule_id)}\npattern = {json.dumps(rule.pattern)}\n"
            f"means = {json.dumps(rule.means)}\n{flags}\n"
            f"[[examples]]\nmeans = {json.dumps(rule.means)}\ntexts = [{json.dumps(example)}]\n"
        )
    return "\n".join(blocks)

"""TOML to `Lexicon`. Every problem of every file is reported together, each as ``file > rule > field``."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lexicons.findings import FINDINGS
from lexicons.letters import plain
from lexicons.lexicon import Example, Lexicon, Reading, Rule
from lexicons.meanings import MEANINGS, MeaningError
from lexicons.patterns import PatternError, expand, in_line
from lexicons.problems import LexiconError

LANGUAGES = Path(__file__).parent
APART = ("sections", "levels", "abbreviations", "lines", "endings", "tables", "dictation")
"""The files whose words count only at a place of their own: elsewhere the same word may mean otherwise."""
FILES = (*sorted(set(MEANINGS) - {"finding"}), *(f"findings/{key}" for key in FINDINGS))
"""The files that a language may have, without their suffix."""

_NAMES = ", ".join(f"{name}.toml" for name in FILES)
_TABLES = {"rule", "examples", "counterexamples", "known_failures", "reading", "spelling"}
_FIELDS = {
    "rule": ({"id", "pattern", "means"}, {"flags"}),
    "examples": ({"means", "texts"}, set()),
    "counterexamples": ({"why", "texts"}, set()),
    "known_failures": ({"why", "means", "texts"}, set()),
}
_QUOTES = "write a text in quotes, a pattern between three: '''no\\sstenosis'''"
_TEXT, _TEXTS = "text in quotes", "a list of texts"
_SHAPES = dict.fromkeys(("id", "pattern", "means", "why"), _TEXT) | dict.fromkeys(("flags", "texts"), _TEXTS)
_READING: dict[str, tuple[type, object]] = {
    "heads": (list, []),
    "weak_heads": (list, []),
    "bare_head": (str, "never"),
    "bare_negated": (bool, False),
    "normal": (str, "level"),
    "vertebra": (bool, False),
}


def load_lexicon(
    language: str = "en", *, site: Path | str | None = None, folder: Path = LANGUAGES
) -> Lexicon:
    """The lexicon of `language`, with the rules of the `site` folder laid over it.

    `language` is the name of a folder of `folder`, or the path of a folder anywhere, whose name is then that
    of the language. A site folder has the same file names. Its rule replaces the shipped rule of the same
    file and id, and takes over every phrase that a shipped rule also holds; a new id is added.
    `LexiconError` lists all problems.
    """
    root = language_folder(language, folder)
    reader = _Reader()
    reader.read_folder(root)
    if site is not None:
        reader.read_folder(Path(site), over=True)
    return reader.lexicon(language_name(language, folder))


def language_name(language: str, folder: Path = LANGUAGES) -> str:
    """The name of `language`, as it stands with a report: for a path, that of its folder."""
    return language_folder(language, folder).resolve().name


def language_folder(language: str, folder: Path = LANGUAGES) -> Path:
    """Where the files of `language` are; `LexiconError` when it is no folder of `folder` and no path of one.

    A bare name (``en``) is that of a shipped language first; ``./en`` is a path.
    """
    shipped = folder / language
    if language and language == Path(language).name and shipped.is_dir():
        return shipped
    if language and Path(language).is_dir():
        return Path(language)
    choices = ", ".join(sorted(path.name for path in folder.iterdir() if (path / "grades.toml").exists()))
    raise LexiconError(
        [f"lexicons > {language}: no such language; choose one of {choices}, or name a folder of such files"]
    )


class _Reader:
    """Collects rules, examples and problems over all files of one language."""

    def __init__(self) -> None:
        self.rules: dict[tuple[str, str], Rule] = {}
        self.phrases: dict[str, Rule] = {}
        self.apart: dict[str, dict[str, Rule]] = {file: {} for file in APART}
        self.readings: dict[str, Reading] = {}
        self.examples: list[Example] = []
        self.failures: list[Example] = []
        self.spellings: list[str] = []
        self.problems: list[str] = []
        self.fresh: set[tuple[str, str]] = set()  # rules of the folder that is being read
        self.digest = hashlib.sha256()

    def read_folder(self, root: Path, over: bool = False) -> None:
        paths = sorted(root.rglob("*.toml"))
        self.fresh.clear()
        if not root.is_dir():
            got = "a file" if root.exists() else "nothing of that name"
            self.problems.append(f"{root}: expected a folder of lexicon files; got {got}")
        elif not paths:
            self.problems.append(f"{root}: no lexicon files; expected some of {_NAMES}")
        for path in paths:
            name = path.relative_to(root).with_suffix("").as_posix()
            raw = path.read_bytes()
            self.digest.update(name.encode() + b"\0" + raw)
            try:
                data = tomllib.loads(raw.decode("utf-8"))
            except tomllib.TOMLDecodeError as error:
                self.problems.append(f"{name}.toml: not readable as TOML ({error}); {_QUOTES}")
                continue
            except UnicodeDecodeError as error:
                self.problems.append(f"{name}.toml: not UTF-8 at byte {error.start}; save it as UTF-8")
                continue
            self.read_file(name, data, over)

    def read_file(self, name: str, data: dict[str, Any], over: bool) -> None:
        kind = "finding" if name.startswith("findings/") else name
        if name not in FILES:
            self.problems.append(f"{name}.toml: unknown file; {_expected(name)}")
            return
        for table in sorted(set(data) - _TABLES):
            self.problems.append(
                f"{name}.toml > {table}: unknown table; expected one of {', '.join(sorted(_TABLES))}"
            )
        for number, row in enumerate(self.rows(name, data, "rule")):
            where = f"{name}.toml > {row.get('id', f'rule {number + 1}')}"
            if self.fields(where, row, "rule"):
                self.read_rule(where, name, row, MEANINGS[kind])
        for table in ("examples", "counterexamples", "known_failures"):
            for row in self.rows(name, data, table):
                if self.fields(f"{name}.toml > {table}", row, table):
                    self.read_examples(name, table, row, MEANINGS[kind])
        self.spellings += map(plain, self.table(name, data, "spelling").get("words", []))
        if kind == "finding":
            self.read_reading(name, self.table(name, data, "reading"), required=not over)

    def rows(self, name: str, data: dict[str, Any], table: str) -> list[dict[str, Any]]:
        """The tables of an array of tables; none, with a problem, when it is something else."""
        rows = data.get(table, [])
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        self.problems.append(f"{name}.toml > {table}: expected [[{table}]], one for each; got something else")
        return []

    def table(self, name: str, data: dict[str, Any], table: str) -> dict[str, Any]:
        """A table; an empty one, with a problem, when it is something else."""
        found = data.get(table, {})
        if isinstance(found, dict) and (table != "spelling" or _is(found.get("words", []), _TEXTS)):
            return found
        self.problems.append(f"{name}.toml > {table}: expected [{table}] and its keys; got something else")
        return {}

    def fields(self, where: str, row: dict[str, Any], table: str) -> bool:
        required, optional = _FIELDS[table]
        for key in sorted(required - set(row)):
            self.problems.append(f"{where} > {key}: missing; add it")
        for key in sorted(set(row) - required - optional):
            expected = ", ".join(sorted(required | optional))
            self.problems.append(f"{where} > {key}: unknown key; expected one of {expected}")
        shaped = True
        for key in sorted(set(row) & set(_SHAPES)):
            if not _is(row[key], _SHAPES[key]):
                self.problems.append(f"{where} > {key}: expected {_SHAPES[key]}; got {row[key]!r}")
                shaped = False
        if not shaped:
            return False
        if row.get("texts") == []:
            self.problems.append(f"{where} > texts: empty; give at least one text or delete the table")
            return False
        return required <= set(row) and set(row) <= required | optional

    def read_rule(self, where: str, name: str, row: dict[str, Any], means: Callable[[str], object]) -> None:
        rule = Rule(name, row["id"], in_line(row["pattern"]), row["means"], frozenset(row.get("flags", ())))
        if (name, rule.id) in self.fresh:
            self.problems.append(f"{where} > id: used twice in this file; ids are unique")
        known, phrases = len(self.problems), frozenset[str]()
        try:
            means(rule.means)
        except MeaningError as error:
            self.problems.append(f"{where} > means: {error}")
        try:
            phrases = expand(rule.pattern)
        except PatternError as error:
            self.problems.append(f"{where} > pattern: {error}")
        if len(self.problems) > known:
            return
        table = self.apart.get(name, self.phrases)
        for phrase in sorted(phrases & table.keys()):
            other = table[phrase]
            if (other.file, other.id) in self.fresh:
                self.problems.append(
                    f"{where} > pattern: {phrase!r} is already read by {other.name}; keep it in one rule"
                )
        if old := self.rules.get((name, rule.id)):
            for phrase in [phrase for phrase, owner in table.items() if owner is old]:
                del table[phrase]
        self.fresh.add((name, rule.id))
        self.rules[name, rule.id] = rule
        table.update(dict.fromkeys(phrases, rule))

    def read_examples(
        self, name: str, table: str, row: dict[str, Any], means: Callable[[str], object]
    ) -> None:
        try:
            meaning = None if table == "counterexamples" else row["means"]
            if meaning is not None:
                means(meaning)
        except MeaningError as error:
            self.problems.append(f"{name}.toml > {table} > means: {error}")
            return
        into = self.failures if table == "known_failures" else self.examples
        into += [Example(name, text, meaning) for text in row["texts"]]

    def read_reading(self, name: str, table: dict[str, Any], required: bool) -> None:
        key = name.removeprefix("findings/")
        if not table and not required:
            return
        for field in sorted(set(table) - set(_READING)):
            self.problems.append(
                f"{name}.toml > reading > {field}: unknown key; expected {', '.join(_READING)}"
            )
            return
        for field, value in table.items():
            if not isinstance(value, _READING[field][0]):
                expected = _READING[field][0].__name__
                self.problems.append(f"{name}.toml > reading > {field}: expected {expected}; got {value!r}")
                return
        values: dict[str, Any] = {
            field: table.get(field, default) for field, (_, default) in _READING.items()
        }
        values["heads"], values["weak_heads"] = frozenset(values["heads"]), frozenset(values["weak_heads"])
        self.readings[key] = Reading(finding=key, **values)

    def lexicon(self, language: str) -> Lexicon:
        if self.problems:
            raise LexiconError(self.problems)
        return Lexicon(
            language=language,
            rules=tuple(self.rules.values()),
            phrases=self.phrases,
            apart=self.apart,
            readings={key: self.readings[key] for key in FINDINGS if key in self.readings},
            examples=tuple(self.examples),
            known_failures=tuple(self.failures),
            spellings=tuple(dict.fromkeys(self.spellings)),  # twice the same word is no doubt between two
            hash=self.digest.hexdigest(),
        )


def _expected(name: str) -> str:
    """What may stand in place of a file that no lexicon has."""
    if not name.startswith("findings/"):
        return f"expected one of {_NAMES}"
    return (
        f"expected a finding, one of {', '.join(FINDINGS)}; a new one is first said in "
        f"lexicons/{name}.toml of the package: its key, name, scale and codes"
    )


def _is(value: object, shape: str) -> bool:
    if shape == _TEXT:
        return isinstance(value, str)
    return isinstance(value, list) and all(isinstance(one, str) for one in value)

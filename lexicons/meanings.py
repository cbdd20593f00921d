"""What the rules of each lexicon file may mean, and the part of speech that a meaning gives a tag.

The cascade of `labeling` sees a sentence as a string of parts of speech, one character per tag:

====  =====================================  ====  =======================================
 g    grade word                              n    negation
 z    size word with no grade (significant)   N    negation that says nothing of a grade (no new)
 G    grade of a named scale (Schizas B)      u U  uncertainty, before or after its noun
 o    normal word                             V    could not be assessed
 O    says that a whole level is normal       r    side
 Q    otherwise normal                        a    one side more than the other
 Y    says that the whole study is normal     q    levels by reference (remaining levels)
 s    structure                               P    of an earlier time
 f    structure as adjective (foraminal)      X    changed from ... to
 k    structure by proxy (thecal sac)         K    the same as said before
 x    structure and head in one (NFS)         c    and, or, slash
 h    head noun (stenosis)                     p    of, in, involving
 H    head participle (narrowed)
 t    head noun of one finding (arthropathy)  v    is, remains
 i    transitive head (encroaching upon)      b B  with, but; causing
 d    other pathology (disc bulge)            W    which, where
 e    other anatomy (nerve root)              E    except
 A    as is (the left foramen)                D    of an earlier time, after its value
 L    at most, after its grade
 m    measurement                             M    respectively
 R    region of the body                      >    to, between two grades
====  =====================================  ====  =======================================

Levels (``l``, lumbar; ``y``, another region; ``j``, one vertebra), other words (``w``) and punctuation
(itself) are read by `labeling.tagging`. A filler has no part of speech and is left out of the string. Nor
have the words of the files apart (``sections``, ``levels``, ``abbreviations``, ``lines``, ``endings``,
``tables``, ``dictation``): they count only at their place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lexicons.vocabulary import Interval


class MeaningError(ValueError):
    """A meaning that its file does not know; the message lists the choices."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """`speech` is one character of the table above (empty for a filler); `value` the word it stands for.

    `low` and `high` are set for grades and normal words; `phrase` tells equal intervals apart: ``at_least``
    takes its lower bound, ``ungraded`` has no label, ``at_most`` counts as normal.
    """

    speech: str
    value: str = ""
    low: int = 0
    high: int = 0
    phrase: str = ""


Parser = Callable[[str], Meaning]


def _choices(**speech: str) -> Parser:
    """A parser for a closed list of meanings; underscores in the names stand for blanks."""
    table = {name.replace("_", " ").strip(): sign for name, sign in speech.items()}

    def parse(means: str) -> Meaning:
        if means not in table:
            raise MeaningError(f"expected one of {', '.join(sorted(table))}; got {means!r}")
        return Meaning(table[means], means)

    return parse


def _words(*choices: str) -> Parser:
    """A parser for the meanings of words that get no tag of their own."""
    return _choices(**dict.fromkeys(choices, ""))


def _grade(means: str) -> Meaning:
    if means == "significant":
        return Meaning("z", means, 2, 3, "ungraded")
    if means == "compared":
        return Meaning("z", means, 1, 3, "ungraded")
    if means == "at most":
        return Meaning("L", means)
    for words, phrase in (("at least ", "at_least"), ("no more than ", "at_most")):
        if means.startswith(words):
            bound = _interval(means.removeprefix(words))
            low, high = (bound.low, 3) if phrase == "at_least" else (0, bound.high)
            return Meaning("g", means, low, high, phrase)
    interval = _interval(means)
    return Meaning("g", means, interval.low, interval.high)


def _scale(means: str) -> Meaning:
    interval = _interval(means)
    return Meaning("G", means, interval.low, interval.high, "scale")


def _interval(text: str) -> Interval:
    try:
        interval = Interval.parse(text)
        return Interval(int(interval.low), int(interval.high))
    except ValueError as error:
        raise MeaningError(
            "expected a grade (mild), an interval (mild..moderate), `at least <grade>`, "
            "`no more than <grade>` or "
            f"`significant`; got {text!r}"
        ) from error


def _finding(means: str) -> Meaning:
    word, _, rest = means.partition(" ")
    if word in {"head", "participle"} and rest:
        return Meaning("t" if word == "head" else "H", rest)
    return _FINDING(means)


_FINDING = _choices(
    structure="s",
    structure_right="s",
    structure_left="s",
    structures="s",
    adjective="f",
    weak="k",
    stenosis="x",
    stenosis_both="x",
    stenosis_right="x",
    stenosis_left="x",
)

_NORMAL = _choices(
    normal="o",
    none="o",
    not_seen="o",
    preserved="o",
    resolved="o",
    level_normal="O",
    otherwise_normal="Q",
    study_normal="Y",
)

_REFERENCES = (
    "all",
    "remaining",
    "elsewhere",
    "upper",
    "higher",
    "lower",
    "this",
    "these",
    "kind",
    "both levels",
    "upper three",
    "upper three lumbar",
    "all five lumbar",
    "lower three",
    "L5-S1",
    "T12-L1",
    "upwards",
    "downwards",
    "down to",
    "and upwards",
    "and downwards",
    "above and below",
    "levels upwards",
    "this and upwards",
    "this and downwards",
    "neighbours",
    "two upwards",
    "three upwards",
    "four upwards",
    "two downwards",
    "three downwards",
    "four downwards",
    "levels downwards",
    "each level",
    "otherwise",
    "every",
    "the other",
    "others",
    "the rest",
    "above",
    "below",
    "first",
    "second",
    "third",
    "last",
    "slip level",
    "protrusion level",
    "lesion level",
    "some others",
)

MEANINGS: Mapping[str, Parser] = {
    "grades": _grade,
    "scales": _scale,
    "normal": _NORMAL,
    "negation": _choices(no="n", nor="c", not_="n", nowhere="n", says_nothing="N"),
    "uncertainty": _choices(before="u", after="U", not_assessed="V"),
    "sides": _choices(
        right="r", left="r", both="r", same_side="r", other_side="r", right_more="a", left_more="a"
    ),
    "references": _choices(**dict.fromkeys(_REFERENCES, "q")),
    "change": _choices(
        prior="P", prior_after="D", change="X", changed_to="X", same="K", level_above="K", as_at="K"
    ),
    "connectors": _choices(
        and_="c",
        or_="c",
        of="p",
        is_="v",
        with_="b",
        due_to="b",
        but="b",
        cause="B",
        which="W",
        also="A",
        to=">",
        respectively="M",
        except_="E",
        filler="",
    ),
    "heads": _choices(
        narrowing="h",
        narrowed="H",
        compromise="h",
        obliteration="h",
        narrowing_it="i",
        compromise_it="i",
        obliteration_it="i",
        contact_it="i",
    ),
    "distractors": _choices(anatomy="e", pathology="d", aside="d", slip="d", word="w"),
    "sections": _words(
        *("findings", "impression", "history", "notes", "course", "technique", "comparison"),
        *("uncompared", "addendum", "reread", "attestation", "attested", "levels", "digest", "other"),
        "preoperative",
    ),
    "regions": _choices(lumbar="R", other="R"),
    "flags": _choices(transitional="d", postoperative="d", draft="d"),
    "measures": _choices(measure="m"),
    "levels": _words(
        *("cervical", "thoracic", "lumbar", "sacral", "sacrum"),
        *("1", "2", "3", "4", "5", "12"),
        *("to", "and", "at", "on", "between", "level", "disc"),
        *("article", "clause", "adverb", "subject", "verb", "normal"),
    ),
    "abbreviations": _words("small", "any"),
    "lines": _words("goes on", "begins", "opens", "beside a noun"),
    "endings": _words("filler", "word"),
    "tables": _words(
        *("head", "level column", "first column", "midline", "right", "left", "order", "none", "normal"),
        *("0", "1", "2", "3", "to"),
        *("question", "answer", "asks", "asked", "yes", "field"),
    ),
    "dictation": _words(
        *("stop", "comma", "semicolon", "colon", "line", "paragraph"),
        *("dash", "slash", "open", "close", "organ after", "organ before"),
        *("noun after", "noun after ending", "noun before", "told", "unit"),
        *("letter", "sacral", "number 1", "number 4", "number 5", "number 23", "number 34", "number 45"),
    ),
    "finding": _finding,
}
"""Parser of the meanings of each file. ``finding`` stands for every file in ``findings/``."""

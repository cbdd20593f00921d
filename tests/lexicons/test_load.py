"""Broken lexicons, each with the exact error expected, and the site folder laid over the shipped one."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeling.labeler import Labeler
from labeling.report import Report
from lexicons.load import LANGUAGES, load_lexicon
from lexicons.patterns import PatternError, expand
from lexicons.problems import LexiconError

RULE = '[[rule]]\nid = "a"\npattern = "mild"\nmeans = "mild"\n'
BROKEN = [
    ("grades.toml", '[[rule]]\nid = "a"\npattern = "x"\n', "grades.toml > a > means: missing; add it"),
    (
        "grades.toml",
        RULE + 'color = "red"\n',
        "grades.toml > a > color: unknown key; expected one of flags, id, means, pattern",
    ),
    ("grades.toml", RULE + RULE, "grades.toml > a > id: used twice in this file; ids are unique"),
    (
        "grades.toml",
        RULE + RULE.replace('"a"', '"b"'),
        "grades.toml > b > pattern: 'mild' is already read by grades/a; keep it in one rule",
    ),
    (
        "grades.toml",
        '[[examples]]\nmeans = "mild"\ntexts = []\n',
        "grades.toml > examples > texts: empty; give at least one text or delete the table",
    ),
    (
        "grades.toml",
        RULE + "[colors]\nred = 1\n",
        "grades.toml > colors: unknown table; expected one of counterexamples, examples, known_failures, "
        "reading, rule, spelling",
    ),
    (
        "grades.toml",
        '[[rule]]\nid = "a"\npattern = "(mild"\nmeans = "mild"\n',
        "grades.toml > a > pattern: character 1: the group is not closed; expected ')'",
    ),
    (
        "sides.toml",
        '[[rule]]\nid = "a"\npattern = "up"\nmeans = "upwards"\n',
        "sides.toml > a > means: expected one of both, left, left more, other side, right, right more, "
        "same side; got 'upwards'",
    ),
    ("colours.toml", RULE, "colours.toml: unknown file; expected one of abbreviations.toml, "),
    ("grades.toml", "[[rule", "grades.toml: not readable as TOML ("),
    (
        "findings/spleen.toml",
        "[reading]\nheads = []\n",
        "findings/spleen.toml: unknown file; expected a finding, one of canal, foramen, recess, facet; a new",
    ),
    (
        "grades.toml",
        RULE.replace('"mild"', '"\\bmild"', 1),
        "grades.toml > a > pattern: character 0: '\\x08' is no text; write the pattern between three quotes",
    ),
    (
        "findings/canal.toml",
        '[reading]\nheads = "x"\n',
        "findings/canal.toml > reading > heads: expected list; got 'x'",
    ),
    (
        "grades.toml",
        RULE.replace("[[rule]]", "[rule]"),
        "grades.toml > rule: expected [[rule]], one for each",
    ),
    ("grades.toml", "rule = 1", "grades.toml > rule: expected [[rule]], one for each"),
    (
        "grades.toml",
        RULE.replace('"mild"', "3"),
        "grades.toml > a > pattern: expected text in quotes; got 3",
    ),
    (
        "grades.toml",
        '[[examples]]\nmeans = "mild"\ntexts = "mild"\n',
        "grades.toml > examples > texts: expected a list of texts; got 'mild'",
    ),
    ("grades.toml", RULE + 'flags = "x"\n', "grades.toml > a > flags: expected a list of texts; got 'x'"),
    ("grades.toml", 'spelling = "x"', "grades.toml > spelling: expected [spelling] and its keys"),
    ("grades.toml", "[spelling]\nwords = [1]", "grades.toml > spelling: expected [spelling] and its keys"),
    ("findings/canal.toml", "reading = 1", "findings/canal.toml > reading: expected [reading] and its keys"),
]


@pytest.mark.parametrize(("name", "text", "error"), BROKEN, ids=[error[:50] for _, _, error in BROKEN])
def test_broken_lexicon(tmp_path: Path, name: str, text: str, error: str) -> None:
    path = tmp_path / "xx" / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(LexiconError) as raised:
        load_lexicon("xx", folder=tmp_path)
    assert any(problem.startswith(error) for problem in raised.value.problems)


def test_a_new_finding_in_a_site_folder_is_one_fault(tmp_path: Path) -> None:
    (tmp_path / "findings").mkdir()
    (tmp_path / "findings" / "bulge.toml").write_text('key = "bulge"\nname = "disc bulge"\n')
    with pytest.raises(
        LexiconError, match=r"bulge.toml: unknown file; .* its key, name, scale and codes"
    ) as raised:
        load_lexicon(site=tmp_path)
    assert len(raised.value.problems) == 1


@pytest.mark.parametrize(("name", "got"), [("none", "nothing of that name"), ("a.toml", "a file")])
def test_a_site_that_is_no_folder(tmp_path: Path, name: str, got: str) -> None:
    (tmp_path / "a.toml").write_text(RULE)
    with pytest.raises(LexiconError, match=f"{name}: expected a folder of lexicon files; got {got}"):
        load_lexicon(site=str(tmp_path / name))


def test_a_rule_tells_of_all_its_faults(tmp_path: Path) -> None:
    (tmp_path / "grades.toml").write_text('[[rule]]\nid = "a"\npattern = "x.*"\nmeans = "huge"\n')
    with pytest.raises(LexiconError) as raised:
        load_lexicon(site=tmp_path)
    assert [problem.split(":")[0] for problem in raised.value.problems] == [
        "grades.toml > a > means",
        "grades.toml > a > pattern",
    ]


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "grades.toml").write_bytes('[[rule]]\nid = "ä"'.encode("latin-1"))
    with pytest.raises(LexiconError, match=r"grades.toml: not UTF-8 at byte 15; save it as UTF-8"):
        load_lexicon(site=tmp_path)


def test_all_problems_at_once(tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "grades.toml").write_text(RULE.replace("means", "mean"))
    (tmp_path / "xx" / "sides.toml").write_text("[[rule")
    with pytest.raises(LexiconError) as raised:
        load_lexicon("xx", folder=tmp_path)
    assert {problem.split(" > ")[0].split(":")[0] for problem in raised.value.problems} == {
        "grades.toml",
        "sides.toml",
    }


def test_a_long_pattern_is_broken_into_lines(tmp_path: Path) -> None:
    broken = (
        "[[rule]]\nid = \"a\"\npattern = '''\n  faint(ly)?|\n  trifling\\samount\n'''\nmeans = \"mild\"\n"
    )
    (tmp_path / "grades.toml").write_text(broken)
    phrases = load_lexicon(site=tmp_path).phrases
    assert {"faint", "faintly", "trifling amount"} <= set(phrases)


def test_lexicon_files_are_read_and_merged_line_by_line() -> None:
    long = [
        line for path in LANGUAGES.rglob("*.toml") for line in path.read_text().split("\n") if len(line) > 110
    ]
    assert not long


def test_unknown_language_names_the_choices() -> None:
    with pytest.raises(LexiconError, match="no such language; choose one of en"):
        load_lexicon("tlh")


def test_a_site_folder_adds_and_replaces(tmp_path: Path) -> None:
    (tmp_path / "grades.toml").write_text(
        '[[rule]]\nid = "house-word"\npattern = "smidgen(\\\\sof)?"\nmeans = "mild"\n'
        '[[rule]]\nid = "mild-short"\npattern = "minn"\nmeans = "mild"\n'
    )
    shipped, site = Labeler(), Labeler(site=tmp_path)
    report = Report("x", "L4-5: smidgen of canal stenosis.")
    assert [g.grade for g in shipped.label(report).grades] == [None]
    graded = site.label(report).grades
    assert [g.grade for g in graded] == [1]
    assert "grades/house-word" in {evidence.rule for g in graded for evidence in g.evidence}
    assert "min" not in site.lexicon.phrases
    assert shipped.lexicon_hash != site.lexicon_hash


def test_a_site_folder_may_not_contradict_itself(tmp_path: Path) -> None:
    other = RULE.replace('"a"', '"b"')
    (tmp_path / "grades.toml").write_text(RULE + other + RULE)
    with pytest.raises(LexiconError) as raised:
        load_lexicon(site=tmp_path)
    assert raised.value.problems == (
        "grades.toml > b > pattern: 'mild' is already read by grades/a; keep it in one rule",
        "grades.toml > a > id: used twice in this file; ids are unique",
        "grades.toml > a > pattern: 'mild' is already read by grades/b; keep it in one rule",
    )


def test_the_hash_is_of_the_content() -> None:
    assert load_lexicon("en").hash == load_lexicon("en", folder=LANGUAGES).hash
    assert len(load_lexicon("en").hash) == 64


PATTERNS = [
    ("mild(ly)?", {"mild", "mildly"}),
    ("a|b", {"a", "b"}),
    (
        r"mild\s*(?:-|to|/)\s*moderate",
        {f"mild{a}{j}{b}moderate" for a in ("", " ") for j in ("-", "to", "/") for b in ("", " ")},
    ),
    (r"high[\s-]grade", {"high grade", "high-grade"}),
    (r"\d+\s?mm", {"# mm", "#mm"}),
    (r"a\.b", {"a.b"}),
    ("(a|b)(c|d)", {"ac", "ad", "bc", "bd"}),
]


@pytest.mark.parametrize(("pattern", "phrases"), PATTERNS)
def test_pattern_is_a_finite_set_of_phrases(pattern: str, phrases: set[str]) -> None:
    assert expand(pattern) == phrases


@pytest.mark.parametrize(
    "pattern",
    [
        "a*",
        "a+",
        "a.b",
        "^a",
        "a{2}",
        "[ab",
        "(a",
        "a)",
        "Mild",
        "",
        "(a|)",
        r"\s",
        r"\d",
        r"\w",
        r"\b",
        "a\\",
        "[]",
        "[a-z]",
        "[^a]",
    ],
)
def test_pattern_outside_the_language(pattern: str) -> None:
    with pytest.raises(PatternError):
        expand(pattern)

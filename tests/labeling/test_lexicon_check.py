"""What `levelwise lexicon check` says of a site's own folder: every problem at once, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeling import lexicon_check
from labeling.lexicon_check import check_lexicon

GOOD = """
[[rule]]
id = "whopping"
pattern = "whopping(ly)?"
means = "severe"

[[examples]]
means = "severe"
texts = ["whopping stenosis", "whoppingly narrowed"]

[[counterexamples]]
why = "no grade"
texts = ["a whop"]

[[known_failures]]
why = "not yet"
means = "severe"
texts = ["humongous stenosis"]
"""


def site(folder: Path, text: str, name: str = "grades.toml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder


def test_a_sound_folder_has_no_fault(tmp_path: Path) -> None:
    found = check_lexicon(site(tmp_path, GOOD))
    assert (found.rules, found.examples, found.faults, found.changed) == (1, 4, (), ())
    assert found.slowest is not None
    assert found.slowest[0] == "grades/whopping"
    assert found.lines()[-1] == "1 rules, 4 examples: 0 faults, 0 shipped examples read otherwise"


FAULTS = [
    (
        GOOD.replace("whopping stenosis", "wopping stenosis"),
        ["grades.toml > examples > 'wopping stenosis': expected 'severe'; read nothing"],
    ),
    (
        GOOD.replace("a whop", "a whopping"),
        ["grades.toml > counterexamples > 'a whopping': expected nothing; read 'severe'"],
    ),
    (
        GOOD.replace("humongous", "whopping"),
        ["grades.toml > known_failures > 'whopping stenosis': it reads 'severe' now"],
    ),
    (
        GOOD + '[[rule]]\nid = "dull"\npattern = "dullish"\nmeans = "mild"\n',
        ["grades.toml > dull > means: no example of 'mild' is read by this rule; add one"],
    ),
    (
        GOOD.replace("means = ", "mean = ").replace('"whopping"', "7"),
        ["grades.toml > 7 > means: missing; add it", "grades.toml > 7 > mean: unknown key"],
    ),
    (GOOD.replace("[[rule]]", "[[rule"), ["grades.toml: not readable as TOML"]),
]


@pytest.mark.parametrize(("text", "faults"), FAULTS, ids=[faults[0][:60] for _, faults in FAULTS])
def test_a_fault_is_named_with_its_place(tmp_path: Path, text: str, faults: list[str]) -> None:
    found = check_lexicon(site(tmp_path, text)).faults
    assert [fault[: len(start)] for fault, start in zip(found, faults, strict=False)] == faults


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    site(tmp_path, FAULTS[0][0])
    site(tmp_path, '[[examples]]\nmeans = "left"\ntexts = ["to the port side"]\n', "sides.toml")
    files = {fault.split(" > ")[0] for fault in check_lexicon(tmp_path).faults}
    assert files == {"grades.toml", "sides.toml"}


def test_a_shipped_example_that_reads_otherwise_is_told_apart_from_faults(tmp_path: Path) -> None:
    text = GOOD.replace("whopping(ly)?", "whopping(ly)?|mild")
    found = check_lexicon(site(tmp_path, text))
    assert found.faults == ()
    assert any("expected 'mild'; read 'severe'" in line for line in found.changed)
    assert any(line.startswith("changed: grades.toml > examples") for line in found.lines())


def test_a_rule_in_place_of_a_shipped_one_is_told(tmp_path: Path) -> None:
    found = check_lexicon(site(tmp_path, GOOD.replace('id = "whopping"', 'id = "severe"')))
    assert found.replaced == ("grades.toml > severe: in place of the shipped rule; another id adds to it",)
    assert any(line.startswith("replaced: grades.toml > severe") for line in found.lines())


def test_a_slow_rule_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon_check, "SLOW_S", 0.0)
    (fault,) = check_lexicon(site(tmp_path, GOOD)).faults
    assert fault.startswith("grades.toml > whopping > pattern: ")
    assert "ms on hostile text" in fault


def test_an_empty_folder_is_a_fault(tmp_path: Path) -> None:
    found = check_lexicon(tmp_path)
    (fault,) = found.faults
    assert fault.startswith(f"{tmp_path}: no lexicon files; expected some of abbreviations.toml, ")
    assert "findings/canal.toml" in fault
    assert found.lines()[-1].startswith("0 rules, 0 examples: 1 faults")

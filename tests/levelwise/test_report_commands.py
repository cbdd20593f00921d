"""The commands around the labeler, from their words on the command line to the files and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from labeling.issues import InputError
from levelwise.cli import app
from levelwise.errors import Exit
from lexicons.load import load_lexicon

SITE = """
[[rule]]
id = "whopping"
pattern = "whopping"
means = "severe"

[[examples]]
means = "severe"
texts = ["whopping stenosis"]
"""
TEXTS = ["L4-5: Mild to moderate canal stenosis.", "L4-5: Whopping canal stenosis."]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(TEXTS)))
    return path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "grades.toml").write_text(SITE)
    return tmp_path / "site"


def run(*words: object) -> tuple[int, str]:
    """Exit code and output, blanks folded."""
    result = CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, " ".join(result.output.split())


def test_diff_shows_what_a_site_lexicon_did(source: Path, site: Path, tmp_path: Path) -> None:
    assert run("label", source, "-o", tmp_path / "one", "--workers", 1)[0] == Exit.DONE
    assert run("label", source, "-o", tmp_path / "two", "--workers", 1, "--site", site)[0] == Exit.DONE
    code, shown = run("diff", tmp_path / "one", tmp_path / "two", "-o", tmp_path / "diff.json")
    assert code == Exit.DONE
    assert "2 reports in both; 1 cells differ, 1 are the same." in shown
    assert "1 L4-L5 SCS: mild..severe = - -> severe [+grades/whopping]" in shown
    assert json.loads((tmp_path / "diff.json").read_text())["rules"]["grades/whopping"]["after"] == 1
    assert run("diff", tmp_path / "one", tmp_path / "two", "-o", tmp_path / "diff.md")[0] == Exit.DONE
    assert "| grades/whopping | 0 | 1 | 0 |" in (tmp_path / "diff.md").read_text()
    assert "Whopping" not in shown + (tmp_path / "diff.md").read_text(), "no word of a report"
    assert "0 cells differ" in run("diff", tmp_path / "one", tmp_path / "one")[1]


def test_regrade_then_diff(source: Path, tmp_path: Path) -> None:
    run("label", source, "-o", tmp_path / "one", "--workers", 1)
    code, shown = run("regrade", tmp_path / "one", "--policy", "down", "-o", tmp_path / "two")
    assert code == Exit.DONE
    assert "regrade: 2 labels, 2 reports" in shown
    _, shown = run("diff", tmp_path / "one", tmp_path / "two")
    assert "L4-L5 SCS: mild..moderate = 2 -> mild..moderate = 1" in shown
    assert "Policy: deepspine, then down." in shown


def test_label_with_a_second_voter(source: Path, tmp_path: Path) -> None:
    code, shown = run("label", source, "-o", tmp_path / "one", "--workers", 1, "--voters", "rules, context")
    assert code == Exit.DONE
    assert "disagreements" in shown


def test_explain_with_a_site_lexicon(source: Path, site: Path) -> None:
    assert "grades/whopping" not in run("explain", source, "--id", "1")[1]
    assert "grades/whopping" in run("explain", source, "--id", "1", "--site", site)[1]


@pytest.mark.parametrize("option", ["-o", "--out", "--html"])
def test_explain_writes_a_page_like_its_neighbours(source: Path, tmp_path: Path, option: str) -> None:
    page = tmp_path / "page.html"
    assert run("explain", source, "--id", "1", option, page)[0] == Exit.DONE
    assert page.read_text("utf-8").startswith("<!doctype html>")
    with pytest.raises(InputError, match=r"expected a file name that ends in \.html; got \.json"):
        run("explain", source, "--id", "1", option, tmp_path / "page.json")


def test_a_lexicon_goes_to_medspacy_and_back(site: Path, tmp_path: Path) -> None:
    rules, back = tmp_path / "rules.json", tmp_path / "back"
    code, shown = run("lexicon", "export", "-o", rules, "--site", site)
    assert (code, "context rules" in shown) == (0, True)
    code, shown = run("lexicon", "import", rules, "-o", back)
    assert code == 0
    assert load_lexicon(site=back).phrases.keys() >= load_lexicon(site=site).phrases.keys()
    code, shown = run("lexicon", "check", back)
    assert (code, "0 faults" in shown) == (0, True)


def test_medspacy_rules_without_a_meaning_here_are_named(tmp_path: Path) -> None:
    rule = {"literal": "mother", "category": "FAMILY", "direction": "FORWARD"}
    (tmp_path / "rules.json").write_text(json.dumps({"context_rules": [rule]}), "utf-8")
    code, shown = run("lexicon", "import", tmp_path / "rules.json", "-o", tmp_path / "back")
    assert (code, "unknown-category" in shown) == (Exit.NOTHING, True)
    (tmp_path / "rules.json").write_text("[]", "utf-8")
    with pytest.raises(InputError, match="expected a JSON file with one object"):
        run("lexicon", "import", tmp_path / "rules.json", "-o", tmp_path / "back")


def test_label_with_two_voters_says_how_they_differ(source: Path, tmp_path: Path) -> None:
    code, shown = run("label", source, "-o", tmp_path / "out", "--workers", 1, "--voters", "rules,context")
    assert (code, "0 certainty: both read the grade, one of them with doubt" in shown) == (0, True)


def test_lexicon_check_ends_with_3_where_there_are_faults(site: Path) -> None:
    code, shown = run("lexicon", "check", site)
    assert (code, "1 rules, 1 examples: 0 faults" in shown) == (Exit.DONE, True)
    (site / "grades.toml").write_text(SITE.replace("whopping stenosis", "big stenosis"))
    (site / "sides.toml").write_text('[[examples]]\nmeans = "left"\ntexts = ["to port"]\n')
    code, shown = run("lexicon", "check", site)
    assert code == Exit.NOTHING
    assert "fault: grades.toml > examples > 'big stenosis': expected 'severe'; read nothing" in shown
    assert "fault: sides.toml > examples > 'to port': expected 'left'; read nothing" in shown
    (site / "grades.toml").write_text("[[rule")
    assert run("lexicon", "check", site)[0] == Exit.NOTHING

"""The spaCy component, the exchange of rules with medspaCy, and the second reader."""

# ruff: noqa: E501 - one rule or report is one line of its table

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

# The quiet import comes before spaCy's own names.
# isort: off
from labeling.issues import InputError
from labeling.bridges.quiet import spacy
from labeling.bridges.spacy_component import GROUP, blank_pipeline, fast_tokenizer, grade_values
from medspacy.context import ConTextRule
from medspacy.target_matcher import TargetRule
from spacy.tokens import Doc, DocBin
# isort: on

from labeling.bridges.context_labeler import ContextLabeler
from labeling.bridges.rules import export_rules, import_rules
from labeling.labeler import Labeler
from labeling.report import Report
from lexicons.lexicon import Lexicon
from lexicons.load import load_lexicon

TEXT = "FINDINGS:\nL4-5: Moderate canal stenosis. Mild left foraminal narrowing.\nL5-S1: Normal."


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    return blank_pipeline()


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon("en")


# The component.


def test_the_component_puts_the_labelers_grades_on_the_document(nlp: spacy.Language) -> None:
    expected = [grade_values(grade) for grade in Labeler().label(Report("a", TEXT)).grades]
    assert expected
    grades = nlp(TEXT)._.grades
    assert grades == expected
    assert json.loads(json.dumps(grades)) == grades


def test_evidence_is_a_span_group_with_cell_and_rule(nlp: spacy.Language) -> None:
    doc = nlp(TEXT)  # a span group lives as long as its document
    spans = [(span.text, span.label_, span.id_) for span in doc.spans[GROUP]]
    assert ("Moderate", "L4-L5 SCS", "grades/moderate") in spans
    assert ("left", "L4-L5 LFS", "sides/left") in spans


def test_a_document_keeps_its_grades_on_disk(nlp: spacy.Language, tmp_path: Path) -> None:
    doc = nlp(TEXT)
    assert Doc(nlp.vocab).from_bytes(doc.to_bytes())._.grades == doc._.grades
    box = DocBin(store_user_data=True)
    box.add(doc)
    (again,) = DocBin().from_bytes(box.to_bytes()).get_docs(nlp.vocab)
    assert json.dumps(again._.grades) == json.dumps(doc._.grades)
    nlp.to_disk(tmp_path / "pipeline")
    assert spacy.load(tmp_path / "pipeline")(TEXT)._.grades == doc._.grades


def test_the_component_stands_in_any_pipeline_with_its_settings() -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("levelwise", config={"policy": "down"})
    cells = {
        (g["level"], g["finding"]): g["grade"]
        for g in pipeline("L4-5: Mild to moderate canal stenosis.")._.grades
    }
    assert cells["L4-L5", "SCS"] == 1
    assert pickle.loads(pickle.dumps(pipeline.get_pipe("levelwise"))) is not None
    with pytest.raises(InputError, match="policy"):
        spacy.blank("en").add_pipe("levelwise", config={"policy": "none such"})


def test_a_report_without_a_cell_has_an_empty_list_and_an_unread_one_none(nlp: spacy.Language) -> None:
    assert nlp("")._.grades == []
    assert nlp("Normal knee.")._.grades == []
    assert nlp.make_doc(TEXT)._.grades is None


def test_the_fast_tokenizer_cuts_reports_as_the_default_one_does(nlp: spacy.Language) -> None:
    default = spacy.blank("en")
    text = "L4-5: Moderate-to-severe (right > left) stenosis, 8.5 mm; L5/S1 normal.\n\nT12-L1: nil."
    assert [t.text for t in nlp.make_doc(text)] == [t.text for t in default.make_doc(text)]
    assert [t.text for t in fast_tokenizer(default)("cannot")] == ["cannot"]
    assert [t.text for t in default.make_doc("cannot")] == ["can", "not"]


# Rules.


def test_exported_rules_are_read_by_medspacy(lexicon: Lexicon, tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(export_rules(lexicon)), "utf-8")
    targets, context = TargetRule.from_json(str(path)), ConTextRule.from_json(path)
    assert {rule.category for rule in targets} >= {"CANAL", "FORAMEN", "RECESS", "FACET"}
    assert {rule.direction for rule in context} == {
        "FORWARD",
        "BACKWARD",
        "BIDIRECTIONAL",
        "TERMINATE",
        "PSEUDO",
    }


def test_what_was_exported_is_imported_as_it_was(lexicon: Lexicon, tmp_path: Path) -> None:
    found = import_rules(export_rules(lexicon), "rules.json")
    assert found.issues == ()
    for name, text in found.files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    site = load_lexicon("en", site=tmp_path)
    assert site.phrases == lexicon.phrases
    assert {rule.name: rule for rule in site.rules} == {rule.name: rule for rule in lexicon.rules}


def test_rules_from_elsewhere_work_as_a_site_lexicon(tmp_path: Path) -> None:
    data = {
        "context_rules": [
            {"literal": "zorby lack of", "category": "NEGATED_EXISTENCE", "direction": "FORWARD"},
            {"literal": "Zorby   lack-of", "category": "negated_existence", "direction": "forward"},
            {"literal": "a.b? (c)", "category": "HISTORICAL", "direction": "FORWARD"},
        ]
    }
    found = import_rules(data, "rules.json")
    assert (set(found.files), found.issues) == ({"negation.toml", "change.toml"}, ())
    for name, text in found.files.items():
        (tmp_path / name).write_text(text, "utf-8")
    labeler = Labeler(site=tmp_path)
    for words in ("zorby lack of", "zorby lack-of"):
        (grade,) = labeler.label(Report("a", f"L4-5: There is {words} canal stenosis.")).grades
        assert (grade.code, grade.grade) == ("SCS", 0)
    assert labeler.lexicon.phrases["a.b? (c)"].means == "prior"


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"literal": "x", "category": "FAMILY", "direction": "FORWARD"}, "unknown-category"),
        ({"literal": "x", "category": "NEGATED_EXISTENCE"}, "unknown-category"),
        ({"literal": "x", "category": "HISTORICAL", "direction": "FORWARD", "pattern": [{"LOWER": "x"}]}, "unknown-pattern"),
        ({"literal": "x", "category": "HISTORICAL", "direction": "FORWARD", "pattern": "x.*"}, "unknown-pattern"),
        ({"literal": "x", "category": "HISTORICAL", "direction": "FORWARD", "pattern": "(x"}, "unknown-pattern"),
        ({"literal": "  ", "category": "HISTORICAL", "direction": "FORWARD"}, "unknown-pattern"),
    ],
)  # fmt: skip
def test_a_rule_that_means_nothing_here_is_an_issue(rule: dict[str, object], reason: str) -> None:
    found = import_rules({"context_rules": [rule]}, "rules.json")
    assert found.files == {}
    assert [(issue.where, issue.reason) for issue in found.issues] == [
        ("rules.json > context_rules > 1", reason)
    ]


def test_a_target_rule_of_elsewhere_is_told_what_it_lacks() -> None:
    (issue,) = import_rules({"target_rules": [{"literal": "x", "category": "STENOSIS"}]}, "rules.json").issues
    assert issue.message == "expected metadata with the file and the meaning of a rule; got STENOSIS."
    assert "findings/canal" in issue.cure


# The second reader.


@pytest.fixture(scope="module")
def reader() -> ContextLabeler:
    return ContextLabeler()


READ: list[tuple[str, dict[str, int | None]]] = [
    ("L4-5: Moderate canal stenosis.", {"L4-L5 SCS": 2}),
    ("L4-5: No canal stenosis.", {"L4-L5 SCS": 0}),
    ("L4-5: Mild left foraminal narrowing.", {"L4-L5 LFS": 1}),
    ("L4-5: Mild bilateral foraminal narrowing.", {"L4-L5 RFS": 1, "L4-L5 LFS": 1}),
    ("L4-5: Canal stenosis.", {"L4-L5 SCS": None}),
    ("L4-5: The canal is patent.", {"L4-L5 SCS": 0}),
    ("HISTORY: L4-5 severe canal stenosis.", {}),
    ("Clinical: severe canal stenosis.\n\nThe canal is patent at L4-5.", {"L4-L5 SCS": 0}),
    ("HISTORY: back pain\nL4-5: Mild canal stenosis.", {"L4-L5 SCS": 1}),
    ("Mild canal stenosis at L3-4, moderate canal stenosis at L4-5.", {"L3-L4 SCS": 1, "L4-L5 SCS": 2}),
    ("Severe canal stenosis.", {}),
    ("There is no canal stenosis.", {f"{level} SCS": 0 for level in ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")}),
    ("L4-5: Mild canal stenosis. Severe canal stenosis.", {"L4-L5 SCS": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ)
def test_the_second_reader(reader: ContextLabeler, text: str, expected: dict[str, int | None]) -> None:
    grades = reader.label(Report("a", text)).grades
    assert {f"{g.level} {g.code}": g.grade for g in grades} == expected


def test_the_second_reader_shows_its_evidence_and_its_doubts(reader: ContextLabeler) -> None:
    text = "Lumbar\N{NO-BREAK SPACE}MRI.\nL4-5: Possible mild canal stenosis."
    (grade,) = reader.label(Report("a", text)).grades
    assert str(grade) == "L4-L5 SCS mild? (stated)"
    assert {(e.span.of(text), e.role) for e in grade.evidence} >= {
        ("L4-5", "level"),
        ("mild", "grade"),
        ("canal", "structure"),
    }
    (both,) = {g.flags for g in reader.label(Report("a", "L4-5: Mild foraminal narrowing.")).grades}
    assert both == {"side_unspecified"}
    (levels,) = {g.basis for g in reader.label(Report("a", "L4-5: Normal.")).grades}
    assert levels == "implied"
    (conflict,) = reader.label(Report("a", "L4-5: Mild canal stenosis. Severe canal stenosis.")).grades
    assert conflict.flags == {"conflict"}


def test_no_word_of_a_report_reaches_the_terminal() -> None:
    """PyRuSH leaks when it is left alone; should it stop, the first half says that the silencing can go."""
    code = """
import sys
from labeling.bridges.quiet import silence_pyrush, spacy
import medspacy
nlp = spacy.blank("en")
nlp.add_pipe("medspacy_pyrush")
nlp("Zorby canal stenosis. Second sentence.")
silence_pyrush()
sys.stderr.write("<silenced>")
nlp("Zorby canal stenosis. Second sentence.")
"""
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    before, after = done.stderr.split("<silenced>")
    assert "orby" in before
    assert "orby" not in after + done.stdout

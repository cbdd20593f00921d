"""levelwise as a spaCy pipeline component.

    import spacy
    import labeling.bridges.spacy_component  # registers the factory; an installed levelwise does it by itself

    nlp = spacy.blank("en")
    nlp.add_pipe("levelwise")
    doc = nlp("L4-5: Moderate canal stenosis.")
    doc._.grades        # [{"level": "L4-L5", "finding": "SCS", "grade": 2, ...}]: plain values, JSON-able
    doc.spans["levelwise"]  # the evidence: label "L4-L5 SCS", id the rule

The component reads ``doc.text`` with the labeler and needs nothing before it, no tagger and no sentences.
"""

# No postponed annotations here: spaCy reads those of the factory when it checks its settings.

from pathlib import Path
from typing import Any, Optional

# The quiet import comes first.
# isort: off
from labeling.bridges.quiet import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Span, SpanGroup
# isort: on

from labeling.labeler import Labeler
from labeling.report import LevelGrade, Report
from lexicons.load import language_name

GROUP = "levelwise"
"""Name of the span group that holds the evidence."""

if not Doc.has_extension("grades"):
    Doc.set_extension("grades", default=None)


class LevelwiseComponent:
    """Puts the grades of a report into ``doc._.grades`` and their evidence into ``doc.spans["levelwise"]``.

    A span covers the tokens that the evidence touches. ``doc._.grades`` is `None` on a document that never
    went through the component, and an empty list where the report speaks of no cell.
    """

    def __init__(self, policy: str = "deepspine", language: str = "en", site: str | None = None) -> None:
        self._labeler = Labeler(policy=policy, language=language, site=Path(site) if site else None)

    def __call__(self, doc: Doc) -> Doc:
        """Label the document in place and return it."""
        labels = self._labeler.label(Report(id="", text=doc.text))
        doc._.grades = [grade_values(grade) for grade in labels.grades]
        doc.spans[GROUP] = SpanGroup(doc, name=GROUP, spans=_spans(doc, labels.grades))
        return doc


@Language.factory(
    "levelwise",
    assigns=["doc._.grades", "doc.spans"],
    default_config={"policy": "deepspine", "language": "en", "site": None},
)
def make_component(
    nlp: Language,  # noqa: ARG001 - spaCy gives it
    name: str,  # noqa: ARG001
    policy: str,
    language: str,
    site: Optional[str],  # noqa: UP045 - spaCy 3.7 reads the type when it checks its settings
) -> LevelwiseComponent:
    """The factory behind ``nlp.add_pipe("levelwise")``; its settings are those of `Labeler`."""
    return LevelwiseComponent(policy, language, site)


def grade_values(grade: LevelGrade) -> dict[str, Any]:
    """One cell as plain values, with the names of the `labels` table."""
    return {
        "level": str(grade.level),
        "finding": grade.code,
        "grade": grade.grade,
        "low": grade.interval.low,
        "high": grade.interval.high,
        "certainty": grade.certainty.value,
        "basis": grade.basis.value,
        "flags": sorted(grade.flags),
        "evidence": [
            {"start": e.span.start, "end": e.span.end, "role": e.role, "rule": e.rule} for e in grade.evidence
        ],
    }


def fast_tokenizer(nlp: Language) -> Tokenizer:
    """The pipeline's tokenizer without its table of special cases and without looking for URLs.

    It is several times faster on reports. It differs where that table would cut a contraction ("can't") or
    keep an abbreviation ("e.g.") whole; nothing in levelwise looks at tokens.
    """
    slow = nlp.tokenizer
    if not isinstance(slow, Tokenizer):
        raise TypeError(
            f"fast_tokenizer: expected a pipeline with spaCy's Tokenizer; got {type(slow).__name__}"
        )
    return Tokenizer(
        nlp.vocab,
        rules={},
        prefix_search=slow.prefix_search,
        suffix_search=slow.suffix_search,
        infix_finditer=slow.infix_finditer,
        url_match=None,
    )


def blank(language: str) -> Language:
    """A pipeline of the fast tokenizer; that of all languages where spaCy does not know this one."""
    try:
        nlp = spacy.blank(language)
    except ImportError:
        nlp = spacy.blank("xx")
    nlp.tokenizer = fast_tokenizer(nlp)
    return nlp


def blank_pipeline(policy: str = "deepspine", language: str = "en") -> Language:
    """A pipeline of the fast tokenizer and the component, for ``nlp.pipe`` over an archive."""
    nlp = blank(language_name(language))
    nlp.add_pipe("levelwise", config={"policy": policy, "language": language})
    return nlp


def _spans(doc: Doc, grades: tuple[LevelGrade, ...]) -> list[Span]:
    found = (
        doc.char_span(
            evidence.span.start,
            evidence.span.end,
            label=f"{grade.level} {grade.code}",
            span_id=evidence.rule,
            alignment_mode="expand",
        )
        for grade in grades
        for evidence in grade.evidence
    )
    return [span for span in found if span is not None]

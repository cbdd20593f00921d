"""The medspaCy pipeline behind the second reader: targets and ConText modifiers made of a lexicon."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

# The quiet import comes first.
# isort: off
from labeling.bridges.quiet import silence_pyrush
from labeling.bridges.spacy_component import blank
from medspacy.context import ConText, ConTextRule
from medspacy.target_matcher import TargetMatcher, TargetRule
from spacy.tokens import Doc
# isort: on

from labeling.bridges.rules import CONTEXT, Acts, context_of
from lexicons.lexicon import Lexicon, Rule

# Which rules modify a target.
_MODIFIERS: Acts = (
    *CONTEXT,
    ("normal", "level normal", "NORMAL", "BIDIRECTIONAL"),
    ("heads", "*", "HEAD", "BIDIRECTIONAL"),
    *(("sides", side, "SIDE", "BIDIRECTIONAL") for side in ("right", "left", "both")),
)
_NEW_SENTENCE = re.compile(r"\n|[.;!?]$")


class ContextPipeline:
    """Finds the structures of a text and what modifies each of them.

    The documents it returns have the structures as entities, each with its `Rule` in the metadata of
    ``ent._.target_rule`` and its ConText modifiers in ``ent._.modifiers``.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        silence_pyrush()
        self._nlp = blank(lexicon.language)
        self._targets = TargetMatcher(self._nlp)
        self._targets.add(
            [
                TargetRule(phrase, rule.file.upper(), metadata={"rule": rule})
                for phrase, rule in target_phrases(lexicon)
            ]
        )
        self._context = ConText(self._nlp, rules=None, span_attrs=None)
        self._context.add(list(context_rules(lexicon)))

    def read(self, text: str) -> Doc:
        """The document of a folded text, with sentences, targets and modifiers."""
        doc = self._nlp.make_doc(text)
        _split(doc)
        with warnings.catch_warnings():
            # medspaCy always runs its token matcher, and spaCy warns that it has no pattern.
            warnings.filterwarnings("ignore", message=r"\[W036\]")
            found: Doc = self._context(self._targets(doc))
        return found


def target_phrases(lexicon: Lexicon) -> Iterator[tuple[str, Rule]]:
    """The phrases of structures; a head noun of one finding alone is no target."""
    for phrase, rule in lexicon.phrases.items():
        if rule.file.startswith("findings/") and not rule.means.startswith("head") and "#" not in phrase:
            yield phrase, rule


def context_rules(lexicon: Lexicon) -> Iterator[Any]:
    """A ConTextRule for every phrase that modifies a structure, its `Rule` in the metadata."""
    for phrase, rule in lexicon.phrases.items():
        head = rule.file.startswith("findings/") and rule.means.startswith("head")
        found = ("HEAD", "BIDIRECTIONAL") if head else context_of(rule, _MODIFIERS)
        if found is not None and "#" not in phrase:
            yield ConTextRule(phrase, found[0], direction=found[1], metadata={"rule": rule})


def _split(doc: Doc) -> None:
    """Sentences end at a line end, a full stop or a semicolon."""
    begins = True
    for token in doc:
        token.is_sent_start = begins
        begins = _NEW_SENTENCE.search(token.text) is not None

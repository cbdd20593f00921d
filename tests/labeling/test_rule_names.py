"""Every rule that the engine asks for by its name stands in the lexicon."""

from __future__ import annotations

from labeling.rule_names import DONE, LUMBAR_FILMS, LUMBAR_SCANS, PLANE, STUDY
from lexicons.load import load_lexicon


def test_every_name_is_that_of_a_rule() -> None:
    assert {STUDY, DONE, PLANE, LUMBAR_FILMS, *LUMBAR_SCANS} <= {
        rule.name for rule in load_lexicon("en").rules
    }

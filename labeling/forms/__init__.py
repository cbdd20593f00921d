"""Forms in which choices are made: what was not chosen is blanked out before a report is read.

``boxes`` reads ``[ ] mild [x] severe``, ``picks`` ``none / mild / *moderate* / severe``, and ``fields`` joins
the ``level: L4-5   degree: mild`` below a question with it. No step changes the length of the text. Where it
cannot be told what was chosen, nothing is left, not even the key: "canal stenosis: none / mild / severe".
"""

from __future__ import annotations

from collections.abc import Callable

from labeling.forms.boxes import Boxes
from labeling.forms.fields import Fields
from labeling.forms.options import Options
from labeling.forms.picks import Picks
from lexicons.lexicon import Lexicon


class Forms:
    """Reads the forms of one language; `speech` gives the parts of speech of lower-case words."""

    def __init__(self, lexicon: Lexicon, speech: Callable[[str], str]) -> None:
        options = Options(lexicon, speech)
        self._boxes, self._picks, self._fields = Boxes(options), Picks(options), Fields(lexicon)

    def filled(self, text: str) -> str:
        """A folded `text` with nothing but what was chosen, of the same length."""
        return self._fields.joined(self._picks.chosen(self._boxes.chosen(text)))

"""All steps that leave of a form what was chosen; see `labeling.forms`."""

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

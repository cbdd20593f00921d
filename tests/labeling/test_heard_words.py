"""Reports with words that speech recognition heard for others: the cells are those of what was said."""

from __future__ import annotations

import re
from itertools import product

from graded import graded_core

LEVELS = {
    "L1-2": ("L one to two", "L1 two", "El one two", "L 1 2", "L1 to 2"),
    "L2-3": ("L two three", "L2 three", "L 23", "L twenty three", "elle two 3", "L two through three"),
    "L3-4": ("L three for", "L3 four", "L 34", "L thirty-four", "ell 3 4", "L3 to 4", "L3 to four"),
    "L4-5": ("L for five", "L4 five", "L 45", "L forty five", "elf four five", "L for 5", "L 4 5", "L4 to 5"),
    "L5-S1": ("L five as one", "L5 as 1", "L five S1", "L5 S won", "L five S one", "L five ess one"),
}
"""A disc and what is heard for it."""
WORDS = {
    "unremarkable": ("on remarkable", "under markable", "un remarkable"),
    "patent": ("patient", "pattern", "pay tent"),
    "bilateral": ("by lateral", "by latter all", "bye ladder all", "by literal"),
    "foraminal": ("for a mineral", "for aminal", "for animal", "four mineral", "pheromonal", "for a menial"),
    "foramina": ("for a mina", "for amana", "four amina", "for mina"),
    "stenosis": ("stand no sis", "stun noses", "synosis", "snow sis", "steno cysts"),
    "spinal canal": ("spinal can all", "spinal kennel", "spine all canal", "spinal cannel"),
    "mild": ("mile", "mild lee", "miled"),
    "moderate": ("modern", "motor it", "mod a rate"),
    "severe": ("sever", "see veer", "save ear"),
}
"""A word and what is heard for it."""
REPORTS = (
    "{level}: Moderate spinal canal stenosis. Mild bilateral foraminal stenosis.",
    "{level}: No right foraminal stenosis. Severe left foraminal stenosis. The spinal canal is patent.",
    "{level}: Unremarkable.",
    "Foramina are patent at {level}. At {level} there is severe stenosis of the spinal canal.",
)


def test_what_is_heard_is_read_as_what_was_said() -> None:
    misread = []
    said = [text.format(level=level) for level, text in product(LEVELS, REPORTS)]
    for text, (word, others) in product(said, [*LEVELS.items(), *WORDS.items()]):
        if not re.search(rf"\b{word}\b", text, re.IGNORECASE):
            continue
        for other in others:
            heard = re.sub(rf"\b{word}\b", other, text, flags=re.IGNORECASE)
            if graded_core(heard) != graded_core(text):
                misread.append(heard)
    assert not misread, "\n".join(misread)


MEANT = (
    "Pain for five weeks, L for five days.",
    "L4 to 5 mm below the endplate a cyst.",
    "Scoliosis, convex to the L 45 degrees.",
    "Normal for a man of this age.",
    "L5 as one of several roots.",
)


def test_words_that_are_meant_open_no_level_and_name_no_structure() -> None:
    for words in MEANT:
        text = f"{words} There is severe canal stenosis."
        assert not {cell for cell in graded_core(text) if cell[0] in {"L4-L5", "L5-S1"}}, words

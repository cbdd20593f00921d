"""The parts that words are given by their neighbours, in more than one module."""

from __future__ import annotations

from lexicons.meanings import Meaning

ANATOMY = Meaning("e", "anatomy")
AND = Meaning("c", "and")
COLON = Meaning(":")
COMMA = Meaning(",")
NO = Meaning("n", "no")
NONE = Meaning("o", "none")
NORMAL = Meaning("o", "normal")
OF = Meaning("p", "of")
SEMICOLON = Meaning(";")
SILENT = Meaning("-")

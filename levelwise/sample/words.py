"""The sample writer's own words: grades, narrowing, discs, frames, and the grammar that varies them.

A grammar is a sentence with alternatives in braces, nested at will, and slots in angle brackets::

    "{There is |}<adj> {canal|central canal} {stenosis|narrowing}"

These words are not the lexicons': the writer must not teach the parser what it already knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")
_SPACES = re.compile(r" +")


def expand(rng: np.random.Generator, grammar: str, **slots: str) -> str:
    """One sentence of `grammar`: each ``{a|b}`` drawn, each ``<slot>`` filled, spaces tidied."""
    while match := _ALTERNATIVES.search(grammar):
        options = match[1].split("|")
        drawn = options[int(rng.integers(len(options)))]
        grammar = grammar[: match.start()] + drawn + grammar[match.end() :]
    for name, text in slots.items():
        grammar = grammar.replace(f"<{name}>", text)
    return _SPACES.sub(" ", grammar).strip()


# Grades 1, 2, 3 as adjective, adverb and abbreviation. The intermediate words go with the higher grade.
ADJECTIVES = {
    1: "{mild|mild|mild|mild|minimal|slight|minor|very mild}",
    2: "{moderate|moderate|moderate|moderate|mild to moderate|mild-to-moderate|mild-moderate}",
    3: "{severe|severe|severe|severe|marked|moderate to severe|high-grade|moderately severe}",
}
ADVERBS = {
    1: "{mildly|mildly|mildly|minimally|slightly}",
    2: "{moderately|moderately|moderately|mildly to moderately}",
    3: "{severely|severely|severely|markedly|moderately to severely}",
}
PLAIN = {1: "mild", 2: "moderate", 3: "severe"}
SHORT = {1: "{mild|min}", 2: "{mod|mod|mild-mod}", 3: "{sev|sev|mod-sev}"}

CANAL = "{central canal|spinal canal|canal|central spinal canal}"
CANAL_HEAD = "{central canal|spinal canal|canal|central|spinal} {stenosis|narrowing}"
OPEN = "{patent|patent|widely patent|clear|adequate|normal}"
NARROWED = "{narrowed|narrowed|stenotic|stenosed}"


@dataclass(frozen=True, slots=True)
class Paired:
    """How a structure with a right and a left side is named; `codes` are right, then left."""

    codes: tuple[str, str]
    head: str
    one: str
    many: str
    negative: str  # the noun phrase after "no" when both sides are normal


FORAMEN = Paired(
    ("RFS", "LFS"),
    "{neural foraminal|foraminal|neuroforaminal} {stenosis|narrowing}",
    "{neural foramen|foramen}",
    "{neural foramina|foramina}",
    "{neural foraminal|foraminal} {stenosis|narrowing}",
)
EXIT_FORAMEN = Paired(
    ("RFS", "LFS"),
    "{exit foraminal|foraminal} {narrowing|stenosis}",
    "exit foramen",
    "exit foramina",
    "{exit foraminal|foraminal} narrowing",
)
RECESS = Paired(
    ("RRS", "LRS"),
    "{lateral|lateral|subarticular} recess {stenosis|narrowing}",
    "{lateral|subarticular} recess",
    "{lateral|subarticular} recesses",
    "lateral recess {stenosis|narrowing}",
)
FACET = Paired(
    ("RFA", "LFA"),
    "{facet {arthropathy|hypertrophy|arthrosis|degeneration}"
    "|facet joint {arthropathy|osteoarthritis|arthrosis}}",
    "facet joint",
    "facet joints",
    "facet {arthropathy|arthrosis}",
)

# Findings that carry grade words of their own and fill no cell.
DISC = (
    "{mild|moderate|minimal|small|shallow|} {diffuse|circumferential|broad-based|concentric} disc bulge",
    "{mild|moderate|severe|partial|marked} {loss of disc height|disc height loss|disc space narrowing}",
    "disc {desiccation|dehydration} {with {mild|moderate|severe} height loss|without height loss}",
    "{small|5 mm|7 mm|large|shallow} {central|right central|left central} {protrusion|disc protrusion}"
    "{| indenting the thecal sac| with an annular fissure| contacting the ventral thecal sac}",
    "{mild|moderate|} {bulge|disc bulge} {and|with} {mild|moderate|slight} ligamentum flavum"
    " {thickening|infolding|buckling}",
    "{Modic type I|Modic type II|reactive} endplate change, {mild|moderate|severe}"
    "{ on the left| on the right|}",
    "{grade 1|2 mm|4 mm|trace} {anterolisthesis|retrolisthesis} of <upper> on <lower>",
    "{posterior|dorsal} annular fissure with a {mild|moderate} {bulge|disc bulge}",
    "{mild|moderate} ventral osteophytes and a {mild|small|moderate} bulge",
    "the disc is {mildly|moderately|severely} degenerated",
    "degenerative disc disease with vacuum phenomenon and {moderate|severe} collapse of the disc space",
)
WELL_DISC = (
    "the disc is {normal|well hydrated|preserved}",
    "no disc {herniation|bulge|protrusion}",
    "{minimal|slight|trace} disc bulge",
    "{mild|early} disc desiccation",
)
GENERAL = (
    "{vertebral body|vertebral} heights are {maintained|preserved}",
    "{alignment is {anatomic|satisfactory|normal}|there is {mild|slight} straightening of the lordosis}",
    "{marrow signal is {unremarkable|normal for age}|no {suspicious|aggressive} marrow lesion}",
    "the conus {ends|terminates|lies} at {L1|the lower border of L1}"
    " {with normal signal|and is unremarkable}",
    "{mild|moderate|severe} fatty {atrophy|infiltration} of the {paraspinal|multifidus} muscles",
    "{mild|moderate} degenerative change of the sacroiliac joints",
    "a {9|14|22|31} mm {simple |}cyst in the {right|left} kidney",
    "{moderate|severe} {atherosclerosis of the aorta|atheromatous change in the abdominal aorta}",
    "a {7|12} mm {haemangioma|hemangioma} in {L1|L2|L3}",
    "{mild|moderate} {dextroscoliosis|levoscoliosis|rotatory scoliosis}",
    "no {compression fracture|fracture}; {Schmorl nodes are noted|no spondylolysis}",
    "small perineural cyst at S2",
    "{no acute fracture|no osseous destruction}",
)
HISTORY = (
    "{low back pain|back pain|lumbago}"
    " {radiating to the {left|right} {leg|calf|buttock}|for {3|6|18} months}",
    "{neurogenic claudication|bilateral leg heaviness}, {query|evaluate for|?} {severe |}spinal stenosis",
    "{right|left} {L4|L5|S1} radiculopathy, EMG {mild|moderate}",
    "{sciatica|leg pain} after lifting; {mild|moderate|severe} pain",
    "told elsewhere of {mild|moderate|severe} stenosis at <level>",
)
PRIOR = (
    "{Outside report|Report|MRI} of {2014|2016|2018|2019}: {mild|moderate|severe}"
    " {canal|central canal} stenosis at <level>",
    "{MRI|CT} {from|of} {2015|2017|2020}, which described {mild|moderate|severe}"
    " {right|left|bilateral} foraminal stenosis at <level>",
    "{None|None available|No prior studies}",
    "{Radiographs|Plain films} only",
)
CLOSING = (
    "{Clinical correlation|Correlation with symptoms} is {advised|recommended|suggested}",
    "{Multilevel|Lumbar} {spondylosis|degenerative change}, as {detailed|described} above",
    "{No acute osseous abnormality|No fracture}",
    "{Incidental findings as above|Remaining findings as {detailed|described}}",
)

"""Reports with identifiers planted in them, each with its place: what a scrubber is measured on.

Three sets that share no name and no sentence. `FIRST` and `SECOND` were at hand while `dataset.scrub` was
written. `HELD_OUT` was written after it, by the same hand, and nothing was changed for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dataset.scrub import scrub
from levelwise.sample.truth import draw_study
from levelwise.sample.writer import STYLES, write_report

KINDS = ("name", "date", "phone", "number", "address", "email")


@dataclass(frozen=True)
class PlantedSet:
    """Names and places to draw from, and the sentences that hold them.

    A sentence has its place holders in braces: ``{name}`` and ``{number}`` are drawn, ``{name:Last, First}``
    and ``{date:%d}`` say how, with ``#`` a digit and ``?`` a capital letter.
    """

    first: Sequence[str]
    last: Sequence[str]
    towns: Sequence[str]
    streets: Sequence[str]
    before: Sequence[str]
    within: Sequence[str]
    after: Sequence[str]


@dataclass(frozen=True)
class Planted:
    """One identifier: half-open characters of the text."""

    start: int
    end: int
    kind: str


def planted_reports(planted: PlantedSet, count: int, seed: int) -> list[tuple[str, list[Planted]]]:
    """Synthetic reports, each with two sentences before, one within and two after that hold identifiers."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        style = STYLES[number % len(STYLES)]
        body = write_report(draw_study(rng, f"P{number}", f"S{number}"), rng, style=style).text
        first, _, rest = body.partition("\n")
        parts = [*_draw(rng, planted.before, 2), first, *_draw(rng, planted.within, 1), rest]
        made.append(_fill("\n".join([*parts, *_draw(rng, planted.after, 2)]), planted, rng))
    return made


def found_by_kind(reports: Iterable[tuple[str, list[Planted]]]) -> dict[str, tuple[int, int]]:
    """Kind to how many were planted and how many of them are masked to the last letter and digit."""
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for text, places in reports:
        masked = {position for span in scrub(text).spans for position in range(span.start, span.end)}
        for place in places:
            planted[place.kind] += 1
            left = [p for p in range(place.start, place.end) if text[p].isalnum() and p not in masked]
            found[place.kind] += not left
    return {kind: (planted[kind], found[kind]) for kind in KINDS}


def _draw(rng: np.random.Generator, sentences: Sequence[str], count: int) -> list[str]:
    return [sentences[int(number)] for number in rng.choice(len(sentences), count, replace=False)]


def _fill(template: str, planted: PlantedSet, rng: np.random.Generator) -> tuple[str, list[Planted]]:
    text, places, last = "", [], 0
    for hole in re.finditer(r"\{(\w+)(?::([^}]*))?\}", template):
        text += template[last : hole.start()]
        value = _value(hole[1], hole[2] or "", planted, rng)
        places.append(Planted(len(text), len(text) + len(value), hole[1]))
        text += value
        last = hole.end()
    return text + template[last:], places


def _value(kind: str, form: str, planted: PlantedSet, rng: np.random.Generator) -> str:
    first, last, town, street = (
        str(rng.choice(words)) for words in (planted.first, planted.last, planted.towns, planted.streets)
    )
    month = int(rng.integers(12))
    words = {
        "First": first,
        "Last": last,
        "FIRST": first.upper(),
        "LAST": last.upper(),
        "ff": (first[0] + last[0]).lower(),
        "IL": first[0] + last[0].upper(),
        "Initial": first[0],
        "first": first.lower(),
        "last": re.sub(r"\W", "", last.lower()),
        "Town": town,
        "Street": street,
        "day": str(int(rng.integers(1, 29))),
        "mm": f"{month + 1:02d}",
        "Month": _MONTHS[month],
        "Mon": _MONTHS[month][:3],
        "MON": _MONTHS[month][:3].upper(),
        "year": str(int(rng.integers(1998, 2025))),
        "yy": f"{int(rng.integers(3, 25)):02d}",
    }
    default = {"name": "First Last", "date": "mm/day/year", "number": "#######", "phone": "###-###-####"}
    filled = re.sub(
        "|".join(sorted(words, key=len, reverse=True)), lambda m: words[m[0]], form or default[kind]
    )
    digits = re.sub(r"#", lambda _: str(int(rng.integers(10))), filled)
    return re.sub(r"\?", lambda _: chr(65 + int(rng.integers(26))), digits)


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

FIRST = PlantedSet(
    first=[
        "John",
        "Mary",
        "Robert",
        "Patricia",
        "Michael",
        "Linda",
        "David",
        "Susan",
        "Anna",
        "Peter",
        "Maria",
        "Ahmed",
        "Wei",
        "Carlos",
    ],
    last=[
        "Smith",
        "Johnson",
        "O'Neill",
        "McDonald",
        "Garcia",
        "van der Berg",
        "Nguyen",
        "Patel",
        "Lee-Brown",
    ],
    towns=["Springfield", "Riverside", "Oak Park"],
    streets=["Main Street", "Oak Avenue", "Mill Road", "Park Blvd"],
    before=(
        "PATIENT NAME: {name:Last, First}",
        "Patient: {name}   DOB: {date}",
        "MRN: {number:########}  Accession: {number:??######}",
        "Accession #: {number:##-######}",
        "Exam date: {date:year-mm-day}",
        "Referring physician: {name:First I. Last}, MD",
        "Name: {name:LAST^FIRST}  ID: {number:MR######}",
        "Patient address: {address:### Street, Town, IL 6####}",
        "Tel: {phone:(###) ###-####}  E-mail: {email:first.last@example.com}",
        "Date of service: {date:Month day, year}",
        "NHS No: {number:### ### ####}",
        "SSN {number:###-##-####}",
    ),
    within=(
        "Comparison is made with the study of {date:day Mon year}.",
        "Mr. {name:Last} was scanned on {date:mm/day/yy}.",
        "Prior MRI {date:Month year} under {number:A########}.",
        "Clinical details from Dr {name:Last} on {phone:###-###-####}.",
        "Dear Dr. {name:Last}, thank you for referring Mrs {name:First Last}.",
    ),
    after=(
        "Dictated by: {name:First Last, MD}",
        "Electronically signed by {name:First Last} MD on {date:mm/day/year} 14:32",
        "Discussed with {name:First Last} by telephone at {phone:###-####}.",
        "cc: {name:Last, First}; fax {phone:###.###.####}",
        "Signed: {name:F. Last}, FRCR",
        "Reported by Dr. {name:First Last}, {date:day/mm/year}",
        "Radiologist: {name:LAST, FIRST}   Transcribed {date:day-MON-year}",
        "{address:PO Box ####}, {address:Town, TX 7####}",
        "Questions: {email:flast@hospital.org} or ext. {phone:####}",
        "Job #: {number:######}",
    ),
)

SECOND = PlantedSet(
    first=[
        "Olufemi",
        "Siobhan",
        "Thaddeus",
        "Brigitte",
        "Yusuf",
        "Hyun-Ju",
        "Dmitri",
        "Priscilla",
        "Rosalind",
        "Emeka",
        "Ingrid",
        "Tomasz",
    ],
    last=[
        "Abernathy",
        "Kowalczyk",
        "D'Angelo",
        "MacAllister",
        "Ocampo",
        "Øster",
        "de la Cruz",
        "Ng",
        "Whitfield-Rao",
    ],
    towns=["Harrogate", "New Braunfels", "Eau Claire"],
    streets=["Elm Grove", "Lexington Ave", "Old Quarry Lane", "Bishop's Way"],
    before=(
        "RE: {name:Last, First}   UR number {number:######}",
        "{name:First Last} ({date:day.mm.year}), hospital number {number:?######}",
        "Pt. {name:LAST FIRST} b. {date:day/mm/yy}",
        "Study performed on the {date:dayth of Month year} at {date:13:45}",
        "Visit ID: {number:V##########}",
        "GP: Dr {name:Last}, {address:## Street, Town}",
        "Requester {name:Initial Last}, bleep {phone:####}",
        "Patient's daughter {name} can be reached on {phone:0#### ######}",
        "Medicare ID {number:#???-??#-??##}",
        "Insurance: policy number {number:???-####-####}",
        "Exam: {date:day-Mon-yy}   Ref. {number:RAD/####/####}",
        "e-mail {email:first_last@clinic.co.uk}, mobile {phone:+44 7### ######}",
    ),
    within=(
        "{name:First Last} was last seen here on {date:Mon day}.",
        "Compared with outside films from {date:mm-day-year} (CD labelled {name:Last}).",
        "History from {name:Last}'s wife: injury in {date:Month of year}.",
        "As discussed with surgeon {name:Last} this morning, {date:day Month}.",
        "Lives at {address:### Street, Town}; call {phone:###/###-####}.",
    ),
    after=(
        "{name:First I. Last} M.D., Staff Radiologist",
        "Findings were conveyed to nurse {name:First} at {date:9:20 a.m.} on {date:mm/day}.",
        "DR {name:LAST} / {date:dayMONyear}",
        "/{name:IL}/ {date:year.mm.day}",
        "Results phoned to {name:Initial. Last} ({phone:### ### ####})",
        "Reading physician - {name:First Last}",
        "Approved: {name:Last F} {date:year/mm/day}",
        "Send copies to {name:First Last} and {name:First Last}, {address:Suite ###, #### Street}.",
        "Contact the department at {email:spine.mri@first-last.org}.",
        "Attested by resident {name:First Last} under the supervision of Prof. {name:Last}.",
    ),
)

HELD_OUT = PlantedSet(
    first=[
        "Young",
        "Bartholomew",
        "Xiomara",
        "Kofi",
        "Annelise",
        "Grace",
        "Rajesh",
        "Svetlana",
        "Leroy",
        "Mireille",
        "Hiroshi",
        "Nadia",
    ],
    last=[
        "Long",
        "Papadopoulos",
        "Featherstone",
        "Okonkwo",
        "St. Clair",
        "Rivers",
        "Mbeki-Jones",
        "O'Sullivan",
        "Wu",
    ],
    towns=["Chattanooga", "Milton Keynes", "Long Beach", "Bristol"],
    streets=["Peachtree Road", "High Street", "Rue Lafayette", "Broadway", "Willow Crescent"],
    before=(
        "Surname: {name:LAST}  Forename: {name:FIRST}  Hosp. no. {number:######}",
        "Report for {name:First Last}, born {date:day Month year}",
        "{name:Last, First I.} | {number:#######} | {date:mm/day/year}",
        "SUBJECT: {name:FIRST LAST} / {number:???#####}",
        "Acquired {date:yearmmday} {date:14:05}; accession {number:####-##-####}",
        "Patient lives at {address:## Street}, tel {phone:0### ### ####}",
        "Emergency contact: {name:First Last} (husband) {phone:1-###-###-####}",
        "Health card {number:#### ### ###}",
        "Referral from {name:First Last}, {address:#### Street, Town}",
        "Email: {email:First.Last@mail.example.net}",
        "Episode number {number:E-##-#####}, seen {date:Mon. day, year}",
        "Prior under maiden name {name:Last}, {date:mm-year}",
    ),
    within=(
        "{name:Last} reports worsening since {date:day/mm}.",
        "This {number:#######} study was compared with that of {date:day.mm.yy}.",
        "Ms. {name:First Last} declined gadolinium on {date:Month day}.",
        "Per {name:Initial. Last}, the patient fell in {date:Mon year}.",
        "Films on loan from {address:Town} arrived {date:dayth Mon}.",
    ),
    after=(
        "Interpreting radiologist: {name:First Last}  {date:mm/day/yy} {date:08:15}",
        "I, {name:First Last}, have reviewed the images and agree.",
        "Thanks, {name:First}",
        "Result given to {name:Initial Last} RN via pager {phone:#####}",
        "{name:LAST}/{name:ff}  D: {date:mm/day/year}  T: {date:mm/day/year}",
        "Please ring {name:First} on {phone:+1 (###) ###-####} if there are questions.",
        "Final report by {name:Last} {name:First}, consultant",
        "Scanned by {name:First L.} on scanner {number:SN-########}",
        "Copy: {name:First Last}, {address:## Street, Town}; {email:f.last@gp-surgery.org}",
        "Authorised {date:year-Mon-day} {name:F Last}",
    ),
)

"""Which column of an archive holds what: named by the user, or guessed from the names that archives use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ACCESSION = (
    "accession_number accession accession_no accession_num accession_nbr accession_id acc acc_no acc_num "
    "exam_accession exam_accession_number study_accession study_accession_number order_accession "
)
_ORDER = "exam_id examination_id order_id order_number order_proc_id order_procedure_id"

# In order of preference: the first name that the archive has is taken. Compared after `_key`.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "id": _words(
        "report_id id report_number report_no report_key document_id doc_id note_id record_id uid "
        f"{_ACCESSION} {_ORDER} event_id filename file"
    ),
    "text": _words(
        "text report_text report report_body full_text full_report body note_text note radiology_report "
        "narrative report_narrative narrative_text result_text report_content report_rtf report_html "
        "exam_report content findings_and_impression transcript"
    ),
    "study": _words(f"study_uid study_instance_uid study study_id {_ACCESSION} {_ORDER}"),
    "patient": _words(
        "patient patient_id pid mrn patient_mrn pat_mrn pat_mrn_id pat_id subject subject_id person_id "
        "medical_record_number empi patient_key"
    ),
    "reader": _words(
        "reader reader_id radiologist radiologist_id signed_by reported_by reporting_radiologist author "
        "dictated_by interpreter attending physician reading_physician reporting_physician "
        "interpreting_physician read_by reading_radiologist signing_radiologist signing_physician "
        "report_author finalized_by"
    ),
    "date": _words(
        "report_date date study_date exam_date date_of_report report_datetime reported_at study_datetime "
        "signed_at signed_date finalized_date finalized_at report_time datetime timestamp chartdate "
        "charttime report_finalized_date report_signed_date exam_completed_date exam_datetime"
    ),
    "modality": ("modality", "exam_modality", "study_modality"),
    "status": _words(
        "report_status status result_status note_status document_status completion_status "
        "report_type note_type document_type"
    ),
    "site": _words("site site_id hospital hospital_id institution facility campus"),
    "line": _words(
        "line line_number line_no line_num line_nbr line_seq line_id text_line note_line report_line "
        "result_line seq seq_no seq_num seq_nbr sequence sequence_number sequence_no sequence_num "
        "sequence_nbr text_seq report_seq blob_seq_num"
    ),
}

# The sections of a report that some archives keep in columns of their own, in reading order.
SECTIONS: dict[str, tuple[str, ...]] = {
    "FINDINGS": _words("findings finding report_findings findings_text exam_findings"),
    "IMPRESSION": _words(
        "impression impressions conclusion conclusions report_impression impression_text conclusion_text "
        "report_conclusion opinion"
    ),
    "ADDENDUM": _words("addendum addenda addendum_text report_addendum addendum_report"),
}

_LONGEST_NAME = 60
_VALUE = re.compile(r"[\d\s:/.,-]*\d[\d\s:/.,-]*")

FIELDS: tuple[str, ...] = tuple(SYNONYMS)
"""What a column can hold of a report, in the order of `Columns`: its fields, and the number of a line."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of an archive's columns. A field that is `None` is guessed from the names the archive has.

    `text` may name several columns (findings, impression): they are joined under headings, in that order. The
    guess takes the columns of sections too, beside a whole text: an impression must not be lost.
    `line` numbers the rows of a report that has several. `day_first` says what the date 03/04/2021 means; it
    stays empty where it is `None`.
    """

    id: str | None = None
    text: str | tuple[str, ...] | None = None
    study: str | None = None
    patient: str | None = None
    reader: str | None = None
    date: str | None = None
    modality: str | None = None
    status: str | None = None
    site: str | None = None
    line: str | None = None
    day_first: bool | None = None

    @property
    def text_parts(self) -> tuple[str, ...]:
        """The columns that hold the text, in the order they are joined; empty when none is known."""
        return (self.text,) if isinstance(self.text, str) else self.text or ()

    @property
    def id_is_of_study(self) -> bool:
        """Whether a study key stands in for the id, which several reports of a study then share."""
        return self.id is not None and (self.id == self.study or _key(self.id) in _STUDY)

    def describe(self) -> str:
        """Which column each field is read from, in one line: ``id <- accession, text <- report``."""
        named = {field: getattr(self, field) for field in FIELDS if field != "text"}
        name = named.pop("id") or "file and row number"
        repeats = " (numbered where it repeats)" if self.id_is_of_study else ""
        repeats = " (its rows are the lines of one report)" if self.line else repeats
        named = {"id": f"{name}{repeats}", "text": " + ".join(self.text_parts), **named}
        return ", ".join(f"{field} <- {name}" for field, name in named.items() if name)

    def unread(self, names: Sequence[str]) -> tuple[str, ...]:
        """The columns of `names` that no field is read from; none without a text: that is no header."""
        used = {*self.text_parts, *(getattr(self, field) for field in FIELDS if field != "text")}
        return tuple(name for name in names if name and name not in used) if self.text_parts else ()

    def unknown(self, names: Sequence[str]) -> list[str]:
        """The columns named here that `names` does not have, by the field that names them."""
        known = _by_key(names)
        wanted = {
            field: parts if field == "text" else (getattr(self, field),)
            for field, parts in ((field, self.text_parts) for field in FIELDS)
        }
        return [
            field
            for field, parts in wanted.items()
            if any(part is not None and part not in names and _key(part) not in known for part in parts)
        ]

    def resolve(self, names: Sequence[str]) -> Columns:
        """These columns with every `None` guessed from `names`; fields that no column fits stay `None`.

        A name given by the user is matched as it is first, then without regard to case and punctuation.
        """
        known = _by_key(names)

        def find(name: str) -> str:
            return name if name in names else known.get(_key(name), name)

        given: dict[str, Any] = {
            field: find(value) if isinstance(value, str) else tuple(map(find, value))
            for field in FIELDS
            if (value := getattr(self, field)) is not None
        }
        return replace(_guess(known), **given, day_first=self.day_first)

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether `cells` surely name columns, also below other lines: the text and one field more.

        A row of reports is none: its cells are long, or numbers and dates.
        """
        if len(cells) < 2 or any(len(cell) > _LONGEST_NAME or _VALUE.fullmatch(cell) for cell in cells):
            return False
        if not _TEXT_KEYS.union(map(_key, self.text_parts)).intersection(map(_key, cells)):
            return False  # most lines end here
        found = self.resolve(cells)
        others = [getattr(found, name) for name in FIELDS if name != "text"]
        known = len(found.text_parts) + sum(other is not None for other in others)
        return bool(found.text_parts) and not found.unknown(cells) and known > 1

    def headings(self) -> tuple[str, ...]:
        """What each column of the text is introduced by when there are several; a whole text by nothing."""
        return tuple(_heading(part) for part in self.text_parts)


def _guess(known: dict[str, str]) -> Columns:
    """The preferred column of each field; the text with the sections that stand in columns of their own."""

    def first(names: Sequence[str]) -> str | None:
        return next((known[key] for name in names if (key := _key(name)) in known), None)

    found: dict[str, Any] = {field: first(names) for field, names in SYNONYMS.items()}
    sections = [first(names) for names in SECTIONS.values()]
    if found["text"]:  # beside a text the singular is a label that somebody gave
        sections = [name for name in sections if name and _key(name) != "finding"]
    present = tuple(name for name in (found["text"], *sections) if name is not None)
    found["text"] = (present[0] if len(present) == 1 else present) or None
    return Columns(**found)


def _heading(name: str) -> str:
    key = _key(name)
    if key in _WHOLE:
        return ""
    known = next((head for head, keys in _SECTION_KEYS.items() if key in keys), None)
    return known or _plain(name).replace("_", " ").upper()


def _by_key(names: Sequence[str]) -> dict[str, str]:
    """Each column by its key; the first of several that read the same. The path to a field counts last."""
    ends = {_key(end): name for name in reversed(names) if (end := _end(name)) is not None}
    return ends | {_key(name): name for name in reversed(names)}


def _end(path: str) -> str | None:
    """The last name of a path whose others say nothing of what it names: ``_source.report_text``."""
    *wrappers, end = path.split(".")
    return end if wrappers and _WRAPPERS.issuperset(map(_key, wrappers)) else None


def _plain(name: str) -> str:
    """A column name without case, punctuation or camel humps: ``Report Text`` and ``ReportText`` are one."""
    humps = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[\W_]+", "_", humps).strip("_").lower()


def _key(name: str) -> str:
    """What names are compared by: databases write ``REPORTTEXT`` for ``report_text``."""
    return _plain(name).replace("_", "")


_WRAPPERS = frozenset(_words("source data attributes fields document record item payload result report exam"))
_STUDY = frozenset(map(_key, SYNONYMS["study"]))
_WHOLE = frozenset(map(_key, SYNONYMS["text"]))
_SECTION_KEYS = {head: frozenset(map(_key, names)) for head, names in SECTIONS.items()}
_TEXT_KEYS = _WHOLE.union(*_SECTION_KEYS.values())

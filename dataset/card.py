"""The card of a dataset: README.md with the front matter that Hugging Face reads.

Everything in it derives from the dataset folder: counts from the data files, columns from the Arrow schema,
the flow from ``flow.json``. Counts that rest on 1 to 10 patients are hidden, see `dataset.disclosure`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import pyarrow as pa

from dataset.croissant import CROISSANT, croissant
from dataset.disclosure import HIDDEN, LIMIT, small, suppress_flow
from dataset.flow import REASONS, STEPS
from dataset.record import CARD, DATA, MANIFEST, Manifest, Record
from dataset.schema import DATASET
from dataset.shards import sha256_of, write_bytes
from dataset.split import MODES
from dataset.tallies import GRADES, TOTAL, Tallies, tally
from labeling.bootstrap import Measure
from labeling.issues import InputError, Issue
from lexicons.findings import CODES, CORE_CODES
from lexicons.vocabulary import LEVELS

AGREEMENT = "agreement.json"
"""Parser figures: `Agreement.to_json` of `labeling.agreement`, where the dataset folder holds such a file."""

NOTES: dict[str, str] = {
    "split-by-study": MODES["study"],
    "split-by-disc": MODES["disc"],
    "small-archive": "The hash left a split empty. Patients were moved to fill it; they may change their "
    "split when the archive grows.",
    "empty-split": "There are too few patients to fill every split.",
    "dominant-patient": "One patient key stands for a large share of the studies. It may be a placeholder.",
    "empty-dataset": "No disc is left.",
    "no-patient-keys": "Discs without a patient key count as patients of their own, one for each study. They "
    "bear the flag `no_patient_key`. Leakage between studies of one such patient cannot be excluded.",
    "few-matches": "Most reports met no images.",
    "mixed-lexicon": "Grades were read with different versions of the lexicons.",
    "mixed-policy": "Grades were drawn with different policies.",
}
"""What the card says for each warning of a build; no counts, those are in the quarantine table."""


@dataclass(frozen=True, slots=True)
class _Column:
    """One row of the card's table of columns."""

    name: str
    type: str
    description: str
    null: str


def write_card(dataset: Path) -> Path:
    """Write README.md and croissant.json into a dataset folder and return the path of the first.

    Raises `InputError` when the folder holds no finished dataset or a file of it cannot be read.
    """
    path = dataset / CARD
    write_bytes(render_card(dataset).encode(), path)
    write_bytes(croissant(Manifest.read(dataset)).encode(), dataset / CROISSANT)
    return path


def take_agreement(agreement: Path, dataset: Path) -> None:
    """Copy the figures that ``levelwise agree --out agree.json`` wrote into a dataset, for its card.

    `InputError` when the file is of another kind.
    """
    if not agreement.is_file():
        cure = "Write it with `levelwise agree LABELS GOLD --out agree.json`."
        raise InputError(Issue(str(agreement), "missing-file", "expected a file; got none.", cure))
    _agreement(agreement, synthetic=True)
    # The misses name reports: they stay where they are.
    figures = {**json.loads(agreement.read_text("utf-8")), "misses": []}
    write_bytes((json.dumps(figures, indent=1) + "\n").encode(), dataset / AGREEMENT)


def render_card(dataset: Path) -> str:
    """The text of the card. It holds no dates and no paths, so the same dataset gives the same text."""
    record, manifest = Record.read(dataset), Manifest.read(dataset)
    counts = tally(dataset, manifest, open_counts=record.synthetic)
    graded = [code for code in CODES if any(counts.grades[code, TOTAL, grade] != 0 for grade in GRADES[:-1])]
    return _template().render(
        record=record,
        manifest_sha256=sha256_of(dataset / MANIFEST),
        files=manifest.data_files(),
        data=DATA,
        features="\n".join(f"  {line}" for line in features(DATASET)),
        size=_size(record),
        splits=_split_table(counts),
        flows=[_flow(title, table, record) for title, table in _FLOWS],
        grades={code: _grade_table(code, counts) for code in graded},
        ungraded=[code for code in CODES if code not in graded],
        findings=CODES,
        core=CORE_CODES,
        geometry={name: _values(values) for name, values in counts.geometry.items()},
        marks={name: _share(share) for name, share in counts.marks.items()},
        columns=list(_columns(DATASET)),
        split_note=MODES[record.split["mode"]],
        notes=[NOTES[note] for note in dict.fromkeys(record.notes) if note in NOTES],
        text_reports=_number(
            _open((record.deidentification["texts"] or {}).get("reports", 0), record.synthetic)
        ),
        agreement=_agreement(dataset / AGREEMENT, record.synthetic),
        limit=LIMIT,
        hidden=HIDDEN,
    )


def features(schema: pa.Schema) -> list[str]:
    """The schema as the lines of Hugging Face's ``dataset_info: features:``."""
    lines = []
    for field in schema:
        kind, length = field.type, ""
        if pa.types.is_fixed_size_list(kind):
            length = f"  length: {kind.list_size}"
        key = "list" if pa.types.is_list(kind) or length else "dtype"
        lines += [f"- name: {field.name}", f"  {key}: {_dtype(kind.value_type if key == 'list' else kind)}"]
        lines += [length] if length else []
    return lines


def _dtype(kind: pa.DataType) -> str:
    # Arrow's `double`, `float` and `date32[day]` have other names at Hugging Face.
    return {"double": "float64", "float": "float32", "date32[day]": "date32"}.get(str(kind), str(kind))


_FLOWS = (("Reports", "reports"), ("Discs", "discs"))


def _template() -> jinja2.Template:
    environment = jinja2.Environment(  # noqa: S701  (Markdown; nothing here comes from a patient)
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("card.md.j2")


def _number(count: int | None) -> str:
    return HIDDEN if count is None else f"{count:,}"


def _share(share: float | None) -> str:
    return HIDDEN if share is None else f"{share:.1f} %"


def _size(record: Record) -> str:
    discs = sum(count.rows for count in record.splits.values())
    return next((name for name, top in _SIZES.items() if discs < top), "1M<n<10M")


_SIZES = {"n<1K": 1_000, "1K<n<10K": 10_000, "10K<n<100K": 100_000, "100K<n<1M": 1_000_000}


def _split_table(counts: Tallies) -> list[list[str]]:
    return [
        [name, *map(_number, (one.patients, one.studies, one.discs))] for name, one in counts.splits.items()
    ]


def _grade_table(code: str, counts: Tallies) -> list[list[str]]:
    return [
        [level, *(_number(counts.grades[code, level, grade]) for grade in GRADES)]
        for level in (*map(str, LEVELS), TOTAL)
    ]


def _flow(title: str, table: str, record: Record) -> dict[str, Any]:
    """The lines of one flow: what stands at each step, and above it what fell out on the way there.

    Beside the rows, the number of patients would tell how many of them have several: it is for synthetic
    data alone.
    """
    steps, shown = record.flow.tables[table], record.synthetic
    hidden = (frozenset(), frozenset()) if shown else suppress_flow(steps, discs=table == "discs")
    lines = []
    for number, step in enumerate(steps):
        for reason, count in step.reasons.items():
            rows = None if (number, reason) in hidden[1] else count.rows
            lines.append(_line(f"  |-- {REASONS[reason].text}", f"-{_number(rows)}"))
        rows = None if number in hidden[0] else step.left.rows
        patients = f"   {step.left.patients:,} patients" if shown else ""
        lines.append(_line(STEPS.get(step.name, "read"), _number(rows)) + patients)
    return {"title": title, "lines": lines}


def _line(text: str, rows: str) -> str:
    return f"{text:<56}{rows:>10}"


def _values(values: Sequence[tuple[float, ...] | None]) -> str:
    """The one value of a geometry column. Several are not listed: a rare one could point to a patient."""
    present = [value for value in values if value is not None]
    if not present:
        return "absent"
    one = " x ".join(f"{x:g}" for x in present[0]) if len(present) == 1 else "varies from disc to disc"
    return one + (", or null" if None in values else "")


def _columns(schema: pa.Schema) -> Iterable[_Column]:
    for field in schema:
        about = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
        unit = f" [{about['unit']}]" if about.get("unit") else ""
        kind = str(field.type).replace("element", "item")
        yield _Column(field.name, kind, about["description"] + unit, about["null"])


def _agreement(path: Path, synthetic: bool) -> Mapping[str, Any] | None:
    """The rows of the parser's table; groups of few cells are of few patients and are hidden whole."""
    if not path.is_file():
        return None
    try:
        data = json.loads(path.read_text("utf-8"))
        rows = [
            (name, *_scores(scores, synthetic))
            for name, scores in {"core": data["core"], "all": data["all"], **data["findings"]}.items()
        ]
        return {"reports": _number(_open(data["reports"], synthetic)), "rows": rows}
    except (ValueError, KeyError, TypeError, AttributeError):
        message = "expected what `labeling.agreement.Agreement.to_json` gives; got something else."
        cure = "Write it again, or take it away."
        raise InputError(Issue(str(path), "wrong-file", message, cure)) from None


def _scores(scores: Mapping[str, Any], synthetic: bool) -> list[str]:
    cells = _open(int(scores["accuracy"]["n"]), synthetic)
    if cells is None:
        return [HIDDEN] * (1 + len(_MEASURES))
    return [_number(cells), *(str(Measure(**scores[name])) for name in _MEASURES)]


_MEASURES = ("accuracy", "f1", "silent", "kappa")


def _open(count: int, synthetic: bool) -> int | None:
    return None if small(count) and not synthetic else count

"""Labels and discs to a dataset: join, cohort, split, shards, flow, manifest and card.

The folder that `build` writes::

    data/train-00000.parquet ...   one disc a row and a row group; Hugging Face `load_dataset` reads it
    dropped-00000.parquet          every input row that is not in the dataset, with its reason
    quarantine-00000.parquet       what the user should know before using it
    texts-00000.parquet            the scrubbed words of the reports, only where they were asked for
    flow.json, manifest.json       how it came about; checksums of all of the above
    README.md                      the card

These bytes depend on the contents of the input tables and the options alone: neither on the order of rows
and files nor on the number of workers. (``data/manifest.json`` is the runner's own notebook for `resume`.)
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Unpack

import pyarrow as pa

from dataset.build_rows import Row, assemble_rows, make_row
from dataset.card import write_card
from dataset.cohort import Cohort, GradedDisc, parse_cohort, select
from dataset.deidentify import Pseudonyms
from dataset.flow import REASONS, Count, Flow, Ledger, Who, account
from dataset.inputs import read_contrast, read_discs, read_labels
from dataset.join import Study, join
from dataset.linkage import study_keys
from dataset.lock import locked
from dataset.people import People
from dataset.record import DATA, FLOW, MANIFEST, File, Manifest, Record
from dataset.schema import DATASET
from dataset.shards import remove_file, remove_temporaries, write_parquet
from dataset.split import SPLITS, Assignment, Unit, assign, place
from dataset.stage import Run, Shard, StageResult, fingerprint, run_stage
from dataset.texts import Texts, read_texts
from dataset.volumes import check_choice
from labeling.issues import InputError, Issue
from labeling.quarantine import quarantine_table
from labeling.sources import Columns


@dataclass(frozen=True, slots=True)
class BuildResult(StageResult):
    """What a build did. `rows` counts ``dataset``, each split, ``dropped`` and ``quarantine``."""

    record: Record

    @property
    def flow(self) -> Flow:
        """What became of every input row."""
        return self.record.flow


@dataclass(frozen=True, slots=True)
class Layout:
    """How the files are laid out and how much of a volume they hold; a change makes every file again."""

    version: int = 2
    volumes: str = "full"  # of dataset.volumes.VOXELS
    rows_per_file: int = 32  # 4.6 MB a row: a worker holds one such file of each split at most


def build(
    labels: Path,
    discs: Path,
    out: Path,
    *,
    cohort: str | Cohort = "deepspine",
    key: str = "study",
    index: Path | None = None,
    split: str = "patient",
    seed: str = "levelwise",
    fractions: tuple[float, float, float] = (0.7, 0.15, 0.15),
    folds: int = 0,
    external_site: str | None = None,
    synthetic: bool = False,
    secret: bytes | None = None,
    with_text: Path | None = None,
    columns: Columns | None = None,
    layout: Layout | None = None,
    **run: Unpack[Run],
) -> BuildResult:
    """Join the folders of the label and the discs stage into a dataset in `out`.

    `cohort` is a name of `dataset.cohort.COHORTS` or a `Cohort`; `key` says how reports name their study
    (``study``, ``accession`` with `index`, or a CSV file of keys); `split` is ``patient``, ``study`` or
    ``disc``, with the shares of train, validation and test in `fractions`; `folds` and `external_site` as in
    `dataset.split.assign`. A cohort that asks for contrast agent needs `index`. `synthetic` declares that no
    person is behind the data: the card then hides no small count.

    With a `secret` every identifier is replaced and every date moved (`dataset.deidentify`); without one
    identifiers stay as they came, dates are left out, and the card says so. `with_text` is the archive that
    was labelled, with the same `columns`: the words of the reports in use are written too, scrubbed
    (`dataset.scrub`).

    Raises `InputError` for a folder, file or option it cannot start with, and `RuntimeError`, an error of the
    program, when a row would get lost or a patient would be in two splits.
    """
    started = time.monotonic()
    _not_onto_inputs(out, labels, discs, index, with_text)
    rule, layout, names = parse_cohort(cohort), layout or Layout(), Pseudonyms(secret)
    check_choice(layout.volumes)
    label_rows, report_rows = read_labels(labels)
    disc_rows = read_discs(discs)
    ledger, people = Ledger(), People()
    studies = join(label_rows, report_rows, disc_rows, study_keys(key, index), ledger, people)
    if rule.contrast is not None:
        studies = _with_contrast(studies, index)
    kept = sorted(select(studies, rule, ledger), key=lambda disc: _order(disc, names, seed))
    read = {"labels": label_rows.num_rows, "reports": report_rows.num_rows, "discs": len(disc_rows)}
    flow = account(read, ledger.fates, people.name)
    units = [_unit(disc, people, rule) for disc in kept]
    parts = assign(
        units, mode=split, seed=seed, fractions=fractions, folds=folds, external_site=external_site
    )
    placed = zip(kept, parts.splits, parts.folds, strict=True)
    rows = [make_row(disc, people, names, split_name, fold) for disc, split_name, fold in placed]
    used = (disc.study for disc in kept)
    texts = None if with_text is None else read_texts(with_text, used, names, columns)
    issues = [*parts.issues, *_warnings(rows, flow, key, discs), *(texts.issues if texts else ())]
    record = Record(
        cohort=_cohort_options(rule),
        split=_split_options(split, seed, fractions, parts)
        | {"folds": folds, "external_site": external_site and names.name("site", external_site)},
        key=key if key in {"study", "accession"} else "file",
        lexicons=tuple(sorted({row.given["lexicon"] for row in rows})),
        policies=tuple(sorted({row.given["policy"] for row in rows})),
        synthetic=synthetic,
        splits=_split_counts(units, parts.splits),
        notes=tuple(issue.reason for issue in issues),
        deidentification=_deidentification(names, layout, texts),
        flow=flow,
    )
    dropped = names.table(ledger.dropped(), {"study": "uid", "report_id": "report"})
    rest = {"dropped": dropped, "quarantine": quarantine_table("build", issues)}
    shards = _shards(rows, layout)
    if run.get("dry_run"):
        stage = _write_data(out, shards, layout, run)
    else:
        with locked(out, take_over=run.get("take_over", False)):
            remove_temporaries(out)
            remove_file(out / MANIFEST)  # a folder without it is one that no build finished
            stage = _write_data(out, shards, layout, run)
            _write_rest(out, record, rest | ({"texts": texts.table} if texts else {}))
            write_card(out)
    counts = {"dataset": len(rows), **stage.rows, **{name: rest[name].num_rows for name in rest}}
    elapsed = time.monotonic() - started
    return BuildResult("build", out, counts, stage.shards, stage.reused, elapsed, record, plan=stage.plan)


def _write_data(out: Path, shards: Sequence[Shard], layout: Layout, run: Run) -> StageResult:
    return run_stage(
        "build",
        out / DATA,
        shards,
        assemble,
        layout,
        tables=dict.fromkeys(SPLITS, DATASET),
        row_group_rows=dict.fromkeys(SPLITS, 1),
        **run,
    )


def assemble(parts: Mapping[str, Sequence[Row]], layout: Layout) -> dict[str, pa.Table]:
    """The tables of one shard, one for each split: rows of `discs` with their grades."""
    return {split: assemble_rows(rows, layout.volumes) for split, rows in parts.items()}


def _unit(disc: GradedDisc, people: People, rule: Cohort) -> Unit:
    return Unit(
        person=people.name(Who.of(None, disc.study.uid)),
        study=disc.study.uid,
        level=str(disc.level),
        grades=tuple(c.grade for c in disc.cells if c.grade is not None and c.code in rule.codes),
        sites=frozenset(report.site for report in disc.study.reports if report.site),
    )


def _with_contrast(studies: Sequence[Study], index: Path | None) -> list[Study]:
    known = read_contrast(index)
    return [replace(study, contrast=known.get(study.uid)) for study in studies]


def _order(disc: GradedDisc, names: Pseudonyms, seed: str) -> tuple[float, str, int]:
    # Studies in the order of a hash: a reader that streams the files meets them shuffled. It is the hash of
    # what stands in the file, so that the order tells nothing of what does not.
    study = names.uid(disc.study.uid)
    return place(study, seed), study, int(disc.level)


def _deidentification(names: Pseudonyms, layout: Layout, texts: Texts | None) -> dict[str, Any]:
    """What was done to identifiers, for the card."""
    return {
        "identifiers": "as they came" if names.key is None else "HMAC-SHA256",
        "key_id": names.key_id,
        "dates": "left out" if names.key is None else "moved",
        "volumes": layout.volumes,
        "texts": None if texts is None else texts.to_json(),
    }


def _shards(rows: Sequence[Row], layout: Layout) -> list[Shard]:
    """Shard n holds file n of every split."""
    by_split: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_split[row.given["split"]].append(row)
    size = layout.rows_per_file
    files = max((-(-len(part) // size) for part in by_split.values()), default=0)
    shards = []
    for number in range(files):
        cut = slice(number * size, (number + 1) * size)
        parts = {split: by_split[split][cut] for split in SPLITS if by_split[split][cut]}
        content = [f"{row.place.content} {sorted(row.given.items())}" for p in parts.values() for row in p]
        shards.append(Shard(f"{number:05d}", parts, fingerprint(*content)))
    return shards


def _cohort_options(rule: Cohort) -> dict[str, Any]:
    options = asdict(rule) | {"levels_imaged": map(str, rule.levels_imaged)}
    plain = (str, int, type(None))
    return {name: value if isinstance(value, plain) else list(value) for name, value in options.items()}


def _split_options(
    mode: str, seed: str, fractions: Sequence[float], parts: Assignment
) -> dict[str, str | int | list[float] | None]:
    return {
        "mode": mode,
        "seed": seed,
        "fractions": list(fractions),
        "moved": parts.moved,
        "shared_patients": parts.shared_patients,
    }


def _split_counts(units: Sequence[Unit], splits: Sequence[str]) -> dict[str, Count]:
    counts = {}
    for name in SPLITS:
        inside = [unit for unit, split in zip(units, splits, strict=True) if split == name]
        studies, patients = {unit.study for unit in inside}, {unit.person for unit in inside}
        counts[name] = Count(len(inside), len(studies), len(patients))
    return counts


def _why(flow: Flow, table: str) -> str:
    """The three most frequent reasons why rows of a table fell out, in words."""
    reasons = Counter({reason: c.rows for step in flow.tables[table] for reason, c in step.reasons.items()})
    return ", ".join(f"{REASONS[name].text} ({n})" for name, n in reasons.most_common(3)) or "none came"


def _warnings(rows: Sequence[Row], flow: Flow, key: str, discs: Path) -> list[Issue]:
    issues = []
    if not rows:
        why = "; ".join(f"{table}: {_why(flow, table)}" for table in ("discs", "reports"))
        cure = "See dropped-*.parquet; try --cohort any"
        cure += ", or --key accession with --index." if key == "study" else "."
        issues.append(Issue(str(discs), "empty-dataset", f"no disc is left. Of {why}.", cure))
    elif not any(row.given["patient"] for row in rows):
        message = "no report and no image names a patient: every study counts as a patient of its own."
        issues.append(Issue("patient", "no-patient-keys", message, "Give reports a patient key.", "warning"))
    elif missing := sum(not row.given["patient"] for row in rows):
        message = f"{missing} of {len(rows)} discs name no patient: the study stands in for the patient."
        issues.append(Issue("patient", "no-patient-keys", message, "Give reports a patient key.", "warning"))
    used = flow.tables["reports"][-1].left.rows
    unmatched = sum(s.reasons["no-discs"].rows for s in flow.tables["reports"] if "no-discs" in s.reasons)
    if key == "study" and rows and unmatched > used:
        message = f"{unmatched} reports met no images by StudyInstanceUID, {used} did."
        cure = "If reports name accession numbers, use --key accession with --index."
        issues.append(Issue("key", "few-matches", message, cure, "warning"))
    for name in ("lexicon", "policy"):
        if len(different := {row.given[name] for row in rows}) > 1:
            message = f"grades were drawn with {len(different)} different {name} versions."
            issues.append(Issue(name, f"mixed-{name}", message, "Run `levelwise label` over all.", "warning"))
    return issues


def _write_rest(out: Path, record: Record, tables: Mapping[str, pa.Table]) -> None:
    files = _data_files(out)
    remove_file(out / "texts-00000.parquet")  # of an earlier run that was asked for words
    for name, table in tables.items():
        path = out / f"{name}-00000.parquet"
        sha256 = write_parquet(table, path)
        files[path.name] = File(sha256, path.stat().st_size, table.num_rows)
    sha256 = record.write(out)
    files[FLOW] = File(sha256, (out / FLOW).stat().st_size)
    Manifest(dict(sorted(files.items()))).write(out)


def _data_files(out: Path) -> dict[str, File]:
    shards = json.loads((out / DATA / MANIFEST).read_text("utf-8"))["shards"].values()
    infos = [info for shard in shards for info in shard["tables"].values()]
    return {
        f"{DATA}/{info['file']}": File(
            info["sha256"], (out / DATA / info["file"]).stat().st_size, info["rows"]
        )
        for info in infos
    }


def _not_onto_inputs(out: Path, *inputs: Path | None) -> None:
    for folder in inputs:
        if folder is not None and out.resolve() == folder.resolve():
            message = "the output folder is one of the input folders."
            raise InputError(Issue(str(out), "output-is-input", message, "Name a new folder."))

"""The command line: one command per stage, each a thin skin over one function of the Python API.

Heavy libraries are imported inside the commands: ``levelwise --help`` loads neither torch nor Arrow.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from levelwise.errors import EXIT_HELP, Exit, end_with

# Imports inside commands keep the help fast; one reason for the whole file.
# ruff: noqa: PLC0415

app = typer.Typer(
    name="levelwise",
    help="Lumbar MRI reports and DICOM studies to per-level stenosis grades, a dataset and a grader.",
    epilog=EXIT_HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they print local variables, and those hold reports
    rich_markup_mode=None,
)


class Split(StrEnum):
    """The splits of a dataset."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


Out = Annotated[Path, typer.Option("--out", "-o", help="Folder to write; created when missing.")]
Workers = Annotated[int | None, typer.Option(help="Processes; all processors unless told.", min=1)]
Resume = Annotated[bool, typer.Option(help="Reuse finished shards of an earlier run.")]


@app.callback()
def _common(
    traceback: Annotated[
        bool,
        typer.Option("--traceback", help="Show the whole traceback of an error; it may quote patient data."),
    ] = False,
) -> None:
    if traceback:
        os.environ["LEVELWISE_TRACEBACK"] = "1"


@app.command()
def label(
    source: Annotated[
        Path, typer.Argument(help="JSONL, CSV, TSV or Parquet file, or a folder of text files.")
    ],
    out: Out,
    policy: Annotated[
        str, typer.Option(help="How a grade is drawn from an interval of grades.")
    ] = "deepspine",
    language: Annotated[str, typer.Option(help="Language of the reports: a folder of lexicons/.")] = "en",
    text: Annotated[str | None, typer.Option(help="Column of the report text; guessed unless told.")] = None,
    report_id: Annotated[str | None, typer.Option("--id", help="Column of the report id.")] = None,
    study: Annotated[
        str | None, typer.Option(help="Column of the study key (UID or accession number).")
    ] = None,
    patient: Annotated[str | None, typer.Option(help="Column of the patient key.")] = None,
    workers: Workers = None,
    resume: Resume = True,
) -> None:
    """Read reports: write the `labels` and `reports` tables."""
    from dataset.label_archive import label_archive
    from labeling.sources import Columns
    from levelwise.console import progress, say_result

    columns = Columns(id=report_id, text=text, study=study, patient=patient)
    with progress("label") as tell:
        result = label_archive(
            source,
            out,
            columns=columns,
            policy=policy,
            language=language,
            workers=workers,
            resume=resume,
            progress=tell,
        )
    say_result(result)
    _nothing_unless(result.rows["reports"])


@app.command()
def explain(
    source: Annotated[Path, typer.Argument(help="A text file, an archive, or - for standard input.")],
    report_id: Annotated[
        str | None, typer.Option("--id", help="Id of the report; the first unless told.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page instead.")] = None,
    policy: Annotated[
        str, typer.Option(help="How a grade is drawn from an interval of grades.")
    ] = "deepspine",
    language: Annotated[str, typer.Option(help="Language of the report.")] = "en",
) -> None:
    """Show why a report has the grades it has: evidence in the text, the grid, the rules."""
    from labeling.explain import explain as render
    from labeling.explain_page import explain_html
    from labeling.labeler import Labeler
    from levelwise.console import out as console
    from levelwise.reading import one_report

    report = one_report(source, report_id, language)
    labels = Labeler(policy=policy, language=language).label(report)
    if html is None:
        console.print(render(report, labels))
        return
    from dataset.shards import write_bytes

    write_bytes(explain_html(report, labels).encode(), html)
    console.print(f"explain -> {html}", markup=False)


@app.command()
def coverage(
    source: Annotated[Path, typer.Argument(help="Report archive, as for `levelwise label`.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the list as Markdown instead.")
    ] = None,
    most: Annotated[int, typer.Option(help="Gaps to show.", min=1)] = 20,
    language: Annotated[str, typer.Option(help="Language of the reports.")] = "en",
) -> None:
    """List grade and pathology words that no rule read, by frequency, with a proposed rule each."""
    from labeling.coverage import measure_coverage
    from labeling.report import Report
    from labeling.sources import read_reports
    from levelwise.console import out as console
    from lexicons.load import load_lexicon

    reports = (item for item in read_reports(source, language=language) if isinstance(item, Report))
    found = measure_coverage(reports, load_lexicon(language))
    if out is None:
        console.print(found.to_markdown(most), markup=False)
        return
    from dataset.shards import write_bytes

    write_bytes(found.to_markdown(most).encode(), out)
    console.print(f"coverage: {len(found.gaps):,} gaps in {found.reports:,} reports -> {out}", markup=False)


@app.command()
def agree(
    labels: Annotated[Path, typer.Argument(help="Folder that `levelwise label` wrote, or a labels table.")],
    gold: Annotated[Path, typer.Argument(help="Annotated reports (JSONL: id, text, cells).")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write .json, .html or .md as well.")
    ] = None,
    misses: Annotated[int, typer.Option(help="Misses to list, without their text.", min=0)] = 10,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Put report texts beside the misses of the written file.")
    ] = False,
) -> None:
    """Hold labels against gold: precision, recall, F1, silently wrong grades, kappa, and every miss."""
    import json

    from labeling.agreement import agree as run
    from levelwise.tables import say_agreement

    result = run(labels, gold, with_text=with_text)
    say_agreement(result, title="Agreement with gold (%)", misses=misses)
    if out is not None:
        from dataset.shards import write_bytes

        forms = {".json": lambda: json.dumps(result.to_json(), indent=1), ".html": result.to_html}
        write_bytes(forms.get(out.suffix, result.to_markdown)().encode(), out)


@app.command()
def index(
    tree: Annotated[Path, typer.Argument(help="Folder of DICOM files, any layout.")],
    out: Out,
    workers: Workers = None,
    resume: Resume = True,
) -> None:
    """Find the series and stacks of a DICOM tree."""
    from dataset.imaging.index import index_tree
    from levelwise.console import progress, say_result

    with progress("index") as tell:
        result = index_tree(tree, out, workers=workers, resume=resume, progress=tell)
    say_result(result)
    _nothing_unless(result.rows["stacks"])


@app.command()
def segment(
    index: Annotated[Path, typer.Argument(help="Folder that `levelwise index` wrote.")],
    out: Out,
    weights: Annotated[
        Path | None, typer.Option(help="Weights (safetensors); the shipped ones unless told.")
    ] = None,
    workers: Workers = None,
    resume: Resume = True,
) -> None:
    """Find the vertebrae on the mid-sagittal slices: write label maps."""
    from levelwise.console import progress, say_result
    from training.segmentation.segment import segment as run

    with progress("segment") as tell:
        result = run(index, out, weights=weights, workers=workers, resume=resume, progress=tell)
    say_result(result)
    _nothing_unless(result.rows["masks"])


@app.command()
def discs(
    index: Annotated[Path, typer.Argument(help="Folder that `levelwise index` wrote.")],
    out: Out,
    masks: Annotated[Path | None, typer.Option(help="Folder of NIfTI label maps, or one file.")] = None,
    points: Annotated[
        Path | None, typer.Option(help="CSV of level points, as in the RSNA 2024 challenge.")
    ] = None,
    scheme: Annotated[str, typer.Option(help="What the labels of the masks mean.")] = "levelwise",
    size: Annotated[str, typer.Option(help="paper, or half the resolution in the plane.")] = "paper",
    workers: Workers = None,
    resume: Resume = True,
) -> None:
    """Cut both oblique volumes of every disc."""
    from dataset.imaging.discs import cut_discs
    from levelwise.console import progress, say_result

    with progress("discs") as tell:
        result = cut_discs(
            index,
            out,
            masks=masks,
            points=points,
            scheme=scheme,
            workers=workers,
            resume=resume,
            progress=tell,
        )
    say_result(result)
    _nothing_unless(result.rows["discs"])


@app.command()
def look(
    index: Annotated[Path, typer.Argument(help="Folder that `levelwise index` wrote.")],
    discs: Annotated[Path, typer.Argument(help="Folder that `levelwise discs` wrote.")],
    out: Out,
    study: Annotated[
        list[str] | None, typer.Option(help="StudyInstanceUID; every study unless told.")
    ] = None,
) -> None:
    """Draw studies: curve, disc planes and both cuts of every disc, one picture each."""
    import pyarrow.compute as pc

    from dataset.imaging.look import draw_study
    from dataset.keys import file_key
    from dataset.schema import DISCS
    from dataset.stage import read_table
    from levelwise.console import out as console
    from levelwise.console import progress

    studies = study or sorted(pc.unique(read_table(discs, "discs", DISCS, ["study"])["study"]).to_pylist())
    with progress("look") as tell:
        for done, uid in enumerate(studies, start=1):
            draw_study(index, discs, uid, out / f"{file_key(uid)}.png")
            tell(done, len(studies))
    console.print(f"look: {len(studies):,} pictures -> {out}", markup=False)
    _nothing_unless(studies)


@app.command()
def build(
    labels: Annotated[Path, typer.Argument(help="Folder that `levelwise label` wrote.")],
    discs: Annotated[Path, typer.Argument(help="Folder that `levelwise discs` wrote.")],
    out: Out,
    cohort: Annotated[str, typer.Option(help="Named rule for the studies that are kept.")] = "deepspine",
    split: Annotated[
        str, typer.Option(help="patient or study; disc only to reproduce the paper.")
    ] = "patient",
    seed: Annotated[
        str, typer.Option(help="Key of the hash that places a patient in a split.")
    ] = "levelwise",
    fractions: Annotated[
        tuple[float, float, float], typer.Option(help="Shares of train, validation and test.")
    ] = (0.7, 0.15, 0.15),
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="No person is behind the data: the card hides no small count.")
    ] = False,
    key: Annotated[
        str, typer.Option(help="What reports name the study by: study, accession, or a CSV file.")
    ] = "study",
    index: Annotated[Path | None, typer.Option(help="Index folder, for --key accession.")] = None,
    workers: Workers = None,
    resume: Resume = True,
) -> None:
    """Join labels and discs into a dataset with its card."""
    from dataset.build import build as run
    from levelwise.console import progress

    with progress("build") as tell:
        result = run(
            labels,
            discs,
            out,
            cohort=cohort,
            split=split,
            seed=seed,
            fractions=fractions,
            synthetic=synthetic,
            key=key,
            index=index,
            workers=workers,
            resume=resume,
            progress=tell,
        )
    _say_build(result)


@app.command()
def card(dataset: Annotated[Path, typer.Argument(help="Folder that `levelwise build` wrote.")]) -> None:
    """Write the data card of a dataset again."""
    from dataset.card import write_card
    from levelwise.console import out as console

    console.print(f"card: {write_card(dataset)}")


@app.command()
def check(dataset: Annotated[Path, typer.Argument(help="Folder that `levelwise build` wrote.")]) -> None:
    """Check a dataset: schema, checksums, ranges, leakage; every fault with its path."""
    from dataset.validate import check as run
    from levelwise.console import out as console

    issues = run(dataset)
    for issue in issues:
        console.print(str(issue), markup=False)
    console.print(f"check: {len(issues)} faults" if issues else "check: whole")
    _nothing_unless(not issues)


@app.command()
def train(
    dataset: Annotated[Path, typer.Argument(help="Folder that `levelwise build` wrote.")],
    out: Out,
    preset: Annotated[str, typer.Option(help="small (two cores, minutes) or paper (ResNeXt-50).")] = "small",
    epochs: Annotated[int | None, typer.Option(help="Epochs; the preset's unless told.", min=1)] = None,
    seed: Annotated[int, typer.Option(help="Seed of weights, order and augmentation.")] = 0,
    resume: Resume = True,
) -> None:
    """Train the two-branch grader."""
    from levelwise.console import out as console
    from levelwise.console import progress
    from training.fit import fit

    with progress("train") as tell:
        result = fit(dataset, out, preset=preset, epochs=epochs, seed=seed, resume=resume, progress=tell)
    console.print(result.summary(), markup=False)


@app.command()
def evaluate(
    dataset: Annotated[Path, typer.Argument(help="Folder that `levelwise build` wrote.")],
    grader: Annotated[Path, typer.Argument(help="Folder that `levelwise train` wrote.")],
    out: Out,
    split: Annotated[Split, typer.Option(help="Split to evaluate on.")] = Split.TEST,
) -> None:
    """Print the paper's Table 1 for a grader, with intervals."""
    from levelwise.tables import say_evaluation
    from training.evaluate import evaluate as run

    say_evaluation(run(dataset, grader, out, split=split.value))


@app.command()
def demo(
    out: Out = Path("levelwise-demo"),
    patients: Annotated[int, typer.Option(help="Patients of the sample archive.", min=12)] = 40,
    seed: Annotated[int, typer.Option(help="Seed of the sample archive and the training.")] = 0,
    epochs: Annotated[
        int | None, typer.Option(help="Epochs of training; the preset's unless told.", min=1)
    ] = None,
    workers: Workers = None,
    resume: Resume = True,
) -> None:
    """Run the whole job on a sample archive that is made here."""
    from levelwise.demo import Demo, run_demo

    run_demo(Demo(out, patients, seed, epochs, workers, resume))


def _say_build(result: Any) -> None:
    from levelwise.tables import say_build

    say_build(result)
    _nothing_unless(result.rows["dataset"])


def _nothing_unless(anything: object) -> None:
    if not anything:
        raise typer.Exit(Exit.NOTHING)


def main() -> None:
    """Run the command line; errors end with the exit codes of `levelwise.errors.Exit`."""
    try:
        app()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  (the last catch: every error gets its exit code)
        sys.exit(end_with(error, show_traceback="LEVELWISE_TRACEBACK" in os.environ))


if __name__ == "__main__":
    main()

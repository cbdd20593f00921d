"""Commands for those who label reports and those who audit the labels."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated, Literal, Unpack

import typer

from dataset.stage_run import Run
from levelwise.commands import lexicons
from levelwise.options import Column, Out, nothing_unless, suffix_of, with_run_options

# Imports inside commands keep the help fast; one reason for the whole file.
# ruff: noqa: PLC0415

commands = typer.Typer()
commands.add_typer(lexicons.commands, name="lexicon")

Policy = Annotated[
    str,
    typer.Option(help="How a grade is drawn from an interval of grades: deepspine, down, up or drop."),
]
Language = Annotated[str, typer.Option(help="A language of lexicons/, or the path of a folder of your own.")]
Site = Annotated[Path | None, typer.Option(help="Folder of your own lexicon files, laid over the shipped.")]


@commands.command()
@with_run_options
def label(
    source: Annotated[Path, typer.Argument(help="JSONL, CSV, Parquet, XLSX, HL7 or FHIR file, or a folder.")],
    out: Out,
    policy: Policy = "deepspine",
    language: Language = "en",
    site: Site = None,
    voters: Annotated[
        str, typer.Option(help="rules, or rules,context: a second reader, and a table of disagreements.")
    ] = "rules",
    text: Annotated[
        str | None,
        typer.Option(help="Column of the report text, or several joined by +; guessed unless told."),
    ] = None,
    report_id: Annotated[str | None, typer.Option("--id", help="Column of the report id.")] = None,
    study: Annotated[
        str | None,
        typer.Option(
            help="Column of the study key (UID or accession number); id for text files named after it."
        ),
    ] = None,
    patient: Annotated[str | None, typer.Option(help="Column of the patient key.")] = None,
    column: Column = None,
    dates: Annotated[
        Literal["day-first", "month-first"] | None,
        typer.Option(help="What 03/04/2021 means; such dates stay empty unless told."),
    ] = None,
    **run: Unpack[Run],
) -> None:
    """Read reports: write the `labels` and `reports` tables."""
    from dataset.label_archive import label_archive
    from labeling.sources import describe_source
    from levelwise.console import out as console
    from levelwise.console import progress, say_result
    from levelwise.reading import columns_of
    from levelwise.tables import say_disagreements

    columns = columns_of(column or (), dates, id=report_id, text=text, study=study, patient=patient)
    for line in describe_source(source, columns):
        console.print(f"  {line}", style="dim", markup=False)
    with progress("label") as run["progress"]:
        result = label_archive(
            source,
            out,
            columns=columns,
            policy=policy,
            language=language,
            site=site,
            voters=tuple(voter.strip() for voter in voters.split(",")),
            **run,
        )
    say_result(result)
    if "disagreements" in result.rows and not result.plan:
        say_disagreements(result.folder)
    nothing_unless(result.plan or result.rows["reports"])


@commands.command()
def explain(
    source: Annotated[Path, typer.Argument(help="A text file, an archive, or - for standard input.")],
    report_id: Annotated[
        str | None, typer.Option("--id", help="Id of the report; the first unless told.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", "--html", help="Write one self-contained page (.html) instead."),
    ] = None,
    policy: Policy = "deepspine",
    language: Language = "en",
    site: Site = None,
    column: Column = None,
) -> None:
    """Show why a report has the grades it has: evidence in the text, the grid, the rules."""
    gc.disable()  # half a second in all, of which a tenth would go into walks over a lexicon that stays
    from labeling.explain import explain as render
    from labeling.explain_page import explain_html
    from labeling.labeler import Labeler
    from levelwise.console import out as console
    from levelwise.reading import columns_of, one_report

    suffix_of(out, (".html",))
    report = one_report(source, report_id, language, columns_of(column or ()))
    labels = Labeler(policy, language, site, only=report).label(report)
    if out is None:
        console.print(render(report, labels))
        return
    from dataset.shards import write_bytes

    write_bytes(explain_html(report, labels).encode(), out)
    console.print(f"explain -> {out}", markup=False)


@commands.command()
def coverage(
    source: Annotated[Path, typer.Argument(help="Report archive, as for `levelwise label`.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the list as Markdown instead.")
    ] = None,
    most: Annotated[int, typer.Option(help="Gaps to show.", min=1)] = 20,
    language: Language = "en",
    site: Site = None,
    column: Column = None,
) -> None:
    """List grade and pathology words that no rule read, by frequency, with a proposed rule each."""
    from labeling.coverage import measure_coverage
    from labeling.labeler import Labeler
    from levelwise.console import counted, say_set_aside
    from levelwise.console import out as console
    from levelwise.reading import Archive, columns_of

    archive = Archive(source, columns_of(column or ()), language)
    with counted("coverage", archive, "reports", archive.expected) as reports:
        found = measure_coverage(reports, Labeler(language=language, site=site))
    if out is None:
        console.print(found.to_markdown(most), markup=False, soft_wrap=True)
    else:
        from dataset.shards import write_bytes

        write_bytes(found.to_markdown(most).encode(), out)
        console.print(
            f"coverage: {len(found.gaps):,} gaps in {found.reports:,} reports -> {out}", markup=False
        )
    say_set_aside(archive.issues)
    nothing_unless(found.reports)


@commands.command()
def agree(
    labels: Annotated[Path, typer.Argument(help="Folder that `levelwise label` wrote, or a labels table.")],
    gold: Annotated[Path, typer.Argument(help="Annotated reports (JSONL: id, text, cells).")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write as well: .json, .html or .md.")
    ] = None,
    misses: Annotated[int, typer.Option(help="Misses to list, without their text.", min=0)] = 10,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Put report texts beside the misses of the written file.")
    ] = False,
) -> None:
    """Hold labels against gold: precision, recall, F1, silently wrong grades, kappa, and every miss."""
    import json

    from labeling.agreement import agree as run
    from labeling.agreement_page import agreement_html, agreement_markdown
    from levelwise.console import out as console
    from levelwise.tables import say_agreement

    kind = suffix_of(out, (".json", ".html", ".md"))
    result = run(labels, gold, with_text=with_text)
    say_agreement(result, title="Agreement with gold (%)", misses=misses)
    if out is not None:
        from dataset.shards import write_bytes

        if kind == ".json":
            made = json.dumps(result.to_json(), indent=1)
        else:
            made = agreement_html(result) if kind == ".html" else agreement_markdown(result)
        write_bytes(made.encode(), out)
        console.print(f"  -> {out}", style="dim", markup=False)


@commands.command()
@with_run_options
def regrade(
    labels: Annotated[Path, typer.Argument(help="Folder that `levelwise label` wrote.")],
    out: Out,
    policy: Policy,
    **run: Unpack[Run],
) -> None:
    """Grade labels again under another policy, from their intervals, without reading the reports."""
    from dataset.regrade_labels import regrade_labels
    from levelwise.console import progress, say_result

    with progress("regrade") as run["progress"]:
        result = regrade_labels(labels, out, policy=policy, **run)
    say_result(result)

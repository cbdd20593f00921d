"""Commands for those who keep a lexicon of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from levelwise.options import nothing_unless

# Imports inside commands keep the help fast; one reason for the whole file.
# ruff: noqa: PLC0415

commands = typer.Typer(help="Check the words that the labeler reads, exchange them.", no_args_is_help=True)

Language = Annotated[
    str, typer.Option(help="The language that it lies over, or the path of one of your own.")
]


@commands.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of your own lexicon files; the shipped ones unless told.")
    ] = None,
    language: Language = "en",
) -> None:
    """Load a lexicon and run its examples: every fault as file > rule > field, and the slowest rule."""
    from labeling.lexicon_check import check_lexicon
    from levelwise.tables import say_lexicon_check

    result = check_lexicon(folder, language)
    say_lexicon_check(result)
    nothing_unless(not result.faults)


@commands.command()
def export(
    out: Annotated[Path, typer.Option("--out", "-o", help="JSON file to write.")],
    site: Annotated[
        Path | None, typer.Option(help="Folder of your own lexicon files, laid over the shipped.")
    ] = None,
    language: Language = "en",
) -> None:
    """Write the words as medspaCy rules: one JSON file of target and context rules."""
    import json

    from dataset.shards import write_bytes
    from labeling.bridges.rules import export_rules
    from levelwise.console import out as console
    from lexicons.load import load_lexicon

    rules = export_rules(load_lexicon(language, site=site))
    write_bytes(json.dumps(rules, indent=1, ensure_ascii=False).encode(), out)
    counts = ", ".join(f"{len(found):,} {kind.replace('_', ' ')}" for kind, found in rules.items())
    console.print(f"lexicon export: {counts} -> {out}", markup=False)


@commands.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="JSON file of medspaCy rules: target, context or both.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of lexicon files to write, for --site.")],
) -> None:
    """Write medspaCy rules as lexicon files; what has no meaning here is named and left out."""
    from dataset.shards import write_bytes
    from labeling.bridges.rules import import_rules
    from levelwise.console import out as console
    from levelwise.console import say_set_aside
    from levelwise.reading import read_json

    found = import_rules(read_json(source), str(source))
    for name, text in found.files.items():
        write_bytes(text.encode(), out / name)
    rules = sum(text.count("[[rule]]") for text in found.files.values())
    console.print(f"lexicon import: {rules:,} rules in {len(found.files):,} files -> {out}", markup=False)
    say_set_aside(found.issues)
    nothing_unless(found.files)

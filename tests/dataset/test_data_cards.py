"""The published card of the sample dataset: the words are the template's, the numbers those of a build.

The proof makes the sample archive, labels it, numbers its vertebrae, cuts its discs and builds the dataset
again, which takes minutes. The usual tests hold the published card against the card of a tiny build: all that
is not a number, and that the numbers add up.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from golden import REFRESH
from tiny_archive import random_archive

from dataset.build import build
from dataset.card import AGREEMENT, render_card, take_agreement, write_card
from dataset.imaging.discs import cut_discs
from dataset.imaging.index import index_tree
from dataset.label_archive import label_archive
from dataset.tallies import TOTAL
from labeling.agreement import agree
from levelwise.sample.archive import write_archive
from levelwise.sample.record import read_truth
from lexicons.vocabulary import LEVELS

CARD = Path(__file__).parents[2] / "data_cards" / "sample-archive.md"
AGAIN = f"{REFRESH}=1 pytest -m prove tests/dataset/test_data_cards.py"


def sections(card: str) -> dict[str, str]:
    """The text under every heading; the front matter under ``front``."""
    _, front, body = card.split("---\n", 2)
    parts = re.split(r"^## (.+)$", body, flags=re.MULTILINE)
    return {"front": front, **dict(zip(parts[1::2], parts[2::2], strict=True))}


def test_its_words_are_the_templates(tmp_path: Path) -> None:
    folder = build(*random_archive(60).write(tmp_path), tmp_path / "out", workers=1, synthetic=True).folder
    fresh, held = sections(render_card(folder)), sections(CARD.read_text("utf-8"))
    assert list(held) == list(fresh), AGAIN
    for name in (
        "front",
        "Load",
        "Columns",
        "Questions of the datasheet",
        "Known limits",
        "Who is represented",
    ):
        held_words, fresh_words = (re.sub(r"[\d.]+ %", "N %", card[name]) for card in (held, fresh))
        assert held_words == fresh_words, f"{name}: {AGAIN}"


def test_its_numbers_add_up() -> None:
    held = sections(CARD.read_text("utf-8"))
    splits = {row[0]: list(map(int, row[1:])) for row in rows(held["Splits"])}
    assert [
        sum(column) for column in zip(*(splits[n] for n in ("train", "validation", "test")), strict=True)
    ] == (splits["all"])
    for table in held["Grades"].split("**")[2::2]:
        grades = {row[0]: list(map(int, row[1:])) for row in rows(table)}
        levels = [grades[str(level)] for level in LEVELS]
        assert {sum(row) for row in levels} == {splits["all"][1]}
        assert [sum(column) for column in zip(*levels, strict=True)] == grades[TOTAL]


def rows(text: str) -> list[list[str]]:
    """The rows of a Markdown table without its head."""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [line for line in lines if re.fullmatch(r"\d+", line[-1])]


@pytest.mark.prove
def test_a_build_of_the_sample_archive_gives_this_card(tmp_path: Path) -> None:
    from training.segmentation.segment import segment  # noqa: PLC0415  (torch)

    archive = write_archive(tmp_path / "archive")
    labels = label_archive(archive.reports, tmp_path / "label").folder
    index = index_tree(archive.dicom, tmp_path / "index").folder
    masks = segment(index, tmp_path / "segment", workers=os.cpu_count()).folder
    discs = cut_discs(index, tmp_path / "discs", masks=masks).folder
    out = build(labels, discs, tmp_path / "out", synthetic=True).folder
    cells = {record.truth.study: record.cells for record in read_truth(archive.truth)}
    reports = map(json.loads, archive.reports.read_text("utf-8").splitlines())
    gold = [{"id": one["id"], "text": one["text"], "cells": cells[one["study"]]} for one in reports]
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, gold)), "utf-8")
    (tmp_path / AGREEMENT).write_text(json.dumps(agree(labels, tmp_path / "gold.jsonl").to_json()), "utf-8")
    take_agreement(tmp_path / AGREEMENT, out)
    made = write_card(out).read_text("utf-8")
    if os.environ.get(REFRESH):
        CARD.write_text(made, "utf-8")
    assert without_hashes(CARD.read_text("utf-8")) == without_hashes(made), AGAIN


def without_hashes(card: str) -> str:
    """The card without the hashes of lexicons, which any new rule changes, and of files."""
    return re.sub(r"\b[0-9a-f]{64}\b", "<sha256>", card)

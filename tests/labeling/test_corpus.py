"""The gold reports are well formed: known levels, codes and values, unique ids, no text in two files."""

import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS

CORPUS = Path(__file__).parent / "corpus"
FILES = {
    "tuning": 50,
    "heldout": 28,
    "tuning_short": 130,
    "tuning_full": 40,
    "tuning_third": 50,
    "tuning_fourth": 40,
    "tuning_fifth": 45,
    "tuning_sixth": 50,
    "tuning_seventh": 55,
    "heldout_second": 55,
    "heldout_third": 95,
    "heldout_fourth": 105,
    "heldout_fifth": 55,
    "heldout_sixth": 65,
    "heldout_seventh": 75,
    "heldout_eighth": 75,
    "heldout_ninth": 65,
    "heldout_tenth": 65,
    "heldout_eleventh": 65,
    "heldout_twelfth": 115,
    "heldout_thirteenth": 115,
    "tuning_eighth": 65,
    "tuning_ninth": 55,
    "tuning_tenth": 85,
    "tuning_thirteenth": 85,
    "tuning_fourteenth": 85,
    "tuning_fifteenth": 75,
    "tuning_sixteenth": 75,
    "tuning_seventeenth": 70,
    "tuning_eighteenth": 55,
    "tuning_nineteenth": 95,
    "tuning_twentieth": 85,
    "tuning_twentyfirst": 95,
    "tuning_twentysecond": 115,
    "tuning_twentythird": 105,
    "tuning_twentysixth_a": 50,
    "tuning_twentyfifth": 115,
    "tuning_twentyeighth": 95,
    "tuning_twentysixth_b": 50,
    "tuning_eleventh": 95,
    "tuning_twelfth": 75,
    "pieces_dictation": 220,
    "pieces_styles": 400,
    "pieces_terse": 240,
    "strangers_39a": 45,
    "strangers_39b": 55,
    "strangers_39c": 95,
    "strangers_40d": 65,
    "strangers_40e": 85,
    "strangers_41f": 75,
    "strangers_42g": 75,
    "strangers_43h": 65,
    "strangers_44i": 65,
    "strangers_46k": 75,
    "strangers_47l": 75,
    "strangers_48m": 65,
    "strangers_49n": 65,
    "strangers_51q": 65,
    "strangers_52r": 75,
    "strangers_53s": 70,
    "strangers_54t": 70,
    "strangers_55u": 70,
    "strangers_57w": 70,
    "strangers_58x": 70,
    "strangers_60a": 65,
    "strangers_61b": 65,
    "strangers_63d": 65,
    "strangers_70w": 65,
    "strangers_71w": 65,
    "strangers_72p": 65,
    "strangers_73p": 65,
    "strangers_76a": 55,
    "strangers_77b": 55,
    "strangers_78c": 55,
    "strangers_80e": 55,
    "strangers_81f": 55,
    "strangers_84i": 55,
    "strangers_85j": 55,
    "strangers_87l": 55,
    "strangers_88m": 55,
}
VALUE = re.compile(r"[0-3P]\??|N|X")


@cache
def read(name: str) -> list[dict]:
    return [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()]


def sentences(text: str) -> set[str]:
    parts = re.split(r"[.\n]+", text.lower())
    words = [[word for word in part.split() if word != "|"] for part in parts]
    return {" ".join(part) for part in words if len(part) > 13}


@pytest.mark.parametrize(("name", "least"), FILES.items())
def test_a_corpus_holds_enough_reports_under_unique_ids(name, least):
    reports = read(name)
    assert len(reports) >= least
    assert len({report["id"] for report in reports}) == len(reports)
    assert len({report["text"] for report in reports}) == len(reports)


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_well_formed(name):
    for report in read(name):
        assert set(report) == {"id", "text", "cells"}, report
        assert report["text"].strip() == report["text"] != "", report
        assert set(report["cells"]) <= {str(level) for level in LEVELS}, report
        for cells in report["cells"].values():
            assert cells, report
            assert set(cells) <= set(CODES), report
            assert all(VALUE.fullmatch(value) for value in cells.values()), report


def test_no_long_sentence_and_no_id_is_in_two_files():
    places = defaultdict(set)
    for name in FILES:
        for report in read(name):
            for one in {report["id"], *sentences(report["text"])}:
                places[one].add(name)
    assert not {one: names for one, names in places.items() if len(names) > 1}


@pytest.mark.parametrize("name", FILES)
def test_every_grade_of_the_core_findings_is_in_the_gold(name):
    seen = {(code, v) for r in read(name) for cells in r["cells"].values() for code, v in cells.items()}
    assert {(code, grade) for code in ("SCS", "RFS", "LFS") for grade in "0123"} <= seen

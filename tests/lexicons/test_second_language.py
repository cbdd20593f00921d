"""A language is one folder: a small German lexicon, test data only, read by the engine as it stands.

It proves the engine, not German: about forty phrases, no more than these sentences need.
"""

from __future__ import annotations

import pickle
import shutil
import unicodedata
from functools import cache
from pathlib import Path

import pytest

from labeling.labeler import Labeler
from labeling.lexicon_check import check_lexicon
from labeling.report import Report
from lexicons.load import LANGUAGES, load_lexicon
from lexicons.problems import LexiconError

GERMAN = Path(__file__).parent / "data" / "de"


@cache
def labeler() -> Labeler:
    return Labeler(language=str(GERMAN))


def cells(text: str) -> list[str]:
    """What a report says, each as ``L4-L5 SCS moderate``; doubt as ``?`` at its end."""
    return [
        f"{grade.level} {grade.code} {grade.interval}{'?' * (grade.certainty == 'uncertain')}"
        for grade in labeler().label(Report("x", text)).grades
    ]


SENTENCES = [
    (
        "LWK 4/5: mittelgradige Spinalkanalstenose, Neuroforamina frei.",
        ["L4-L5 SCS moderate", "L4-L5 RFS normal", "L4-L5 LFS normal"],
    ),
    ("hochgradige Einengung des linken Neuroforamens in Hoehe L5/S1", ["L5-S1 LFS severe"]),
    ("Mäßige Rezessusstenose links in Höhe LWK 4/5.", ["L4-L5 LRS moderate"]),
    (
        "LWK 3/4 und 4/5: keine Spinalkanalstenose.",
        ["L3-L4 SCS normal", "L4-L5 SCS normal"],
    ),
    (
        "Im Segment LWK 5/SWK 1 zeigt sich eine geringgradige Neuroforamenstenose beidseits.",
        ["L5-S1 RFS mild", "L5-S1 LFS mild"],
    ),
    (
        "LWK 2 bis LWK 5: Spinalkanal normal weit.",
        ["L2-L3 SCS normal", "L3-L4 SCS normal", "L4-L5 SCS normal"],
    ),
    (
        "L4/5: Geringe Einengung des re. Neuroforamens, das li. Neuroforamen ist frei.",
        ["L4-L5 RFS mild", "L4-L5 LFS normal"],
    ),
    (
        "LWK4/LWK5: Leichte bis mäßige Spinalkanalstenose.\n"
        "In den übrigen Segmenten keine Rezessusstenose links.",
        [
            *("T12-L1 LRS normal", "L1-L2 LRS normal", "L2-L3 LRS normal", "L3-L4 LRS normal"),
            *("L4-L5 SCS mild..moderate", "L5-S1 LRS normal"),
        ],
    ),
    (
        "Fragestellung: Stenose LWK 2/3?\n\nBefund: LWK 4/5: Der Spinalkanal ist hochgradig eingeengt.",
        ["L4-L5 SCS severe"],
    ),
    ("LWK 4/5: mäßige Bandscheibenprotrusion, dadurch geringe Spinalkanalstenose.", ["L4-L5 SCS mild"]),
    ("Lumbosakraler Übergang: möglicherweise mäßige Neuroforamenstenose rechts.", ["L5-S1 RFS moderate?"]),
    ("Einengung des Spinalkanals zwischen L4 und L5, hochgradig.", ["L4-L5 SCS severe"]),
    (
        "Höhe | foraminal rechts | Spinalkanal\nLWK 3/4 | 0 | 1\nLWK 4/5 | 2 | 3\n"
        "0 = frei, 1 = gering, 2 = mäßig, 3 = hochgradig",
        ["L3-L4 SCS mild", "L3-L4 RFS normal", "L4-L5 SCS severe", "L4-L5 RFS moderate"],
    ),
    (
        "Segment | LWK 3/4 | LWK 4/5\nNeuroforamina re/li | gering/frei | mäßig/hochgradig",
        ["L3-L4 RFS mild", "L3-L4 LFS normal", "L4-L5 RFS moderate", "L4-L5 LFS severe"],
    ),
    (
        "BWK 12/LWK 1: ausgeprägte Facettengelenksarthrose bds. "
        "LWK 2/3: Spinalkanalstenose nicht nachweisbar.",
        ["T12-L1 RFA severe", "T12-L1 LFA severe", "L2-L3 SCS normal"],
    ),
    (
        "LWK 3/4 Doppelpunkt geringe Spinalkanalstenose Komma Neuroforamina frei Punkt neue Zeile "
        "LWK 4/5 Doppelpunkt hochgradige Spinalkanalstenose Punkt",
        ["L3-L4 SCS mild", "L3-L4 RFS normal", "L3-L4 LFS normal", "L4-L5 SCS severe"],
    ),
    (
        "Skala 0 bis 3 (frei, gering, mäßig, hochgradig)\nLWK 3/4: Spinalkanal 1\nLWK 4/5: Spinalkanal 3",
        ["L3-L4 SCS mild", "L4-L5 SCS severe"],
    ),
    # what `labeling.sources` writes over the columns of an archive is no German
    ("IMPRESSION:\nLWK 4/5: schwere Spinalkanalstenose", ["L4-L5 SCS severe"]),
    # the words of another language are none of this one
    ("L2 through L4: severe stenosis", []),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES, ids=[text[:50] for text, _ in SENTENCES])
def test_german_sentences_give_the_right_cells(text: str, expected: list[str]) -> None:
    assert cells(text) == expected


@pytest.mark.parametrize("text", [text for text, _ in SENTENCES], ids=[text[:50] for text, _ in SENTENCES])
def test_accents_may_be_lost_parted_or_in_capitals(text: str) -> None:
    lost = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode().replace("Maig", "Massig")
    if "ß" not in text:
        assert cells(lost) == cells(text)
    assert cells(unicodedata.normalize("NFD", text)) == cells(text)
    assert cells(text.replace("ß", "ss")) == cells(text)
    assert cells(text.replace("ä", "Ä").replace("ö", "Ö")) == cells(text)


def test_evidence_stands_in_the_original_text() -> None:
    text = "Mäßige Neuroforamenstenose links in Ho\u0308he LWK 4/5. LWK 5/S1: ausgeprägte Spinalkanalstenose."
    found = {e.span.of(text) for grade in labeler().label(Report("x", text)).grades for e in grade.evidence}
    assert found >= {"Mäßige", "links", "LWK 4/5", "LWK 5/S1", "ausgeprägte"}


def test_it_has_the_file_names_of_english_and_no_fault() -> None:
    def names(folder: Path) -> set[str]:
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*.toml")}

    assert names(GERMAN) <= names(LANGUAGES / "en")
    assert check_lexicon(language=str(GERMAN)).faults == ()


def test_a_site_folder_lies_over_a_language_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "levels.toml").write_text(
        '[[rule]]\nid = "house"\npattern = "hinab\\\\szu"\nmeans = "to"\n'
        '[[examples]]\nmeans = "to"\ntexts = ["L2 hinab zu L4"]\n'
    )
    assert check_lexicon(tmp_path, str(GERMAN)).faults == ()
    site = Labeler(language=str(GERMAN), site=tmp_path)
    found = site.label(Report("x", "L2 hinab zu L4: keine Spinalkanalstenose")).grades
    assert [str(grade.level) for grade in found] == ["L2-L3", "L3-L4"]


def test_its_name_is_that_of_its_folder_and_a_shipped_language_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("de", "en"):
        shutil.copytree(GERMAN, tmp_path / name)
    assert load_lexicon("de").language == load_lexicon("./de").language == "de"
    assert load_lexicon("en").hash == load_lexicon("en", folder=LANGUAGES).hash
    assert load_lexicon("./en").hash == load_lexicon("de").hash
    with pytest.raises(LexiconError, match="lexicons > fr: no such language; choose one of en, or name a"):
        load_lexicon("fr")


def test_a_labeler_of_ones_own_language_can_be_sent_to_a_worker() -> None:
    again = pickle.loads(pickle.dumps(labeler()))
    assert again.lexicon_hash == labeler().lexicon_hash
    report = Report("x", SENTENCES[0][0])
    assert (
        again.label(report)
        == labeler().label(report)
        == Labeler(language=str(GERMAN), only=report).label(report)
    )

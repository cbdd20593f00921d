"""Tables 1 and 3 from known probabilities, and the evaluate and predict stages end to end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from tiny_discs import draw_rows, write_dataset, write_discs, write_split
from tiny_grader import tiny_config

from dataset.stage import read_table
from labeling.issues import InputError
from lexicons.findings import HEAD_CODES
from lexicons.vocabulary import LEVELS
from training.evaluate import assess, evaluate
from training.fit import FitResult
from training.models.grader import Grader
from training.predict import PREDICTIONS, GradedByModel, predict
from training.prepare import ABSENT, PreparedDisc
from training.results import Evaluation
from training.store import GraderCard, load_grader, save_grader

CARD = GraderCard(
    config=tiny_config(),
    counts=((70, 10, 10, 10), (40, 40, 10, 10), (40, 30, 20, 10)),
    epoch=1,
    validation_error=0.5,
    validation_loss=1.0,
    train_discs=100,
    validation_discs=10,
    provenance={},
)


def graded(
    grades: Sequence[int], probabilities: Sequence[Sequence[float]], patient: str = "p", level: str = "L4-L5"
) -> GradedByModel:
    disc = PreparedDisc("f > row 0", f"s-{patient}", patient, level, None, None, tuple(grades))
    return GradedByModel(disc, np.array(probabilities, np.float32))


SURE = np.eye(4).tolist()


def sure(labels: Sequence[int], predicted: Sequence[int], **where: str) -> GradedByModel:
    """A disc with these labels for SCS, RFS and LFS that a grader calls `predicted`, with certainty."""
    return graded(labels, [SURE[grade] for grade in predicted], **where)


def by_key(result: Evaluation) -> dict[str, Any]:
    return {finding.key: finding for finding in result.findings}


def test_class_accuracies_by_hand() -> None:
    """Canal: normal 2 of 3, mild 0 of 1, no moderate, severe 1 of 1. Foramen pools right and left."""
    discs = [
        sure((0, 0, 1), (0, 0, 1), patient="a"),
        sure((0, 2, 2), (1, 2, 3), patient="a"),
        sure((0, ABSENT, 0), (0, 3, 1), patient="b"),
        sure((1, 3, ABSENT), (2, 3, 0), patient="c"),
        sure((3, 1, 1), (3, 1, 0), patient="c"),
    ]
    found = by_key(assess(discs, CARD, split="test"))
    canal, foramen = found["canal"], found["foramen"]
    assert [e.value for e in canal.four] == [pytest.approx(2 / 3), 0.0, None, 1.0]
    assert [e.n for e in canal.four] == [3, 1, 0, 1]
    assert canal.average.value == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert [e.n for e in foramen.four] == [2, 3, 2, 1]
    assert [e.value for e in foramen.four] == [0.5, pytest.approx(2 / 3), 0.5, 1.0]
    assert foramen.codes == ("RFS", "LFS")


def test_mild_and_moderate_are_joined_by_summing_their_probabilities() -> None:
    """0.4 normal beats mild and moderate each, not both together."""
    torn = [0.4, 0.3, 0.3, 0.0]
    found = by_key(assess([graded((1, 2, 0), [torn] * 3)], CARD, split="test"))
    assert found["canal"].four[1].value == 0.0
    assert found["canal"].three[1].value == 1.0
    assert found["foramen"].three[0].value == 0.0
    assert [e.n for e in found["foramen"].three] == [1, 1, 0]


def test_severe_or_not_by_level() -> None:
    """Severe when its probability exceeds all others together: 0.45 is the greatest of four, not enough."""
    discs = [
        graded((3, 0, 0), [[0.2, 0.2, 0.15, 0.45], SURE[0], SURE[0]], level="L4-L5"),
        graded((3, 0, 3), [[0.2, 0.1, 0.1, 0.6], SURE[0], SURE[3]], level="L4-L5"),
        graded((2, 0, 3), [SURE[0], SURE[3], SURE[3]], level="L5-S1"),
    ]
    found = by_key(assess(discs, CARD, split="test"))
    levels = {at.level: at for at in found["canal"].levels}
    assert list(levels) == [str(level) for level in LEVELS]
    assert (levels["L4-L5"].accuracy.value, levels["L4-L5"].accuracy.n, levels["L4-L5"].severe) == (0.5, 2, 2)
    assert (levels["L5-S1"].accuracy.value, levels["L5-S1"].severe) == (1.0, 0)
    assert levels["L1-L2"].accuracy.value is None
    foramina = {at.level: at for at in found["foramen"].levels}
    assert foramina["L5-S1"].accuracy.value == 0.5
    assert foramina["L4-L5"].accuracy.n == 4


def test_the_most_frequent_class_of_training_is_the_baseline() -> None:
    discs = [sure((grade, grade, grade), (0, 0, 0), patient=str(grade)) for grade in range(4)]
    result = assess(discs, CARD, split="test")
    canal = result.prior[0]
    assert [e.value for e in canal.four] == [1.0, 0.0, 0.0, 0.0]
    assert canal.average.value == 0.25
    assert canal.kappa.value == 0.0
    assert canal.auc.value == 0.5
    assert [e.value for e in result.prior[1].three] == [0.0, 1.0, 0.0], "40 + 10 mild and moderate beat 40"


def test_perfect_and_worst() -> None:
    labels = [(grade, grade, grade) for grade in range(4)]
    perfect = assess([sure(g, g, patient=str(g)) for g in labels], CARD, split="test")
    worst = assess([sure(g, [3 - x for x in g], patient=str(g)) for g in labels], CARD, split="test")
    for good, bad in zip(perfect.findings, worst.findings, strict=True):
        assert (good.average.value, good.kappa.value, good.auc.value) == (1, 1, 1)
        assert (bad.average.value, bad.auc.value) == (0, pytest.approx(1 / 3))
        assert bad.kappa.value is not None
        assert bad.kappa.value < 0


def test_discs_of_one_patient_are_resampled_together() -> None:
    one = [sure((0, 0, 0), (n % 2, 0, 0), patient="only") for n in range(20)]
    canal = by_key(assess(one, CARD, split="test"))["canal"]
    assert (canal.four[0].low, canal.four[0].value, canal.four[0].high) == (0.5, 0.5, 0.5)
    many = [sure((0, 0, 0), (n % 2, 0, 0), patient=str(n)) for n in range(20)]
    canal = by_key(assess(many, CARD, split="test"))["canal"]
    assert canal.four[0].low < 0.4 < 0.6 < canal.four[0].high


ALIKE = [
    # 0.025 ** (1 / patients): cells of one patient are one trial.
    ([0, 0], ["a", "b"], 0.158, 1.0),
    ([0, 0], ["a", "a"], 0.025, 1.0),
    ([1, 1], ["a", "b"], 0.0, 0.842),
    ([0] * 50, [str(n) for n in range(50)], 0.929, 1.0),
]


@pytest.mark.parametrize(("predicted", "patients", "low", "high"), ALIKE)
def test_two_of_two_are_not_surely_all(
    predicted: list[int], patients: list[str], low: float, high: float
) -> None:
    discs = [
        sure((0, 0, 0), (grade, 0, 0), patient=of) for grade, of in zip(predicted, patients, strict=True)
    ]
    normal = by_key(assess(discs, CARD, split="test"))["canal"].four[0]
    assert (normal.low, normal.high) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))
    assert (normal.n, normal.patients) == (len(patients), len(set(patients)))


def test_a_resample_without_a_class_does_not_average_the_others() -> None:
    """Normal always right, severe never: the average is one half in every resample that holds both."""
    discs = [sure((0, 0, 0), (0, 0, 0), patient="a"), sure((3, 0, 0), (0, 0, 0), patient="b")]
    average = by_key(assess(discs, CARD, split="test"))["canal"].average
    assert (average.low, average.value, average.high) == (0.5, 0.5, 0.5)


def test_a_patient_without_a_key_is_their_study() -> None:
    discs = [sure((0, 0, 0), (0, 0, 0)) for _ in range(2)]
    named = [replace(d.disc, patient=None, study=str(n)) for n, d in enumerate(discs)]
    result = assess([replace(d, disc=n) for d, n in zip(discs, named, strict=True)], CARD, split="test")
    assert result.patients == 2


def test_what_an_absent_class_prints() -> None:
    result = assess([sure((0, 0, 0), (0, 0, 0))], CARD, split="test")
    rows = {row[:2]: row[2:] for row in result.rows}
    assert rows["spinal canal stenosis", "cells (patients)"] == ("1 (1)", "-", "-", "-", "1 (1)")
    assert rows["spinal canal stenosis", "this grader"][1:4] == ("-", "-", "-")
    assert rows["spinal canal stenosis", "Lu et al. 2018"][0] == "78.7 ± 5.4"
    assert all(len(row) == len(table.columns) for table in result.tables for row in table.rows)
    assert "| neural foraminal stenosis | L5-S1 | - | - | 91.2 ± 1.6 | 0 | 0 |" in result.to_markdown()


def test_a_finding_that_the_paper_does_not_have_is_reported_without_it() -> None:
    heads = (*HEAD_CODES, "RRS", "LRS")
    card = replace(CARD, config=replace(CARD.config, heads=heads), counts=((10, 5, 3, 2),) * 5)
    result = assess([sure((0, 0, 0, 2, 3), (0, 0, 0, 2, 2))], card, split="test")
    recess = by_key(result)["recess"]
    assert (recess.codes, recess.four[2].value, recess.four[3].value) == (("RRS", "LRS"), 1.0, 0.0)
    sources = {row[1] for row in result.rows if row[0] == recess.name}
    assert sources == {"this grader", "cells (patients)", "training frequencies"}


def test_evaluate_end_to_end(tiny_dataset: Path, tiny_fit: FitResult, tmp_path: Path) -> None:
    result = evaluate(tiny_dataset, tiny_fit.folder, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["predictions.parquet", "table1.json", "table1.md"]
    assert (result.discs, result.patients) == (24, 4)
    assert all(finding.average.value > 0.6 for finding in result.findings)  # type: ignore[operator]
    assert (
        json.loads((tmp_path / "table1.json").read_text())["findings"][0]["name"] == "spinal canal stenosis"
    )
    assert (tmp_path / "table1.md").read_text() == result.to_markdown()
    table = pq.read_table(tmp_path / "predictions.parquet")
    assert table.schema.equals(PREDICTIONS)
    rows = table.to_pylist()
    assert len(rows) == 24 * len(HEAD_CODES)
    assert all(sum(row["probabilities"]) == pytest.approx(1, abs=1e-5) for row in rows)
    canal = [(row["label"], int(np.argmax(row["probabilities"]))) for row in rows if row["code"] == "SCS"]
    right = np.mean([label == best for label, best in canal])
    assert right == pytest.approx(result.findings[0].average.value), "every class has six cells"


def test_another_split_can_be_evaluated(tiny_dataset: Path, tiny_fit: FitResult, tmp_path: Path) -> None:
    assert evaluate(tiny_dataset, tiny_fit.folder, tmp_path, split="validation").split == "validation"


def test_a_split_without_grades_cannot_be_evaluated(tiny_fit: FitResult, tmp_path: Path) -> None:
    write_dataset(tmp_path / "data", train=1, validation=1, test=1)
    none = {"SCS": None, "RFS": None, "LFS": None}
    write_split(tmp_path / "data", "test", [row | none for row in draw_rows(0, 1, "test")])
    with pytest.raises(InputError, match=r"test: expected a disc with a grade"):
        evaluate(tmp_path / "data", tiny_fit.folder, tmp_path / "out")


@pytest.mark.parametrize("missing", ["config.json", "grader.safetensors"])
def test_a_folder_that_is_no_grader_is_named(tiny_fit: FitResult, tmp_path: Path, missing: str) -> None:
    for name in {"config.json", "grader.safetensors"} - {missing}:
        (tmp_path / name).write_bytes((tiny_fit.folder / name).read_bytes())
    with pytest.raises(InputError, match=r"expected a trained grader .*; found no"):
        load_grader(tmp_path)
    (tmp_path / missing).write_bytes(b"{}")
    with pytest.raises(InputError, match="do not make a grader"):
        load_grader(tmp_path)


def test_a_grader_is_found_by_its_weights_file_too(tiny_fit: FitResult) -> None:
    assert load_grader(tiny_fit.folder / "grader.safetensors")[1] == tiny_fit.card


def test_predict_grades_discs_without_labels(tiny_fit: FitResult, tmp_path: Path) -> None:
    rows = draw_rows(7, 2, "test")
    rows[0] |= {"axial": None}
    rows[1] |= {"axial": None, "sagittal": None}
    write_discs(tmp_path / "discs", rows)
    result = predict(tmp_path / "discs", tiny_fit.folder, tmp_path / "out")
    assert (result.rows["predictions"], result.issues) == (11 * 3, 1)
    found = read_table(tmp_path / "out", "predictions", PREDICTIONS).to_pylist()
    assert {row["label"] for row in found} == {None}
    truth = {(row["study"], row["level"], code): row[code] for row in rows[2:] for code in HEAD_CODES}
    best = {(row["study"], row["level"], row["code"]): int(np.argmax(row["probabilities"])) for row in found}
    assert np.mean([best[key] == grade for key, grade in truth.items()]) > 0.5
    assert predict(tmp_path / "discs", tiny_fit.folder, tmp_path / "out").reused == 1


def test_predict_says_when_a_grader_cannot_see_a_disc(tiny_fit: FitResult, tmp_path: Path) -> None:
    rows = draw_rows(7, 1, "test")
    rows[2] |= {"axial": None}
    write_discs(tmp_path / "discs", rows)
    model = replace(tiny_fit.card.config.model, branch="axial")
    augment = replace(tiny_fit.card.config.augment, drop_view=0.0)
    config = replace(tiny_fit.card.config, model=model, augment=augment)
    save_grader(tmp_path / "axial", Grader(config), replace(tiny_fit.card, config=config))
    result = predict(tmp_path / "discs", tmp_path / "axial", tmp_path / "out")
    assert (result.rows["predictions"], result.issues) == (5 * 3, 1)
    issue = pq.read_table(tmp_path / "out" / "quarantine-00000.parquet").to_pylist()[0]
    assert issue["reason"] == "view-not-read"
    assert "row 2" in issue["where"]


def test_predict_needs_discs(tiny_fit: FitResult, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected files discs-\*\.parquet"):
        predict(tmp_path, tiny_fit.folder, tmp_path / "out")

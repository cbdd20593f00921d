"""The join: one report a study, one disc a level, and a fate for every row that was read."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_archive import Archive, Row, disc_row, label_row, report_row

from dataset.cohort import COHORTS, select
from dataset.flow import REASONS, STEPS, Fate, Flow, Ledger, Who, account
from dataset.inputs import DiscRow, Place
from dataset.join import Study, join
from dataset.linkage import study_keys
from dataset.people import People
from dataset.schema import SERIES
from dataset.shards import write_parquet
from labeling.issues import InputError
from labeling.labels import LABELS, REPORTS
from lexicons.vocabulary import LEVELS, Level

L45 = Level.L4_L5


def disc(row: Row, number: int = 0) -> DiscRow:
    """A row of `discs` as the build reads it."""
    views = frozenset(view for view in ("axial", "sagittal") if row[f"{view}_shape"])
    coverage = sum(row[f"{view}_coverage"] or 0.0 for view in ("axial", "sagittal"))
    series = (row["sagittal_series"] or "", row["axial_series"] or "")
    place = Place("0" * 64, number, 0, "discs-00000.parquet")
    return DiscRow(
        row["study"], row["level"], row["patient"], views, coverage, series, tuple(row["flags"]), place
    )


def run_join(archive: Archive, key: str = "study") -> tuple[list[Study], Ledger]:
    """The join of an archive held in memory."""
    ledger = Ledger()
    discs = [disc(row, number) for number, row in enumerate(archive.discs)]
    labels = pa.Table.from_pylist(archive.labels, LABELS)
    reports = pa.Table.from_pylist(archive.reports, REPORTS)
    return join(labels, reports, discs, study_keys(key), ledger, People()), ledger


def dropped(ledger: Ledger) -> Counter[tuple[str, str]]:
    """Rows by table and reason."""
    rows: Counter[tuple[str, str]] = Counter()
    for fate in ledger.dropped().to_pylist():
        rows[fate["table"], fate["reason"]] += fate["rows"]
    return rows


def one(report: Row, *more: Row, labels: list[Row] | None = None, discs: list[Row] | None = None) -> Archive:
    """Reports of study ``S`` and, unless told, one cell of each and one disc."""
    reports = [report, *more]
    cells = [label_row(row["report_id"], L45, "SCS", 1) for row in reports] if labels is None else labels
    return Archive(reports, cells, [disc_row("S", L45)] if discs is None else discs)


R = report_row("R", "S")

FATES: dict[str, tuple[Archive, dict[tuple[str, str], int]]] = {
    "all is well": (one(R), {}),
    "the labeler failed": (
        one(R | {"error": "boom"}),
        {("reports", "report-quarantined"): 1, ("labels", "report-quarantined"): 1}
        | {("discs", "study-without-report"): 1},
    ),
    "the same report twice": (
        one(R, R, labels=[label_row("R", L45, "SCS")]),
        {("reports", "duplicate-report"): 1},
    ),
    "one id for two reports": (
        one(R, R | {"text_sha256": "f" * 64}, labels=[label_row("R", L45, "SCS")]),
        {("reports", "ambiguous-report-id"): 2, ("labels", "ambiguous-report-id"): 1}
        | {("discs", "study-without-report"): 1},
    ),
    "no study key": (
        one(R | {"study": " "}),
        {("reports", "no-study-key"): 1, ("labels", "no-study-key"): 1, ("discs", "study-without-report"): 1},
    ),
    "a cell without a report": (
        one(R, labels=[label_row("R", L45, "SCS"), label_row("X", L45, "SCS")]),
        {("labels", "no-report"): 1},
    ),
    "a level that is none": (
        one(
            R,
            labels=[label_row("R", L45, "SCS"), label_row("R", "L5-L6", "SCS")],
            discs=[disc_row("S", L45), disc_row("S", "L5-L6")],
        ),
        {("labels", "unknown-level"): 1, ("discs", "unknown-level"): 1},
    ),
    "a code that is none": (
        one(R, labels=[label_row("R", L45, "SCS"), label_row("R", L45, "XYZ")]),
        {("labels", "unknown-finding"): 1},
    ),
    "the same cell twice": (
        one(R, labels=[label_row("R", L45, "SCS")] * 3),
        {("labels", "duplicate-cell"): 2},
    ),
    "a cell that contradicts itself": (
        one(
            R,
            labels=[label_row("R", L45, "RFS"), label_row("R", L45, "SCS", 1), label_row("R", L45, "SCS", 2)],
        ),
        {("labels", "contradictory-cell"): 2},
    ),
    "a draft": (
        one(R, report_row("D", "S", flags=["draft"], date=date(2020, 1, 1))),
        {("reports", "draft"): 1, ("labels", "draft"): 1},
    ),
    "another region": (
        one(
            R,
            report_row("N", "S", flags=["other_region"], date=date(2020, 1, 1)),
            labels=[label_row("R", L45, "SCS")],
        ),
        {("reports", "other-region"): 1},
    ),
    "a newer report that says nothing": (
        one(R, report_row("N", "S", date=date(2020, 1, 1)), labels=[label_row("R", L45, "SCS")]),
        {("reports", "no-cells"): 1},
    ),
    "an older report": (
        one(R | {"date": date(2020, 1, 1)}, report_row("Z", "S", date=date(2019, 1, 1))),
        {("reports", "superseded"): 1, ("labels", "superseded"): 1},
    ),
    "an addendum with another grade": (
        one(R, report_row("Z", "S", flags=["addendum"], date=date(2020, 1, 1))),
        {("labels", "amended"): 1},
    ),
    "an addendum on another cell": (
        one(
            R,
            report_row("Z", "S", flags=["addendum"], date=date(2020, 1, 1)),
            labels=[label_row("R", L45, "SCS"), label_row("Z", L45, "RFS")],
        ),
        {},
    ),
    "an addendum to a report that was replaced": (
        one(
            R | {"date": date(2020, 1, 3)},
            report_row("Y", "S", date=date(2020, 1, 1)),
            report_row("Z", "S", flags=["addendum"], date=date(2020, 1, 2)),
        ),
        {("reports", "superseded"): 2, ("labels", "superseded"): 2},
    ),
    "a report without images": (
        one(R, report_row("Q", "T")),
        {("reports", "no-discs"): 1, ("labels", "no-discs"): 1},
    ),
    "images without a report": (
        one(R, discs=[disc_row("S", L45), disc_row("T", L45), disc_row("T", Level.L5_S1)]),
        {("discs", "study-without-report"): 2},
    ),
    "a disc without a view": (
        one(R, discs=[disc_row("S", L45), disc_row("S", Level.L5_S1, views=())]),
        {("discs", "no-volume"): 1},
    ),
    "a disc that was cut twice": (
        one(R, discs=[disc_row("S", L45, views=["axial"]), disc_row("S", L45)]),
        {("discs", "duplicate-disc"): 1},
    ),
    "a study of two patients": (
        one(R, discs=[disc_row("S", L45, patient="A"), disc_row("S", Level.L5_S1, patient="B")]),
        {("discs", "ambiguous-patient"): 2, ("reports", "no-discs"): 1, ("labels", "no-discs"): 1},
    ),
}


@pytest.mark.parametrize(("archive", "expected"), FATES.values(), ids=list(FATES))
def test_what_falls_out_and_why(archive: Archive, expected: dict[tuple[str, str], int]) -> None:
    assert dropped(run_join(archive)[1]) == expected


def test_the_newest_report_wins_then_the_greater_id() -> None:
    reports = [
        report_row("A", "S"),  # no date: the oldest
        report_row("C", "S", date=date(2019, 5, 1)),
        report_row("B", "S", date=date(2020, 5, 1)),
        report_row("D", "S", date=date(2020, 5, 1)),
    ]
    (study,), _ = run_join(one(*reports))
    assert study.report.id == "D"


@pytest.mark.parametrize("day", [date(2019, 5, 1), date(2019, 5, 2), None])
def test_addenda_win_where_they_speak_and_the_rest_stands(day: date | None) -> None:
    reports = [
        report_row("Z", "S", date=date(2019, 5, 1)),
        report_row("A", "S", date=day, flags=["addendum", "postoperative"]),
    ]
    labels = [label_row("Z", L45, "SCS", 1), label_row("Z", L45, "RFS", 1), label_row("A", L45, "SCS", 3)]
    (study,), _ = run_join(one(*reports, labels=labels))
    assert [row.id for row in study.reports] == ["Z", "A"]
    assert [(cell.code, cell.grade, cell.report) for cell in study.cells[L45]] == [
        ("SCS", 3, "A"),
        ("RFS", 1, "Z"),
    ]
    assert "postoperative" in study.flags


def test_the_disc_with_both_views_then_the_most_coverage_wins() -> None:
    discs = [
        disc_row("S", L45, views=["axial"], axial_series="1"),
        disc_row("S", L45, axial_coverage=0.5, axial_series="2"),
        disc_row("S", L45, axial_coverage=0.9, axial_series="3"),
    ]
    (study,), _ = run_join(one(R, discs=discs))
    assert study.discs[L45].series[1] == "3"


def test_the_result_does_not_depend_on_the_order_of_rows() -> None:
    archive = one(
        R,
        report_row("Z", "S", date=date(2019, 1, 1)),
        discs=[disc_row("S", L45, axial_series=str(n)) for n in range(4)],
    )
    turned = Archive(archive.reports[::-1], archive.labels[::-1], archive.discs[::-1])
    (a,), first = run_join(archive)
    (b,), second = run_join(turned)
    assert (a.report, a.cells, a.discs[L45].series) == (b.report, b.cells, b.discs[L45].series)
    assert first.dropped().equals(second.dropped())


class TestKeys:
    def test_accession_numbers_lead_to_studies(self, tmp_path: Path) -> None:
        rows = [
            _series("S", "acc1"),
            _series("S", "acc1"),
            _series("T", "acc2"),
            _series("U", "acc2"),
            _series("V", None),
        ]
        write_parquet(pa.Table.from_pylist(rows, SERIES), tmp_path / "series-00000.parquet")
        keys = study_keys("accession", tmp_path)
        assert [list(keys(name)) for name in ("acc1", "acc2", "acc3")] == [["S"], ["T", "U"], []]

    def test_a_table_of_keys(self, tmp_path: Path) -> None:
        path = tmp_path / "keys.csv"
        path.write_text("report_key,study\nK1,S\n\nK2, S \nK3,S\nK3,T\nK4,U\nK4,V\n", "utf-8")
        keys = ["K1", "K2", "K3", "K4", "K5"]
        archive = Archive(
            [report_row(f"R{key}", key, date=date(2020, 1, number + 1)) for number, key in enumerate(keys)],
            [label_row(f"R{key}", L45, "SCS") for key in keys],
            [disc_row("S", L45)],
        )
        (study,), ledger = run_join(archive, str(path))
        rows = [("K1", "S"), ("K2", "S"), ("K3", "S"), ("K3", "T"), ("K4", "U"), ("K4", "V"), (None, "X")]
        table = pa.Table.from_pylist([{"report": name, "uid": uid} for name, uid in rows])
        write_parquet(table, tmp_path / "keys.parquet")
        assert run_join(archive, str(tmp_path / "keys.parquet"))[1].fates == ledger.fates
        # K3 leads to S and T: only S has discs, so S is meant. K4 leads to two studies without any.
        assert study.report.id == "RK3"
        assert dropped(ledger) == {
            (table, reason): n
            for table in ("reports", "labels")
            for reason, n in {"superseded": 2, "ambiguous-key": 1, "unknown-key": 1}.items()
        }

    def test_keys_that_lost_their_zeros_are_not_matched_but_named(self, tmp_path: Path) -> None:
        path = tmp_path / "keys.csv"
        path.write_text("accession;study\n17;S\n0018;T\n", "utf-8")  # as a German Excel writes it
        given = ["0017", "0018", "18", "19"]
        archive = Archive([report_row(f"R{key}", key) for key in given], [], [disc_row("S", L45)])
        _, ledger = run_join(archive, str(path))
        assert dropped(ledger)["reports", "lost-zeros"] == 2
        assert dropped(ledger)["reports", "unknown-key"] == 1

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "expected a header in the first row; got an empty file."),
            ("K1,1.2.840.1\n", "expected a header in the first row; got a key."),
            ("a,b\nx,y,z\n", "row 2: expected 2 columns; got 3."),
        ],
    )
    def test_a_wrong_table_says_what_to_write(self, tmp_path: Path, text: str, message: str) -> None:
        path = tmp_path / "keys.csv"
        path.write_text(text, "utf-8")
        with pytest.raises(InputError, match="Write two columns with a header") as error:
            study_keys(str(path))
        assert message in str(error.value)

    def test_a_path_that_is_none_and_an_accession_without_index(self) -> None:
        with pytest.raises(InputError, match="study, accession or the path of a table; got 'acession'"):
            study_keys("acession")
        with pytest.raises(InputError, match="levelwise index"):
            study_keys("accession")


def _series(study: str, accession: str | None) -> Row:
    return dict.fromkeys(SERIES.names) | {
        "study": study,
        "series": "1",
        "accession": accession,
        "plane": "axial",
        "role": "primary",
        "files": 1,
        "stacks": 1,
        "missing": [],
    }


# Random archives: few studies, ids and levels, so that everything that can collide does.
_studies = st.sampled_from(["S", "T", "U"])
_ids = st.sampled_from(["R1", "R2", "R3", "R4"])
_levels = st.sampled_from([*map(str, LEVELS), "L5-L6"])
_reports = st.builds(
    report_row,
    _ids,
    st.none() | _studies,
    patient=st.sampled_from([None, "A", "B"]),
    date=st.sampled_from([None, date(2019, 1, 1), date(2020, 1, 1)]),
    flags=st.sampled_from([[], [], ["draft"], ["other_region"], ["addendum"], ["postoperative"]]),
    modality=st.sampled_from([None, "MR", "CT"]),
    error=st.sampled_from([None, None, "boom"]),
)
_labels = st.builds(
    label_row,
    st.sampled_from(["R1", "R2", "R3", "R4", "R9"]),
    _levels,
    st.sampled_from(["SCS", "RFS", "RFA", "XYZ"]),
    st.sampled_from([None, 0, 1, 3]),
    certainty=st.sampled_from(["affirmed", "uncertain"]),
    basis=st.sampled_from(["stated", "implied"]),
)
_discs = st.builds(
    disc_row,
    _studies,
    _levels,
    views=st.sampled_from([(), ("axial",), ("axial", "sagittal")]),
    patient=st.sampled_from([None, None, "A", "B"]),
)
_archives = st.builds(
    Archive,
    st.lists(_reports, max_size=5),
    st.lists(_labels, max_size=40),
    st.lists(_discs, max_size=20),
)


@given(_archives, st.sampled_from(sorted(COHORTS)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_row_is_in_the_dataset_or_dropped(archive: Archive, cohort: str) -> None:
    studies, ledger = run_join(archive)
    kept = select(studies, COHORTS[cohort], ledger)
    read = {"reports": len(archive.reports), "labels": len(archive.labels), "discs": len(archive.discs)}
    flow = account(read, ledger.fates)
    last = {table: steps[-1].left.rows for table, steps in flow.tables.items()}
    out = Counter(row["table"] for row in ledger.dropped().to_pylist() for _ in range(row["rows"]))
    assert {table: last[table] + out[table] for table in read} == read
    assert last == {
        "reports": len({report.id for disc in kept for report in disc.study.reports}),
        "labels": sum(len(disc.cells) for disc in kept),
        "discs": len(kept),
    }
    assert Flow.parse(flow.to_json()) == flow


@given(_archives, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_rows_never_matters(archive: Archive, random: Random) -> None:
    turned = Archive(
        *(random.sample(rows, len(rows)) for rows in (archive.reports, archive.labels, archive.discs))
    )
    results = []
    for rows in (archive, turned):
        studies, ledger = run_join(rows)
        kept = select(studies, COHORTS["any"], ledger)
        discs = [(disc.study.report, disc.level, disc.cells, disc.disc.views) for disc in kept]
        results.append((discs, ledger.dropped().to_pylist()))
    assert results[0] == results[1]


class TestAccount:
    fates = (Fate("labels", 2, Who("patient", "P"), "S", None, None, None),)

    def test_a_lost_row_is_an_error_of_the_program(self) -> None:
        with pytest.raises(RuntimeError, match="labels: 3 rows read, 2 accounted for"):
            account({"labels": 3, "reports": 0, "discs": 0}, self.fates)

    def test_steps_count_rows_studies_and_patients(self) -> None:
        ledger = Ledger(list(self.fates))
        ledger.drop("labels", "no-disc", Who("patient", "P"), study="S", level="L4-L5", report_id="R", rows=3)
        ledger.drop("labels", "uncertain", Who("patient", "Q"), study="T", level="L4-L5", report_id="Q")
        steps = {
            s.name: s for s in account({"labels": 6, "reports": 0, "discs": 0}, ledger.fates).tables["labels"]
        }
        left = {name: (s.left.rows, s.left.studies, s.left.patients) for name, s in steps.items()}
        assert left == {
            "read": (6, 2, 2),
            "readable": (6, 2, 2),
            "matched": (6, 2, 2),
            "cohort": (5, 1, 1),
            "usable": (2, 1, 1),
        }
        assert list(steps["usable"].reasons) == ["no-disc"]

    def test_a_reason_that_is_not_registered_is_refused(self) -> None:
        with pytest.raises(KeyError):
            Ledger().drop("labels", "because", Who("patient", "P"))

    def test_every_reason_belongs_to_a_step(self) -> None:
        assert {reason.step for reason in REASONS.values()} == set(STEPS)

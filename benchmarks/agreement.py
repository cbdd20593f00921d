"""How right the engine is beside medspaCy's ConText, on the same annotated reports.

    python benchmarks/agreement.py [GOLD.jsonl ...]

Gold files hold one report a line: ``id``, ``text`` and ``cells``, as in ``tests/labeling/corpus``; without a
name, the held-back files there. ConText reads the phrases of our lexicon with our levels and headings, so
what differs is how words become grades. Intervals: 95 %, by resampling reports. Silently wrong: graded core
cells with another grade than gold, and neither flag nor doubt.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from labeling.agreement import Scores, agree
from labeling.bootstrap import Measure
from labeling.bridges.context_labeler import ContextLabeler
from labeling.labeler import Labeler
from labeling.labels import labels_table
from labeling.report import Report

CORPUS = Path(__file__).parents[1] / "tests" / "labeling" / "corpus"


def core_scores(reader: Labeler | ContextLabeler, gold: Path) -> Scores:
    """The core cells of the reports in `gold`, as `reader` sees them."""
    rows = [json.loads(line) for line in gold.read_text("utf-8").splitlines()]
    reports = [Report(row["id"], row["text"]) for row in rows]
    read = [(report, reader.label(report)) for report in reports]
    return agree(labels_table(read, reader.lexicon_hash), gold).core


def per_cent(score: Measure) -> str:
    """``98.9 [97.4, 100.0]``."""
    return f"{100 * (score.value or 0):.1f} [{100 * (score.low or 0):.1f}, {100 * (score.high or 0):.1f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("gold", nargs="*", type=Path, default=sorted(CORPUS.glob("heldout*.jsonl")))
    options = parser.parse_args()
    readers: dict[str, Labeler | ContextLabeler] = {
        "engine": Labeler(),
        "ConText over the same lexicon": ContextLabeler(),
    }
    print("| reports | reader | core F1 % | precision | recall | silently wrong % |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for gold in options.gold:
        for name, reader in readers.items():
            core = core_scores(reader, gold)
            figures = map(per_cent, (core.f1, core.precision, core.recall, core.silent))
            print(f"| {gold.stem} | {name} | {' | '.join(figures)} |")


if __name__ == "__main__":
    main()

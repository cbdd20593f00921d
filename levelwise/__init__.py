"""levelwise: lumbar MRI reports and DICOM studies to per-level stenosis grades, a dataset and a grader.

The front door. Every stage is one function here and one command of the same name::

    import levelwise
    levelwise.label(Path("reports.csv"), Path("out/labels"))
    levelwise.label_text("L4-5: moderate canal stenosis.").grades

Files and folders are named by a `Path`. Names are imported on first use, so ``import levelwise`` costs
milliseconds and never loads torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import dataset

if TYPE_CHECKING:  # what type checkers and editors see; `_PUBLIC` below is what Python runs
    from dataset.build import build as build
    from dataset.card import write_card as card
    from dataset.imaging.discs import cut_discs as discs
    from dataset.imaging.index import index_tree as index
    from dataset.interchange import export_labels as export_labels
    from dataset.interchange import import_labels as import_labels
    from dataset.label_archive import label_archive as label
    from dataset.stats import grade_stats as stats
    from dataset.validate import check as check
    from labeling.labeler import Labeler as Labeler
    from labeling.labeler import label_text as label_text
    from labeling.report import LevelGrade as LevelGrade
    from labeling.report import Report as Report
    from labeling.report import ReportLabels as ReportLabels
    from levelwise.demo import Demo as Demo
    from levelwise.demo import run_demo as run_demo
    from lexicons.vocabulary import Interval as Interval
    from lexicons.vocabulary import Level as Level
    from training.evaluate import evaluate as evaluate
    from training.fit import fit as train
    from training.segmentation.segment import segment as segment

    __version__: str

if not getattr(dataset, "LEVELWISE", False):
    raise ImportError(
        f"levelwise: expected its own package `dataset`, found another one at {dataset.__file__}. "
        "The package of that name on PyPI is in the way: `pip uninstall dataset`, then install levelwise "
        "again, or use a fresh virtual environment."
    )

_PUBLIC = {
    "label": "dataset.label_archive:label_archive",
    "index": "dataset.imaging.index:index_tree",
    "segment": "training.segmentation.segment:segment",
    "discs": "dataset.imaging.discs:cut_discs",
    "build": "dataset.build:build",
    "card": "dataset.card:write_card",
    "check": "dataset.validate:check",
    "stats": "dataset.stats:grade_stats",
    "export_labels": "dataset.interchange:export_labels",
    "import_labels": "dataset.interchange:import_labels",
    "train": "training.fit:fit",
    "evaluate": "training.evaluate:evaluate",
    "Demo": "levelwise.demo:Demo",
    "run_demo": "levelwise.demo:run_demo",
    "Labeler": "labeling.labeler:Labeler",
    "label_text": "labeling.labeler:label_text",
    "Report": "labeling.report:Report",
    "ReportLabels": "labeling.report:ReportLabels",
    "LevelGrade": "labeling.report:LevelGrade",
    "Level": "lexicons.vocabulary:Level",
    "Interval": "lexicons.vocabulary:Interval",
}

__all__ = [  # in words: type checkers and editors do not run what would list them
    "Demo",
    "Interval",
    "Labeler",
    "Level",
    "LevelGrade",
    "Report",
    "ReportLabels",
    "__version__",
    "build",
    "card",
    "check",
    "discs",
    "evaluate",
    "export_labels",
    "import_labels",
    "index",
    "label",
    "label_text",
    "run_demo",
    "segment",
    "stats",
    "train",
]


if not TYPE_CHECKING:  # to a checker a module that answers to every name has no wrong ones

    def __getattr__(name: str) -> Any:
        """Import a public name on first use."""
        if name == "__version__":
            return import_module("importlib.metadata").version("levelwise")
        try:
            module, attribute = _PUBLIC[name].split(":")
        except KeyError:
            raise AttributeError(f"module 'levelwise' has no attribute {name!r}") from None
        return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)

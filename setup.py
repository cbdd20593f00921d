"""The labelling engine as C extensions, for who asks: ``LEVELWISE_COMPILED=1 pip install .``.

The sources stay what they are: mypyc compiles the typed modules that every sentence passes through. It needs
a C compiler and some minutes. Without the variable nothing is compiled, and everything else of the
build stands in pyproject.toml.
"""

import os
from pathlib import Path

from setuptools import setup


def _modules_of(package: str) -> list[str]:
    return sorted(str(path) for path in Path(package).glob("*.py") if path.name != "__init__.py")


# What holds a `cached_property` stays as it is: compiled it would be made anew at every look.
ENGINE = [
    "labeling/normalise.py",
    "labeling/denied_lists.py",
    "labeling/glossary.py",
    "labeling/joined_levels.py",
    "labeling/levels.py",
    "labeling/clause_starts.py",
    "labeling/run_ons.py",
    "labeling/run_together.py",
    "labeling/lines.py",
    "labeling/sections.py",
    "labeling/second_thoughts.py",
    *_modules_of("labeling/grids"),
    "labeling/spelling.py",
    "labeling/statements.py",
    "labeling/tagging.py",
    "labeling/grammar.py",
    *_modules_of("labeling/speech"),
    *_modules_of("labeling/rewriting"),
    *_modules_of("labeling/linking"),
    "labeling/rule_names.py",
    "labeling/lesions.py",
    "labeling/regions.py",
    "labeling/described.py",
    "labeling/graded.py",
    "labeling/titles.py",
    "labeling/templates.py",
    "labeling/sentences.py",
    *_modules_of("labeling/discourse"),
    "labeling/consensus.py",
    *_modules_of("labeling/walk"),
    "labeling/evidence.py",
    "labeling/labeler.py",
]

if os.environ.get("LEVELWISE_COMPILED") == "1":
    try:
        from mypyc.build import mypycify
    except ImportError:  # the first pass of the build asks what it needs
        setup(setup_requires=["mypy[mypyc]>=1.13"])
    else:
        setup(ext_modules=mypycify(ENGINE, group_name="labeling.engine"))
else:
    setup()

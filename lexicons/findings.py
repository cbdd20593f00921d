"""The findings that can be graded, read from ``lexicons/findings/*.toml``.

A finding is data: one definition file here and one file per language say everything there is to say of
it. The table of cells, the dataset's columns, the card and the model heads all derive from `FINDINGS`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lexicons.problems import LexiconError
from lexicons.vocabulary import Side

FINDINGS_FOLDER = Path(__file__).parent / "findings"
_KEYS: dict[str, type] = {
    "key": str,
    "order": int,
    "name": str,
    "scale": list,
    "model_head": bool,
    "core": bool,
    "codes": dict,
    "terminology": dict,
}
CANAL, FACET = "canal", "facet"
"""Keys of two findings that language sets apart: one without sides, and one that narrows nothing."""
GRADES = 4
"""Every finding is graded 0 to 3; its `scale` says in a word what each means."""

_SIDES: dict[str, Side | None] = {"none": None, "right": Side.RIGHT, "left": Side.LEFT}


@dataclass(frozen=True, slots=True)
class Finding:
    """One gradable finding, such as neural foraminal stenosis.

    `codes` maps the side (`None` for a finding without sides) to the code of the cell: ``RFS``, ``LFS``.
    """

    key: str
    order: int
    name: str
    codes: Mapping[Side | None, str]
    scale: tuple[str, ...]
    model_head: bool
    core: bool
    terminology: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def parse(cls, data: Mapping[str, Any], where: str) -> Finding:
        """A finding from one parsed TOML file; `LexiconError` says `where`, what was expected and got."""
        if faults := list(_faults(data)):
            raise LexiconError(f"{where}{fault}" for fault in faults)
        codes = data["codes"]
        return cls(
            key=data["key"],
            order=data["order"],
            name=data["name"],
            codes={side: codes[name] for name, side in _SIDES.items() if name in codes},
            scale=tuple(data["scale"]),
            model_head=data["model_head"],
            core=data["core"],
            terminology=data.get("terminology", {}),
        )


def _faults(data: Mapping[str, Any]) -> Iterator[str]:
    if unknown := sorted(set(data) - set(_KEYS)):
        yield f": unknown keys {unknown}; expected only {sorted(_KEYS)}"
    if missing := sorted(set(_KEYS) - {"terminology"} - set(data)):
        yield f": missing keys {missing}; add them"
    wrong = {key for key in _KEYS if key in data and not isinstance(data[key], _KEYS[key])}
    for key in sorted(wrong):
        yield f" > {key}: expected {_KEYS[key].__name__}; got {data[key]!r}"
    codes, scale = (data.get(key) if key not in wrong else None for key in ("codes", "scale"))
    if codes is not None and set(codes) not in ({"none"}, {"right", "left"}):
        yield f" > codes: expected `none`, or `right` and `left`; got {sorted(codes)}"
    if scale is not None and len(scale) != GRADES:
        yield f" > scale: expected {GRADES} words, for grades 0 to 3; got {scale}"


def load_findings(folder: Path = FINDINGS_FOLDER) -> dict[str, Finding]:
    """Every finding defined in `folder`, keyed by its `key`; `LexiconError` when two share a code."""
    findings: dict[str, Finding] = {}
    codes: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            data = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise LexiconError([f"{path.name}: not readable as TOML ({error})"]) from None
        finding = Finding.parse(data, where=path.name)
        if finding.key != path.stem:
            raise LexiconError(
                [f"{path.name} > key: expected {path.stem!r}, the file's name; got {finding.key!r}"]
            )
        for code in finding.codes.values():
            if code in codes:
                raise LexiconError([f"{path.name} > codes: {code} is taken by {codes[code]}"])
            codes[code] = path.name
        findings[finding.key] = finding
    return dict(sorted(findings.items(), key=lambda item: (item[1].order, item[0])))


FINDINGS: dict[str, Finding] = load_findings()

CODES: dict[str, tuple[Finding, Side | None]] = {
    code: (finding, side) for finding in FINDINGS.values() for side, code in finding.codes.items()
}
"""Every cell code (``SCS``, ``RFS``, ...) with its finding and side, in the order of `FINDINGS`."""

MIRRORED: dict[str, str] = {
    code: next(other for side, other in finding.codes.items() if side != of or of is None)
    for code, (finding, of) in CODES.items()
}
"""The code of the other side; of a finding without sides the code itself."""

PLACES: dict[str, int] = {code: place for place, code in enumerate(CODES)}
"""Every cell code by its place in `CODES`."""

CORE_CODES: tuple[str, ...] = tuple(code for code, (finding, _) in CODES.items() if finding.core)
"""The codes of the core task: SCS, RFS, LFS."""

HEAD_CODES: tuple[str, ...] = tuple(code for code, (finding, _) in CODES.items() if finding.model_head)
"""The codes that the grader has an output head for."""

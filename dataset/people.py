"""Which keys are one person: what a split keeps together."""

from __future__ import annotations

from dataset.flow import Who


class People:
    """Which keys are one person: a study that bears two patient keys links them.

    Reports and DICOM headers often use different keys for one patient. A patient is a connected component of
    studies and keys; its name is its least patient key, or the study's own where it has none.
    """

    def __init__(self) -> None:
        self._parent: dict[Who, Who] = {}

    def link(self, study: str, patient: str | None) -> None:
        """Say that `study` bears the key `patient`; with None, only that the study exists."""
        root = self._root(Who("study", study))
        if patient:
            name, other = sorted((root, self._root(Who("patient", patient))), key=_rank)
            self._parent[other] = name

    def name(self, who: Who) -> str:
        """The name of the person, apart for each kind of key."""
        root = self._root(who)
        return f"{root.kind}:{root.key}"

    def key(self, study: str) -> str | None:
        """The least patient key of the person that `study` is of; None where no study of theirs has one."""
        root = self._root(Who("study", study))
        return root.key if root.kind == "patient" else None

    def _root(self, who: Who) -> Who:
        parent = self._parent.setdefault(who, who)
        while parent != who:
            grand = self._parent[parent]
            self._parent[who] = grand  # halving keeps chains short
            who, parent = parent, grand
        return who


def _rank(who: Who) -> tuple[bool, str]:
    return who.kind != "patient", who.key

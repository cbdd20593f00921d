"""Why a DICOM file is left out, as the reader of its header says it."""

from __future__ import annotations

from labeling.issues import Issue

EXPORT = "Export the file again."


class Refused(Exception):  # noqa: N818 - not an error of the program
    """A file that is left out: reason, message, cure and severity of the issue that comes of it."""

    def __init__(self, reason: str, message: str, cure: str = EXPORT, severity: str = "error") -> None:
        super().__init__(reason, message, cure, severity)

    def issue(self, where: str) -> Issue:
        """The row of the quarantine table."""
        return Issue(where, *self.args)

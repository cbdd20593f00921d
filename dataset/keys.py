"""File names that tell nothing of the patient."""

from __future__ import annotations

import hashlib


def file_key(uid: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of `uid`: what a file of that study is named after.

    A DICOM identifier is a header value, and header values never stand in a path.
    """
    return hashlib.sha256(uid.encode()).hexdigest()[:16]

"""What takes the place of identifiers in a dataset that leaves the house: keyed names and UIDs, moved dates.

Source: DICOM PS3.15 Annex E, actions U (a consistent UID) and Z (a dummy value), with the option "Retain
Longitudinal Temporal Information with Modified Dates". HMAC-SHA256 (RFC 2104) makes every value: without the
key nobody can make it from a guessed identifier, with it the house can find a patient again.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pyarrow as pa

from labeling.issues import InputError, Issue

KEY_VARIABLE = "LEVELWISE_KEY"
"""Environment variable that holds the key where no file is named."""

SHORTEST_KEY = 32
"""Bytes; `openssl rand -hex 32` makes 64."""

MOST_DAYS = 1826
"""Dates move back by one day to five years."""


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Makes the value that stands for an identifier. `key` None leaves every value as it is."""

    key: bytes | None = field(default=None, repr=False)

    def uid(self, uid: str) -> str:
        """A valid DICOM UID, ``2.25.`` and 128 bits (ITU-T X.667), the same for the same UID."""
        return uid if self.key is None else f"2.25.{int.from_bytes(self._digest('uid', uid)[:16], 'big')}"

    def name(self, kind: str, value: str) -> str:
        """The `kind` and 96 bits in hexadecimal, as in ``patient-5f0c...``."""
        return value if self.key is None else f"{kind}-{self._digest(kind, value)[:12].hex()}"

    def date(self, person: str, day: date) -> date | None:
        """The day moved back by a number of days that is the person's own; None without a key."""
        if self.key is None:
            return None
        days = 1 + int.from_bytes(self._digest("days", person)[:8], "big") % MOST_DAYS
        return day - timedelta(days=min(days, (day - date.min).days))

    @property
    def key_id(self) -> str | None:
        """Eight digits that tell two keys apart and give neither away."""
        return None if self.key is None else self._digest("key", "")[:4].hex()

    def _digest(self, kind: str, value: str) -> bytes:
        message = f"levelwise/1\0{kind}\0".encode() + value.encode("utf-8", "surrogatepass")
        return hmac.digest(self.key or b"", message, hashlib.sha256)

    def table(self, table: pa.Table, columns: dict[str, str]) -> pa.Table:
        """The table with the values of `columns` (name to kind, ``uid`` or that of `name`) replaced."""
        for column, kind in columns.items():
            make = self.uid if kind == "uid" else partial(self.name, kind)
            values = [value if value is None else make(value) for value in table[column].to_pylist()]
            table = table.set_column(
                table.schema.get_field_index(column), table.field(column), pa.array(values, pa.string())
            )
        return table


def secret_for(out: Path, path: Path | None) -> bytes | None:
    """The key for a dataset in `out`: in the file `path`, else in LEVELWISE_KEY, else None.

    White space around it is no part of it. Raises `InputError` for a file that cannot be read or lies in the
    dataset, and for a key that is too short; none says what the file holds.
    """
    if path is not None and path.resolve().is_relative_to(out.resolve()):
        message = "the key lies in the folder of the dataset, and would be handed on with it."
        raise InputError(Issue(str(path), "key-in-dataset", message, "Keep the key in another place."))
    if path is None:
        given, where = os.environ.get(KEY_VARIABLE, "").encode(), KEY_VARIABLE
        if not given:
            return None
    else:
        where = str(path)
        try:
            given = path.read_bytes()
        except OSError as error:
            message = f"expected a file that holds the key; reading it ended in {type(error).__name__}."
            raise InputError(Issue(where, "no-key-file", message, "Check the path.")) from None
    if len(secret := given.strip()) < SHORTEST_KEY:
        message = f"expected a key of at least {SHORTEST_KEY} bytes; got {len(secret)}."
        raise InputError(Issue(where, "short-key", message, "Make one: openssl rand -hex 32 > key.txt"))
    return secret

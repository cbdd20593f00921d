"""Arrow columns that carry their own description, from which docs, card and validation derive."""

from __future__ import annotations

import pyarrow as pa


def column(
    name: str, kind: pa.DataType, description: str, *, unit: str = "", null: str = "", required: bool = False
) -> pa.Field:
    """A field whose metadata says what it holds, in which `unit`, and what a null means.

    A field with neither `null` nor `required` may be null when the source did not say.
    """
    metadata = {
        "description": description,
        "unit": unit,
        "null": "" if required else null or "the source does not say",
    }
    return pa.field(name, kind, nullable=not required, metadata=metadata)

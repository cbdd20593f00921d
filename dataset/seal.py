"""JSON that shows when a byte of it has changed: its last field is the checksum of all before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SEAL = "seal"


def sealed(data: Mapping[str, Any]) -> bytes:
    """The bytes of `data`, keys in their order, with a seal; one that it has is made anew."""
    bare = {name: value for name, value in data.items() if name != SEAL}
    return _json({**bare, SEAL: hashlib.sha256(_json(bare)).hexdigest()})


def is_sealed(raw: bytes) -> bool:
    """Whether these are, byte for byte, what `sealed` made of some data."""
    try:
        data = json.loads(raw)
    except ValueError:
        return False
    return isinstance(data, dict) and SEAL in data and sealed(data) == raw


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")

"""Work that goes wrong in every way a file can make it, for the child process that must bear it."""

from __future__ import annotations

import os
import time
from pathlib import Path


def behave(how: str) -> str:
    """Do what `how` says; anything else is answered in capitals."""
    match how:
        case "hang":
            time.sleep(60)
        case "crash":
            os.abort()
        case "eat":
            return str(len(bytearray(4 << 30)))
        case "nibble":
            return str(len([bytes(10_000) for _ in range(10**6)]))
        case "chatter":
            os.write(1, b"not an answer")
            os.write(2, b"SECRET")
        case "fail":
            raise KeyError(how)
    return how.upper()


def taken_mib(_: object) -> int:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") >> 20


def process(_: object) -> int:
    return os.getpid()

"""How fast reports are read on one core: the engine, its bridges, stock medspaCy and a bare scan.

    python benchmarks/label_speed.py [--reports 4000] [--stock 200] [--seed 0]
    python benchmarks/label_speed.py --archive 1000000

Texts come from the sample writer: 200 to 260 words each in all of its styles (a short style is followed by
the same study in another one), every text once. All readers run in this process, pinned to one core, over the
same texts in the same order; the slow ones read the first few of them. The engine is measured as it is
installed: as Python, or compiled (``LEVELWISE_COMPILED=1 pip install .``). Times are processor time, so a
busy machine counts little; each figure is the median of ten equal blocks with the slowest and fastest. The
collector of cycles is off within a block for every reader, as it is in `levelwise label`.

The engine remembers sentences, so it has three figures. *New reports* is the one that matters: a labeler that
has read other reports meets reports that it never saw. *Memory emptied* forgets everything before every
report. *Second time* reads the same reports again. How many of the sentences of new reports were known is
printed: real archives repeat themselves too, but not as this writer does.

``--archive`` labels an archive of that many reports to Parquet with two worker processes and prints wall time
and resident memory over time. Its source is written first, from 20,000 distinct texts under ids of their own,
and a fresh labeler reads it once.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
import statistics
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import numpy as np

import labeling.labeler
from dataset.label_archive import label_archive
from labeling.dictation import Dictation
from labeling.labeler import Labeler
from labeling.report import Report
from labeling.sections import Splitter
from labeling.tagging import Tagger
from levelwise.sample.truth import draw_study
from levelwise.sample.writer import STYLES, write_report
from lexicons.load import load_lexicon
from lexicons.patterns import trie_regex

# The archive's worker processes import this file: they must not load spaCy.
# ruff: noqa: PLC0415

BLOCKS = 10
WORDS = range(200, 261)
DISTINCT = 20_000


@dataclass(frozen=True)
class Rate:
    """Reports a second: the median of the blocks, the slowest and the fastest, and how many were read."""

    median: float
    low: float
    high: float
    reports: int


def draw_texts(count: int, seed: int) -> Iterator[str]:
    """`count` different reports of 200 to 260 words."""
    rng = np.random.default_rng(seed)
    seen: set[int] = set()
    while len(seen) < count:
        text = draw_text(rng)
        if hash(text) not in seen and len(text.split()) in WORDS:
            seen.add(hash(text))
            yield text


def draw_text(rng: np.random.Generator) -> str:
    study = draw_study(rng, "P", "S")
    text = ""
    while len(text.split()) < WORDS.start:
        text += ("\n\n" if text else "") + write_report(study, rng, STYLES[rng.integers(len(STYLES))]).text
    return text


def measure(read: Callable[[Sequence[str]], object], texts: Sequence[str]) -> Rate:
    """The rate of `read`, which is given the texts block by block."""
    size = len(texts) // BLOCKS
    rates = []
    for at in range(0, size * BLOCKS, size):
        gc.collect()
        gc.disable()
        started = time.process_time()
        read(texts[at : at + size])
        rates.append(size / (time.process_time() - started))
        gc.enable()
    return Rate(statistics.median(rates), min(rates), max(rates), size * BLOCKS)


def engine(labeler: Labeler) -> Callable[[Sequence[str]], object]:
    """Labels with evidence, each dropped when it is read."""

    def read(texts: Sequence[str]) -> None:
        for text in texts:
            labeler.label(Report("", text))

    return read


def forgetful(texts: Sequence[str], labeler: Labeler) -> Rate:
    """The engine with every memory emptied before every report; the emptying is not timed."""
    size = len(texts) // BLOCKS
    rates = []
    for at in range(0, size * BLOCKS, size):
        spent = 0.0
        for text in texts[at : at + size]:
            labeler.forget()
            started = time.process_time()
            labeler.label(Report("", text))
            spent += time.process_time() - started
        rates.append(size / spent)
    return Rate(statistics.median(rates), min(rates), max(rates), size * BLOCKS)


def known_sentences(labeler: Labeler, texts: Sequence[str]) -> float:
    """Reads `texts`; the share of their sentences that the labeler knew."""
    known = labeler._reader._sentences
    before = len(known)
    engine(labeler)(texts)
    split, fold = (
        Splitter(labeler.lexicon, Tagger(labeler.lexicon).tag_all).split,
        Dictation(labeler.lexicon).fold,
    )
    asked = sum(len(split(fold(text).text)) for text in texts)
    return 1 - (len(known) - before) / asked


def spacy_bridge() -> Callable[[Sequence[str]], object]:
    from labeling.bridges.spacy_component import blank_pipeline

    nlp = blank_pipeline()
    return lambda texts: [doc._.grades for doc in nlp.pipe(texts)]


def second_voter() -> Callable[[Sequence[str]], object]:
    from labeling.bridges.context_labeler import ContextLabeler

    labeler = ContextLabeler()
    return lambda texts: [labeler.label(Report("", text)) for text in texts]


def stock_medspacy() -> Callable[[Sequence[str]], object]:
    """``medspacy.load()`` as it comes (PyRuSH sentences, target matcher, ConText), with our structures."""
    from labeling.bridges.context_pipeline import target_phrases
    from labeling.bridges.quiet import silence_pyrush

    silence_pyrush()
    warnings.filterwarnings("ignore")
    import medspacy
    from medspacy.target_matcher import TargetRule

    nlp = medspacy.load()
    rules = [TargetRule(phrase, rule.file.upper()) for phrase, rule in target_phrases(load_lexicon("en"))]
    nlp.get_pipe("medspacy_target_matcher").add(rules)
    return lambda texts: [[ent._.is_negated for ent in nlp(text).ents] for text in texts]


def bare_scan() -> Callable[[Sequence[str]], object]:
    """Every phrase of the lexicon in one expression, and nothing made of what it finds: the limit."""
    phrases = trie_regex(sorted(load_lexicon("en").phrases))
    find = re.compile(rf"(?:{phrases}(?![a-z0-9])|[a-z]+|\d+|.)\s*", re.DOTALL).findall
    return lambda texts: [find(text.lower()) for text in texts]


def compare(count: int, stock: int, seed: int) -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    texts = list(draw_texts(2 * count, seed))
    first, new = texts[:count], texts[count:]
    labeler = Labeler()
    engine(labeler)(first)
    known = known_sentences(labeler, new)
    rates: dict[str, Rate] = {}
    labeler = Labeler()
    rates["engine, memory emptied"] = forgetful(new[: count // 4], labeler)
    labeler = Labeler()
    engine(labeler)(first)
    rates["engine, new reports"] = measure(engine(labeler), new)
    rates["engine, second time"] = measure(engine(labeler), new)
    bridge = spacy_bridge()
    bridge(first)
    rates["spaCy component, new reports"] = measure(bridge, new)
    rates["ConText over our lexicon"] = measure(second_voter(), new[:stock])
    rates["stock medspaCy, same targets"] = measure(stock_medspacy(), new[:stock])
    rates["bare scan (limit)"] = measure(bare_scan(), new)
    words = statistics.mean(len(text.split()) for text in texts)
    print(f"{count:,} reports after {count:,} others, {words:.0f} words each, no text twice; one core.")
    made = "as Python" if (labeling.labeler.__file__ or "").endswith(".py") else "compiled to C"
    print(f"Sentences of the new reports that were known: {known:.0%}. The engine runs {made}.\n")
    print(table(rates))


@dataclass(frozen=True)
class Memory:
    """Resident memory in MB at one time of a run: this process, and its workers together."""

    seconds: float
    parent: float
    workers: float


class MemoryWatch(Thread):
    """Samples resident memory twice a second, from ``/proc``."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.samples: list[Memory] = []
        self._done = Event()

    def run(self) -> None:
        """Samples until `stop`."""
        started = time.monotonic()
        while not self._done.wait(0.5):
            children = [resident(pid) for pid in workers()]
            self.samples.append(Memory(time.monotonic() - started, resident(os.getpid()), sum(children)))

    def stop(self) -> None:
        """Ends the sampling."""
        self._done.set()
        self.join()


def workers() -> list[int]:
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:  # it ended meanwhile
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def write_source(path: Path, count: int, seed: int) -> int:
    """An archive of `count` reports, one JSON line each; returns how many different texts it has."""
    texts = list(draw_texts(min(count, DISTINCT), seed))
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            row = {"id": f"r{number:07d}", "study": f"s{number:07d}", "text": texts[number % len(texts)]}
            file.write(json.dumps(row) + "\n")
    return len(texts)


def archive(count: int, seed: int) -> None:
    with TemporaryDirectory() as folder:
        source, out = Path(folder) / "reports.jsonl", Path(folder) / "labels"
        distinct = write_source(source, count, seed)
        watch = MemoryWatch()
        watch.start()
        result = label_archive(source, out, workers=2)
        watch.stop()
        size = sum(path.stat().st_size for path in out.iterdir()) / 1e6
        print(f"{count:,} reports ({distinct:,} texts), {source.stat().st_size / 1e6:,.0f} MB, two workers:")
    rate, cells = count / result.seconds, result.rows["labels"]
    print(f"{result.seconds:,.0f} s wall, {rate:,.0f} reports/s; {cells:,} cells, {size:,.0f} MB.\n")
    print(
        "| time | this process, MB | two workers, MB | together |", "| ---: | ---: | ---: | ---: |", sep="\n"
    )
    shown = [watch.samples[len(watch.samples) * tenth // 10] for tenth in range(10)] + watch.samples[-1:]
    for sample in shown:
        print(memory_row(f"{sample.seconds:.0f} s", sample.parent, sample.workers))
    peak = max(watch.samples, key=lambda sample: sample.parent + sample.workers)
    print(memory_row("peak", peak.parent, peak.workers))


def memory_row(when: str, parent: float, children: float) -> str:
    return f"| {when} | {parent:,.0f} | {children:,.0f} | {parent + children:,.0f} |"


def table(rates: dict[str, Rate]) -> str:
    base = rates["engine, new reports"].median
    lines = [
        "| reader | reports/s | slowest..fastest block | reports | the engine is faster |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, rate in rates.items():
        blocks = f"{rate.low:,.0f}..{rate.high:,.0f}"
        lines.append(
            f"| {name} | {rate.median:,.0f} | {blocks} | {rate.reports:,} | {base / rate.median:.3g} times |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reports", type=int, default=4000)
    parser.add_argument("--stock", type=int, default=200, help="reports for the two slow readers")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--archive", type=int, metavar="N", help="label an archive of N reports instead")
    options = parser.parse_args()
    if options.archive:
        archive(options.archive, options.seed)
    else:
        compare(options.reports, options.stock, options.seed)


if __name__ == "__main__":
    main()

"""The sentences of the written reports as tags, for tests of what every sentence says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from labeling.sections import Splitter
from labeling.tagging import Tag, Tagger
from lexicons.load import load_lexicon

CORPUS = Path(__file__).parents[1] / "labeling" / "corpus"
LEXICON = load_lexicon("en")
TAGGER = Tagger(LEXICON)


def own_sentences() -> Iterator[list[Tag]]:
    """The tags of each, every sequence of them once."""
    splitter, seen = Splitter(LEXICON, TAGGER.tag_all), set()
    for path in sorted(CORPUS.glob("tuning*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            text = json.loads(line)["text"]
            for one in splitter.split(text):
                key = TAGGER.key(text[one.start : one.end].replace("\n", " ").lower())[0]
                if key not in seen:
                    seen.add(key)
                    yield TAGGER.tags_of(key)

"""A statement applied to its cells, as it reads where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.consensus import SECTION_RANK
from labeling.levels import union_of
from labeling.statements import GRADED, SCOPE, LevelRef, Statement
from labeling.walk.codes import LATE
from labeling.walk.copies import Copies
from labeling.walk.place import Late, WordsOfTags
from labeling.walk.remaining import OTHERS_COUNTED, claim_of
from labeling.walk.targets import named
from lexicons.findings import CODES
from lexicons.vocabulary import Level

_COPIES = frozenset({"ditto", "moved", "as at", "same", "also", "not"})
_OF_KEYS = frozenset({"any", GRADED})
"""Topics of what names no structure: that of a key that holds several levels."""
_ALONE = frozenset({"others", "the rest"})
_BY_FINDING = frozenset({"remaining", *_ALONE})


class Stating(Copies):
    """Applies statements to the cells they are of, or keeps them until these are known."""

    __slots__ = ()

    def _state(
        self, said: Statement, offset: int, words: WordsOfTags, tags: WordsOfTags, positive: list[Level]
    ) -> None:
        """Applies a statement to its cells; the levels that it finds something at are added to `positive`."""
        statement = self._placed(said, words)
        if statement is None or self._puts_off(statement, offset, words, tags):
            return
        section = SECTION_RANK[self.section]
        levels, reach, level_offset, level_words = self._levels(statement, offset, tags)
        if statement.excluded:
            left_out = set(union_of(statement.excluded))
            levels = [level for level in levels if level not in left_out]
        if not levels:
            told = statement.low > 0 or not statement.bare
            if statement.codes and told and statement.phrase != "measure":
                self.last = statement  # "There is multilevel canal stenosis. It is severe at L4-5."
            return
        if statement.phrase in _COPIES:
            self._copy(statement, levels, section, offset, words)
            return
        claim = claim_of(statement, section, reach, offset, words, level_offset, level_words)
        self._add(levels, self._codes(statement), claim)
        if statement.low > 0 and statement.phrase != "measure":
            positive += [level for level in levels if level not in positive]
        if statement.phrase == "ungraded" and len(levels) > 1:
            self.affirmed = self._codes(statement), levels
        elif statement.codes and not set(statement.codes) <= set(self.affirmed[0]):
            self.affirmed = (), ()
        foramina = statement.bare and not statement.low and len(statement.codes) > 1
        if statement.codes and statement.phrase != "measure" and not foramina:
            self.last = statement  # "No stenosis at L1-2. Mild at L3-4." goes on about the canal

    def _placed(self, statement: Statement, words: WordsOfTags) -> Statement | None:
        """A statement as it reads where it stands; `None` where it says nothing of a cell there."""
        topic = statement.topic
        goes_on = topic == GRADED and self.last is not None and self.last.low > 0
        if topic and topic != self.topic and not (goes_on or (topic in _OF_KEYS and self.chapter)):
            self.unread += topic in _OF_KEYS  # "L4-5: severe", with nothing that says what is
            return None
        if statement.phrase == "past":
            self.last = statement
            return None
        if statement.one and statement.low and statement.level == SCOPE and self.placed in statement.codes:
            # "A left foraminal extrusion is seen. The foramen is severely narrowed."
            flags = statement.flags - {"side_unspecified"}
            statement = statement._replace(codes=(self.placed,), rank=2, flags=flags)
        if self.sided or self.graded or self.of_rest:
            statement = self._under_heading(statement, words)
        self.study_normal |= statement.phrase == "study"
        if statement.level.reference in OTHERS_COUNTED:
            counted = self._counted(statement)
            if counted is None:
                self.unread += 1
                return None
            statement = statement._replace(level=counted)
        reference = statement.level.reference
        if reference in _BY_FINDING or (self.chapter and statement.phrase == "otherwise"):
            if self.discs and statement.implied and reference in _ALONE:
                return None  # "The L4-5 disc is dry. The others are normal."
            return statement._replace(level=statement.level._replace(reference=self._rest(statement)))
        return statement

    def _puts_off(self, statement: Statement, offset: int, words: WordsOfTags, tags: WordsOfTags) -> bool:
        """Whether what `statement` is of is only known when the others are: then it is kept for the end."""
        ref = statement.level
        if ref.reference not in LATE and (ref.reference != "otherwise" or self._block(statement) is not None):
            return False
        section, codes = SECTION_RANK[self.section], self._late_codes(statement)
        level_words, described = named(tags, ref.mark), self._described_for(statement)
        among = self.affirmed[1] if self._goes_through(statement, codes) else ()
        self.late.append(Late(statement, section, offset, words, level_words, codes, described, among))
        return True

    def _goes_through(self, statement: Statement, codes: Sequence[str]) -> bool:
        """Whether it grades the rest of a list: "narrow at L3-4 and L4-5, severe at L4-5, otherwise mild"."""
        graded = statement.low > 0 and statement.phrase not in {"ungraded", "measure", "same", "not"}
        return graded and bool(codes) and set(codes) <= set(self.affirmed[0])

    def _under_heading(self, statement: Statement, words: WordsOfTags) -> Statement:
        """A statement under "Right:" that names no side, or under "Severe:" a level and no grade.

        Under "Remaining levels:" one that names no level is of those.
        """
        if self.of_rest and statement.level == SCOPE:
            statement = statement._replace(level=LevelRef(reference="remaining"))
        # "Foramina" are those of one side there; "bilateral" is none of them
        if self.sided and statement.rank < 2 and not any(word[3].startswith("sides/") for word in words):
            codes = tuple([code for code in statement.codes if CODES[code][1] in {None, self.sided}])
            flags = statement.flags - {"side_unspecified"}
            statement = statement._replace(codes=codes, rank=2 if codes else 0, flags=flags)
        if self.graded and statement.phrase == "ungraded" and statement.level.mention is not None:
            low, high = self.graded
            statement = statement._replace(
                low=low, high=high, phrase="", flags=statement.flags - {"ungraded"}
            )
        return statement

"""The phrases that grades come in, as expressions over parts of speech.

A sentence is read as a string with one character per tag (see `lexicons.meanings`); the expressions here
cut it into items, tried in this order at every position:

=======  ======================================================  ==========================================
level    stenosis ``L4-5``                                       a level right behind what is of it
leading  ``at L2-3 mild and`` at L4-5 severe canal stenosis      a level with a value, for the target after
prior    ``previously moderate``, ``was reported as mild``       skipped: it is about another time
change   ``progressed from mild to moderate``                    a value: the last grade
swallow  ``moderate disc bulge``, ``left foraminal protrusion``  the grade belongs to another noun
answer   canal: ``moderate`` right foramen: mild                 a value, though a structure comes next
object   ``compressing the thecal sac and exit canals``          structures after a transitive head
listed   ``mild L3-4 and`` moderate L4-5 canal stenosis          values with levels, for the target after
target   ``mild right and moderate left foraminal narrowing``    structures, with the values before them
stray    ``moderate foraminal scalloping`` (a noun not known)    the grade belongs to another noun
value    ``moderate on the right``, ``none``                     given to the structures before it
=======  ======================================================  ==========================================

Everything else is read tag by tag. `labeling.linking` says what each item does.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Every repetition is bounded: the time to cut a sentence grows with its length and no faster.

_JOIN = r"(?:,?c|,)"
_GRADE = r"(?:n?u?[gzG]{1,3}(?:>g)?)"
_BEFORE = rf"(?:r(?!n){_GRADE}|{_GRADE}(?:r|\(r\))?|nr)"
_CONTRAST = r"(?:,b?n[gz]{1,3},|P[gz]{1,3}|(?<=g)b?ng(?=r?[sfhx]))?"  # mild, not severe, canal stenosis
# mild left, and mild right, foraminal narrowing
_SIDED_LIST = rf"(?<![skvhHtx,])(?<![skxht]:){_BEFORE}(?:{_JOIN}{_BEFORE}){{1,7}},(?=w?(?:[fx]|s[hHt]))"
# canal stenosis, severe, and | moderate foraminal stenosis
# foraminal stenosis, mild on the right and severe on the left, and | moderate canal stenosis
SIDED = r"(?:[gz]{1,3}r|r[gz]{1,3})"
_NEXT_NOUN = rf"(?:[nurgz]{{1,4}}{_JOIN})?[nurgz]{{1,4}}(?:w?[sfx]|[ht]p|[Hi])(?!.*M)"
_GIVEN = (
    rf"(?:(?<=[hHxt],)(?:[gzG]{{1,3}}r?,[cn]|{SIDED}{_JOIN}{SIDED}{_JOIN}[nu]?[rgzG]"
    # foraminal stenosis, severe on the left, | mild recess narrowing
    rf"|{SIDED}{_JOIN}n?[gz]{{1,3}}(?![rgzoc(]))"
    rf"|(?<=[hHxt],[gz]r[c,]){SIDED}{_JOIN}[nu]?[rgzG]"
    # canal stenosis of severe degree, and | mild facet arthropathy
    # canal stenosis (which) is severe, | mild right and moderate left foraminal stenosis
    rf"|(?:(?<=[sf][ht])|(?<=[hHtx]v)|(?<=Wv)|(?<=vH))[gz]{{1,3}}r?{_JOIN}(?={_NEXT_NOUN})"
    # facet DJD severe | canal moderately narrowed
    r"|(?<=[hHtx])[gz]{1,2}(?=s[gz]{1,2}[hH])"
    # facet DJD moderate, | mild canal stenosis
    # foraminal narrowing right severe, left mild, | moderate canal stenosis
    rf"|(?:(?<=[hHtx])(?:[gz]{{1,2}}|{SIDED}(?:{_JOIN}{SIDED})?)|(?<=[hHtx]rg[,c]){SIDED}|(?<=[hHtx]gr[,c]){SIDED}),"
    r"(?=(?:[nu]?[gz]{1,2}r?|r[gz]{1,2})(?:w?[sf][hHt]|x))"
    # foramina: L3-4 severe bilaterally, | mild narrowing at L4-5
    rf"|(?<=[:,;]l){SIDED}[,;](?=[gz]{{1,2}}h)"
    # canal stenosis, severe degree, | moderate foraminal stenosis
    r"|(?<=[hHxs],)(?:[gz]{1,3},(?=r?[gz]{1,3}r?(?:[fsxhHt]|c[gz]{1,3}r))"
    # canal stenosis, mild and | severe left foraminal stenosis
    r"|[gz]{1,3}c(?=[gz]{1,3}r|r[gz]|[gz]{1,3}[ht]p|[gz]{1,3}[sf](?!.*[lM]))))"
)
# right foraminal stenosis is severe, | mild narrowing of the left foramen
_SAID = rf"(?<=[hHx]v)[gz]{{1,3}}r?{_JOIN}[rgz]{{1,3}}hp"
# encroaching on the exit canals | mild canal stenosis
# mild indentation of the sac | moderate canal stenosis
# facet arthropathy at L4-5, mild, and | no significant canal stenosis
_NEXT_DENIED_NOUN = r"[gz]{1,3},cn[gz]{1,3}(?:w?[sfx]|h)"
_NOT_GIVEN = (
    r"(?:(?<![sk])|(?<=i[sk])(?=[gz]+s[hH])|(?<=ir[sk])(?=[gz]+s[hH])|(?<=ghp[sk])(?=[gz]{1,2}r?[sf]w?[hHt]))"
)
PREMODIFIERS = (
    rf"(?:{_SIDED_LIST}|{_NOT_GIVEN}(?!{_GIVEN}|{_SAID}|{_NEXT_DENIED_NOUN}){_BEFORE}(?:(?:{_JOIN}|(?<=r)){_BEFORE}){{0,7}}{_CONTRAST}"
    # encroaching on the exit canals | adequate spinal canal
    r"|(?:(?<![skrhHxtv])|(?<=[shHt])(?=or?s(?:,?cr?s)?(?:$|[,;)])))o)"
)
# mild L3-4, moderate L4-5 (and severe L5-S1 canal stenosis)
_LEVELLED = rf"{_BEFORE}(?:(?:,?c|,){_BEFORE})?(?:l|\(l\))"
# mild (L3-4), severe right and mild left L4-5 ...
_LEVELS_LISTED = rf"(?<![^;bBwc(n-])(?:{_LEVELLED}{_JOIN}){{1,5}}"
# mild L3-4, severe L4-5 stenosis; not "Foramina: right - mild L3-4, severe L4-5 narrowing"
LISTED = (
    rf"{_LEVELS_LISTED}(?={_LEVELLED}[wr]{{0,3}}[sf](?:cr?[sf])?w?[hHt])"
    rf"|(?<!\w-){_LEVELS_LISTED}(?={_LEVELLED}h(?:$|[,;)]))"
)
_INNER = r"(?:[rlyjaq]|\(l\)){0,6}"
_MEMBER = rf"(?:{PREMODIFIERS})?w{{0,3}}(?:r[lq]{_JOIN}(?=r[lq])){{0,5}}{_INNER}w{{0,2}}[sfek]{_INNER}"
# with patent foramina, | moderate canal stenosis at the next level
_GROUP = rf"(?!(?<=b)o[rljwaq]{{0,4}}s,c?[gzr]){_MEMBER}(?:{_JOIN}{_MEMBER}){{0,7}}"
_HEADS = r"(?:[hH](?:c?[hH]){0,3}|t(?:c?t){0,3}|(?<=[sf])i)"
# moderate canal stenosis and | narrowing of the foramina
# canal stenosis and | narrowed left foramen
_HEADS_AFTER = r"(?:h(?:c[hH](?!r?[ps])|[hH]){0,3}|H(?:c?[hH](?!r?[ps])){0,3}|t(?:c?t){0,3}|(?<=[sf])i)"
_TAIL = r"(?:r(?![gzo]|[lj]*[sfx]))?"
# After a value, "the left is ..." begins a clause of its own.
_TAIL_OF_VALUE = r"(?:r(?![gzov:]|-(?!r?[sfx]h?:)|[lj]*[sfx])|r(?=[gz]{1,2}[hH]r(?![gz])))?"
# narrowing of the canal, and foramina without stenosis; narrowing of the canal and foramina not narrowed
_OWN_NONE = r"(?:[bwv]{0,2}nw?z?[hH]|v?o)(?:$|[,;)lq])"
# mild narrowing of both foramina, canal patent: a clause of its own
# and so it is in: mild narrowing of the canal, foramina and recesses are patent
_ANEW = rf"(?!{_INNER}w{{0,2}}(?:[ogzGvnm:]|{_OWN_NONE}|c{_INNER}[sf]{_INNER}[ov]))"
# narrowing of the canal, and the foramina are mildly narrowed; no narrowing of the canal, and they are mild
# but: narrowing of the canal and recesses, and the foramina are mildly narrowed
_OWN_VERB = (
    rf"(?!(?:{_INNER}c{_INNER}[sf]){{0,2}}{_INNER}p?{_INNER}"
    rf"(?:v(?:[gz]{{0,3}}H|o)|g{{1,3}}[hH]|{_OWN_NONE}))"
)
# no change of the end plates, and the canal and foramina are open
_OWN_VALUE = (
    rf"(?!{_INNER}(?:v(?:[gz]{{0,3}}H|[gzGo])|g{{1,3}}[hH]))"
    rf"(?!(?:{_INNER}c{_INNER}[sf]){{0,2}}{_INNER}v?o(?:$|[,;)]))"
)
_NEXT_MEMBER = rf"(?:,?cp{{0,2}}(?!o){_MEMBER}{_OWN_VERB}|,p{{0,2}}(?!o){_MEMBER}{_ANEW}|p{{1,2}}{_MEMBER})"
_NEXT_DENIED = rf"(?:,?cp{{0,2}}(?!o){_MEMBER}{_OWN_VALUE}|,p{{0,2}}(?!o){_MEMBER}{_ANEW}|p{{1,2}}{_MEMBER})"
_OF_MEMBER = rf"w{{0,2}}{_INNER}w?{_HEADS}(?:w?e)?r?p+{_MEMBER}"
_ROOTS_AT = r"(?:(?<=e)r?s(?=$|[,;)]))?"  # compression of the L5 roots at the lateral recesses
_OF_MEMBERS = rf"{_OF_MEMBER}{_NEXT_MEMBER}{{0,7}}{_ROOTS_AT}"

TARGET = (
    # patent canal and foramina, | moderate facet arthropathy
    rf"(?:(?<![skrhHxtv])o{_INNER}[sk]{_INNER}(?:{_JOIN}{_INNER}[sk]{_INNER}){{0,5}}(?={_JOIN}(?:{_BEFORE}w?{_INNER}[sfxh]|r?[sf][hHt]))"
    # canal and foraminal stenosis; moderate right and mild left foraminal narrowing
    rf"|{_GROUP}w?{_HEADS_AFTER}{_TAIL}"
    # narrowing of the canal and left foramen; impingement of the root in the recess
    # mild narrowing of the left foramen, and the right foramen is severely narrowed
    rf"|(?<=n){_OF_MEMBER}{_NEXT_DENIED}{{0,7}}{_ROOTS_AT}(?!w?[hHtm])"
    rf"|{_BEFORE}{_OF_MEMBERS}(?!w?[hHtm]|v)"
    rf"|(?:{PREMODIFIERS})?{_OF_MEMBERS}(?!w?[hHtm])"
    # NFS, CCS and bilateral NFS
    rf"|(?:{PREMODIFIERS})?w{{0,2}}{_INNER}x{_TAIL}"
    # marked stenosis left lateral recess, S1 root compressed
    # and: encroachment right recess + right foramen; hypertrophy facet joints of L4-5
    # and: encroached exit canals at both levels; compressed sac and exit canals
    rf"|(?<![skfxl])(?:{PREMODIFIERS})?w{{0,2}}[ht](?:{_INNER}[ke]{_JOIN})?{_INNER}s(?:,?c{_INNER}s){{0,3}}(?=p?[lq]?(?:[,;)]|c[gz]{{0,2}}H|$))"
    # encroached exit canals: left L4-5, right L5-S1
    rf"|(?<![^\u2022-])h{_INNER}s(?=:)"
    # bulges at L3-4 and L4-5 narrowing exit canals
    rf"|(?<=d)lh{_INNER}sr?(?=[,;)]|$)"
    # adequate calibre of the canal and foramina
    rf"|(?<![skrhHxtv])op{_MEMBER}(?:(?:{_JOIN}p{{0,2}}|p){_MEMBER}){{0,7}}"
    # narrowing of the canal, moderate, | mild of the foramina
    rf"|(?<=[,c])[gz]{{1,3}}p{_INNER}s(?!w?[hHt]|[vd])"
    # a severely narrowed canal
    # or: a severely narrowed canal and left foramen
    rf"|(?<![vskgz])(?:{PREMODIFIERS})?w{{0,2}}{_INNER}H(?:w?e{_JOIN})?{_INNER}[sk]t?"
    rf"(?:,?c{_INNER}[sk](?!{_INNER}w?[vgzuhHotx:])){{0,3}}{_TAIL}"
    # the canal at L4-5 and both foramina at L5-S1 | are narrowed
    rf"|(?<![gzHhrf])w{{0,2}}{_INNER}s[lq]{_JOIN}{_INNER}s[lq](?=,?v|,?[gz]{{1,2}}h(?:$|[,;)]))"
    # the canal and both foramina, with no head
    # mild facets, | NF ok; but not: mildly pushing the thecal sac
    # a bulge sparing the canal, | the left foramen is narrowed
    rf"|(?:{PREMODIFIERS}){_INNER}[sk](?:{_JOIN}{_INNER}[ske](?!{_INNER}(?:[gzo]|v[gz]{{0,3}}H))){{0,7}}{_TAIL}"
    rf"|(?:{PREMODIFIERS})?w{{0,2}}(?:r[lq]{_JOIN}(?=r[lq])){{0,5}}{_INNER}(?:s|(?<!w)k)(?:{_JOIN}{_INNER}[ske]){{0,7}}{_TAIL}"
    # stenosis with no structure named
    rf"|(?:{PREMODIFIERS})?w{{0,2}}{_INNER}[hHt](?:p+(?=r(?:,?c|[,;(]|$)))?{_TAIL_OF_VALUE}"
    # is narrowed, where a verb form stands after the copula
    rf"|(?<=v)(?:{PREMODIFIERS})?i{_TAIL_OF_VALUE})"
)
_OWNED = rf"w?{_INNER}(?:[skfe]|d)(?:w(?=,?c))?"
# narrowing the canal, | and the foramina are patent; | recesses and foramina still adequate; | foramina mild
_OWN_END = (
    rf"(?:,?c{_OWNED}){{0,3}}{_INNER}w?(?:h(?:,?W?v|p?[gz])|v[gz]{{0,3}}[Hohi]|b?o(?!r?s)"
    r"|[gz]{0,3}(?:H|[iht](?=$|[,;)(])))"
)
_SIDE_BEHIND = r"(?:(?<=s)r)?"  # the foramen on the right and the recess
_NEXT_OWNED = (
    rf"{_SIDE_BEHIND}(?:(?:,?c|p){_OWNED}(?!{_OWN_END})"
    # pressing on the root in the recess, | foramina: patent; pressing on the recess, | L5-S1 bulge
    rf"|,(?!l[rgzf]{{0,3}}d){_OWNED}(?!{_OWN_END}|{_INNER}(?::|[gz]{{1,2}}(?:$|[,;)lq]))))"
)
# reduces moderately (the width of) the canal
_GRADED_AFTER = r"[gz]{1,3}(?:w(?=p))?"
# hypertrophied facets | compressing both exit canals
_VERB = (
    rf"(?:(?<![vsf])(?<!v[gz])(?:u[gz]{{1,3}}|[gz]{{0,3}})i{{1,3}}(?:{_GRADED_AFTER})?|(?<=s)i{_GRADED_AFTER}"
    r"|(?:(?<=Hs)|(?<=Hrs))[gz]{0,3}i{1,3})"
)
# narrowing the recess on the left
# compressing the sac and the exit canal on the right
_OBJECT_SIDE = r"(?:(?:(?<=i[sk])|(?<=k[c,]s)|(?<=sr[c,]s))r(?![gzov:hH]|[lj]*[sfx]|,?c))?"
OBJECT = rf"(?:{_VERB}p{{0,2}}(?:w(?:,?c|p))?{_OWNED}(?:{_NEXT_OWNED}){{0,9}}{_OBJECT_SIDE}{_ROOTS_AT})"
_WORDS = r"[gzGo]{1,3}(?:>g|\([gGo]{1,2}\))?"
# right foramen moderate | left mild; right foramen is patent | left mildly narrowed
_OWN_SIDE_BEFORE = r"(?:(?<=r[sfx])|(?<=r[sf][hHtv])|(?<=r[sf]hv))"
_NEXT_SIDE = r"(?=r[gzo]{1,3}(?:$|[^gzrlsfx]))"
# a cyst on the left | moderately narrows the foramen
VALUE = (
    # foramina patent | mild facet hypertrophy
    rf"(?:(?<=[sk])o(?={_BEFORE}(?:{_JOIN}{_BEFORE}){{0,2}}w?(?:[fsed]|h?x))"
    rf"|{_OWN_SIDE_BEFORE}[gzo]{{1,3}}{_NEXT_SIDE}"
    rf"|r(?!n|[gz]{{1,3}}i)u?{_WORDS}|(?!n[gz]{{1,2}}r?[sfxi])n?u?{_WORDS}(?:p?r(?![lj]*[sfx]|[:v]))?|nr)"
)
# canal - moderate right foramen - mild; but not: facet hypertrophy - mild canal stenosis - mild disc bulge
_ANSWERED = r"(?:$|[gzonr]{1,4}(?:$|[,;)](?![gzr]+[sfx])|r?w?[sfed][ht]?[:-]))"
_OWN = rf"(?:{_BEFORE}|(?<![skrhHxt])o)"
_OWN_OF = rf"(?:{_BEFORE}|(?<![skrhHxtv])o)"  # the canal is patent | after laminectomy
_HEAD_OF = r"r?p+r?[sfek]"
_TODAY = r"l?[v,]?(?:X|o(?![rsfx]))"  # previously moderate | stenosis is now severe; has resolved
TOLD_OF_OTHERS = r"q(?=p?[ew]{0,2}[sf]{0,2}(?:v|[oO](?:$|[.,;)])|n[hdx]|[gz]{1,2}d))"
"""Words for levels not spoken of, and behind them what these or their discs are: "rest of discs normal"."""
ITEM = re.compile(
    rf"(?P<level>(?<=[hHstxrgo])[lq])"
    rf"|(?P<leading>lb?{_BEFORE}{_JOIN}(?=lb?{_BEFORE}[wr]{{0,3}}[sf]w?[hHt]))"
    rf"|(?P<prior>(?:P|(?<![gGoHhxtrlq])D(?!v?[gzo]+[rlw]*d|(?<!.D)v?[gzG]{{1,3}}[hx]))v?{VALUE}(?:c{VALUE}){{0,7}}"
    rf"(?![wrlj]*[sfkxe]|[hHt]{_HEAD_OF})(?:[hHt](?!{_TODAY}))?D?)"
    rf"|(?P<change>X[gGo]{{1,3}}(?:>[gG]{{1,3}})?(?![wrl]{{0,2}}(?:[fkxhH]|s(?!v|o|[gz]{{1,2}}H))|[rl]*e)(?:r(?![lj]*[sfx]|[:v]))?)"
    rf"|(?P<swallow>(?:{_OWN_OF})?u?[wrjlfek]{{0,9}}(?:c[wr]{{0,3}}[fe]w{{0,3}})?s?d|(?<=d,)[gz]{{1,3}}(?=c[gz]{{1,3}}[sfxw]))"
    rf"|(?P<answer>(?:(?<=[sfxhHtr][:-])|(?<=[de]:)|(?<=[:-]r[gzo]r))[gzo]{{1,3}}(?=r?w?(?:[sf]h?|x|[ed])(?:r?:|-{_ANSWERED})))"
    rf"|(?P<object>{OBJECT})"
    rf"|(?P<listed>{LISTED})"
    rf"|(?P<target>{TARGET})"
    rf"|(?P<stray>{_OWN}r?f?[wej]+)"
    rf"|(?P<value>{VALUE})"
    rf"|(?P<other>.)"
)
"""One item of a sentence; the name of the group that matched says which."""


@lru_cache(maxsize=50_000)
def items(speech: str) -> tuple[tuple[str, int, int], ...]:
    """The items of a sentence with these parts of speech, in order: ``kind, start, end``.

    Far fewer sequences of parts of speech than sentences are met, so the cuts are kept.
    """
    return tuple([(match.lastgroup or "other", *match.span()) for match in ITEM.finditer(speech)])

"""Adjectives that are a structure, or its stenosis, with no noun of their own.

"Central" in "severe central, mild foraminal stenosis" is the stenosis of the canal; after "Stenosis:" and
before "patent" it is the canal.
"""

from __future__ import annotations

import re

from labeling.speech.parts import SILENT, STENOSIS, STRUCTURE
from labeling.tagging import WORD, Tag
from lexicons.findings import CANAL

_ALONE = r"f(?![wrlcf,]*[hHtxsk])"
# Stenosis: central mild, right foraminal moderate; the narrowing is central and moderate
_KEY = re.compile(rf"^[l:(),-]*(h):(?=[lrqgzn]*f)(?!.*[hHx])|^[blq,]*(h)[lq]*v(?=r?{_ALONE})")
_BARE_ADJECTIVE = re.compile(rf"(?<=[:v;,lrc]){_ALONE}")
# severe central, severe bilateral subarticular; no central, moderate left foraminal stenosis
# or: moderate central + severe bilateral NFS
# not so where one grade serves both: moderate central and bilateral subarticular stenosis
_CHAIN = r"(?:[,c]+[rl]*[ngz][nrgzl]*f)"
_ELLIPTIC = re.compile(
    rf"(?<=[ngz])[rla]*(f)(?={_CHAIN}*(?:$|[;)]|,?c?(?:[rl]*[ngz][nrgzl]*s|[rl]*s(?=[gzov,;)]|$))"
    rf"|,?[cb]?[rl]*[ngz][nrgzl]*x|,(?![ngzrlcw]*[fdehs]))|{_CHAIN}+h)"
)
# no central or severe foraminal stenosis
_DENIED_TOO = re.compile(r"(?<=n)[rl]?fc[rl]?[gz]")
# spinal stenosis involving the central canal and both foramina
_INVOLVED = re.compile(r"(f)h,?p+r?s(?:,?cp?r?s|,r?s(?=,?cp?r?s)){0,3}(?=$|[,;)lq])")
# canal narrowing is moderate, foraminal mild
_SECOND_KEY = re.compile(r"(?<=[,;c])f(?=v?[gz]{1,2}r?(?:$|[,;)]))")
# L4-5: central mild, left foraminal moderate
_PAIR_KEY = re.compile(r"(?:(?<=[,;:-])|(?<=[,;:-]r))f(?=[gzo]{1,2}(?:$|[,;)]))")
_PAIRS = re.compile(r"[\u2022-]*l.*?[sf][gzo]{1,2}[,;].*?[sf][gzo]{1,2}(?:$|[,;)])")
_BARE_VERB = re.compile(rf"^[lqWb,]*v(?=r?{_ALONE})")
# Central: mild; L5-S1 foraminal, severe right, mild left
# canal stenosis moderate; right foraminal, mild
_TITLE = re.compile(
    r"(?:^|(?<=[lr,;:(\u2022-]))f(?=:|-[gzorGn]|,[gr]{2,3}(?:[,c]+[gr]{2,3}){0,3}(?:$|[;)]))|(?<=[;]r)f(?=,[gz]{1,2}(?:$|[;)]))"
)
_GRADED = r"(?:[gzo]{1,2}r?|r[gzo]{1,2})f[rlqa]{0,3}"
# severe central, severe bilateral subarticular
_GRADED_LIST = re.compile(
    rf"(?<![fw]){_GRADED}(?:(?:,c?|c){_GRADED}){{0,5}}"
    rf"(?=$|[;)]|(?<=f[ra]),(?:[gz]{{1,2}}r,)?r?s(?:cr?s)?(?:v?o|v?[gz]{{1,2}}H)(?:$|[,;)])|l(?![wrl]{{0,3}}[hHtxsk])|,n|(?:,c?|c)[gz]{{1,3}}pr?s)"
)
# right foraminal stenosis mild, left foraminal patent
# L5-S1 central OK, foramina moderate on both sides
_OPEN = re.compile(r"(?:^[\u2022-]*(?:l-?)?|(?<=[;,:])|(?<=[;,]l))r?f(?=o(?:$|[,;)]))")
# Centrally it is severe at L4-5 and moderate at L3-4
_LEADING = re.compile(r"^[\u2022-]*f(?=,?v[gzl])")
# the spinal and neural canals are patent; but not: central and foraminal stenosis
_OF_CANALS = re.compile(r"f(?=cr?(s)(?!w?[hHtx]))")
_CANALS = {"canal", "foramen"}
_CLAUSE = re.compile(r"[^;:(]*$")


def settle_adjectives(tags: list[Tag], speech: str) -> None:
    """Gives adjectives of place the part of the noun that they stand for: "central: mild", "no foraminal"."""
    found = [match.start() for match in _TITLE.finditer(speech)]
    second = [match.start() for match in _SECOND_KEY.finditer(speech)]
    found += [at for at in second if "h" in speech[:at] and not _is_of_lesion(speech, at)]
    pairs = _PAIR_KEY.finditer(speech) if _PAIRS.match(speech) else ()
    found += [match.start() for match in pairs if not _is_of_lesion(speech, match.start())]
    found += [match.end() - 1 for match in _OPEN.finditer(speech)] if "fo" in speech else []
    found += [match.end() - 1 for match in _LEADING.finditer(speech)] if "v" in speech else []
    for match in _OF_CANALS.finditer(speech) if "fc" in speech else ():
        if {tags[match.start()].finding, tags[match.start(1)].finding} == _CANALS:
            found.append(match.start())  # "neural canals" are foramina
    for match in _GRADED_LIST.finditer(speech):
        if not _is_of_lesion(speech, match.start()):
            found += [at for at in range(*match.span()) if speech[at] == "f"]
    for match in _INVOLVED.finditer(speech):
        places = [at for at in range(*match.span()) if speech[at] in "fs"]
        if all(any(tags[at].finding == CANAL for at in part) for part in (places[:1], places[1:])):
            tags[match.start(1)] = tags[match.start(1)]._replace(meaning=WORD, finding="")
    for match in _ELLIPTIC.finditer(speech):
        if _DENIED_TOO.match(speech, match.start()) and tags[match.end(1)].meaning.value == "or":
            continue  # "no central or severe foraminal stenosis": both are denied
        if match.start(1) not in found and not _is_of_lesion(speech, match.start(1)):
            tags[match.start(1)] = tags[match.start(1)]._replace(meaning=STENOSIS)
    key = _KEY.match(speech)
    if key is not None:
        at = key.start(key.lastindex or 1)
        tags[at] = tags[at]._replace(meaning=SILENT)
    if key is not None or _BARE_VERB.match(speech):
        found += [match.start() for match in _BARE_ADJECTIVE.finditer(speech)]
    for at in found:
        tags[at] = tags[at]._replace(meaning=STRUCTURE)


def _is_of_lesion(speech: str, at: int) -> bool:
    """Whether a lesion was named last in the clause: "broad protrusion, moderate left foraminal".

    Not so behind a narrowing: "broad protrusion, mild canal stenosis, moderate left foraminal".
    """
    clause = _CLAUSE.search(speech, 0, at)
    return clause is not None and clause[0].rfind("d") > max(map(clause[0].rfind, "hHx"))

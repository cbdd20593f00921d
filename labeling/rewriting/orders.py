"""Values, sides and levels told in many orders, as expressions that bring them to one.

The rules are built as those of `labeling.rewriting.punctuation` are, and come after them: "foraminal
stenosis, mild, left L4-5" becomes what "mild left foraminal stenosis at L4-5" is.
"""

from __future__ import annotations

import re

_LISTED_UNDER = re.compile(r"(?:(?<=[hxs][:-])|(?<=[;,]))(?P<a>g{1,2}|o)[:-](?P<b>r?l)")
"""A grade and the levels that it is of, one after the other, under a key."""
_IMPINGED = re.compile(r"(?:^|(?<=[:,;bBc\u2022-]))(?P<a>r?j?)e(?P<b>[hi]p+r?s)(?=[,;)lBb]|$)")
"""A root, what presses on it, and the space in which it does."""
_EXCEPTED_FIRST = re.compile(
    r"(?:(?:^|(?<=[\u2022:-]))|(?<=^s))(?P<b>[b,]?El(?=[^;:]{0,30}?[gzhH])[^;:]{1,60}),"
    r"(?P<a>(?:r?s(?:,?cr?s)?vn?[oOH]|b?n(?:r?[sf](?:,?cr?[sf])?h|hp{1,2}r?s(?:,?cp?r?s)?)v?)[lq]?q?)(?=$|[;)])"
)
"""Levels with what is the matter there, before the rule that they are excepted from."""
_BUT_FOR = r"(?:E|b(?=l))[p,]{0,2}l(?:(?:,?c|,)l){0,3}"
_ALL_BUT = re.compile(
    rf"^(?P<a>[\u2022-]*)(?P<c>p?q),?(?P<d>{_BUT_FOR}(?:\([^)]{{1,6}}\)|,W[^;lqE]{{1,30}}?(?=,))?),?"
    r"(?P<b>(?:r?s(?:,?cr?s){0,2}vn?[oOH]|b?n(?:r?[sf](?:,?cr?[sf]){0,2}h|hp{1,2}r?s(?:,?cp?r?s){0,2})v?))(?=$|[.;)])"
)
"""All levels and those left out, before what is said of all."""
_ALL_ARE_BUT = re.compile(
    rf"^(?P<a>[\u2022-]*q),?(?P<c>(?=E){_BUT_FOR},?W[^;lqE]{{1,30}}?),(?P<b>v[^;:,lqWE]{{1,12}})(?=$|[.;)])"
)
"""The same where all levels are the subject: "all levels but L4-5, where the canal is narrow, are normal"."""
_AS_REGARDS = re.compile(
    r"(?P<a>^[\u2022-]*[cbw]?(?:[qR]|l(?:,[^,;:]{0,8},)?))(?P<c>v(?:o|X?[gz]{1,2})),?p+(?P<b>r?[sk](?:,?c[sk]){0,2})(?=$|[,;bcl])"
)
"""A level as the subject, and the structure behind what is said of it."""
_REGARDED_FIRST = re.compile(r"^(?P<b>[\u2022-]*)p+(?P<c>r?s(?:,?cr?s){0,2}),?(?P<a>w?[qR])(?=v?o)")
"""All levels as the subject, and before them the structure that is meant."""
_NARROW_BUT = re.compile(
    r"(?P<a>(?:^[\u2022-]*|(?<=;))(?:l[:,-]?)?)(?P<c>E[gz]{1,3}(?:[hHi]p?r|r?[hHi])[lq]?),?"
    r"(?P<b>r?s(?:,?cr?s){0,2}v?n?[oOH])(?=$|[,;)c])"
)
"""A narrowing that names no structure, before the rule that it is excepted from."""
_ONE_MORE = re.compile(r"(?P<a>s)(?P<d>v[gz]{0,2}[oH])(?P<b>,?c)(?P<c>r?s)(?=$|[;)])")
"""A structure that ends the clause behind what is said of another."""
ORDERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # On the left, L3-4 moderate and L4-5 severe foraminal narrowing
    (
        "lg",
        re.compile(
            r"(?:^|(?<=^\u2022))(?P<b>r)[,:](?P<a>l[gz]{1,2}(?:(?:,?c|,)l[gz]{1,2}){1,4})(?=w?[fsx]h?(?:$|[,;)]))"
        ),
    ),
    # centrally there is no stenosis
    ("f", re.compile(r"(?:^|(?<=[c,;:b\u2022l-]))(?P<b>f),?(?P<a>b[nu]?[gz]{0,3})(?P<c>h)(?!p{1,2}r?s)")),
    # pressing on the left root S1 in the lateral recess
    ("ej", re.compile(r"(?<=[irhp])(?P<b>e)(?P<a>j)(?=p+r?s)")),
    # spinal stenosis, central, severe at L4-5; stenosis, foraminal, bilateral, at L3-4
    (
        "h,f,",
        re.compile(r"(?:(?<=[^gz])|^)(?P<a>[gz]*)f?(?P<c>h),(?P<b>f)(?P<d>,)(?=p?[gzlqr])"),
    ),
    # spinal stenosis, severe degree, involving the canal and both recesses
    ("h", re.compile(r"(?<![gzrsck])(?P<b>fh|h(?=[,p(]))[,p(]?(?P<a>[gz]{1,2})[),]?(?P<c>p{1,2}|i)(?=r?s)")),
    # The severe narrowing is (that) of the left foramen
    # The moderate stenosis lies in the canal; is located at the left recess
    ("h", re.compile(r"(?<![sf])(?P<a>h)(?:(?:v?w|v)(?=p)|v[Ww]?(?!p))(?P<b>p{0,2}r?[sk])(?=$|[,;)l])")),
    # hypertrophied facets and flavum at both levels; facet arthropathy and thick flavum at L4-5
    ("e", re.compile(r"(?:(?<=Hs)|(?<=st)|(?<=tps))cw{0,2}e(?=[lq](?:$|[,;)]))")),
    # foraminal stenosis of the left side; foraminal stenosis - left
    ("pr", re.compile(r"(?<=h)p(?P<a>r)(?=$|[,;)lqbc][^sfk]*$)")),
    ("-r", re.compile(r"(?<=[fs]h)-(?P<a>r)(?=$|[,;)lq])")),
    # narrowing of the left but not the right foramen; left but not right foraminal narrowing
    ("bnr", re.compile(r"(?<![hHtx])(?P<a>r)(?P<d>bnr)(?P<b>s|fh)(?P<c>v?[gz]{0,2}H|h)?")),
    # canal stenosis at L4-5, severe, and moderate at L3-4
    # or: narrowed at L4-5, to a mild degree, but not at L5-S1
    (
        "g",
        re.compile(
            r"(?:(?<=[hHxt])|(?<=hps)|(?<=hprs))(?P<b>[lq])(?:,(?P<a>[gz]{1,2}r?)"
            r"(?=(?:,?[cb]|,)[gz]{1,2}r?[lq](?:$|[,;)bc]))|,?(?P<aa>[gz]{1,2}r?)(?=(?:,?b|,)[no][lq]))"
        ),
    ),
    # foraminal stenosis, L5-S1, severe on the right
    (",l,", re.compile(r"(?<=[hHx]),(?P<a>l)(?=,r?[gz]{1,3}r?(?:$|[;)]))")),
    # arthropathy of the facets, L3-4 to L5-S1, mild degree, and mild flavum hypertrophy
    (",l,", re.compile(r"(?:(?<=[hHxt])|(?<=[ht]ps)),(?P<b>l),(?P<a>g{1,2}r?)(?=,c[gz]{0,2}e)")),
    # marked stenosis at L4-5, affecting the canal and the recesses; spinal stenosis of L4-5, involving both
    ("p", re.compile(r"(?<=[hx])p?(?P<b>l),?(?P<a>p+r?[sk](?:,?cp?r?[sk]){0,3})(?=$|[,;)])")),
    # at L3-4 moderate, and at L4-5 severe, canal stenosis
    (",cl", re.compile(r"(?P<a>lb?r?g,clb?r?g),(?=[wr]{0,2}[sf](?:cr?[sf])?w?[hHt]|x)")),
    # moderate stenosis, (both) central and foraminal (bilateral)
    ("h", re.compile(r"(?<![sfx])(?P<a>[gz]{1,2})(?P<y>h),?r?(?P<b>fcr?[fs])\(?(?P<x>r?)\)?(?=$|[,;l])")),
    # Stenosis (canal/foramina): none
    ("h(", re.compile(r"(?P<b>h)\((?P<a>r?[sf](?:(?:,?c|,)r?[sf]){0,3})\)(?=[:-])")),
    # neither canal nor foraminal stenosis of more than mild degree
    ("hp", re.compile(r"(?P<a>n)(?P<c>(?:r?[sf](?:c?,?cr?[sf]){0,3})?h)p(?P<b>g(?:cg)?|z)(?=$|[,;)l])")),
    # canal stenosis of mild to moderate degree, marked foraminal stenosis
    ("hp", re.compile(r"(?<=[sf]h)p(?P<a>[gz]{1,2})(?=$|[,;)lbc])")),
    # stenosis of moderate degree of the right foramen
    ("hg", re.compile(r"(?:(?<![sfxgzrl])|(?<=^l))(?P<b>h)(?P<a>g{1,2})(?=pr?[sk])")),
    # Slightly narrowed at L3/4; narrowed severely at L4/5: of the structure before
    # Moderately narrowed on the right and mildly on the left at L3-4
    ("H", re.compile(r"^(?P<a>[\u2022-]*g{1,2})H(?=r?(?:,?cg{1,2}r,?)?[lq][lqcr,;()gzowWv]*$)")),
    # mild narrowing of the right foramen and more pronounced, moderate, of the left
    *((sign, re.compile(r"(?<=[c,])[zw],(?P<a>g{1,2})(?:,(?=p?r)|(?=[hrsf]))")) for sign in ("z,g", "w,g")),
    # the foramina are normal and the canal also
    *((sign, _ONE_MORE) for sign in ("oc", "Hc", "o,c", "H,c")),
    # right one narrowed mildly at L4-5
    ("H", re.compile(r"^(?P<a>[\u2022-]*r?)H(?=g{1,2}r?(?:,?cg{1,2}r,?)?[lq][lqcr,;()gzowWv]*$)")),
    # Narrowed on the left at L2-3, mild; at L2-3 on the left (mild); of mild degree: as "mild left L2-3" is
    ("H", re.compile(r"^[\u2022-]*H(?P<b>r)(?P<c>l)(?:[,(:]p?|p)(?P<a>g{1,2})\)?(?=$|;)")),
    ("H", re.compile(r"(?:^[\u2022-]*|(?<=s:))H(?P<c>l)(?P<b>r)(?:[,(:]p?|p)(?P<a>g{1,2})\)?(?=$|;)")),
    ("H", re.compile(r"^[\u2022-]*(?P<b>r)H(?P<c>l)(?:[,(:]p?|p)(?P<a>g{1,2})\)?(?=$|;)")),
    # L2-3: narrowed on the left, mild
    ("H", re.compile(r"^(?P<a>[\u2022-]*l[:,-]?)H(?P<c>r)(?:[,(:]p?|p)(?P<b>g{1,2})\)?(?=$|;)")),
    # Those at L3-4 are mildly narrowed on both sides
    ("Hr", re.compile(r"(?P<a>^[W\u2022-]*lv[gz]{1,2})H(?=r(?:$|[,;)]))")),
    # Left: mildly narrowed at L1-2, moderately narrowed at L2-3 and L3-4
    (
        "H",
        re.compile(
            r"^(?P<a>[\u2022-]*(?:r:)?g{1,2})H(?P<b>[lc]{1,3},?c?g{1,2})H(?P<c>[lc]{1,3}(?:,?c?g{1,2}(?=H))?)"
            r"(?:H(?P<d>[lc]{1,3}))?$"
        ),
    ),
    # The left at L5-S1, moderately narrowed: all that a sentence says
    (",g", re.compile(r"^(?P<a>[\u2022-]*(?:rl|lr)),(?P<b>[gz]{1,2})H?$")),
    # The canal is narrowed at none of the levels; at no level except L4-5; neither here nor higher up
    ("Hn", re.compile(r"(?<=v)(?P<b>[gz]?H)(?P<a>n)(?=q?(?:$|[,;])|,?E)")),
    # Canal stenosis is seen at no level (except L4-5)
    ("hn", re.compile(r"^(?P<b>[\u2022-]*[sf]h)v?(?P<a>n)(?=$|[,;]|E)")),
    # At L2-3 moderately narrowed: the same with its level first
    ("H", re.compile(r"^(?P<a>[\u2022-]*lg{1,2})H(?=r?(?:(?:,?c|,)[gzo]{1,2}r){0,2}(?:$|;))")),
    # The foramina show moderate narrowing on the left (and mild narrowing on the right)
    ("s", re.compile(r"(?<=s)(?P<a>[gz]{1,2})[hHt](?P<b>r)(?![gzovhH:]|[wlj]*[sfx])")),
    # moderate stenosis at the foramina on the right
    (
        "hsr",
        re.compile(
            r"(?:^|(?<=[:;,blvw\u2022-]))(?P<a>n?[gz]{0,2})(?P<d>h)(?P<c>s)(?P<b>r)(?=[lq]?(?:$|[,;)]))"
        ),
    ),
    # Foramina: right and left moderate and mild, respectively, stenosis
    ("M", re.compile(r"(?<=:)(?P<a>r)c?(?P<c>r)(?P<b>g)M(?P<d>g)h?(?=$|[;,)])")),
    # severe compromise of right and moderate compromise of left foramen
    (
        "r",
        re.compile(
            r"(?P<a>[gz]{1,2})(?P<y>hp|i|H)(?P<b>r)(?P<c>,?c|,)(?P<d>[gz]{1,2})(?:h?p|i|H)(?P<e>r)w?(?P<f>s)(?=$|[,;])"
        ),
    ),
    # spinal stenosis: mild - L3-4; moderate: L4-5
    *((sign, _LISTED_UNDER) for sign in "-:"),
    # apart from L4-5, where it is mildly narrowed, and L3-4 (moderate), the canal is patent (at all levels)
    ("El", _EXCEPTED_FIRST),
    # At all levels except L4-5 the canal is wide
    *((sign, pattern) for pattern in (_ALL_BUT, _ALL_ARE_BUT) for sign in ("qE", "q,E", "qb")),
    # apart from mild left-sided narrowing the foramina are patent
    ("E", _NARROW_BUT),
    # the right foramina at L1-2 and the left at L2-3 are patent
    (
        "s",
        re.compile(
            r"(?P<a>(?:^[\u2022-]*|(?<=[;,:]))[cbqw]{0,3}r)(?P<f>s)(?P<b>[lq])(?P<c>,?c|,)W?(?P<d>r)(?P<e>[lq]),?"
            r"(?=X?v|[gz]{1,2}[hH](?:$|[,;)]))"
        ),
    ),
    # and, to a moderate degree, the foramina
    (",g,", re.compile(r"(?P<a>c),(?P<c>g{1,2}),(?P<b>r?s)(?=$|[,;)])")),
    # narrowing of the canal and, moderately, of the left foramen
    (",g,", re.compile(r"(?P<a>c),(?P<b>g{1,2}),(?P<d>pr?s)(?=$|[,;)])")),
    # the canal and, to a mild extent, the foramina are narrowed
    (
        ",g,",
        re.compile(r"(?P<a>r?s)(?P<d>c),(?P<f>g{1,2}),(?P<e>r?s)(?P<b>v)(?P<c>H)(?=$|[,;)])"),
    ),
    # narrowing of the left foramen, but not of the right; on the left at L3-4 and of the right at L4-5
    ("pr", re.compile(r"(?:(?<=bn)|(?<=lc))p(?=rl?(?:$|[,;)]))")),
    # stenosis (mild, foraminal, left)
    ("h(", re.compile(r"(?<![sfx])(?P<d>h)\((?P<a>[gz]{1,2}),(?P<c>f)(?:,(?P<b>r))?\)(?=$|[,;lq])")),
    # recess stenosis, L4-5, bilateral, and L5-S1, left: as with no comma between a level and its side
    (
        "l,r",
        re.compile(
            r"(?:(?<=[hHxts][,:])|(?<=[hHxts],g,))(?P<a>l),(?P<b>r)(?P<c>,?c|[,;]c?)(?P<d>l),(?P<e>r)"
            r"(?:(?P<f>,?c|[,;]c?)(?P<g>l),(?P<h>r))?(?=$|[,;()])"
        ),
    ),
    # foraminal narrowing: L3-4 right, L4-5 bilateral, L5-S1 left; L2-3 right, L3-4 right: moderate
    (
        "lr",
        re.compile(
            r"(?:(?<=[hxts][:;,-])|(?<=[go];)|(?<=[hxts],g,))(?P<b>l)(?P<a>r)(?P<c>,?c|[,;])(?P<e>l)(?P<d>r)(?:(?P<f>,?c|[,;])(?P<h>l)(?P<g>r))?"
            r"(?:(?P<i>,?c|[,;])(?P<k>l)(?P<j>r))?(?=$|[,;):])"
        ),
    ),
    # Foramina: left L3-4 and both L4-5 (are) mildly narrowed
    # foraminal stenosis, left L3-4, left L4-5: mild; right L5-S1, left L5-S1: severe
    (
        "rl",
        re.compile(
            r"(?<=[:;])(?P<b>rl(?:(?:,?c|,)rl){1,4})(?:[v:-]?|,(?=[gz]{1,2}(?:$|;)))"
            r"(?P<a>[gz]{1,2}[hH]?|[oH])(?=$|[;,)bB]|cn?[gz]+v?[sf])"
            r"|^(?P<d>rl(?:(?:,?c|,)rl){0,4})v?(?P<c>[gz]{1,2}|o)[hH]?(?=$|[;,)])"
        ),
    ),
    # narrowing of right L4-5, left L5-S1; narrowing at L4-5 and L5-S1, right at L4-5 and bilateral at L5-S1
    ("rl", re.compile(r"(?<=[hx])(?:p|l,)(?P<a>rl)(?P<b>(?:,?c|,)rl)(?=$|[,;)])")),
    # severe narrowing, right; none, left; L3-4 (mild, right)
    (
        ",r",
        re.compile(
            r"(?:^|(?<=[:;,(vhx-]))(?P<a>[gzGon]+[hHx]?),(?P<b>r)(?=[;)]|,?c(?:[gzon]|[sfe]h?[:-])|$|,?l(?:;|,?c|$))"
        ),
    ),
    # and moderately, again on both sides, at L3-4
    (",r,", re.compile(r"(?<=[c,])(?P<a>g{1,2}),(?P<b>r),(?P<c>l)(?=$|[,;)c])")),
    # Spinal stenosis, mild, L2-3; bilateral, L4-5
    (
        ",l",
        re.compile(
            r"(?<=[:;,chHx])(?P<a>[gzGo]{1,3}r?|r),(?P<b>l)(?=;|,?c[gzor]|,?[bB]|,[gzo]{1,2}r?,?l(?:$|[,;)])|$)"
        ),
    ),
    # moderate stenosis, L3-4, mild stenosis, L4-5
    (
        ",l,",
        re.compile(
            r"^(?P<a>[^l,;:]{1,10}[hHx]),(?P<b>l,[^l,;:]{0,10}[hHx]),(?P<c>l)(?:(?P<d>,[^l,;:]{0,10}[hHx]),(?P<e>l))?$"
        ),
    ),
    # left L5 root impingement in the lateral recess
    *((sign, _IMPINGED) for sign in ("eh", "ei")),
    ("eh", re.compile(r"(?:^|(?<=[:,;bBc\u2022-]))(?P<b>r?)j?e(?P<a>h)(?P<c>s)(?=[,;)lBbc]|$)")),
    # facet arthropathy, L4-5, with mild canal stenosis
    (",l,b", re.compile(r"(?<=[hHtxse]),(?P<a>l)(?=,b[gz]*r?[sfx])")),
    # moderate stenosis at L4-5, both central and left foraminal
    (
        "f",
        re.compile(
            r"(?:^|(?<=[bB:;,lvwn\u2022-]))(?P<a>[gz]{0,2})(?P<c>h)(?P<d>[lq]?),(?P<b>r?f(?:,?cr?[fs]|,r?[fs]){1,3})(?=[,;)bBlq]|$)"
        ),
    ),
    # canal stenosis, worst at L4-5, and left foraminal narrowing at L5-S1
    (",l,c", re.compile(r"(?<=[hHxt]),(?P<a>l)(?=,c[gznr]{0,4}(?:[sf]{1,2}[hHt]|x)[^,;]{0,6}l)")),
    # spinal stenosis, L4-5 and L5-S1, confirmed by myelography
    (",l,", re.compile(r"(?<=[hHtx]),(?P<a>l)(?=,[wvbpde-]{1,12}(?:$|;))")),
    # normal disc, canal and foramina
    (
        "oe",
        re.compile(
            r"(?:^|(?<=[:;\u2022l-]))(?P<a>o)e(?:,?c|,)(?P<b>r?[sk](?:(?:,?c|,)r?[sk]){0,3})(?=$|[;)])"
        ),
    ),
    # no abnormality of the disc, canal or foramina
    ("Op", re.compile(r"(?P<a>Op)p?e(?:,?c|,)(?=r?s(?:(?:,?c|,)r?s){0,3}(?:$|[,;)]))")),
    # adequate diameter of the canal; no abnormality of the foramina
    ("p", re.compile(r"(?<![skvxhHt])(?P<a>[oO])p+(?=r?[sk](?![a-zA-Z]*[hHt]))")),
    # L4-5 is patent with respect to the canal; L3-4, which was operated, remains mild in terms of the canal
    *((sign, _AS_REGARDS) for sign in ("op", "gp", "g,p")),
    # As regards the canal, all levels are normal
    *((sign, _REGARDED_FIRST) for sign in ("qv", "qo", "Rv")),
    # L4-5 is mildly stenotic centrally
    ("f", re.compile(r"(?<![sfxw])(?P<b>[hH])(?P<a>f)(?=$|[,;)blv])")),
    # foramina L4-5 on both sides and L5-S1 on the left (are mildly narrowed)
    (
        "slr",
        re.compile(r"(?P<f>s)(?P<b>l)(?P<a>r)(?P<c>(?:,?c|,))(?P<e>l)(?P<d>r)(?=v?[gzo])"),
    ),
    # mild canal stenosis, severe on the left in the foramen
    ("rps", re.compile(r"(?<=[hHx],)(?P<a>[gz]{1,2}r)p(?P<b>s)(?=$|[,;)])")),
    # mild narrowing, left foramen
    (",", re.compile(r"(?:^|(?<=[:;]))(?P<a>n?g)(?P<c>[hH]),(?P<b>r?[sk])(?=[;)]|$)")),
    # grade 3 (severe) canal stenosis
    ("(g)", re.compile(r"(?<![grlfhsxtHio])\((?P<a>g)\)(?=r?[sfx])")),
    # foraminal stenosis at L3-4 (left) and L5-S1 (both sides)
    (
        "l(r)",
        re.compile(
            r"(?:(?<=[hxt][:p])|(?<=[hxt]))(?P<b>l)\((?P<a>r)\)(?:(?P<c>,?c|,)(?P<e>l)\((?P<d>r)\))?"
            r"(?:(?P<f>,?c|,)(?P<h>l)\((?P<g>r)\))?(?=$|[,;)c])"
        ),
    ),
    # foraminal stenosis, mild at L3-4 (both sides), moderate at L4-5 (left)
    ("l(r)", re.compile(r"(?<=g)(?P<b>l)\((?P<a>r)\)(?=$|[,;)c])")),
    # canal (mild) and right foraminal (moderate) stenosis
    (
        "(g",
        re.compile(
            r"(?P<b>r?[sf])\((?P<a>gr?)\)(?P<c>,?c|,)(?P<e>r?[sf])\((?P<d>gr?)\)"
            r"(?:(?P<f>,?c|,)(?P<h>r?[sf])\((?P<g>gr?)\))?(?=w?[hHt])"
        ),
    ),
    # On the concave (left) side they are narrowed at L1-2
    ("w(r", re.compile(r"^w{1,2}\((?P<a>r)\)w?(?=[vb,])")),
    # on the concave (right) side at L3-4
    ("(r", re.compile(r"(?<=[hHtxgsf])w?\((?P<a>r)\)(?=[l,;vc:]|$)")),
    # L2-3 mild, L3-4 moderate canal stenosis; L2-3: mild, L3-4: moderate (right foraminal) stenosis
    (
        "l",
        re.compile(
            r"(?P<b>l):?(?P<a>r?gr?)(?P<c>(?:,?c|,))(?P<e>l):?(?P<d>r?gr?)"
            r"(?:(?P<f>(?:,?c|,))(?P<h>l):?(?P<g>r?gr?)(?=w?[sf](?:cr?[sf])?w?[hHt]|x|h(?:$|[,;)]))"
            r"|(?=(?:(?:,?c|,)l:?r?gr?){0,4}(?:w?[sf](?:cr?[sf])?w?[hHt]|x|h(?:$|[,;)]))))"
        ),
    ),
    # right L3-4 (mild) and left L4-5 (severe) foraminal stenosis
    ("(g)", re.compile(r"(?P<b>r?l)\((?P<a>g)\)(?=(?:(?:,?c|,)r?l\(g\)){0,5}w?[fsx])")),
    # moderately (right) and severely (left) narrowed
    ("(r", re.compile(r"(?P<a>[gzo]{1,2})\((?P<b>r)\)(?=(?:,?c|[,;])[gzo]{1,2}\(r|w?[fsxhHlc,;)]|$)")),
)
"""A sign that a sentence must have, and a pattern: of what matches, the groups stay, in order of name."""

"""Asides, brackets and words between, as expressions over parts of speech for `labeling.rewriting.rewrite`.

Each rule has a sign that it cannot do without, which is looked for first (empty: it has none), and an
expression. Of what it matches only the named groups are kept, in the order of their names. An example stands
before each rule.
"""

from __future__ import annotations

import re

from labeling.rewriting.bygones import ONCE_BEFORE_VERB

_EXCEPTED = r"E(?=[^lyqsfxk;:]*(?:$|,b?[lq]?v?[oO])|[^;:oO]*[gzhHtx])[^lyq;:oO]*"
"""What is excepted from a level: another noun, or a structure and what is the matter with it."""

_AS_IS = re.compile(
    r"(?<=[sht])[,-][AK][wopbedWuX]{0,7}[,-](?=vX?(?:[gz]{0,3}[Hh]|[gz]{1,3}|o)(?:$|[,;)rl]))"
)

ASIDES: tuple[tuple[str, re.Pattern[str]], ...] = (
    # Moreover, at L4-5 ...; As described, L1-2 is normal; The images show that the others are normal
    (
        "",
        re.compile(
            r"^[\u2022-]*[wjvpbcKXBW>]{0,5}"
            r"(?:(?:(?<=[wjXB]),|(?<=[wjvb])W)(?=[lqbnO]|rv)|(?<=K)[wq]{0,2},(?=[lq]))"
        ),
    ),
    # facet arthritis, bilateral, L4-5 in general; stenosis, severe, due to a bulge and short pedicles
    (
        "",
        re.compile(
            r"(?<=[gzlqrsR)])(?:p{1,2}w{1,4}|(?:,|(?<!O[lqr]))[bB][wedu]{1,4}(?:[pc]{1,2}[wedu]{1,4})?|,?b?n(?:e{1,2}h|hpe{1,2}))(?=$|;)"
        ),
    ),
    # canal stenosis, L3-4 and L4-5, with redundant roots above L3-4; moderate at L3-4, severe at L4-5
    (
        "l;",
        re.compile(
            r"(?:(?<=[hHxt],l)|(?<=[hHxt]l)),b[wdH]{0,3}eq?l(?=;[gz]{1,2}l(?:(?:,?c|,)[gz]{1,2}l){1,4}(?:$|;))"
        ),
    ),
    # apart from mild facet arthrosis, L5-S1 is normal; L5-S1: other than a mild bulge, no abnormality
    (
        "E",
        re.compile(rf"^(?P<a>[\u2022-]*l?)(?:[:,-]|(?=E))(?P<c>{_EXCEPTED}),b?(?P<b>[lq]?v?[oO])(?=$|[;)])"),
    ),
    # a mass, more on the left, producing severe stenosis: the side is that of the mass
    ("a,B", re.compile(r"(?<=[de]),a,(?=B)")),
    # the canal, as is usual with a defect of the pars, is wide; as so often with such slips
    ("A", _AS_IS),
    ("K", _AS_IS),
    # This shows facet arthrosis at L4-5, which appears moderate
    ("W", re.compile(r"^[\u2022-]*W(?=[gznr]{0,3}(?:[sf][hHt]|[hx]))")),
    # the right foramen is patent and the left, formerly patent, is now mildly narrowed
    # foraminal narrowing, severe in 2020 and moderate in 2023, is only mild today
    ("P", re.compile(ONCE_BEFORE_VERB)),
    ("D", re.compile(ONCE_BEFORE_VERB)),
    # facet effusions and hypertrophy; facet joints with fluid and with severe arthropathy
    ("t", re.compile(r"(?<=s)(?:d|b[wed]{1,3})(?:,?cb?|,b)(?=[gz]{0,2}t(?:$|[,;)lrp]))")),
    # facet arthropathy with an effusion, severe right and mild left; with fluid (mild, both sides)
    (
        "tb",
        re.compile(
            r"(?<=[sf]t)b[wde]{1,3}(?=,(?:[gz]{1,2}r|r[gz]{1,2})(?:,?c|,)(?:[gz]{1,2}r|r[gz]{1,2})(?:$|[;)])"
            r"|\((?:[gz]{1,2},?r|r,?[gz]{1,2})\))"
        ),
    ),
    # the right foramen is narrowed by a spur, but not the left
    ("bnr", re.compile(r"(?<=[hH])w[gz]{0,2}[dew]{1,4}(?=,?bnr(?:$|[,;)]))")),
    # severe arthropathy with an effusion on the right, moderate on the left
    *(
        (sign, re.compile(r"(?<=[gz][sf][th])b[wed]{1,3}h?r(?=(?:,?c|,)[gz]{1,2}(?:[sf]?[ht])?r(?:$|[,;)]))"))
        for sign in ("tb", "hb")
    ),
    # arthropathy is of grade 2 on the left, and of grade 1 at L3-4
    ("pg", re.compile(r"(?<=[vc])p(?=g[rl])")),
    # degenerative change with joint effusion in the facet joints
    ("tb", re.compile(r"(?<=t)b[wed]{1,3}(?=p+r?s)")),
    # bulging up to the lateral recess, sac compressed
    (">", re.compile(r"(?P<a>[de]w{0,2})>r?s(?=[,;])")),
    # The remaining levels are unremarkable cosmetically speaking: nothing behind it is called so
    ("v", re.compile(r"(?P<a>^[^sfxhHtdekgz]*[lq]v[oO])w{1,4}(?=$|[,;)])")),
    # cannot comment on the foramina, canal mildly narrowed
    ("V", re.compile(r"(?<![sfxhH])(?P<b>V)p?(?P<a>r?s(?:cr?s)?)(?=$|[,;])")),
    # stenosis at L4-5 and to a lesser degree, L3-4
    ("lz,l", re.compile(r"(?<=lz),(?=l(?:$|[,;)]))")),
    # moderate at most, say mild to moderate
    ("gL,", re.compile(r"gL,w{0,3}(?=g(?:$|[,;)lr]))")),
    # the canal is severely narrowed and the roots are crowded together, and moderately at L3-4
    ("cev", re.compile(r"(?<=[gH])ce{1,2}v[gz]{0,2}Hw?(?=$|[,;)]|cl)")),
    # Foramina, all patent except L5-S1
    ("s,q", re.compile(r"(?P<a>^[\u2022-]*r?s),(?=q[oO])")),
    # L5-S1: canal, foramina and recesses, all patent
    (
        "s,q",
        re.compile(r"(?P<a>^[\u2022-]*(?:l[:,-]?)?r?s(?:(?:,?c|,)r?s){1,3}),q(?P<b>o)(?=$|[,;]|l(?:$|[,;]))"),
    ),
    # the right foramen infiltrated by tumor, markedly narrowed
    ("s", re.compile(r"(?P<a>r?l?sl?)wwd,(?=[gz]{1,3}H(?:$|[,;)]))")),
    # foramina R-mild L-mod: as signs of equation
    # foramina R - mild stenosis L - no stenosis
    (
        "r-",
        re.compile(
            r"(?<=[sfhHtx(:,-])(?P<a>r)-(?P<b>(?:[gzo]{1,2}|[gzn]{1,2}[hH])[,;c]?r)-"
            r"(?P<c>[gzo]{1,2})(?!r)"
        ),
    ),
    # Foramina: Moderate stenosis - left L5-S1, right L4-5
    ("h-r", re.compile(r"(?P<a>^(?:[sf]:)?[\u2022-]*[gz]{1,2})h(?P<b>-)(?=rl)")),
    # At L4-5 the right is moderately and the left mildly narrowed; that on the right is mildly, that on ...
    ("rv", re.compile(r"(?:^W|(?<=l))(?P<a>r)v(?P<b>[gz]{1,2}(?:,?c|,))W?(?P<d>r[gz]{1,2})H(?=$|[,;])")),
    # the canal is normal, but the foramina are not, being mildly narrowed: they are not normal
    (
        "n",
        re.compile(
            r"(?P<a>o(?:,?[cb]|[,;]b?)r?s(?:cr?s)?v?)n(?=(?:[,;:(]|,?[cbw]|[,;][cb])[cbwv]{0,3}r?v?[gz]{1,3}(?:[^s]|$))"
        ),
    ),
    # That on the left is not: as "the left is not"
    ("Wrvn", re.compile(r"^W(?=rvn$)")),
    # Its grade is hard to judge; at L3-4 it is moderate
    ("lv", re.compile(r"^[wvpV]{2,8}[;:](?=lvn?u?[gz])")),
    # the canal at the level of the L3-4 disc is narrowed
    ("le", re.compile(r"(?<=s)p?(?P<a>l)e(?=v[gz]{0,2}[oH])")),
    # the disc bulges mildly without severe stenosis
    ("n", re.compile(r"(?<=d)[gz]{1,2}(?=n)")),
    # It is L4-5; It is at L3-4 mild and at L4-5 severe
    ("v", re.compile(r"^v(?=l$|[lq][gz]{1,2}(?:,?c|[,;])[lq][gz])")),
    # L2-3/mild, L3-4/moderate and L4-5/severe canal stenosis
    (
        "lc",
        re.compile(
            r"(?P<a>l)c(?P<b>r?gr?(?:,?c|,)l)c(?P<d>r?gr?)(?:(?P<e>(?:,?c|,)l)c(?P<f>r?gr?))?"
            r"(?:(?P<g>(?:,?c|,)l)c(?P<h>r?gr?))?(?=w?[sfx]|$|[,;])"
        ),
    ),
    # L1-2 is stable and unremarkable; L1-2: unchanged and normal
    ("c", re.compile(r"(?P<a>^[\u2022-]*l[v:-]{0,2})c(?P<b>[oO])(?=$|[,;p])")),
    # Only seen on sagittal images, normal: of images, nothing but the comma is left
    ("o", re.compile(r"^[,;](?P<a>[oO])(?=$|[,;p])")),
    (",;o", re.compile(r"(?P<a>^[\u2022-]*l),;(?P<b>[oO])(?=$|[,;p])")),
    # From L3 to S1, moderate on the right and mild on the left
    ("Xl", re.compile(r"^(?P<a>[\u2022-]*)X(?=l[,:-])")),
    # the left is partly obscured by scar and is probably mildly narrowed
    ("V", re.compile(r"(?<=v)V[wdep]{0,5}[cb](?=v?[un]?[gz]{1,2}H)")),
    # L1-2: now normal; L1-2: then normal, now normal
    ("Xo", re.compile(r"(?P<a>^[\u2022-]*l[v:,-]{0,2})(?:[PD][gzo]{1,2},)?X(?P<b>o)(?=$|[,;])")),
    # L5-S1 can be read better: left side narrowed
    ("w:", re.compile(r"(?P<a>^[\u2022-]*l)w{1,5}(?=:)")),
    # severe on the right, on the left slightly less, mild
    ("z,g", re.compile(r"(?<=[rlv])z,(?=g)")),
    # the canal stenosis is, I suspect, mild
    ("v,", re.compile(r"(?<=v),w{0,2}(?P<a>u),(?=[gzoH])")),
    # the stenosis which was severe has resolved
    ("W", re.compile(r"(?<=[shHtxl])Wv[gz]{1,2}H?(?=o)")),
    # the canal stenosis is now mild where it was severe
    ("X", re.compile(r"(?<=X)(?P<a>g{1,2})Wv[gz]{1,2}(?=$|[,;)])")),
    # the canal was severely narrowed and is now mildly narrowed
    ("X", re.compile(r"(?:(?<=[Hg]cvX)|(?<=[Hg]cX)|(?<=[Hg],X)|(?<=[Hg],cvX))(?P<a>[gz]{1,2})H(?=$|[,;)l])")),
    # L4-5: severe, bilateral foraminal stenosis; with mild, bordering on moderate, left foraminal stenosis
    ("g,", re.compile(r"(?P<a>(?:^[\u2022-]*(?:l[:,-])?|(?<=[;b]))g),(?=r?(?:[sf][ht]|x|t|hp)|h(?!.*,))")),
    # L5-S1: left mildly narrowed, right patent
    ("rgH", re.compile(r"(?P<a>^[\u2022-]*l[:-]rg{1,2})H(?=,?c?r[gzo])")),
    # At the level of L4-5, the left is narrowed
    ("pl", re.compile(r"^(?P<a>[\u2022-]*)p(?=l)")),
    # normal appearance of the canal or of the foramina
    ("cp", re.compile(r"(?<=o)(?P<a>p{0,2}r?sc)p{1,2}(?=r?s)")),
    # Unremarkable L1-2 and L5-S1 levels
    ("ol", re.compile(r"^[\u2022-]*(?P<b>o)(?P<a>l)$")),
    # narrowing of the (R) foramen, moderate (L) foraminal narrowing
    ("(r", re.compile(r"(?<![sfxhH])\((?P<a>r)\)?(?=w?[fsx])")),
    # Weishaupt 1 and 3 at L3-4 and L4-5 respectively; in words, mild and severe arthropathy
    (
        "M;",
        re.compile(
            r"^[w,c:\u2022-]*r?(?P<b>l)(?P<c>M);[pw]{0,3},?(?P<a>g(?:,g)*,?cg(?:r?[sf]?[hHt])?)(?=$|[;])"
        ),
    ),
    # The left ones are mildly narrowed at L1-2; of the right ones, (those of) L4-5 severely
    ("pr,", re.compile(r"(?:^|(?<=;))p(?P<a>r),W?(?P<b>l)")),
    # under a key: None narrowed at L1-2
    ("oH", re.compile(r"^(?P<a>[\u2022-]*o)H(?=[lq])")),
    # an extrusion that severely narrows neither the canal nor the foramina
    ("in", re.compile(r"(?P<b>[gz]{0,2}i)(?P<a>n)(?=r?[sk]c)")),
    # mild and moderate, respectively, at L3-4
    (",M", re.compile(r",(?P<a>M),?(?=l)")),
    # mild (before: moderate); mild (2019: moderate)
    (":", re.compile(r"(?P<a>[PD]):(?=n?[gzo])")),
    ("(:", re.compile(r"\(:[gzo]{1,2}r?\)")),
    # without, however, narrowing the canal
    (",b,", re.compile(r"(?P<a>n),b,")),
    # L5-S1 foramina, less disturbed: right patent
    # canal stenosis, as follows: severe at L4-5 and mild at L3-4
    (",", re.compile(r"(?<=[skxhHtr]),(?:[wK]{0,4}(?=:)|(?=[,;-]))")),
    # right L4-5, newly noted, moderate
    (",,g", re.compile(r"(?<=l),(?=,g{1,2}r?(?:$|[,;)]))")),
    ("W", re.compile(r"(?<=[skl]),w?W[wepvnWq]{1,12},(?=v)")),
    # patent status post laminectomy
    ("odd", re.compile(r"(?<=:o)dd?(?=$|[;,)])")),
    # the foramina have gone from mildly to moderately narrowed
    ("XgH", re.compile(r"(?:(?<=sX)|(?<=slX))(?P<a>g)H(?=$|[,;)l])")),
    # was mildly stenotic in 2022 and still is
    ("Dcv", re.compile(r"Dcv(?=$|[,;)])")),
    # was moderately narrowed and has improved to mildly narrowed
    ("cX", re.compile(r"(?<=[Hh]cX)(?P<a>[gz]{1,2})H")),
    # the central stenosis which results at these levels is moderate
    ("W", re.compile(r"(?<=[hHtx])Ww{1,2}(?:[pX][Ww]?)?(?P<a>[lq]?)(?=v[gz]{1,2}(?:$|[r,;)c]))")),
    # stenosis on the right which, when compared with that on the left, is severe
    ("W", re.compile(r"(?<=W)(?:,P[hHxtrsfpW]{1,5},|P[hrsfpW]{1,3})(?=v[gz])")),
    # sac compressed as well as exit canal of the right side
    ("khc", re.compile(r"(?P<a>k)(?P<f>h)(?P<b>c)(?P<d>r?s)(?:p?(?P<c>r))?(?=$|[,;)])")),
    # normal at L1-2 and, the collapse notwithstanding, at L5-S1
    ("c,", re.compile(r"(?<=[l)])(?P<a>c),[bwedv]{1,6},(?=l)")),
    # compression of the foramen of the right side
    ("pr", re.compile(r"(?<=s)p(?P<a>r)(?=$|[,;)])")),
    # severe at L3-4 and one grade less, moderate, at L2-3
    ("g,l", re.compile(r"(?<=[lr])(?P<a>,?c)[wz]{1,3},(?P<b>[gz]{1,2}),(?=l)")),
    # severe at L4-5, with the ganglion flattened, and mild at L3-4
    (",b", re.compile(r"(?<=[lrs]),b[wejdiXprh]{1,9},(?=c[gz]{1,2}p?[lr])")),
    # the foramina are filled with tissue (contain scar) and are severely narrowed
    ("s", re.compile(r"(?P<a>s)v?[wbedp]{1,6},?c(?=v[gz]{0,3}H)")),
    # the foramen is infiltrated by tumor and moderately narrowed
    ("sv", re.compile(r"(?P<a>sv)w[wbedpgz]{0,6},?c(?=[gz]{1,3}H)")),
    # at L4-5 it is reduced to a trefoil shape and moderately stenosed
    ("vX", re.compile(r"(?P<a>v)Xw{1,5},?c(?=[gz]{1,2}H)")),
    # the channel for the nerves (spinal canal) is narrowed; the nerve exit (foramen)
    ("(", re.compile(r"(?<![jl])[we]{1,4}\((?P<a>r?[sf])\)(?=[lv:,-]|p?l|$)|(?<=s)\([sf]\)")),
    # CENTRAL (canal)
    ("f(", re.compile(r"^f\((?P<a>s)\)(?=$|:)")),
    # mild (Weishaupt grade 1) at L3-4: nothing in the brackets is read
    ("(", re.compile(r"\(w{0,4}\)(?!:)")),
    # narrows the canal (AP 9 mm) and both foramina
    ("m)", re.compile(r"(?<=[sk])\(w{0,3}m\)(?=,?c)")),
    # the left recess, which was severely narrowed, is only mildly narrowed today
    (",W", re.compile(r"(?<=[skxhl]),Wv[gz]{1,2}[Hh]?[wD]{0,2},(?=X?vX?(?:[gz]{1,2}[Hh]|[go](?![sfxhr])))")),
    # Foraminal stenosis, right: L1-2 mild; L2-3 moderate
    (":", re.compile(r"(?:^|(?<=\u2022))(?P<b>[sf]h?|x),(?P<a>r)(?=:)")),
    # Foramina, convex (left) side: patent at L1-L2
    ("(r)", re.compile(r"(?:^|(?<=\u2022))(?P<b>[sf]h?|x),?w{1,2}\((?P<a>r)\)w?(?=:)")),
    # not as narrow as the left, which is severely narrowed
    ("r,W", re.compile(r"(?<=w)(?P<b>r)(?P<a>,)W(?=v[gz]{0,2}[gHo])")),
    # at the level above (L3-4)
    # the segment above the fusion (L3-4)
    ("(l)", re.compile(r"q[wde]{0,4}\((?P<a>l)\)")),
    # facet joints other than at L4-5 are normal: the exception after its rule
    ("E", re.compile(r"(?P<a>r?s(?:cr?s)?),?(?P<c>El),?(?P<b>v[oO])(?=$|[;)])")),
    # RIGHT FORAMINA (concavity of the curve), Left side (convex): a key needs no bracket
    (":", re.compile(r"(?<=[sfhxr])\([wpdecba,-]{0,10}\)(?=:)")),
    # L1-L2: [Normal]
    ("(", re.compile(r"(?<=l[:-])\((?P<a>[oO])\)(?=$|[;|])")),
    # T12-L1: Seen on the sagittal images only; normal.
    (";o", re.compile(r"(?:^|(?<=l[:-]));(?P<a>o)(?=$|[;|])")),
    # Lee 3 (severe); mild (Lee 1); Lee 3, severe: the word of judgement counts
    ("G,g", re.compile(r"G,(?P<a>g)(?=h?(?:$|[,;)]))")),
    ("G", re.compile(r"G\((?P<a>[go])\)|(?P<b>[go])\(G\)")),
    # moderate right (Lee 2) and severe left (Lee 3) foraminal stenosis
    ("r(G)", re.compile(r"(?P<a>[go]{1,2}r)\(G\)(?=w?[fsxh]|(?:,?c|,)[go]{1,2}r\(G\))")),
    # severe on the left with a flattened ganglion (Lee 3), moderate on the right (Lee 2)
    ("(G)", re.compile(r"(?P<a>[go][hHrlbiewt]{1,8})\(G\)(?:(?P<b>,?cl)\(G\))?(?=$|[,;c])")),
    # moderate left and, to a lesser extent, right foraminal narrowing
    (",z,", re.compile(r"(?<=c),(?P<a>z),")),
    # mild bilateral, right greater than left, foraminal stenosis
    (",a,", re.compile(r"(?<=[gzr]),(?P<a>a),(?=w?[fsx])")),
    # foraminal narrowing, right greater than left, at L4-5
    (",a,", re.compile(r"(?<=[hHxtg]),(?P<a>a),(?P<b>l)(?=[;)]|$)")),
    # moderate stenosis seen in 2018 is unchanged; the previously noted stenosis persists
    ("D", re.compile(r"(?<=[shHtx])w?D(?P<a>v)(?=$|[;,)])")),
    ("P", re.compile(r"P(?P<a>[wgzrl]{0,5}(?:[sf]?[ht](?:pr?s)?|x)[rl]{0,2}v)(?=$|[;,)])")),
    # foraminal stenosis, mild, left L4-5, moderate, right L5-S1; mild, L4-5 left, moderate L5-S1 right
    (
        ",",
        re.compile(
            r"(?P<a>[hHtx][,:][gz]),(?P<b>(?:r?l|lr)(?:,c?|;c?|c)),?(?P<ba>[gz]),?(?P<c>r?l|lr)"
            r"(?:(?P<d>[,;]c?[gz]),?(?P<e>r?l|lr))?(?=$|[;)])"
        ),
    ),
    # the mild foraminal stenosis is on the left (and the right foramen is patent)
    ("vr", re.compile(r"(?<=[hHtx])(?:,?W)?v(?P<a>r)(?:(?=$|[;,)]|cv?[gz])|c(?=rsw?v))")),
    # moderate right and, on the left, mild foraminal stenosis
    (",r,", re.compile(r"(?P<a>[gz]{1,2}rc),(?P<b>r),(?P<c>[gz]{1,2})(?=w?[fsx])")),
    # mild stenosis at L2-3, moderate (L3-4 and L4-5)
    ("(l)", re.compile(r"(?<=[hHxtlrs)][,;c])(?P<a>[gzo]{1,2}r?)\((?P<b>l)\)(?=[,;]|,?c|$)")),
    # stenosis neither of the canal nor of the foramina; severe stenosis is found neither in the canal nor ...
    ("np", re.compile(r"(?<![sfxgz])(?P<b>[gz]{0,2}h(?:p?g)?)v?(?P<a>n)(?=p+r?s)")),
    # severe narrowing is seen in neither foramen, in no foramen
    ("pn", re.compile(r"(?<![sfxgz])(?P<b>[gz]{0,2}h)v?(?P<c>p)(?P<a>n)(?=r?s(?:$|[,;)l]|c))")),
    # stenosis is severe neither in the canal nor in the foramina
    ("np", re.compile(r"(?P<c>h)v(?P<b>g{1,2})(?P<a>n)(?=p+r?s)")),
    # severe canal stenosis is found neither at L1-2 nor at L2-3
    ("nl", re.compile(r"^(?P<b>[gz]{0,2}(?:r?[sf](?:,?cr?[sf]){0,2})?h)v?(?P<a>n)(?=lcl)")),
    # nothing severe in the way of canal stenosis; nothing in the way of stenosis
    ("O", re.compile(r"(?P<a>O)(?:p?(?P<b>[gz]{1,2}))?p{1,2}(?P<c>(?:r?[sf](?:,?cr?[sf]){0,2})?h|x)")),
    # nothing of severe grade as far as the canal and the foramina are concerned
    ("O", re.compile(r"(?P<b>O)p?(?P<c>g{1,2})p{1,2}(?P<a>r?s(?:,?cp{0,2}r?s){0,2})(?=$|[,;)l])")),
    # the left foramen is narrowed by an osteophyte - moderate
    ("-g", re.compile(r"(?<=[svl]H)(?P<b>w{1,2}[de]{1,2})-(?P<a>g{1,2})(?=$|[;,])")),
    # nothing of surgical severity in the way of stenosis: which grades are denied cannot be told
    ("Opw", re.compile(r"Opw{1,3}p{1,2}(?:(?:r?[sf](?:,?cr?[sf]){0,2})?h|x)")),
)
"""A sign that a sentence must have, and a pattern: of what matches, the groups stay, in order of name."""

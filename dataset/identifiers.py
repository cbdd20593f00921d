"""What identifiers look like in a report: the patterns of `dataset.scrub`, as data.

Each row is a kind and a pattern; a group named ``x`` is what is masked, else the whole match. Kinds follow the
list of 18 identifiers of 45 CFR 164.514(b)(2). Written for reports in English, with the common forms of
other countries where they are plain. A pattern may be too greedy; it must not touch levels (L4/5, T12-L1),
measures (8 mm, 3 x 4) and grade words.
"""

from __future__ import annotations

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTH_MAY = rf"(?:{_MONTH}|may)"
_YEAR = r"(?:(?:19|20)\d{2})"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DAY_TH = rf"{_DAY}(?:st|nd|rd|th)?"

# A word of a name: Smith, O'Neill, McDonald, van, J., SMITH. Not a level, not a word of the report.
_STOP = (
    r"(?!(?:the|a|an|and|or|of|in|on|at|to|by|for|with|from|is|was|has|had|no|not|this|that|there|mri?|ct|xr|"
    r"patient|patients|referring|ordering|clinical|clinician|team|service|staff|physician|provider|doctor|"
    r"male|female|adult|unknown|none|see|lumbar|cervical|thoracic|spine|spinal|canal|level|disc|disk|exam|"
    r"examination|study|report|findings?|impression|conclusion|history|technique|comparison|indication|"
    r"normal|mild|moderate|severe|stenosis|pain|back|left|right|bilateral|emergency|department|radiology|"
    r"date|time|am|pm|name|mrn|dob|sex|age|id|accession|phone|tel|fax|signed|electronically|dictated|"
    r"transcribed|reported|verified|addendum|final|preliminary)\b)"
)
_CAP = rf"(?:{_STOP}(?-i:\p{{Lu}})[\p{{L}}'’]+(?:-(?-i:\p{{Lu}})[\p{{L}}'’]+)?)"
_INITIAL = r"(?:(?-i:\p{Lu})\.|(?-i:\b\p{Lu}\b)(?![\d'’]))"
_PARTICLE = r"(?:van|von|de|der|den|la|le|da|di|del|dos|bin|ibn|al|el|ter|ten|st\.)"
_SEQ = rf"(?:(?:{_PARTICLE}[ \t]+){{0,2}}(?:{_INITIAL}|{_CAP})(?:[ \t]+(?:{_PARTICLE}[ \t]+){{0,2}}(?:{_INITIAL}|{_CAP})){{0,3}})"
_LAST_FIRST = rf"(?:(?:{_PARTICLE}[ \t]+){{0,2}}{_CAP},[ \t]*{_SEQ})"
_NAME = rf"(?:{_LAST_FIRST}|{_SEQ})"
_SUFFIX = (
    r"(?:M\.?D\.?|D\.?O\.?|MBBS|MBChB|MB[ ]?BCh|FRCR|FRCPC|FRANZCR|FACR|FRCS|FRCP|Ph\.?D\.?|DABR|PA-C|R\.?N\.?|"
    r"N\.?P\.?|D\.?C\.?|CRNP|ARNP|RT\(R\))"
)
_TITLE = r"(?:(?:Dr|DR|dr|Drs|Doctor|doctor|Prof|PROF|Professor|professor|Mr|Mrs|Ms|Miss|Mx|Sir|Dame|Rev)\.?|(?:MR|MRS|MS)\.)"

# Words after which a name stands, with or without a colon.
_NAME_COLON = (
    r"(?:patient(?:'s)?[ ]name|pt\.?[ ]name|name(?:[ ]of[ ]patient)?|patient|pt|client|mother|father|next[ ]of[ ]kin|"
    r"dictat(?:ed|ing|or)(?:[ ](?:by|physician))?|transcri(?:bed|ber|ptionist)(?:[ ]by)?|typed[ ]by|reported[ ]by|"
    r"read(?:ing)?(?:[ ](?:by|physician|radiologist))?|interpret(?:ed|ing)(?:[ ](?:by|physician|radiologist))?|"
    r"(?:electronically[ ])?(?:e-?)?sign(?:ed|er|ature)(?:[ ](?:by|off[ ]by))?|verified(?:[ ]by)?|approved[ ]by|"
    r"authenticated[ ]by|finali[sz]ed[ ]by|validated[ ]by|checked[ ]by|reviewed[ ](?:by|with)|"
    r"referr(?:er|ing|ed)(?:[ ](?:physician|doctor|provider|clinician|dr\.?|md|by))?|requested[ ]by|requester|"
    r"requesting[ ](?:physician|doctor|provider|clinician)|ordered[ ]by|ordering(?:[ ](?:physician|provider|md))?|"
    r"attending(?:[ ](?:physician|radiologist))?|radiologist|resident|fellow|registrar|technologist|tech|"
    r"radiographer|consultant|gp|pcp|primary[ ]care(?:[ ]physician)?|cc|copy[ ]to|copies[ ]to|attn|attention|"
    r"surgeon|physician|provider|author|reader|reporter|clinician|contact)"
)
_NAME_BARE = (
    r"(?:dictated[ ]by|transcribed[ ]by|typed[ ]by|reported[ ]by|read[ ]by|interpreted[ ]by|signed[ ](?:off[ ])?by|"
    r"verified[ ]by|approved[ ]by|authenticated[ ]by|finali[sz]ed[ ]by|reviewed[ ](?:by|with)|discussed[ ]with|"
    r"communicated[ ]to|conveyed[ ]to|relayed[ ]to|telephoned[ ]to|called[ ]to|notified|spoke[ ](?:with|to)|"
    r"spoken[ ]to|informed|referred[ ]by|requested[ ]by|ordered[ ]by|seen[ ]by|operated[ ]by|attention|dear|"
    r"copy[ ]to|copied[ ]to|per|thank[ ]you,?)"
)

_NUMBER_LABEL = (
    r"(?:mrn|m\.r\.n\.?|mr[ ]?(?:no\.?|number|\#)|med(?:ical)?\.?[ ]rec(?:ord)?s?|acc(?:ession)?|"
    r"(?:patient|pat\.?|pt\.?)[ ]?(?:id|no\.?|number|\#|ref)|hosp(?:ital)?|unit|case|order|exam|study|encounter|"
    r"visit|account|acct|nhs|chi|nino|ssn|social[ ]security|policy|insurance|member(?:ship)?|medicare|medicaid|"
    r"licen[cs]e|npi|dea|ref(?:erence)?|report|chart|file|job|document|doc|dictation|record|uid|identifier|"
    r"episode|fin|csn|empi|requisition|serial|device|id)"
)
_NUMBER_WORD = r"(?:[ ]?(?:no\.?|number|num\.?|nr\.?|id|identifier|\#|code))?"

_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Way|Terrace|Terr|Crescent|"
    r"Cres|Close|Square|Sq|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Gardens|Grove|Mews|Trail|Walk|Row|Quay|Alley)"
)
_UNIT = r"(?:,?[ ]*(?:Apt|Apartment|Suite|Ste|Unit|Flat|Room|Rm|Floor|\#)\.?[ ]*\#?\w{1,5})"
_CITY = r"(?:\p{Lu}[\p{L}.'’-]+(?:[ ]\p{Lu}[\p{L}.'’-]+){0,2})"
_STATE_ZIP = r"(?:(?:\p{Lu}{2}|\p{Lu}\p{Ll}+)[ ]+\d{5}(?:-\d{4})?)"

PATTERNS: tuple[tuple[str, str], ...] = (
    ("email", r"[\w.+%-]+[ ]?@[ ]?[\w-]+(?:\.[\w-]+)+"),
    ("url", r"\b(?:https?://|www\.)[^\s<>()]+"),
    ("url", r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b"),
    # Dates and times
    ("date", rf"(?<![\w./-]){_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}})?)?(?!\w)"),
    ("date", rf"(?<![\w./-]){_DAY}[-/.]{_DAY}[-/.](?:{_YEAR}|\d{{2}})(?![\w/-]|\.\d)"),
    ("date", rf"(?<![\w./-]){_DAY}[ ]?/[ ]?{_DAY}[ ]?/[ ]?(?:{_YEAR}|\d{{2}})(?![\w/-]|\.\d)"),
    ("date", rf"(?i)\b{_DAY_TH}[ .-]*(?:of[ ])?{_MONTH}(?!\p{{L}})\.?(?:[ ,.'’-]*(?:{_YEAR}|\d{{2}}\b))?"),
    ("date", rf"(?i)\b{_DAY_TH}[ .-]*(?:of[ ])?may(?:[ ,.'’-]*{_YEAR}|[ ,.'’-]+\d{{2}}\b)"),
    ("date", rf"(?i)\b{_MONTH}\b\.?[ -]*{_DAY_TH}\b(?:[ ,.'’-]+{_YEAR})?"),
    ("date", rf"(?i)\bmay[ -]+{_DAY_TH}[ ,.'’-]+{_YEAR}"),
    ("date", rf"\bMay[ ]{_DAY_TH}\b|\b{_DAY_TH}[ ]May\b"),
    ("date", rf"(?i)\b{_MONTH_MAY}\b\.?(?:[ ]of\b)?[ ,/'’-]*{_YEAR}\b"),
    ("date", r"(?i)\b(?:on|dated|from)[ ](?P<x>(?:0\d|1[0-2])/(?:0?[1-9]|[12]\d|3[01]))(?![/\d])"),
    ("date", rf"(?<![\w./-])(?:0?[1-9]|1[0-2])/{_YEAR}\b"),
    ("date", rf"(?<![\w.,/-]){_YEAR}(?![\w/-]|[.,]\d|[ ]?(?:mm|ms|cm|ml|g|mg)\b)"),
    ("date", r"(?i)(?<![\w:])[0-2]?\d:[0-5]\d(?::[0-5]\d)?(?:[ ]?[ap]\.?m\.?\b|[ ]?h(?:rs|ours)?\b)?"),
    ("date", r"(?i)\b(?:at|@)[ ](?P<x>\d{3,4}[ ]?h(?:rs|ours)?)\b"),
    ("age", r"(?i)\b(?P<x>9\d|1[01]\d)(?=[ -]?(?:years?|yrs?|y\.?o\.?|y/o)\b)"),
    # Telephones
    ("phone", r"(?<![\w.])(?:\+\d{1,3}[ .-]?)?\(\d{2,5}\)[ .-]?\d{2,4}(?:[ .-]?\d{2,4}){1,2}(?![\w.]*\d)"),
    ("phone", r"(?<![\w.-])(?:\+?1[ .-])?\d{3}[ .-]\d{3}[ .-]\d{4}(?!\w)"),
    ("phone", r"(?<![\w.])\+\d{1,3}(?:[ ./-]?\(?\d{1,4}\)?){2,5}(?!\w)"),
    ("phone", r"(?<![\w.-])0\d{2,4}[ /-]\d{3,4}[ -]?\d{2,4}(?:[ -]?\d{2,4})?(?!\w)"),
    ("phone", r"(?<![\w./-])\d{3}-\d{4}(?![\w-])"),
    (
        "phone",
        r"(?i)\b(?:tele?(?:phone)?|phone|ph|fax|pager|beeper|bleep|cell|mobile|mob|call(?:ed)?|page|dial|number)\b\.?"
        r"(?:[ ]?(?:no|number|at|on|\#))?[ ]*[:.\#]?[ ]*(?P<x>\+?\(?\d[\d ().+/-]{2,18}\d)",
    ),
    ("phone", r"(?i)\b(?:ext|extension|x)\b?\.?[ ]?[:\#]?[ ]?(?P<x>\d{3,6})\b(?![ ]?(?:mm|cm|deg|x))"),
    # Numbers that name a record
    (
        "number",
        rf"(?i)\b{_NUMBER_LABEL}{_NUMBER_WORD}[ \t]*[:=\#.-]*[ \t]*\#?"
        r"(?P<x>(?=[\w/.-]*\d[\w/.-]*\d)[A-Z]{0,5}[ ]?[-/]?\d[\w/.-]{1,40}(?:[ ]\d{3,4}){0,2}(?<![.,-]))(?!\w)",
    ),
    ("number", r"(?<![\w.-])\d{3}-\d{2}-\d{4}(?![\w-])"),
    ("number", r"(?<![\w.])\d+(?:\.\d+){4,}(?![\w.]*\d)"),
    ("number", r"(?<![\w.])(?-i:[A-Z]{0,4})[-_]?\d{6,}(?:[-/]\d+)*[A-Z]?(?!\w|\.\d)"),
    ("number", r"(?<![\w.-])(?-i:[A-Z]{1,5})\d{0,4}[-_]\d{2,}[-_]\d{2,}(?!\w)"),
    ("number", r"(?<![\w.-])(?-i:[A-Z]{2,5})-?\d{4,}(?!\w)"),
    ("number", r"(?<![\w.-])(?-i:[A-KM-RU-Z])\d{4,}(?!\w)"),
    ("number", r"(?<![\w.-])\d{3}[ ]\d{3}[ ]\d{4}(?!\w)"),
    ("number", r"(?<![\w.-])\d{2,4}-\d{3,}-?\d*(?!\w)"),
    # Places
    (
        "address",
        rf"(?<![\w/-])(?:(?:Apt|Apartment|Suite|Ste|Unit|Flat|Room|Rm)\.?[ ]*\#?\w{{1,5}},?[ ]+)?"
        rf"\d{{1,5}}[A-Za-z]?(?:-\d+)?[ ]+(?:[NSEW]\.?[ ]|(?:North|South|East|West)[ ])?"
        rf"(?:(?:\p{{Lu}}[\p{{L}}.'’-]+|\d+(?:st|nd|rd|th))[ ]+){{1,3}}{_STREET}\b\.?{_UNIT}?"
        rf"(?:,[ ]*{_CITY})?(?:,?[ ]+{_STATE_ZIP})?",
    ),
    ("address", rf"{_CITY},[ ]*{_STATE_ZIP}(?!\w)"),
    ("address", r"(?i)\bP\.?[ ]?O\.?[ ]?Box[ ]+\d+"),
    ("address", r"(?<!\w)(?:[A-KM-RU-Z][A-Z]?|[ST][A-Z]|L[A-Z])\d[A-Z\d]?[ ]?\d[ABD-HJLNP-UW-Z]{2}(?!\w)"),
    ("address", r"(?<!\w)L\d{1,2}[ ]\d[ABD-HJLNP-UW-Z]{2}(?!\w)"),
    (
        "address",
        r"(?:\p{Lu}[\p{L}-]*(?:straße|strasse|str\.|weg|platz|gasse|straat|laan))[ ]+\d+[a-z]?(?:,?[ ]*\d{5}[ ]\p{Lu}\p{L}+)?",
    ),
    ("address", r"(?i)\b(?:lives|resid(?:es|ing)|living)[ ](?:at|in)[ ](?P<x>(?-i:[^.\n;]{3,60}))"),
    ("address", r"(?i)\b(?:home[ ])?address[ ]*:[ ]*(?P<x>(?-i:[^\n;]{4,80}))"),
    (
        "place",
        r"(?:(?:St|Mt)\.?[ ])?(?:\p{Lu}[\p{Ll}'’-]+[ ](?:of[ ]|and[ ]|&[ ])?){1,4}(?:(?:General|Memorial|Community|Regional|Royal|University|"
        r"Children's|Veterans)[ ])*(?:Hospitals?|Medical[ ]Cent(?:er|re)|Clinic|Infirmary|Health(?:care)?[ ](?:System|Cent(?:er|re))|"
        r"Imaging[ ](?:Cent(?:er|re)|Associates|Group)|Radiology[ ](?:Associates|Group|Partners|Cent(?:er|re))|NHS[ ](?:Foundation[ ])?Trust|"
        r"Diagnostic[ ](?:Imaging|Cent(?:er|re))|Spine[ ](?:Cent(?:er|re)|Institute|Clinic)|Universit(?:y|ätsklinikum))\b",
    ),
    # Names
    ("name", r"(?<![\w^])\p{L}[\p{L}'’-]+(?:\^[\p{L}'’. -]*\p{L})+"),
    ("name", rf"(?<!\w){_TITLE}[ \t]+(?P<x>{_NAME})"),
    ("name", rf"(?<!\w)(?:[Dd]r|Mr|Mrs|Prof|prof)\.?[ \t]+(?P<x>{_STOP}\p{{L}}{{3,}})"),
    ("name", rf"(?<!\w)(?P<x>{_NAME}),?[ \t]+{_SUFFIX}(?!\w)"),
    ("name", rf"(?i)(?<!\w){_NAME_COLON}[ \t]*[:=][ \t]*(?:{_TITLE}[ \t]+)?(?P<x>{_NAME})"),
    (
        "name",
        rf"(?i)(?<!\w){_NAME_COLON}[ \t]*[:=][ \t]*(?:{_TITLE}[ \t]+)?{_NAME}[ \t]*(?:,|/|;|and|&)[ \t]*(?P<x>{_NAME})",
    ),
    ("name", rf"(?i)(?<!\w){_NAME_BARE}[ \t]+(?:{_TITLE}[ \t]+)?(?P<x>{_NAME})"),
    ("name", r"(?m)^[ \t]*/(?P<x>\p{Lu}{2,3})/"),  # the initials of who typed
    ("name", rf"(?m)^[ \t]*(?:RE|Re)[ \t]*:[ \t]*(?P<x>{_NAME})"),
)
"""Every kind with its pattern; matches of all of them are masked, those that meet as one."""

"""Forms in which choices are made: what was not chosen is blanked out before a report is read.

``boxes`` reads ``[ ] mild [x] severe``, ``picks`` ``none / mild / *moderate* / severe``, and ``fields`` joins
the ``level: L4-5   degree: mild`` below a question with it. No step changes the length of the text. Where it
cannot be told what was chosen, nothing is left, not even the key: "canal stenosis: none / mild / severe".
"""

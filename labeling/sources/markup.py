"""Text inside RTF or HTML as the reader of the report saw it.

Only a text that is surely marked up is touched: one that begins as RTF, or holds a tag or an entity that
HTML defines. ``AP diameter <10 mm`` and ``right > left`` are words, not markup. Line breaks that an export
wrote as signs (of databases, HL7 and Excel) are line breaks. Spans count in the result.
"""

from __future__ import annotations

import html
import re

from labeling.sources.table import needs

_RTF = "{\\rtf"
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|ndash|mdash|deg|micro|plusmn|frac12|hellip|bull|[lr][sd]quo"
    r"|#\d{1,6}|#[xX][0-9a-fA-F]{1,5});"
)
_BREAK = re.compile(
    r"</?(?:br|p|div|tr|li|ul|ol|table|tbody|h[1-6]|html|body|pre)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_INLINE = re.compile(r"</?(?:b|i|u|em|strong|span|font|a|td|th|sub|sup|small)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(style|script|head)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)


# What stands for a line break wherever it stands, and what does so only in a text without any.
_SIGN = re.compile(r"\\\.(?:br|sp|ce)\d*\\|(?:\\X0D\\)?\\X0A\\|\\X0D\\|_x000D_\n?")
_WRITTEN = re.compile(r"\\r\\n|\\[nr](?![a-z])")


def unwrap(text: str) -> str:
    """`text` without RTF or HTML around it; the same object when there is none."""
    if text.lstrip()[:5] == _RTF:
        rtf_to_text = needs("striprtf.striprtf", "striprtf", "RTF").rtf_to_text
        return str(rtf_to_text(text.lstrip(), errors="replace"))
    if "\\" in text or "_x000D_" in text:
        text = _SIGN.sub("\n", text)
        text = text if "\n" in text else _WRITTEN.sub("\n", text)
    if "<" in text and (_BREAK.search(text) or _INLINE.search(text)):
        text = _INLINE.sub(" ", _BREAK.sub("\n", _HIDDEN.sub("", text)))
        return html.unescape(text)
    if "&" not in text or not _ENTITY.search(text):
        return text
    plain = html.unescape(text)
    return unwrap(plain) if _BREAK.search(plain) else plain  # a whole page that was written as words

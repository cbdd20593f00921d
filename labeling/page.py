"""Self-contained HTML pages that pass a strict content security policy: no script, no network, text escaped.

The one style sheet is allowed by its hash; nothing else on the page may style, load or run anything.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape

_BASE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --quiet: #57606a; --line: #d0d7de;
  --soft: #f6f8fa; --accent: #0a5cad; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --quiet: #9da7b1;
  --line: #3d444d; --soft: #161b22; --accent: #6cb6ff; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 76rem; color: var(--ink); background: var(--paper);
  print-color-adjust: exact; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.35rem; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p.quiet, .quiet { color: var(--quiet); }
table { border-collapse: collapse; } th, td { padding: .25rem .6rem;
  border: 1px solid var(--line); text-align: left;
  vertical-align: top; }
th { background: var(--soft); font-weight: 600; } td.number, th.number { text-align: right;
  font-variant-numeric: tabular-nums; }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
tr { break-inside: avoid; } .wide { overflow-x: auto; }
@media print { body { max-width: none; padding: 0; font-size: 12px; } .wide { overflow: visible; } }
"""


def html_page(title: str, body: str, style: str = "", *, images: bool = False) -> str:
    """A whole document. `body` is HTML that its maker has escaped; `style` is added to the common sheet.

    `images` allows pictures that stand in the page itself, as ``data:`` addresses.
    """
    sheet = _BASE + style
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'" + ("; img-src data:" if images else "")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{sheet}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )

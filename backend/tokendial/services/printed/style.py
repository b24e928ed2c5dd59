"""How a report looks: light, on paper and on a screen."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { max-width: 960px; margin: 0 auto; padding: 32px 24px 48px; color: #1b1c1e; background: #fff;
  font: 13px/1.45 ui-sans-serif, -apple-system, "Segoe UI", Inter, Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
h1 { margin: 0; font-size: 24px; letter-spacing: -0.01em; }
h2 { margin: 32px 0 8px; font-size: 16px; break-after: avoid; }
p { margin: 4px 0; }
.quiet, caption, figcaption { color: #55585e; }
.facts { display: flex; flex-wrap: wrap; gap: 2px 24px; margin: 8px 0 0; padding: 0; list-style: none; color: #55585e; }
.facts b { font-weight: 600; color: #1b1c1e; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(168px, 1fr)); gap: 12px; margin: 20px 0 0; }
.card { padding: 12px 14px; border: 1px solid #e4e4e0; border-radius: 10px; break-inside: avoid; min-width: 0; }
.card h3 { margin: 0; font-size: 12px; font-weight: 500; color: #55585e; }
.card .large { display: block; margin: 2px 0; font-size: 22px; font-weight: 620; letter-spacing: -0.01em; }
.card small { display: block; font-size: 11px; color: #55585e; overflow-wrap: anywhere; }
.note { margin: 16px 0 0; padding: 8px 12px; border: 1px solid #e5c99a; border-radius: 8px; background: #fdf6e8;
  overflow-wrap: anywhere; break-inside: avoid; }
figure { margin: 12px 0 20px; break-inside: avoid; }
figcaption, caption { padding: 0 0 6px; font-weight: 600; text-align: left; }
figure > svg { display: block; width: 100%; height: auto; }
svg text { font-size: 11px; fill: #55585e; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 4px 0 0; padding: 0 0 0 56px; list-style: none;
  font-size: 11px; overflow-wrap: anywhere; }
.swatch { width: 10px; height: 10px; margin-right: 6px; }
table { width: 100%; margin: 0 0 24px; border-collapse: collapse; }
thead { display: table-header-group; }
tfoot { display: table-row-group; font-weight: 620; }
tr { break-inside: avoid; }
th, td { padding: 4px 8px; border-bottom: 1px solid #ececea; text-align: left; vertical-align: top; }
th { font-size: 11px; font-weight: 500; color: #55585e; border-bottom-color: #cfcfca; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
.figure { text-align: right; white-space: nowrap; }
.name { overflow-wrap: anywhere; }
.missing { color: #93600f; }
footer { margin-top: 32px; padding-top: 8px; border-top: 1px solid #e4e4e0; color: #55585e; font-size: 11px; }
@page { margin: 14mm 12mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2 { margin-top: 20px; }
}
"""

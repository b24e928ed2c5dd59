"""Texts that a log may hold and that no page, terminal, spreadsheet or database may take for more than text."""

from __future__ import annotations

# What would run sets `window.pwned`, what would be an element has this id, what would be asked for has this host.
_MARK = "window.pwned=1"
_EVIL = "http://evil.test/x"

MARKUP = (
    f"<script>{_MARK}</script>",
    f"</script><script>{_MARK}</script>",
    f"<img src=x onerror={_MARK}>",
    f"<img src={_EVIL}>",
    f"<svg onload={_MARK}>",
    f"<svg><script>{_MARK}</script></svg>",
    f"<svg><animate onbegin={_MARK} attributeName=x dur=1s>",
    f"<iframe srcdoc='<script>parent.{_MARK}</script>'>",
    f"<iframe src={_EVIL}>",
    f"<details open ontoggle={_MARK}>",
    f"<input autofocus onfocus={_MARK}>",
    f"<body onload={_MARK}>",
    f"<video><source onerror={_MARK}>",
    f"<math><mi xlink:href='javascript:{_MARK}'>x",
    f"<a href='javascript:{_MARK}' id=pwned>x</a>",
    "<b id=pwned>bold</b>",
    "<style>*{display:none!important}</style>",
    f"<link rel=stylesheet href={_EVIL}>",
    f"<meta http-equiv=refresh content='0;url={_EVIL}'>",
    f"<base href={_EVIL}>",
    f"<form action={_EVIL}><button id=pwned>x",
    f"<object data={_EVIL}><embed src={_EVIL}>",
    f"<template><script>{_MARK}</script></template>",
    f"<noscript><p title='</noscript><img src=x onerror={_MARK}>'>",
    f"<!--><img src=x onerror={_MARK}>-->",
    f"<![CDATA[<script>{_MARK}</script>]]>",
    f"<?xml version='1.0'?><x xmlns:h='http://www.w3.org/1999/xhtml'><h:script>{_MARK}</h:script></x>",
    "&lt;script&gt;&#60;b id=pwned&#62;&amp;&nbsp;",
    "</title></textarea></style></table></select></div></main></body></html>",
)
ATTRIBUTES = (
    f'" onmouseover="{_MARK}" x="',
    f"' onfocus='{_MARK}' autofocus x='",
    f'" style="background:url({_EVIL})" "',
    f"` onload={_MARK} `",
    f'"><script>{_MARK}</script>',
    f"x onclick={_MARK}//",
)
ADDRESSES = (
    f"javascript:{_MARK}",
    f"JaVaScRiPt:{_MARK}//",
    f"java\tscript:{_MARK}",
    f"data:text/html,<script>{_MARK}</script>",
    "vbscript:msgbox(1)",
    _EVIL,
    "//evil.test/x",
    "file:///etc/passwd",
    "../../../../etc/passwd",
    "..\\..\\windows\\system32",
    "#/settings/../x?y=1&z=2%00",
)
SCRIPTS = (
    f"${{{_MARK}}}{{{{{_MARK}}}}}<%={_MARK}%>#{{{_MARK}}}",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "toString",
    "'); window.pwned=1; ('",
    '"},"pwned":{"x":"',
    "url(javascript:window.pwned=1)",
    f"}}*{{background:url({_EVIL})}}",
    "expression(window.pwned=1)",
    "@import 'http://evil.test/x';",
)
CHARACTERS = (
    "safe\u202egnp.exe",
    "\u2066\u2067\u2068isolates\u2069",
    "\u200b\u200c\u200d\u2060\ufeffzero",
    "bell\x07back\x08escape\x1b[31mred\x1b[0m",
    "line one\nline two\r\n\tline three\u2028four\u2029five",
    "a" + "\u0301" * 300,
    "Z" + "".join(chr(0x300 + step % 0x6F) for step in range(400)),
    "שלום עולם مرحبا بالعالم",
    "\u061c\u200f\u200eعربي123",
    "👩‍👩‍👧‍👦🏳️‍🌈🇪🇺" * 20,
    "\U000e0041\U000e0042tags\U000f0000private",
    "ﷺ" * 200,
    "𒐫𒈙⸻꧅" * 50,
    "m" * 10_000,
    "wide " * 2_000,
    "W" * 300 + "/" + "i" * 300,
    "\u3000　ｆｕｌｌ　ｗｉｄｔｈ　" * 20,
    "\ufffd\ufffe\uffff\ud7ff",
)
EVERY = (*MARKUP, *ATTRIBUTES, *ADDRESSES, *SCRIPTS, *CHARACTERS)

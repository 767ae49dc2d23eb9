"""One or more HTTP exchanges as HTML: what was asked, what was answered, and code that works now.

A button with ``data-copy`` copies the ``pre`` after it, one with ``data-save`` saves it: see `front.Frame`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from html import escape

from ..clients.exchange import Exchange
from ..pictures import is_address
from ..protocol import addresses
from ..protocol.vision import RETIRED
from ..sources.settings import ENDPOINT, setting

Show = Callable[[Exchange], str]
SERVED = "http://127.0.0.1:8000"
"""Where ``cvhelpers serve`` answers if nothing else is said."""
RETIRED_PATHS = tuple(f"{addresses.VISION_PATH}{version}/" for version in RETIRED)
SHOWN = 4
"""So many exchanges are shown in full; of a longer series the first and the last two."""


def request_html(exchanges: Sequence[Exchange]) -> str:
    """What was sent."""
    return _each(
        exchanges,
        lambda one: (
            f"<p><strong>{escape(one.method)}</strong> <code>{escape(one.url)}</code></p>"
            f"{_pairs('Parameters', one.params)}{_pairs('Headers', one.headers)}{_body(one)}"
        ),
    )


def answer_html(exchanges: Sequence[Exchange]) -> str:
    """What came back, its JSON as a tree that folds."""
    return _each(
        exchanges,
        lambda one: (
            f"<p><strong>{one.status} {escape(one.reason or '')}</strong></p>"
            f"{_pairs('Headers', one.answer_headers)}<p>Body</p>{_answer(one)}"
        ),
    )


def code_html(exchanges: Sequence[Exchange]) -> str:
    """The code that asks the same again, for a terminal and for Python."""
    if not exchanges:
        return _each(exchanges, _code)
    return f"{_where(exchanges[0])}{_each(exchanges, _code)}"


def working_address(one: Exchange) -> str:
    """Scheme and host that answer this request today: the service on this computer in place of what was retired.

    Computer Vision before v3.2 and Bing Image Search answer nobody any more, whatever source plays them here.
    """
    base, path = addresses.base_of(one.url), addresses.path_of(one.url)
    alive = path.startswith(addresses.VISION_PATH) and not path.startswith(RETIRED_PATHS)
    return base if alive or not addresses.is_service_host(base.partition("//")[2]) else _served()


def _served() -> str:
    """The service that the learner has set up, unless it is one of Azure's; else the usual address."""
    endpoint = setting(ENDPOINT).value
    is_own = is_address(endpoint) and not addresses.is_service_host(addresses.host_of(endpoint))
    return addresses.base_of(endpoint) if is_own else SERVED


def _where(one: Exchange) -> str:
    base, working = addresses.base_of(one.url), working_address(one)
    if base == working:
        return ""
    return (
        f'<div class="cvh-message cvh-warning"><strong>The address {escape(base)} was retired.</strong> Nothing '
        f"answers there any more. The answer here came from: {escape(one.source or 'an unknown source')}. "
        "The code below asks the same service on this computer. Start it first, in a terminal:"
        f"{_code_block('Copy', 'cvhelpers serve')}"
        "It prints the two lines that set VISION_ENDPOINT and VISION_KEY.</div>"
    )


def _code(one: Exchange) -> str:
    base, working = addresses.base_of(one.url), working_address(one)
    curl, python = (text.replace(base, working) for text in (one.as_curl(), one.as_python()))
    return (
        f"<p>For a terminal, with curl:</p>{_code_block('Copy curl', curl)}"
        f"<p>For Python, with requests:</p>{_code_block('Copy Python', python)}"
    )


def _code_block(label: str, code: str) -> str:
    button = f'<button type="button" class="cvh-tool" data-copy>{escape(label)}</button>'
    return f'<div class="cvh-code">{button}<pre>{escape(code)}</pre></div>'


def tree(data: object, name: str = "", depth: int = 0) -> str:
    """JSON as a tree of HTML's own ``details``, which fold with a click or the Enter key.

    >>> tree({"ok": True})
    '<div class="cvh-tree"><details open><summary>{…} 1 entry</summary><div>"ok": true</div></details></div>'
    """
    label = f"{_text(name)}: " if name else ""
    if not isinstance(data, dict | list) or not data:
        return f"<div>{label}{_text(data)}</div>"
    inside = data.items() if isinstance(data, dict) else (("", value) for value in data)
    children = "".join(tree(value, key, depth + 1) for key, value in inside)
    shape = "{…}" if isinstance(data, dict) else "[…]"
    count = f"{len(data)} entry" if len(data) == 1 else f"{len(data)} entries"
    is_open = " open" if depth < 2 or (depth < 4 and len(data) <= 6) else ""
    node = f"<details{is_open}><summary>{label}{shape} {count}</summary>{children}</details>"
    return node if depth else f'<div class="cvh-tree">{node}</div>'


def _text(data: object) -> str:
    return escape(json.dumps(data, ensure_ascii=False), quote=False)


def _each(exchanges: Sequence[Exchange], show: Show) -> str:
    if not exchanges:
        return "<p>Nothing was sent yet.</p>"
    parts = []
    for n, one in enumerate(exchanges, start=1):
        left_out = len(exchanges) > SHOWN and 1 < n <= len(exchanges) - 2
        title = f"<p><strong>Request {n} of {len(exchanges)}</strong></p>" if len(exchanges) > 1 else ""
        if not left_out:
            parts.append(f"{title}{show(one)}")
        elif n == 2:
            parts.append(f"<p>… and {len(exchanges) - 3} more, to which the service answered: not yet …</p>")
    return f'<div class="cvh-exchange">{"".join(parts)}</div>'


def _pairs(title: str, rows: Mapping[str, str]) -> str:
    if not rows:
        return ""
    cells = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td><code>{escape(value)}</code></td></tr>'
        for name, value in rows.items()
    )
    return f"<p>{title}</p><table><tbody>{cells}</tbody></table>"


def _body(one: Exchange) -> str:
    if not one.body:
        return "<p>No body</p>"
    if one.sent is not None:
        return f"<p>Body</p>{tree(one.sent)}"
    change = f" It was {escape(one.note)}." if one.note else ""
    return f"<p>Body: the picture itself, {len(one.body):,} bytes.{change}</p>"


def _answer(one: Exchange) -> str:
    if one.json is not None:
        text = escape(json.dumps(one.json, indent=2, ensure_ascii=False))
        return (
            '<div class="cvh-code"><button type="button" class="cvh-tool" data-copy>Copy JSON</button> '
            '<button type="button" class="cvh-tool" data-save="answer.json">Save JSON</button>'
            f"<pre hidden>{text}</pre></div>{tree(one.json)}"
        )
    text = one.answer.decode("utf-8", "replace")
    return f"<pre>{escape(text[:4000])}</pre>" if text else "<p>(empty)</p>"

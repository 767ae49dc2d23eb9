"""``/docs``: the OpenAPI document as a page for people, in plain HTML without a script."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from ...protocol import headers
from .api_document import document
from .errors import JsonObject

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>The operations of this service</title>
<link rel="icon" href="/studio/icon.svg">
<link rel="stylesheet" href="/studio/studio.css">
</head>
<body class="docs">
<header class="bar"><a class="brand" href="/">Vision studio</a>
<nav aria-label="Pages"><a href="/">Studio</a> <a href="/docs" aria-current="page">Operations</a>
<a href="/openapi.json">openapi.json</a></nav></header>
<main>
<h1>The operations of this service</h1>
<p class="lead">{about}</p>
<p>Send the key in the header <code>{key}</code>. In the <a href="/">studio</a>, each request is also shown as curl,
Python, C#, JavaScript and Java. Programs that make clients read <a href="/openapi.json">openapi.json</a>.</p>
<nav class="contents" aria-label="Contents"><ul>{contents}</ul></nav>
{sections}
<section aria-labelledby="shapes"><h2 id="shapes">What the answers look like</h2>{shapes}</section>
</main>
</body>
</html>
"""


def page() -> str:
    """The whole page."""
    about = document()
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for path, methods in about["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append(_operation(path, method, operation))
    names = [*_FIRST, *(name for name in groups if name not in _FIRST)]
    sections = [
        f'<section aria-labelledby="{_place(name)}"><h2 id="{_place(name)}">{escape(name)}</h2>'
        f"{''.join(groups[name])}</section>"
        for name in names
    ]
    return _PAGE.format(
        about=escape(about["info"]["description"]),
        key=headers.KEY,
        contents="".join(f'<li><a href="#{_place(name)}">{escape(name)}</a></li>' for name in names)
        + '<li><a href="#shapes">What the answers look like</a></li>',
        sections="".join(sections),
        shapes="".join(_shape(name, schema) for name, schema in about["components"]["schemas"].items()),
    )


_FIRST = ("Computer Vision v3.2", "Image Analysis 4.0", "Bing Image Search v7")
"""Where to begin; the versions that Azure has retired come after these."""


def _place(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())


def _operation(path: str, method: str, operation: JsonObject) -> str:
    return (
        f'<details class="operation" id="{escape(operation["operationId"])}"><summary>'
        f'<span class="method">{method.upper()}</span> <code>{_breakable(path)}</code> '
        f"<span>{escape(operation['summary'])}</span></summary>"
        f"{_parameters(operation['parameters'])}{_body(operation)}{_answers(operation['responses'])}</details>"
    )


def _breakable(path: str) -> str:
    """A path that a narrow screen can break at its slashes."""
    return escape(path).replace("/", "/<wbr>")


def _parameters(parameters: list[JsonObject]) -> str:
    if not parameters:
        return "<p>No parameters.</p>"
    rows = [
        f'<tr><th scope="row"><code>{escape(one["name"])}</code>{" <em>required</em>" if one["required"] else ""}</th>'
        f"<td>{_values(one['schema'])}</td><td>{escape(one.get('description', ''))}{_missing(one)}</td></tr>"
        for one in parameters
    ]
    return _table("Parameters", ("Parameter", "Values", "Meaning"), rows)


def _table(name: str, columns: Iterable[str], rows: Iterable[str]) -> str:
    """A table in a box of its own, which scrolls sideways where the page is narrow."""
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{name}"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _missing(parameter: JsonObject) -> str:
    missing = parameter.get("x-not-known-here")
    return f" <small>Not known on this computer: {escape(', '.join(missing))}.</small>" if missing else ""


def _values(schema: JsonObject) -> str:
    if schema["type"] == "array":
        return f"{_values(schema['items'])}; several with commas"
    if "enum" in schema:
        return escape(", ".join(map(str, schema["enum"])))
    least, most = schema.get("minimum"), schema.get("maximum")
    room = f" from {least}" if least is not None else ""
    room += f" to {most}" if most is not None else ""
    default = f"; {str(schema['default']).lower()} if left out" if "default" in schema else ""
    return escape(f"{schema['type']}{room}{default}")


def _body(operation: JsonObject) -> str:
    if "requestBody" not in operation:
        return ""
    kinds = ", ".join(f"<code>{escape(kind)}</code>" for kind in operation["requestBody"]["content"])
    limits = operation["x-limits"]
    size = limits["bytesBelow"] / 2**20
    return (
        f'<p><strong>The picture:</strong> {kinds}; with JSON its address, <code>{{"url": "https://…"}}</code>. '
        f"{escape(', '.join(limits['formats']))}; less than {size:.0f} MB; {limits['minSide']} to "
        f"{limits['maxSide']:,} pixels a side, {limits['maxPixels'] / 1e6:.0f} million pixels at most.</p>"
    )


def _answers(responses: JsonObject) -> str:
    rows = []
    for status, answer in responses.items():
        schemas = [content["schema"] for content in answer.get("content", {}).values()]
        names = ", ".join(dict.fromkeys(link for schema in schemas for link in _links(schema)))
        carried = ", ".join(f"<code>{escape(name)}</code>" for name in answer.get("headers", {}))
        code = "any other" if status == "default" else status
        about = f"{escape(answer['description'])}{f' Headers: {carried}.' if carried else ''}"
        rows.append(f'<tr><th scope="row">{code}</th><td>{names}</td><td>{about}</td></tr>')
    return _table("Answers", ("Status", "Body", "Meaning"), rows)


def _links(schema: JsonObject) -> Iterable[str]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield f'<a href="#{name}">{name}</a>'
    elif "anyOf" in schema:
        for one in schema["anyOf"]:
            yield from _links(one)
    else:
        yield escape(str(schema.get("contentMediaType") or schema["type"]))


def _shape(name: str, schema: JsonObject) -> str:
    required = schema.get("required", [])
    rows = [
        f'<tr><th scope="row"><code>{escape(key)}</code></th><td>{_kind(value)}</td>'
        f"<td>{'' if key in required else 'may be missing. '}{escape(value.get('description', ''))}</td></tr>"
        for key, value in schema.get("properties", {}).items()
    ]
    about = f"<p>{escape(schema['description'])}</p>" if "description" in schema else ""
    return f'<h3 id="{name}">{name}</h3>{about}{_table(name, ("Key", "Value", "Meaning"), rows)}'


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return next(iter(_links(dict(schema))))
    if "enum" in schema:
        return escape(", ".join(map(str, schema["enum"])))
    kind = schema.get("type", "")
    if kind == "array":
        return f"list of {_kind(schema['items'])}"
    if kind == "object":
        inside = ", ".join(
            f"<code>{escape(key)}</code>: {_kind(value)}" for key, value in schema.get("properties", {}).items()
        )
        return f"{{ {inside} }}" if inside else "object"
    return escape(" or ".join(kind) if isinstance(kind, list) else str(kind))

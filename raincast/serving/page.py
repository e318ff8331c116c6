"""The API's calls as one plain page, made from the schema: no scripts, nothing from elsewhere."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b2733}pre{background:#f2f5f8;padding:1rem;overflow:auto}"
    "code{font-family:ui-monospace,monospace}td,th{text-align:left;vertical-align:top;"
    "padding:.2rem 1rem .2rem 0}"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

Schema = Mapping[str, Any]


def rendered(schema: Schema) -> str:
    """The page of an OpenAPI schema."""
    about = schema["info"]
    calls = "".join(
        _call(path, method, call, schema)
        for path, methods in schema["paths"].items()
        for method, call in methods.items()
    )
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(about['title'])}</title>"
        f"<style>{_STYLE}</style><h1>{escape(about['title'])} {escape(about['version'])}</h1>"
        f"<p>{escape(about['description'])}</p><p>The same for programs:"
        f' <a href="openapi.json">openapi.json</a></p>{calls}</html>'
    )


def _call(path: str, method: str, call: Schema, schema: Schema) -> str:
    title = f"{method.upper()} {path}"
    token = "Needs the token." if call.get("security") else "Needs no token."
    parts = (
        f"<h2 id={escape(call['operationId'])}><code>{escape(title)}</code></h2>",
        f"<p>{escape(call.get('description', ''))} {token}</p>",
        _table("Parameters", (_parameter(one) for one in call.get("parameters", []))),
        "".join(_body(call["requestBody"], schema)) if "requestBody" in call else "",
        _table("Answers", _answers(call["responses"])),
    )
    return "".join(parts)


def _table(title: str, rows: Iterator[tuple[str, str]]) -> str:
    lines = [f"<tr><td><code>{escape(a)}</code></td><td>{escape(b)}</td></tr>" for a, b in rows]
    return f"<h3>{title}</h3><table>{''.join(lines)}</table>" if lines else ""


def _parameter(one: Schema) -> tuple[str, str]:
    return one["name"], str(one.get("description", ""))


def _answers(responses: Schema) -> Iterator[tuple[str, str]]:
    yield from ((status, answer["description"]) for status, answer in responses.items())


def _body(body: Schema, schema: Schema) -> Iterator[str]:
    content = body["content"]["application/json"]
    for example in content.get("examples", {}).values():
        text = json.dumps(example["value"], indent=2, ensure_ascii=False)
        yield f"<h3>{escape(example['summary'])}</h3><pre><code>{escape(text)}</code></pre>"
    name = _referred(content["schema"])
    fields = schema["components"]["schemas"].get(name, {}).get("properties", {})
    yield _table(
        f"Fields of {name}", ((f, str(v.get("description", ""))) for f, v in fields.items())
    )


def _referred(schema: Schema) -> str:
    kinds = [schema, *schema.get("anyOf", [])]
    return next((kind["$ref"].rpartition("/")[2] for kind in kinds if "$ref" in kind), "the body")

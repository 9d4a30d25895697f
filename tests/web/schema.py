# SPDX-License-Identifier: MIT
"""schema.py - the part of JSON Schema that openapi.json uses: says what is wrong with a value, and makes wrong ones."""
import re

TYPES = {"string": str, "integer": int, "array": list, "object": dict, "null": type(None)}
KNOWN = {"type", "properties", "required", "additionalProperties", "items", "enum", "const", "minimum", "pattern",
         "maxLength", "description", "$ref"}


def resolve(doc, schema):
    while "$ref" in schema:
        place = doc
        for part in schema["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        schema = place
    return schema


def is_type(value, names):
    names = [names] if isinstance(names, str) else names
    return any(isinstance(value, TYPES[n]) and not (n == "integer" and isinstance(value, bool)) for n in names)


def errors(doc, schema, value, where="$"):
    """Every place where the value is not as the schema says."""
    schema = resolve(doc, schema)
    assert set(schema) <= KNOWN, f"this checker does not know {set(schema) - KNOWN}"
    if "type" in schema and not is_type(value, schema["type"]):
        return [f"{where}: {value!r} is not {schema['type']}"]
    found = []
    if "enum" in schema and value not in schema["enum"] or "const" in schema and value != schema["const"]:
        found.append(f"{where}: {value!r} is not allowed")
    if "minimum" in schema and value < schema["minimum"]:
        found.append(f"{where}: {value!r} is too small")
    if "maxLength" in schema and len(value) > schema["maxLength"]:
        found.append(f"{where}: too long")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{where}: {value!r} does not match")
    if isinstance(value, dict):
        found += [f"{where}: {name} is missing" for name in schema.get("required", []) if name not in value]
        for name, inside in value.items():
            if name in schema.get("properties", {}):
                found += errors(doc, schema["properties"][name], inside, f"{where}.{name}")
            elif schema.get("additionalProperties") is False:
                found.append(f"{where}: {name} is unknown")
    if isinstance(value, list):
        for i, inside in enumerate(value):
            found += errors(doc, schema["items"], inside, f"{where}[{i}]")
    return found


def wrong_values(doc, schema, right):
    """(what is wrong, value): objects like `right` that the schema must refuse, one fault each."""
    schema = resolve(doc, schema)
    for name in schema["required"]:
        yield f"without {name}", {k: v for k, v in right.items() if k != name}
    yield "unknown field", {**right, "unknown_field": 1}
    for name, inside in schema["properties"].items():
        inside = resolve(doc, inside)
        for value in (None, True, 1.5, [], {}, "a string" if inside["type"] != "string" else 7):
            yield f"{name}: {value!r}", {**right, name: value}
        if "enum" in inside:
            yield f"{name} not in the list", {**right, name: "de" if inside["type"] == "string" else 5}
        if "minimum" in inside:
            yield f"{name} too small", {**right, name: inside["minimum"] - 1}

"""What the service takes and answers, as OpenAPI describes it: exact enough to make requests from."""

from collections.abc import Sequence
from typing import Any

import numpy as np

import dlcourse
from dlcourse.deploy.manifest import Input, Manifest
from dlcourse.deploy.serving.examples import raw_types, value_range
from dlcourse.deploy.serving.limits import Limits
from dlcourse.deploy.serving.predicting import FORM, JSON, NPY, RAW
from dlcourse.deploy.serving.uploads import FIELD, takes_pictures

Schema = dict[str, Any]

_REFUSALS = {
    400: "What was sent cannot be read.",
    408: "The request arrived too slowly.",
    413: "The request or its pictures are too large.",
    415: "The type of the content is none that is taken.",
    422: "What was sent can be read, but is not what the model takes.",
    503: "Too many are asking; Retry-After says when to ask again.",
}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}},
    "additionalProperties": False,
}


def description(manifest: Manifest, classes: Sequence[str], limits: Limits) -> Schema:
    """The description of a service.

    Args:
        manifest: What is known of its model.
        classes: The names of the classes; none where the model tells none.
        limits: How much it takes.

    Returns:
        A document of OpenAPI 3.1, ready for JSON.
    """
    text = {"schema": {"type": "string"}}
    health = _object(status={"const": "ok"}, model={"type": "string"}, sha256={"type": "string"})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": manifest.file,
            "version": dlcourse.__version__,
            "description": f"A model that dlcourse serves. {_in_words(manifest, limits)}",
        },
        "paths": {
            "/predict": {"post": _predict(manifest, classes, limits)},
            "/health": {"get": _get("Whether the service answers, and with which model", JSON, {"schema": health})},
            "/metrics": {"get": _get("What is counted, in Prometheus' text form", "text/plain", text)},
            "/openapi.json": {"get": _get("This description", JSON, {"schema": {"type": "object"}})},
            "/docs": {"get": _get("This description as a page", "text/html", text)},
            "/": {"get": _get("A page for people: give the model something, see what it answers", "text/html", text)},
        },
        "components": {"schemas": {"Error": _ERROR}},
    }


def _in_words(manifest: Manifest, limits: Limits) -> str:
    low, high = value_range(manifest.input)
    values = f" of values from {low:g} to {high:g}" if manifest.input.range else ""
    return (
        f"An example has the shape {list(manifest.input.shape)}{values}, in {manifest.input.dtype}; preprocessing: "
        f"{manifest.preprocessing}. At most {limits.examples} examples and {limits.bytes:,} bytes a request."
    )


def _predict(manifest: Manifest, classes: Sequence[str], limits: Limits) -> Schema:
    wanted = manifest.input
    instances = {
        "type": "array",
        "minItems": 1,
        "maxItems": limits.examples,
        "items": _nested(wanted.shape, _number(wanted)),
    }
    binary = {"type": "string", "format": "binary", "maxLength": limits.bytes}
    content: Schema = {
        JSON: {"schema": _object(instances=instances)},
        NPY: {"schema": binary | {"description": "A file that numpy.save has written."}},
    }
    if None not in wanted.shape:
        content[RAW] = {"schema": binary | {"description": "The numbers of the examples one after the other."}}
    if takes_pictures(wanted):
        pictures = {"type": "array", "minItems": 1, "maxItems": limits.examples, "items": binary}
        content[FORM] = {
            "schema": _object(**{FIELD: pictures}),
            "encoding": {FIELD: {"contentType": "image/png, image/jpeg"}},
        }
    types = {"type": "string", "enum": raw_types(wanted), "default": wanted.dtype}
    dtype = {"name": "dtype", "in": "query", "description": f"The type of numbers in {RAW}.", "schema": types}
    refusals = {
        str(status): _response(says, {"$ref": "#/components/schemas/Error"}) for status, says in _REFUSALS.items()
    }
    refusals["503"]["headers"] = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds."}}
    return {
        "summary": "What the model says to one example or several",
        "operationId": "predict",
        "parameters": [dtype],
        "requestBody": {"required": True, "content": content},
        "responses": {"200": _response("The answers, in the order of the examples.", _answers(manifest, classes))}
        | refusals,
    }


def _answers(manifest: Manifest, classes: Sequence[str]) -> Schema:
    number: Schema = {"type": "number"}
    if not classes:
        prediction = _object(values=_nested(manifest.output.shape, number))
        return _object(predictions={"type": "array", "minItems": 1, "items": prediction})
    names = {"type": "array", "items": {"type": "string"}, "minItems": len(classes), "maxItems": len(classes)}
    prediction = _object(
        **{"class": {"enum": sorted(set(classes))}}, probability=number, probabilities=_nested((len(classes),), number)
    )
    return _object(predictions={"type": "array", "minItems": 1, "items": prediction}, classes=names)


def _number(wanted: Input) -> Schema:
    low, high = value_range(wanted)
    whole = np.dtype(wanted.dtype).kind in "iu"
    limits = {"minimum": int(low), "maximum": int(high)} if whole else {"minimum": low, "maximum": high}
    return {"type": "integer" if whole else "number", **limits}


def _nested(shape: Sequence[int | None], innermost: Schema) -> Schema:
    schema = innermost
    for side in reversed(shape):
        length = {"minItems": 1} if side is None else {"minItems": side, "maxItems": side}
        schema = {"type": "array", **length, "items": schema}
    return schema


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _get(summary: str, media_type: str, content: Schema) -> Schema:
    return {"summary": summary, "responses": {"200": {"description": summary, "content": {media_type: content}}}}


def _response(says: str, schema: Schema) -> Schema:
    return {"description": says, "content": {JSON: {"schema": schema}}}

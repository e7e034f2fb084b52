"""The service as an ASGI application: its addresses, and what is sent where something is asked that is not there."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dlcourse.deploy.serving.answering import Answerer
from dlcourse.deploy.serving.description import description
from dlcourse.deploy.serving.drift_monitor import DriftMonitor
from dlcourse.deploy.serving.limits import Limits
from dlcourse.deploy.serving.metrics import TEXT, Metrics
from dlcourse.deploy.serving.pages import FILES, page
from dlcourse.deploy.serving.predicting import Predict

# the pages load what stands here and nothing else
_GUARDS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: data:; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def service(path: Path | str, limits: Limits | None = None) -> Starlette:
    """An application that answers with the model of a file.

    Args:
        path: The model's file in ONNX, with its manifest beside it.
        limits: How much is taken; None for `Limits()`.

    Returns:
        The application, for uvicorn or any other ASGI server; `dlcourse serve` runs it with clocks on its connections
        and an end that loses nothing.

    Raises:
        CourseError: If the model is not the one that the manifest describes, or is no ONNX.

    Example:
        uvicorn.run(service("digits.onnx"), port=8800)
    """
    limits = limits or Limits()
    answerer = Answerer(path)
    manifest = answerer.manifest
    metrics, monitor = Metrics(manifest.file, manifest.sha256), DriftMonitor(manifest.reference)
    predict = Predict(answerer, limits, metrics, monitor)
    described = json.dumps(description(manifest, answerer.classes, limits)).encode()
    state = {"status": "ok", "model": manifest.file, "sha256": manifest.sha256}

    async def health(_: Request) -> Response:
        return JSONResponse(state)

    async def numbers(_: Request) -> Response:
        return Response(metrics.text(monitor.stability()), headers={"Content-Type": TEXT})

    async def openapi(_: Request) -> Response:
        return Response(described, media_type="application/json")

    def static(content: str, media_type: str) -> Any:
        async def send(_: Request) -> Response:
            return Response(content, media_type=media_type, headers=_GUARDS)

        return send

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        yield
        predict.close()

    return _Service(
        predict,
        routes=[
            Route("/predict", predict, methods=["POST"]),
            Route("/health", health),
            Route("/metrics", numbers),
            Route("/openapi.json", openapi),
            Route("/", static(page("people.html", manifest, answerer.classes, limits), "text/html")),
            Route("/docs", static(page("reference.html", manifest, answerer.classes, limits), "text/html")),
            *(Route(f"/{name}", static(content, kind)) for name, (content, kind) in FILES.items()),
        ],
        exception_handlers={HTTPException: _not_there, Exception: _failed},
        lifespan=life,
    )


class _Service(Starlette):
    """Starlette, but for `/predict`, which answers itself: the way there through layers costs a tenth of an answer."""

    def __init__(self, predict: Predict, **settings: Any):
        super().__init__(**settings)
        self._predict = ServerErrorMiddleware(predict, handler=_failed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/predict" and scope["method"] == "POST":
            await self._predict(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


async def _not_there(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = "/predict (POST), /health, /metrics, /openapi.json, /docs and / (GET)"
    sentence = f"Nothing here answers to that: there are {known}."
    if error.status_code == 405:
        sentence = f"This address takes {(error.headers or {}).get('Allow', 'another method')}: there are {known}."
    return JSONResponse({"error": sentence}, error.status_code, error.headers)


async def _failed(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": "The service failed at this request; its log says why."}, 500)

"""The Flask app of the commands: what each of their addresses answers, behind the gate."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError, LengthRequired

from tokendial.api.application import Application
from tokendial.api.commands import registry
from tokendial.api.files import add_files
from tokendial.api.guard import SHOW_PATH
from tokendial.api.native import ShowRequest
from tokendial.api.pages import MAX_PAGE
from tokendial.api.registry import error_info
from tokendial.api.streams import Streams
from tokendial.api.transport import error_body
from tokendial.errors import BadRequest, TokendialError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MAX_BODY = 1024 * 1024


def build(application: Application, streams: Streams, show: Callable[[str | None], None]) -> Flask:
    """The app of one server. `show` brings the program to the front, and opens a page where one is named.

    It checks nobody and serves no page: only `gate.Gate` may hand it requests.
    """
    app = Flask("tokendial.api", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, PROVIDE_AUTOMATIC_OPTIONS=False)
    # No redirects of the router's own, such as one for `//example.com`.
    app.url_map.merge_slashes = app.url_map.redirect_defaults = False
    _answer_errors(app)
    _add_api(app, application, streams, show)
    add_files(app, application.transfers)
    return app


def _answer_errors(app: Flask) -> None:
    @app.errorhandler(TokendialError)
    def known(error: TokendialError) -> Response:
        return _json(msgspec.json.encode(error_info(error, request.path)), error.http_status)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        code = error.name.lower().replace(" ", "_")
        return _json(error_body(code, f"{error.name}."), error.code or 500)

    # The edge of the transport: whatever went wrong is logged, and no trace of it leaves the process.
    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        command = (request.view_args or {}).get("name", "The request")
        return _json(msgspec.json.encode(error_info(error, command)), InternalServerError.code)


def _add_api(app: Flask, application: Application, streams: Streams, show: Callable[[str | None], None]) -> None:
    @app.post("/api/<name>")
    def command(name: str) -> Response:
        if request.mimetype != "application/json":
            return _json(error_body("unsupported_media_type", "The body must be application/json."), 415)
        return _json(registry.invoke_json(application, name, _body()), 200)

    @app.get("/api/events")
    def events() -> ResponseReturnValue:
        return streams.open(application.hub)

    @app.post(SHOW_PATH)
    def native_show() -> Response:
        show(_page(_body()))
        return _json(b"{}", 200)


def _page(body: bytes) -> str | None:
    """The page that another start asks for."""
    try:
        page = msgspec.json.decode(body or b"{}", type=ShowRequest).page
    except msgspec.DecodeError as error:
        raise BadRequest("The body must name a page.") from error
    if page is not None and not 0 < len(page) <= MAX_PAGE:
        raise BadRequest("There is no such page.", field="page")
    return page


def _body() -> bytes:
    # No browser sends our page's requests in chunks, and werkzeug does not hold chunks to the cap.
    if "Transfer-Encoding" in request.headers:
        raise LengthRequired
    try:
        return request.get_data(cache=False)
    except OSError as error:  # the client went away
        raise BadRequest("The request's body is incomplete.") from error


def _json(body: bytes, status: int) -> Response:
    return Response(body, status, content_type="application/json")

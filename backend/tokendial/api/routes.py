"""The Flask app: what each address answers, behind the guard."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import msgspec
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError, LengthRequired

from tokendial.api.application import Application
from tokendial.api.assets import INDEX, NOT_BUILT, Assets
from tokendial.api.commands import registry
from tokendial.api.files import add_files
from tokendial.api.guard import OPEN_PATH, REFUSED, SECRET_HEADER, SHOW_PATH, Facts, Guard, security_headers
from tokendial.api.native import ShowRequest
from tokendial.api.peer import is_other_user
from tokendial.api.registry import error_info
from tokendial.api.streams import Streams
from tokendial.api.transport import HOSTS_KEY, ORIGIN_FORM_KEY, error_body
from tokendial.errors import BadRequest, TokendialError

MAX_BODY = 1024 * 1024
MAX_PAGE = 400
WINDOW_HOME = "/?window=1"  # tells the page to use the bridge


def build(
    application: Application,
    guard: Guard,
    assets: Assets,
    streams: Streams,
    *,
    allow_eval: bool,
    show: Callable[[str | None], None],
) -> Flask:
    """The WSGI app of one server. `show` brings the program to the front, and opens a page where one is named."""
    app = Flask("tokendial.api", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, PROVIDE_AUTOMATIC_OPTIONS=False)
    # No redirects of the router's own, such as one for `//example.com`.
    app.url_map.merge_slashes = app.url_map.redirect_defaults = False
    _protect(app, guard, security_headers(allow_eval))
    _answer_errors(app)
    _add_pages(app, guard, assets, WINDOW_HOME if allow_eval else "/")
    _add_api(app, application, streams, show)
    add_files(app, application.transfers)
    return app


def _protect(app: Flask, guard: Guard, headers: dict[str, str]) -> None:
    @app.before_request
    def check() -> Response | None:
        refused = guard.refusal(_facts(guard))
        return None if refused is None else _json(error_body("refused", REFUSED), refused)

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(headers)
        return response


def _facts(guard: Guard) -> Facts:
    # Both keys are set by our handler; under any other server the request fails closed.
    return Facts(
        path=request.path,
        hosts=request.environ.get(HOSTS_KEY, ()),
        origin_form=bool(request.environ.get(ORIGIN_FORM_KEY, False)),
        origin=request.headers.get("Origin"),
        fetch_site=request.headers.get("Sec-Fetch-Site"),
        cookie=request.cookies.get(guard.cookie_name),
        nonce=request.args.get("k"),
        native_secret=request.headers.get(SECRET_HEADER),
        other_user=lambda: is_other_user(int(request.environ["REMOTE_PORT"]), guard.port),
    )


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


def _add_pages(app: Flask, guard: Guard, assets: Assets, home: str) -> None:
    @app.get(OPEN_PATH)
    def open_page() -> Response:
        page = request.args.get("p", "")
        fragment = f"#/{quote(page, safe='/')}" if 0 < len(page) <= MAX_PAGE else ""
        response = Response(status=302, headers={"Location": home + fragment})
        response.set_cookie(guard.cookie_name, guard.cookie, path="/", httponly=True, samesite="Strict")
        return response

    @app.get("/", defaults={"name": INDEX})
    @app.get("/<path:name>")
    def page(name: str) -> Response:
        asset = assets.read(name)
        if asset is not None:
            return Response(asset[0], content_type=asset[1])
        if name == INDEX:
            return Response(NOT_BUILT, 503, content_type="text/plain; charset=utf-8")
        return _json(error_body("not_found", "Not Found."), 404)


def _add_api(app: Flask, application: Application, streams: Streams, show: Callable[[str | None], None]) -> None:
    @app.post("/api/<name>")
    def command(name: str) -> Response:
        if request.mimetype != "application/json":
            return _json(error_body("unsupported_media_type", "The body must be application/json."), 415)
        return _json(registry.invoke_json(application, name, _body()), 200)

    @app.get("/api/events")
    def events() -> Response:
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

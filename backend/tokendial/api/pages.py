"""The page's own addresses: the one-use link that lets a browser in, and the files of the front end."""

from __future__ import annotations

from urllib.parse import quote

from werkzeug.wrappers import Request, Response

from tokendial.api.assets import INDEX, NOT_BUILT, Assets
from tokendial.api.guard import OPEN_PATH, Guard

MAX_PAGE = 400
WINDOW_HOME = "/?window=1"  # tells the page to use the bridge


class Pages:
    """Answers that need no command. `home` is where the link leads to."""

    def __init__(self, guard: Guard, assets: Assets, home: str) -> None:
        """The guard has the cookie that the link gives."""
        self._guard = guard
        self._assets = assets
        self._home = home

    def answer(self, request: Request) -> Response | None:
        """The answer to a request that the guard lets in; None where it wants something else."""
        if request.method not in ("GET", "HEAD"):
            return None
        if request.path == OPEN_PATH:
            return self._opened(request.args.get("p", ""))
        return self._file(request.path[1:] or INDEX)

    def _opened(self, page: str) -> Response:
        fragment = f"#/{quote(page, safe='/')}" if 0 < len(page) <= MAX_PAGE else ""
        response = Response(status=302, headers={"Location": self._home + fragment})
        response.set_cookie(self._guard.cookie_name, self._guard.cookie, path="/", httponly=True, samesite="Strict")
        return response

    def _file(self, name: str) -> Response | None:
        asset = self._assets.read(name)
        if asset is not None:
            return Response(asset[0], content_type=asset[1])
        if name == INDEX:
            return Response(NOT_BUILT, 503, content_type="text/plain; charset=utf-8")
        return None

"""Files over HTTP, for the browser: fetched and handed over once, each for a ticket, behind the guard of the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import LengthRequired, UnsupportedMediaType
from werkzeug.http import dump_options_header

from tokendial.errors import BadRequest
from tokendial.services.transfers import MAX_UPLOAD, Offer, Transfers

BLOCK_BYTES = 1 << 18
_TYPES = {".csv": "text/csv; charset=utf-8", ".json": "application/json"}
_BYTES = "application/octet-stream"


def add_files(app: Flask, transfers: Transfers) -> None:
    """Add the two addresses."""

    @app.get("/api/download/<ticket>")
    def download(ticket: str) -> Response:
        if request.method == "HEAD":  # must not use the ticket up
            return Response(status=405)
        offer = transfers.fetch(ticket)
        return _file(offer, transfers)

    @app.post("/api/upload/<ticket>")
    def upload(ticket: str) -> Response:
        if request.mimetype != _BYTES:
            raise UnsupportedMediaType
        if "Transfer-Encoding" in request.headers or request.content_length is None:
            raise LengthRequired
        request.max_content_length = MAX_UPLOAD
        transfers.receive(ticket, _blocks(request.content_length))
        return Response(b"{}", content_type="application/json")


def _file(offer: Offer, transfers: Transfers) -> Response:
    def blocks() -> Iterator[bytes]:
        with offer.path.open("rb") as file:
            yield from iter(lambda: file.read(BLOCK_BYTES), b"")

    response = Response(blocks(), content_type=_TYPES.get(Path(offer.name).suffix, _BYTES))
    response.content_length = offer.path.stat().st_size
    # The name is one that this program made, or that the system's dialog gave: quoted all the same.
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": offer.name})
    response.call_on_close(lambda: transfers.drop(offer.path))
    return response


def _blocks(length: int) -> Iterator[bytes]:
    """The body as it comes. Raises BadRequest where it ends before its length."""
    left = length
    try:
        while left and (block := request.stream.read(min(BLOCK_BYTES, left))):
            left -= len(block)
            yield block
    except OSError as error:
        raise BadRequest("The file did not arrive as a whole.") from error
    if left:
        raise BadRequest("The file did not arrive as a whole.")

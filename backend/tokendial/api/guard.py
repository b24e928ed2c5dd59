"""Who may talk to the local server: pure checks over what a request says of itself, and the secrets they compare with.

A page of the web can reach 127.0.0.1, by its own requests (Origin, Sec-Fetch-Site), by a name that it rebinds to
127.0.0.1 (Host), and other users of the machine can connect. So each request must name this server exactly, come from
this server's own page, and carry the cookie that only a one-use address hands out.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

OPEN_PATH = "/_open"
SHOW_PATH = "/api/native/show"
SECRET_HEADER = "X-Tokendial-Secret"  # noqa: S105 - a header's name, not a secret
MAX_NONCES = 8
# Names nothing: whoever scans the ports learns only that something is closed (W5).
REFUSED = "This address is closed. Open the program from its window, or with the link that it printed."


@dataclass(frozen=True)
class Facts:
    """What a request says of itself. `hosts` are all Host lines; `origin_form` is false for `GET http://...`.

    `other_user` is asked only at the open path: whether the connection is known to be another user's.
    """

    path: str
    hosts: Sequence[str]
    origin_form: bool = True
    origin: str | None = None
    fetch_site: str | None = None
    cookie: str | None = None
    nonce: str | None = None
    native_secret: str | None = None
    other_user: Callable[[], bool] = lambda: False


def same(given: str | None, expected: str | None) -> bool:
    """Compare secrets in constant time; nothing equals a missing or empty one."""
    if not given or not expected:
        return False
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode("utf-8"))


def host_refusal(hosts: Sequence[str], origin_form: bool, port: int) -> int | None:
    """400 for a request that is not addressed once, 421 for one that is addressed to something else, else None."""
    if not origin_form or len(hosts) != 1 or not hosts[0]:
        return 400
    return None if hosts[0] in (f"127.0.0.1:{port}", f"localhost:{port}") else 421


def site_refusal(origin: str | None, fetch_site: str | None, host: str) -> int | None:
    """403 unless the browser says that the request comes from our own page or from the user, else None."""
    if fetch_site is not None and fetch_site not in ("same-origin", "none"):
        return 403
    return 403 if origin is not None and origin != f"http://{host}" else None


class Guard:
    """The secrets of one run of the server. Methods may be called from any thread."""

    def __init__(self, port: int, native_secret: str | None = None) -> None:
        """Make the secrets."""
        self.port = port
        # Browsers share cookies between the ports of a host; the name keeps two running servers apart.
        self.cookie_name = f"session-{port}"
        self.cookie = secrets.token_urlsafe(32)
        self._native_secret = native_secret
        self._nonces: deque[str] = deque(maxlen=MAX_NONCES)
        self._lock = threading.Lock()

    def new_nonce(self) -> str:
        """A fresh one-use nonce; only the newest few stay valid."""
        nonce = secrets.token_urlsafe(32)
        with self._lock:
            self._nonces.append(nonce)
        return nonce

    def redeem(self, given: str | None) -> bool:
        """Use a nonce up; false if it is not, or no longer, valid."""
        with self._lock:
            for nonce in list(self._nonces):
                if same(given, nonce):
                    self._nonces.remove(nonce)
                    return True
        return False

    def recognises(self, said: bytes) -> bool:
        """Whether the beginning of a request names a secret of this run. Says who is served first, lets nobody in."""
        with self._lock:
            secrets_now = [self.cookie, self._native_secret or self.cookie, *self._nonces]
        return any(secret.encode() in said for secret in secrets_now)

    def refusal(self, facts: Facts) -> int | None:
        """The HTTP status that refuses the request, or None to let it in. A nonce at the open path is used up."""
        refused = host_refusal(facts.hosts, facts.origin_form, self.port)
        refused = refused or site_refusal(facts.origin, facts.fetch_site, facts.hosts[0])
        if refused:
            return refused
        if facts.path == OPEN_PATH:
            # A browser is started with the one-use link, and on Linux everybody sees how programs were started (W6).
            return None if not facts.other_user() and self.redeem(facts.nonce) else 403
        if facts.path == SHOW_PATH:
            return None if same(facts.native_secret, self._native_secret) else 403
        return None if same(facts.cookie, self.cookie) else 403


def security_headers(allow_eval: bool) -> dict[str, str]:
    """Headers of every answer. `allow_eval` is for the window's page alone: pywebview's bridge builds its functions.

    That page may open no other window either: pywebview hands such an address, whatever it is, to the system's browser.
    So it shares its browsing context with nobody, and needs no opener policy, for which Chromium throws the renderer
    that it began with away and starts another.
    """
    script = "'self' 'unsafe-eval'" if allow_eval else "'self'"
    policy = (
        f"default-src 'none'; script-src {script}; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    if allow_eval:
        policy += "; sandbox allow-scripts allow-same-origin allow-forms allow-modals"
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        # pywebview's Qt window grants a page the camera and the microphone without a question.
        "Permissions-Policy": "camera=(), microphone=(), display-capture=(), geolocation=()",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    if not allow_eval:
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return headers

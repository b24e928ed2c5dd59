"""The guard's pure rules."""

from __future__ import annotations

import threading

import pytest

from tokendial.api.guard import (
    MAX_NONCES,
    OPEN_PATH,
    SHOW_PATH,
    Facts,
    Guard,
    host_refusal,
    same,
    security_headers,
    site_refusal,
)

PORT = 4000
HOST = f"127.0.0.1:{PORT}"


@pytest.mark.parametrize(("given", "expected"), [("a", "a"), ("é", "é"), ("x" * 10_000, "x" * 10_000)])
def test_equal_secrets(given: str | None, expected: str | None) -> None:
    assert same(given, expected)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", ""),
        (None, None),
        ("a", None),
        (None, "a"),
        ("a", ""),
        ("a", "b"),
        ("a", "ab"),
        ("ab", "a"),
        ("A", "a"),
        ("\udcff", "a"),
    ],
)
def test_unequal_secrets(given: str | None, expected: str | None) -> None:
    assert not same(given, expected)


@pytest.mark.parametrize("host", [HOST, f"localhost:{PORT}"])
def test_the_two_right_hosts(host: str) -> None:
    assert host_refusal([host], True, PORT) is None


@pytest.mark.parametrize(
    ("hosts", "origin_form", "status"),
    [([], True, 400), ([""], True, 400), ([HOST, HOST], True, 400), ([HOST], False, 400), (["evil.test"], True, 421)],
)
def test_wrong_hosts(hosts: list[str], origin_form: bool, status: int) -> None:
    assert host_refusal(hosts, origin_form, PORT) == status


@pytest.mark.parametrize("site", [None, "same-origin", "none"])
@pytest.mark.parametrize("origin", [None, f"http://{HOST}"])
def test_our_own_page_and_the_user(site: str | None, origin: str | None) -> None:
    assert site_refusal(origin, site, HOST) is None


@pytest.mark.parametrize(
    "site", ["cross-site", "same-site", "", "SAME-ORIGIN", "same-origin,none", "no-cors", "navigate"]
)
def test_other_sites(site: str | None) -> None:
    assert site_refusal(None, site, HOST) == 403


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://evil.test",
        f"https://{HOST}",
        "http://127.0.0.1",
        f"http://localhost:{PORT}",
        f"http://{HOST}.evil.test",
        f"http://{HOST}/",
    ],
)
def test_other_origins(origin: str | None) -> None:
    assert site_refusal(origin, "same-origin", HOST) == 403


def test_a_nonce_works_once_and_only_the_newest_are_kept() -> None:
    guard = Guard(PORT)
    nonces = [guard.new_nonce() for _ in range(MAX_NONCES + 1)]
    assert len(set(nonces)) == MAX_NONCES + 1
    assert not guard.redeem(nonces[0])
    assert guard.redeem(nonces[-1])
    assert not guard.redeem(nonces[-1])
    assert guard.redeem(nonces[1])
    assert not guard.redeem(None)
    assert not guard.redeem("")


def test_a_nonce_is_used_once_by_many_threads() -> None:
    guard = Guard(PORT)
    nonce = guard.new_nonce()
    won: list[bool] = []
    threads = [threading.Thread(target=lambda: won.append(guard.redeem(nonce))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 15 + [True]


def test_a_refused_host_does_not_use_the_nonce_up() -> None:
    guard = Guard(PORT)
    nonce = guard.new_nonce()
    assert guard.refusal(Facts(OPEN_PATH, ["evil.test"], nonce=nonce)) == 421
    assert guard.refusal(Facts(OPEN_PATH, [HOST], fetch_site="cross-site", nonce=nonce)) == 403
    assert guard.refusal(Facts(OPEN_PATH, [HOST], nonce=nonce)) is None


def test_secrets_do_not_stand_for_each_other() -> None:
    guard = Guard(PORT, "native")
    for secret in ("native", guard.new_nonce(), Guard(PORT).cookie):
        assert guard.refusal(Facts("/", [HOST], cookie=secret, nonce=secret)) == 403
    for path in (OPEN_PATH, SHOW_PATH):
        assert (
            guard.refusal(Facts(path, [HOST], cookie=guard.cookie, nonce=guard.cookie, native_secret=guard.cookie))
            == 403
        )
    assert guard.refusal(Facts(SHOW_PATH, [HOST], native_secret="native")) is None
    assert guard.refusal(Facts("/", [HOST], cookie=guard.cookie)) is None


@pytest.mark.parametrize("given", [None, "", "None"])
def test_without_a_native_secret_nothing_shows_the_window(given: str | None) -> None:
    assert Guard(PORT).refusal(Facts(SHOW_PATH, [HOST], native_secret=given)) == 403


def test_only_the_window_s_page_may_build_functions_from_text() -> None:
    assert "unsafe" not in security_headers(False)["Content-Security-Policy"]
    window = security_headers(True)["Content-Security-Policy"]
    window, _, sandbox = window.partition("; sandbox ")
    assert window.replace(" 'unsafe-eval'", "") == security_headers(False)["Content-Security-Policy"]
    assert sandbox.split() == ["allow-scripts", "allow-same-origin", "allow-forms", "allow-modals"]
    assert "script-src 'self' 'unsafe-eval';" in window

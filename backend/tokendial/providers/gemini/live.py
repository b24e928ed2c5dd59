"""Gemini's quota as Code Assist tells it, with the sign-in of Gemini CLI, which is only read.

Its token lives for an hour and is renewed by Gemini CLI alone: where it has expired, one has to run it again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from tokendial.domain.clock import parse_utc_ms
from tokendial.domain.records import ReadingRecord
from tokendial.domain.secret import Secret
from tokendial.providers.live import SIGN_IN_ONLY, Call, Line, LiveFailure, decode, read_credential, reading

DEFAULT_BASE = "https://cloudcode-pa.googleapis.com"
_DAY_MINUTES = 1_440
_PROJECT_VARIABLES = ("GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_PROJECT_ID")
_WHO = {"metadata": {"ideType": "IDE_UNSPECIFIED", "platform": "PLATFORM_UNSPECIFIED", "pluginType": "GEMINI"}}


class _Credentials(msgspec.Struct):
    access_token: str | None = None


class _Tier(msgspec.Struct):
    id: str | None = None
    name: str | None = None


class _Account(msgspec.Struct, rename={"project": "cloudaicompanionProject", "tier": "currentTier"}):
    project: str | None = None
    tier: _Tier | None = None


class _Bucket(msgspec.Struct, rename="camel"):
    model_id: str | None = None
    token_type: str | None = None
    remaining_fraction: float | None = None
    reset_time: str | None = None


class _Quota(msgspec.Struct):
    buckets: list[_Bucket]


_decode_credentials = msgspec.json.Decoder(_Credentials).decode
_decode_account = msgspec.json.Decoder(_Account).decode
_decode_quota = msgspec.json.Decoder(_Quota).decode


class GeminiLive:
    """Asks Code Assist for the account, once, and then for its quota."""

    id = "gemini"
    name = "Gemini"
    sends = SIGN_IN_ONLY

    def __init__(self, base: str = DEFAULT_BASE, environment: Mapping[str, str] = os.environ) -> None:
        """`environment` may name the project to ask for."""
        self._base = base
        self._environment = environment
        self._accounts: dict[Path, _Account] = {}

    @property
    def asks(self) -> str:
        """The address."""
        return f"{self._base}/v1internal:retrieveUserQuota"

    def reads(self, home: Path) -> str:
        """The file."""
        return str(_file(home))

    def credential_files(self, home: Path) -> list[Path]:
        """The sign-in of Gemini CLI."""
        return [_file(home)]

    def read(self, home: Path, line: Line, now_ms: int) -> list[ReadingRecord]:
        """The quota of every model that has one. Raises LiveFailure."""
        credentials = read_credential(_file(home), _decode_credentials)
        if credentials is None or not credentials.access_token:
            raise LiveFailure(
                "not_signed_in", "No Google sign-in of Gemini CLI was found. An API key has no quota to show."
            )
        bearer = Secret(f"Bearer {credentials.access_token}")
        account = self._account(home, line, bearer)
        request = {} if account.project is None else {"project": account.project}
        quota = decode(self._post("retrieveUserQuota", request, line, bearer), _decode_quota)
        plan = None if account.tier is None else account.tier.name or account.tier.id
        return [one._replace(plan=plan) for one in _readings(quota, now_ms)]

    def _account(self, home: Path, line: Line, bearer: Secret) -> _Account:
        known = self._accounts.get(home)
        if known is None:
            named = next((self._environment[one] for one in _PROJECT_VARIABLES if self._environment.get(one)), None)
            request = _WHO if named is None else {**_WHO, "cloudaicompanionProject": named}
            known = decode(self._post("loadCodeAssist", request, line, bearer), _decode_account)
            known.project = known.project or named
            self._accounts[home] = known
        return known

    def _post(self, method: str, content: Mapping[str, object], line: Line, bearer: Secret) -> bytes:
        headers: dict[str, str | Secret] = {"Authorization": bearer, "Content-Type": "application/json"}
        return line.call(Call("POST", f"{self._base}/v1internal:{method}", headers, msgspec.json.encode(content)))


def _readings(quota: _Quota, now_ms: int) -> Iterator[ReadingRecord]:
    """A bucket per model and kind of token; one without a share says nothing and is not 0 % (W-07)."""
    for bucket in quota.buckets:
        if bucket.model_id and bucket.remaining_fraction is not None:
            kind = (bucket.token_type or "").lower()
            limit_id = bucket.model_id if kind in ("", "requests") else f"{bucket.model_id} {kind}"
            used = 100 * (1 - bucket.remaining_fraction)
            yield reading(limit_id, limit_id, _DAY_MINUTES, used, parse_utc_ms(bucket.reset_time or ""), now_ms)


def _file(home: Path) -> Path:
    return home / "oauth_creds.json"

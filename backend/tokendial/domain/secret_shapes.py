"""The forms that secrets have: how each begins, what it consists of, and what it is called where it was taken out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from tokendial.domain.secret_values import is_secret_value


class Shape(NamedTuple):
    """A form of secrets. It is looked for where one of its marks is in the text, whatever their case.

    The group `s` of its pattern is what is taken out, else all of it.
    """

    label: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    holds: Callable[[re.Match[str]], bool] | None = None


_CASES = re.compile(r"[a-z][A-Z].*[a-z][A-Z]")


def _has_digit(match: re.Match[str]) -> bool:
    return any(character.isdigit() for character in match[0])


def _is_assigned(match: re.Match[str]) -> bool:
    quoted = match["q"] is not None or match["p"] is not None
    after = match.string[match.end() : match.end() + 1]
    return is_secret_value(match["k"], match["s"], quoted=quoted, tight=match["t"] in ("=", ":"), after=after)


def _is_mixed(match: re.Match[str]) -> bool:
    """A token of a header: words alone are prose."""
    return len(match["s"]) >= 32 or _has_digit(match) or _CASES.search(match["s"]) is not None


def _shape(label: str, marks: str, pattern: str, holds: Callable[[re.Match[str]], bool] | None = None) -> Shape:
    return Shape(label, tuple(marks.split()), re.compile(pattern), holds)


_WORDS = (
    r"password|passphrase|passwd|pwd|client[_-]?secret|secret[_-]?access[_-]?key|secret[_-]?key|secret|"
    r"api[_-]?key|apikey|access[_-]?key(?:[_-]?id)?|account[_-]?key|auth[_-]?key|private[_-]?key|encryption[_-]?key|"
    r"signing[_-]?key|credentials?|token|_authToken|_auth"
)
_ASSIGNED = (
    rf"(?i:(?P<k>{_WORDS}))\\?[\"'`]?(?P<t>[ \t]{{0,8}}(?:=>|:=|[:=])[ \t]{{0,8}})"
    r"(?:\\?\"(?P<q>)|\\?'(?P<p>))?(?P<s>(?(q)[^\"\r\n\\]{3,}+|(?(p)[^'\r\n\\]{3,}+|[^\s\"'`,;(){}\[\]<>\\|&]{6,}+)))"
)
# The vendor of a key is not named where its name is also an agent's: what matters is that it is a key.
SHAPES: tuple[Shape, ...] = (
    _shape("API key", "sk-", r"(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{20,}+", _has_digit),
    _shape(
        "API key",
        "xai pplx gsk r8_ r8- fw_ fw- nvapi sntrys lin_api ntn dapi",
        r"(?<![A-Za-z0-9_])(?:xai|pplx|gsk|r8|fw|nvapi|sntrys|lin_api|ntn|dapi)[-_]?[A-Za-z0-9_]{30,}+",
        _has_digit,
    ),
    _shape(
        "GitHub token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{16,}+|github_pat_[A-Za-z0-9_]{16,}+)",
    ),
    _shape(
        "GitLab token",
        "glpat- gloas- gldt- glrt- glcbt- glptt- glft- glimt- glagent- glsoat-",
        r"(?<![A-Za-z0-9])gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat)-[A-Za-z0-9_.-]{16,}+",
    ),
    _shape("AWS key", "akia asia abia acca", r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _shape("Google key", "aiza gocspx-", r"(?<![A-Za-z0-9])(?:AIza[A-Za-z0-9_-]{30,}+|GOCSPX-[A-Za-z0-9_-]{20,}+)"),
    _shape("Google token", "ya29.", r"(?<![A-Za-z0-9])ya29\.[A-Za-z0-9_-]{20,}+"),
    _shape("Slack token", "xox xapp-", r"(?<![A-Za-z0-9])(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{10,}+"),
    _shape(
        "Slack address",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?P<s>(?:services|workflows|triggers)/[A-Za-z0-9/_-]{16,}+)",
    ),
    _shape("Discord address", "api/webhooks", r"discord(?:app)?\.com/(?P<s>api/webhooks/\d{8,}+/[A-Za-z0-9_-]{16,}+)"),
    _shape(
        "Stripe key", "k_live_ k_test_ whsec_", r"(?<![A-Za-z0-9])(?:[rsp]k_(?:live|test)_|whsec_)[A-Za-z0-9]{10,}+"
    ),
    _shape("JWT", "eyj", r"(?<![A-Za-z0-9_.-])eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{8,}+(?:\.[A-Za-z0-9_-]*+){0,3}"),
    _shape("npm token", "npm_", r"(?<![A-Za-z0-9])npm_[A-Za-z0-9]{20,}+"),
    _shape("PyPI token", "pypi-", r"(?<![A-Za-z0-9])pypi-[A-Za-z0-9_-]{32,}+"),
    _shape("Hugging Face token", "hf_ api_org_", r"(?<![A-Za-z0-9])(?:hf|api_org)_[A-Za-z0-9]{20,}+"),
    _shape("Docker token", "dckr_", r"(?<![A-Za-z0-9])dckr_(?:pat|oat)_[A-Za-z0-9_-]{16,}+"),
    _shape("SendGrid key", "sg.", r"(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,}+"),
    _shape("Twilio key", "sk ac", r"(?<![A-Za-z0-9])(?:SK|AC)[0-9a-f]{32}(?![A-Za-z0-9])"),
    _shape("DigitalOcean token", "_v1_", r"(?<![A-Za-z0-9])do[opr]_v1_[a-f0-9]{32,}+"),
    _shape("Shopify token", "shpat_ shpca_ shppa_ shpss_", r"(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32,}+"),
    _shape("Telegram token", ":aa", r"(?<![A-Za-z0-9])\d{8,10}:AA[A-Za-z0-9_-]{32,}+"),
    _shape("Vault token", "hvs. hvb. hvr.", r"(?<![A-Za-z0-9])hv[sbr]\.[A-Za-z0-9_-]{20,}+"),
    _shape("age key", "age-secret-key-1", r"(?<![A-Za-z0-9])AGE-SECRET-KEY-1[0-9A-Za-z]{20,}+"),
    _shape(
        "signature",
        "sig= signature=",
        r"(?i:[?&](?:sig|signature|x-amz-signature|x-goog-signature))=(?P<s>[A-Za-z0-9%+/_=-]{16,}+)",
    ),
    _shape("credentials", "://", r"://(?P<s>[^\s/:@\"'<>`]*+:[^\s/\"'<>`]+)@"),
    _shape(
        "credentials",
        "-u user",
        r"(?<![\w-])(?:-u|--user|--proxy-user)[ =][\"']?(?P<s>[^\s:\"'/]{1,80}:[^\s\"'/]{3,}+)",
    ),
    _shape(
        "credentials",
        "authorization",
        r"(?i:\b(?:proxy-)?authorization)\\?[\"']?[ \t]{0,8}[:=][ \t]{0,8}\\?[\"']?"
        r"(?P<s>(?:(?i:bearer|basic|token|digest|negotiate|apikey)[ \t]{1,8})?[^\s\"'`,;<>{}$\\]{8,}+)",
        _is_mixed,
    ),
    _shape("token", "bearer basic", r"(?i:\b(?:bearer|basic))[ \t]{1,8}(?P<s>[A-Za-z0-9._~+/=-]{16,}+)", _is_mixed),
    _shape("password", "login", r"(?i:\blogin[ \t]{1,8}\S{1,200}[ \t\r\n]{1,8}password[ \t]{1,8})(?P<s>\S++)"),
    _shape("secret", "pass pwd secret key credential token _auth", _ASSIGNED, _is_assigned),
)

"""Whether what is assigned to a word such as `password` is a secret, or only code that handles one."""

from __future__ import annotations

import re

_PASSWORDS = ("pass", "pwd", "secret")
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|->|::)[\w$]+)*")
_REFERENCE = re.compile(r"[$%@#*]|(?:process\.env|os\.|self\.|this\.|env\.|secrets\.|vars\.|config\.|settings\.)")
_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_WORDS = frozenset(
    (
        "string", "str", "number", "null", "none", "undefined", "true", "false", "bool", "boolean", "required", "bytes",
        "optional", "object", "unknown", "never", "secretstr", "text", "varchar", "integer", "float", "symbol", "value",
        "missing", "invalid", "expired", "default", "password", "passwd", "secret", "token", "credentials", "hidden",
        "redacted", "masked", "example", "changeme", "placeholder", "nullable", "private", "public", "static", "return",
        "await", "async", "function", "lambda", "const", "union", "literal", "sensitive", "incorrect", "correct",
    )
)  # fmt: skip


def is_secret_value(word: str, value: str, *, quoted: bool, tight: bool, after: str) -> bool:
    """Whether `value`, assigned to `word`, is a secret.

    `quoted` tells that it stood in quotes, `tight` that nothing stood around the sign of the assignment; `after` is
    the character that follows: a bracket makes it a call.
    """
    if _REFERENCE.match(value) or value.rstrip(".:!?").lower() in _WORDS:
        return False
    if quoted:
        return len(set(value)) > 1 and (" " not in value.strip() or (_is_password(word) and not _names_one(value)))
    bare = value.rstrip(".:!?")
    if len(bare) < 6 or after in ("(", "[", "{", "<"):
        return False
    has_digit = any(character.isdigit() for character in bare)
    if _IDENTIFIER.fullmatch(bare):
        return _is_secret_name(word, bare, has_digit=has_digit, tight=tight)
    if bare.replace(".", "").replace(",", "").replace("_", "").isdigit():
        return _is_password(word)
    return has_digit or _is_password(word)


def _is_secret_name(word: str, value: str, *, has_digit: bool, tight: bool) -> bool:
    """The same of a value that could be a name in a program as well."""
    if "." in value or "->" in value or "::" in value or _ENVIRONMENT.fullmatch(value):
        return has_digit and len(value) >= 24 and "_" not in value
    if _names_one(value):
        return has_digit and tight and _is_password(word)
    if has_digit:
        return True
    return _is_password(word) and (tight or value.islower()) and "_" not in value


def _is_password(word: str) -> bool:
    return word.lower().startswith(_PASSWORDS)


def _names_one(text: str) -> bool:
    """Whether words of a text are about secrets, as names of variables and labels of boxes are."""
    lower = text.lower()
    return any(
        each in lower for each in ("password", "passphrase", "secret", "token", "apikey", "api_key", "credential")
    )

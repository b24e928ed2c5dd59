"""What settings may be beyond their types; each rule names its field, so that the page can say it beside the box."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import msgspec

from tokendial.domain.periods import parse_day
from tokendial.domain.statusline import check_format
from tokendial.domain.zones import zone_named
from tokendial.errors import BadRequest
from tokendial.providers import PROVIDERS
from tokendial.services.contract.common import Bucket, Dimension, RangeName
from tokendial.services.contract.settings import Settings
from tokendial.services.settings_alerts import check as check_alerts

DOLLAR = "$"
_AUTO_REFRESH = (0, 15, 30, 60, 300, 900, 1800)
_LIVE_EVERY = (0, 30, 60, 120, 300, 900)
_CHOICES: dict[str, object] = {"range": RangeName, "bucket": Bucket | None, "stack": Dimension, "breakdown": Dimension}
_SIGN_LENGTH = 4
_RATE_DIGITS = (6, 8)
_TEXT_LENGTH = {"page": 400, "events_model": 400, "settings_tab": 40}
_MOST_OPEN = 200
_OPEN_LENGTH = 1000


def check(settings: Settings) -> None:
    """Raise BadRequest for the first value that cannot be, with its field."""
    _check_view(settings)
    _check_time(settings)
    _check_currency(settings)
    _check_steps(settings)
    _check_lengths(settings)
    check_format(settings.status_line_format)
    check_alerts(settings.alerts)


def _check_view(settings: Settings) -> None:
    for name, choice in _CHOICES.items():
        try:
            msgspec.convert(getattr(settings, name), choice)
        except msgspec.ValidationError as error:
            raise BadRequest(f"{name} cannot be {getattr(settings, name)!r}.", field=name) from error
    for name in ("custom_start", "custom_end"):
        day = getattr(settings, name)
        if day is not None:
            parse_day(day, name)
    known = {each.descriptor.id for each in PROVIDERS}
    if settings.provider is not None and settings.provider not in known:
        raise BadRequest("There is no such provider.", field="provider")
    if not known.issuperset(settings.disabled_providers):
        raise BadRequest("There is no such provider.", field="disabled_providers")
    if settings.live_sources and not _live_sources().issuperset(settings.live_sources):
        raise BadRequest("There is no such live source.", field="live_sources")


def _live_sources() -> set[str]:
    return {source.id for each in PROVIDERS for source in each.live_sources()}


def _check_time(settings: Settings) -> None:
    if settings.timezone:
        try:
            zone_named(settings.timezone)
        except BadRequest as error:
            raise BadRequest(error.message, field="timezone") from error
    if not 1 <= settings.active_minutes <= 7 * 24 * 60:
        raise BadRequest("Active minutes must lie between 1 and 10,080.", field="active_minutes")
    if settings.auto_refresh_seconds not in _AUTO_REFRESH:
        raise BadRequest("Auto refresh must be one of the offered steps.", field="auto_refresh_seconds")
    if settings.live_every_seconds not in _LIVE_EVERY:
        raise BadRequest("Live limits can be asked for only as often as is offered.", field="live_every_seconds")
    if not 0 <= settings.first_weekday <= 6:
        raise BadRequest("The first day of the week must lie between 0 (Monday) and 6.", field="first_weekday")


def _check_currency(settings: Settings) -> None:
    sign, rate = settings.currency_sign, settings.currency_rate
    if not 1 <= len(sign) <= _SIGN_LENGTH or not all(_is_sign(character) for character in sign):
        raise BadRequest(
            "Write a sign of one to four letters or currency symbols, such as € or CHF.", field="currency_sign"
        )
    whole, point, fraction = rate.partition(".")
    if not _is_digits(whole, _RATE_DIGITS[0]) or (point and not _is_digits(fraction, _RATE_DIGITS[1])):
        raise BadRequest(
            "Write the rate as a number with a point, such as 0.92: at most 6 digits before it and 8 after.",
            field="currency_rate",
        )
    if Decimal(rate) == 0:
        raise BadRequest("The rate must be more than zero.", field="currency_rate")
    if sign == DOLLAR and Decimal(rate) != 1:
        raise BadRequest("$ stands for US dollars, whose rate is 1. Choose another sign first.", field="currency_rate")


def _is_sign(character: str) -> bool:
    """Letters and currency symbols: nothing that could be read as a digit, a minus or a formula."""
    return unicodedata.category(character) in ("Sc", "Lu", "Ll", "Lo")


def _is_digits(text: str, most: int) -> bool:
    return 1 <= len(text) <= most and text.isascii() and text.isdigit()


def _check_steps(settings: Settings) -> None:
    warn, bad = settings.limit_warn_percent, settings.limit_bad_percent
    if not 1 <= warn <= 99:
        raise BadRequest("The first step must lie between 1 and 99 percent.", field="limit_warn_percent")
    if not 2 <= bad <= 100:
        raise BadRequest("The second step must lie between 2 and 100 percent.", field="limit_bad_percent")
    if warn >= bad:
        raise BadRequest("The second step must lie above the first one.", field="limit_bad_percent")


def _check_lengths(settings: Settings) -> None:
    for name, most in _TEXT_LENGTH.items():
        value = getattr(settings, name)
        if value is not None and len(value) > most:
            raise BadRequest(f"{name} is longer than {most} characters.", field=name)
    opened = settings.breakdown_open
    if len(opened) > _MOST_OPEN or any(len(key) > _OPEN_LENGTH for key in opened):
        raise BadRequest("Too many rows are unfolded to be remembered.", field="breakdown_open")

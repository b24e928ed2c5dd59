"""Ranges and their buckets."""

import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.test_zones import TROUBLE

from tokendial.domain.periods import (
    MAX_BUCKETS,
    Bucket,
    Range,
    RangeName,
    Unit,
    bounded,
    bucket_day,
    buckets,
    choose_bucket,
    days_label,
    parse_day,
    previous_range,
    resolve_range,
)
from tokendial.domain.zones import DAY_MS, HOUR_MS, QUARTER_MS, day_start_ms, local_time
from tokendial.errors import BadRequest
from tokendial.services.contract import common

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
UNITS: tuple[Unit, ...] = ("hour", "day", "week", "month")
NOW = round(datetime(2026, 11, 18, 14, 37, 12, tzinfo=BERLIN).timestamp() * 1000)


def at(text: str, zone: ZoneInfo = BERLIN) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def custom(start: str, end: str, zone: ZoneInfo = BERLIN) -> Range:
    return resolve_range("custom", start, end, NOW, zone)


class TestResolve:
    @pytest.mark.parametrize(
        ("name", "start", "end", "label"),
        [
            ("today", "2026-11-18T00:00", "2026-11-19T00:00", "Today"),
            ("last24h", "2026-11-17T14:30", "2026-11-18T14:45", "Last 24 hours"),
            ("last7days", "2026-11-12T00:00", "2026-11-19T00:00", "Last 7 days"),
            ("last14days", "2026-11-05T00:00", "2026-11-19T00:00", "Last 14 days"),
            ("last30days", "2026-10-20T00:00", "2026-11-19T00:00", "Last 30 days"),
            ("thismonth", "2026-11-01T00:00", "2026-11-19T00:00", "This month"),
        ],
    )
    def test_named_ranges(self, name: str, start: str, end: str, label: str) -> None:
        period = resolve_range(name, None, None, NOW, BERLIN)
        assert (period.start_ms, period.end_ms) == (at(start), at(end))
        assert (period.name, period.label, period.zone) == (name, label, "Europe/Berlin")

    def test_the_zone_decides_which_day_it_is(self) -> None:
        late = at("2026-11-18T23:30", NEW_YORK)
        assert resolve_range("today", None, None, late, NEW_YORK).first_day == date(2026, 11, 18)
        assert resolve_range("today", None, None, late, BERLIN).first_day == date(2026, 11, 19)

    @pytest.mark.parametrize("now", [NOW, at("2026-11-18T14:30"), at("2026-11-18T14:45") - 1])
    def test_the_last_24_hours_hold_at_least_24_hours_and_now(self, now: int) -> None:
        period = resolve_range("last24h", None, None, now, BERLIN)
        assert period.start_ms is not None
        assert period.end_ms is not None
        assert now - DAY_MS - QUARTER_MS < period.start_ms <= now - DAY_MS
        assert now < period.end_ms <= now + QUARTER_MS

    def test_all_time_is_open_until_its_ends_are_known(self) -> None:
        period = resolve_range("alltime", None, None, NOW, BERLIN)
        assert (period.start_ms, period.end_ms, period.label) == (None, None, "All time")
        assert bounded(period, None, NOW) == period
        full = bounded(period, at("2025-02-03T10:00"), NOW)
        assert (full.start_ms, full.end_ms) == (at("2025-02-03T00:00"), at("2026-11-19T00:00"))
        assert (full.name, full.label) == ("alltime", "All time")
        assert bounded(period, NOW + 2 * DAY_MS, NOW).first_day == date(2026, 11, 20)

    def test_other_ranges_keep_their_ends(self) -> None:
        today = resolve_range("today", None, None, NOW, BERLIN)
        assert bounded(today, 0, NOW) == today

    def test_custom_includes_its_last_day(self) -> None:
        period = custom("2026-10-25", "2026-10-25")
        assert (period.start_ms, period.end_ms) == (at("2026-10-25T00:00"), at("2026-10-26T00:00"))
        assert (period.end_ms or 0) - (period.start_ms or 0) == 25 * HOUR_MS

    def test_a_custom_range_of_a_day_that_was_left_out_is_empty(self) -> None:
        apia = ZoneInfo("Pacific/Apia")
        period = custom("2011-12-30", "2011-12-30", apia)
        assert period.start_ms == period.end_ms
        assert buckets(period, "day", apia) == []
        assert len(buckets(custom("2011-12-29", "2011-12-31", apia), "day", apia)) == 2

    @pytest.mark.parametrize(
        ("start", "end", "field"),
        [
            (None, None, "start"),
            (None, "2026-11-01", "start"),
            ("2026-11-01", None, "end"),
            ("", "2026-11-01", "start"),
            ("2026-11-02", "2026-11-01", "end"),
            ("2026-13-01", "2026-11-01", "start"),
            ("2026-02-30", "2026-11-01", "start"),
            ("2026-11-01", "tomorrow", "end"),
            ("2026-11-01", "20261101", "end"),
            ("2026-11-01", "2026-W45-1", "end"),
            ("2026-11-01", "2026-11-01T00:00", "end"),
            ("1969-12-31", "2026-11-01", "start"),
            ("2026-11-01", "9999-12-31", "end"),
            ("2026-11-01", "\N{ARABIC-INDIC DIGIT TWO}026-11-01", "end"),
        ],
    )
    def test_a_custom_range_that_makes_no_sense_is_refused(
        self, start: str | None, end: str | None, field: str
    ) -> None:
        with pytest.raises(BadRequest) as caught:
            resolve_range("custom", start, end, NOW, BERLIN)
        assert caught.value.details["field"] == field

    def test_an_unknown_range_is_refused(self) -> None:
        with pytest.raises(BadRequest) as caught:
            resolve_range("fortnight", None, None, NOW, BERLIN)
        assert caught.value.details["field"] == "range"

    def test_the_names_are_those_of_the_contract(self) -> None:
        assert get_args(common.RangeName) == get_args(RangeName)
        for name in get_args(common.RangeName):
            assert resolve_range(name, "2026-11-01", "2026-11-02", NOW, BERLIN).name == name
        assert get_args(common.Bucket) == UNITS

    @pytest.mark.parametrize(
        ("first", "last", "label"),
        [
            (date(2026, 11, 16), date(2026, 11, 16), "16 Nov 2026"),
            (date(2026, 11, 16), date(2026, 11, 22), "16–22 Nov 2026"),
            (date(2026, 11, 28), date(2026, 12, 3), "28 Nov – 3 Dec 2026"),
            (date(2025, 12, 28), date(2026, 1, 3), "28 Dec 2025 – 3 Jan 2026"),
        ],
    )
    def test_days_in_words(self, first: date, last: date, label: str) -> None:
        assert days_label(first, last) == label
        assert custom(first.isoformat(), last.isoformat()).label == label

    @given(st.dates(date(1970, 1, 1), date(2199, 12, 31)))
    def test_a_day_written_reads_back_the_same(self, day: date) -> None:
        assert parse_day(day.isoformat(), "start") == day


class TestPrevious:
    def test_as_many_days_before(self) -> None:
        previous = previous_range(resolve_range("last7days", None, None, NOW, BERLIN))
        assert previous is not None
        assert (previous.start_ms, previous.end_ms) == (at("2026-11-05T00:00"), at("2026-11-12T00:00"))

    def test_days_and_not_hours_where_the_clock_was_changed(self) -> None:
        previous = previous_range(custom("2026-10-26", "2026-10-26"))
        assert previous is not None
        assert (previous.start_ms, previous.end_ms) == (at("2026-10-25T00:00"), at("2026-10-26T00:00"))
        assert (previous.end_ms or 0) - (previous.start_ms or 0) == 25 * HOUR_MS

    def test_as_many_hours_before(self) -> None:
        period = resolve_range("last24h", None, None, NOW, BERLIN)
        previous = previous_range(period)
        assert previous is not None
        assert previous.end_ms == period.start_ms
        assert (previous.end_ms or 0) - (previous.start_ms or 0) == (period.end_ms or 0) - (period.start_ms or 0)

    def test_all_time_has_none(self) -> None:
        period = resolve_range("alltime", None, None, NOW, BERLIN)
        assert previous_range(period) is None
        assert previous_range(bounded(period, at("2026-01-01T00:00"), NOW)) is None


class TestBuckets:
    @given(
        st.sampled_from(TROUBLE),
        st.dates(date(2019, 12, 1), date(2030, 12, 1)),
        st.integers(0, 400),
        st.sampled_from(UNITS),
        st.integers(0, 6),
        st.tuples(st.integers(0, 95), st.integers(0, 95)),
    )
    def test_each_instant_lies_in_exactly_one(
        self, name: str, first: date, length: int, unit: Unit, weekday: int, cut: tuple[int, int]
    ) -> None:
        """Whatever the ends are: no gap, no overlap, nothing outside, so sums over buckets equal the whole."""
        zone = ZoneInfo(name)
        whole = custom(first.isoformat(), (first + timedelta(days=length)).isoformat(), zone)
        start, end = (whole.start_ms or 0) + cut[0] * QUARTER_MS, (whole.end_ms or 0) - cut[1] * QUARTER_MS
        found = buckets(Range(name="custom", start_ms=start, end_ms=end, zone=name, label=""), unit, zone, weekday)
        if start >= end:
            assert found == []
            return
        assert found[0].start_ms == start
        assert found[-1].end_ms == end
        assert all(before.end_ms == after.start_ms for before, after in pairwise(found))
        assert all(bucket.start_ms < bucket.end_ms for bucket in found)
        assert all(bucket.start_ms % QUARTER_MS == 0 for bucket in found)
        assert sum(bucket.end_ms - bucket.start_ms for bucket in found) == end - start

    @given(st.sampled_from(TROUBLE), st.dates(date(2020, 1, 1), date(2030, 11, 1)), st.integers(0, 6))
    def test_they_begin_where_their_unit_does(self, name: str, first: date, weekday: int) -> None:
        zone = ZoneInfo(name)
        period = custom(first.isoformat(), (first + timedelta(days=70)).isoformat(), zone)
        for unit in UNITS:
            for bucket in buckets(period, unit, zone, weekday)[1:]:
                moment = local_time(bucket.start_ms, zone)
                if unit != "hour":
                    assert bucket.start_ms == day_start_ms(moment.date(), zone)
                if unit == "week":
                    assert moment.weekday() == weekday
                if unit == "month":
                    assert moment.day == 1

    @pytest.mark.parametrize(("day", "count"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-16", 24)])
    def test_a_day_of_25_hours_has_25_hours_and_is_one_day(self, day: str, count: int) -> None:
        assert len(buckets(custom(day, day), "hour", BERLIN)) == count
        assert len(buckets(custom(day, day), "day", BERLIN)) == 1

    def test_an_hour_cut_by_the_ranges_start(self) -> None:
        period = resolve_range("last24h", None, None, NOW, BERLIN)
        found = buckets(period, "hour", BERLIN)
        assert found[0] == Bucket(at("2026-11-17T14:30"), at("2026-11-17T15:00"))
        assert found[-1] == Bucket(at("2026-11-18T14:00"), at("2026-11-18T14:45"))
        assert len(found) == 25

    def test_weeks_begin_with_the_chosen_day(self) -> None:
        period = custom("2026-11-01", "2026-11-30")
        monday = [local_time(bucket.start_ms, BERLIN).day for bucket in buckets(period, "week", BERLIN, 0)]
        sunday = [local_time(bucket.start_ms, BERLIN).day for bucket in buckets(period, "week", BERLIN, 6)]
        assert monday == [1, 2, 9, 16, 23, 30]
        assert sunday == [1, 8, 15, 22, 29]

    def test_months(self) -> None:
        found = buckets(custom("2026-01-15", "2026-12-15"), "month", BERLIN)
        assert [local_time(bucket.start_ms, BERLIN).month for bucket in found] == list(range(1, 13))

    def test_an_open_range_has_none(self) -> None:
        assert buckets(resolve_range("alltime", None, None, NOW, BERLIN), "day", BERLIN) == []

    def test_too_many_are_refused(self) -> None:
        with pytest.raises(BadRequest) as caught:
            buckets(custom("1970-01-01", "2199-12-31"), "hour", BERLIN)
        assert caught.value.details["field"] == "bucket"

    def test_three_years_of_hours_are_fast(self) -> None:
        """50 ms on an idle machine; as much again where others share it."""
        period = custom("2023-11-01", "2026-10-31")
        times = []
        for _ in range(10):
            day_start_ms.cache_clear()
            started = time.process_time()
            assert len(buckets(period, "hour", BERLIN)) == 26_304
            times.append(time.process_time() - started)
        assert min(times) < 0.1

    @pytest.mark.parametrize(
        ("unit", "day", "first"),
        [
            ("day", date(2026, 11, 18), date(2026, 11, 18)),
            ("hour", date(2026, 11, 18), date(2026, 11, 18)),
            ("week", date(2026, 11, 18), date(2026, 11, 16)),
            ("week", date(2026, 11, 16), date(2026, 11, 16)),
            ("month", date(2026, 11, 18), date(2026, 11, 1)),
        ],
    )
    def test_the_day_a_unit_begins_with(self, unit: Unit, day: date, first: date) -> None:
        assert bucket_day(unit, day, 0) == first


class TestChoose:
    @pytest.mark.parametrize(
        ("start", "end", "unit"),
        [
            ("2026-11-18", "2026-11-18", "hour"),
            ("2026-10-25", "2026-10-26", "hour"),
            ("2026-11-16", "2026-11-18", "day"),
            ("2026-08-19", "2026-11-18", "day"),
            ("2026-05-01", "2026-11-18", "week"),
            ("2024-11-19", "2026-11-18", "week"),
            ("2023-01-01", "2026-11-18", "month"),
        ],
    )
    def test_by_the_ranges_length(self, start: str, end: str, unit: str) -> None:
        assert choose_bucket(custom(start, end)) == unit

    def test_a_wanted_unit_is_kept_where_it_fits(self) -> None:
        assert choose_bucket(custom("2023-11-01", "2026-10-31"), "hour") == "hour"
        assert choose_bucket(resolve_range("alltime", None, None, NOW, BERLIN), "week") == "week"

    @pytest.mark.parametrize("wanted", UNITS)
    def test_what_is_chosen_can_be_cut(self, wanted: Unit) -> None:
        period = custom("1970-01-01", "2199-12-31")
        unit = choose_bucket(period, wanted)
        assert UNITS.index(unit) >= UNITS.index(wanted)
        assert 0 < len(buckets(period, unit, BERLIN)) <= MAX_BUCKETS


def test_a_clock_far_in_the_future_is_no_failure() -> None:
    now = round(datetime(2036, 11, 18, tzinfo=UTC).timestamp() * 1000)
    assert resolve_range("last7days", None, None, now, BERLIN).last_day == date(2036, 11, 18)

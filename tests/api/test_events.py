from __future__ import annotations

import threading
import time

import pytest
from tests.api.support import sample

from tokendial.api.events import MAX_PENDING_ALERTS, Alert, Event, EventHub, Subscription
from tokendial.services.contract.common import Empty
from tokendial.services.contract.system import ScanStatus


def test_every_subscriber_gets_every_event_in_order() -> None:
    hub = EventHub()
    with hub.subscribe() as one, hub.subscribe() as two:
        hub.publish("usage-updated")
        hub.publish("alert", Alert("a", "b"))
        for subscription in (one, two):
            assert subscription.get(0) == ("usage-updated", Empty())
            assert subscription.get(0) == ("alert", Alert("a", "b"))
            assert subscription.get(0) is None


def test_a_slow_subscriber_sees_the_newest_state_and_does_not_grow() -> None:
    hub = EventHub()
    with hub.subscribe() as slow:
        for files in range(10_000):
            hub.publish("ingest-progress", sample_status(files))
            hub.publish("usage-updated")
            hub.publish("limits-updated")
        pending = drain(slow)
    assert [event.name for event in pending] == ["ingest-progress", "usage-updated", "limits-updated"]
    assert pending[0].payload.files_done == 9_999


def test_alerts_are_not_merged_but_bounded_the_oldest_dropped() -> None:
    hub = EventHub()
    with hub.subscribe() as slow:
        for number in range(MAX_PENDING_ALERTS + 5):
            hub.publish("alert", Alert(str(number), ""))
        titles = [event.payload.title for event in drain(slow)]
    assert titles == [str(number) for number in range(5, MAX_PENDING_ALERTS + 5)]


def test_leaving_unsubscribes_and_nothing_comes_after() -> None:
    hub = EventHub()
    with hub.subscribe() as subscription:
        assert hub.subscribers == 1
    assert hub.subscribers == 0
    hub.publish("usage-updated")
    assert subscription.closed
    assert subscription.get() is None
    subscription.close()


def test_close_wakes_a_waiting_reader() -> None:
    subscription = EventHub().subscribe()
    threading.Timer(0.05, subscription.close).start()
    started = time.monotonic()
    assert subscription.get(10) is None
    assert time.monotonic() - started < 5


def test_a_payload_of_the_wrong_type_is_refused() -> None:
    with pytest.raises(TypeError, match="alert"):
        EventHub().publish("alert", Empty())


def test_many_threads_publish_while_subscribers_come_and_go() -> None:
    hub = EventHub()
    errors: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(300):
                with hub.subscribe() as subscription:
                    hub.publish("usage-updated")
                    assert subscription.get(5) is not None
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert hub.subscribers == 0


def sample_status(files: int) -> ScanStatus:
    status = sample(ScanStatus)
    status.files_done = files
    return status


def drain(subscription: Subscription) -> list[Event]:
    return list(iter(lambda: subscription.get(0), None))

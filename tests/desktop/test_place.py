"""Where the window may open: on the screens that are there now."""

from __future__ import annotations

import pytest

from tokendial.desktop.place import MIN_SIZE, SIZE, Box, brought_back, centered, fit, fit_widget
from tokendial.services.window_memory import WindowPlace

LEFT, RIGHT = Box(0, 0, 1920, 1080), Box(1920, 200, 1280, 1024)


def place(x: int | None, y: int | None, width: int = 900, height: int = 700, maximized: bool = False) -> WindowPlace:
    return WindowPlace(x=x, y=y, width=width, height=height, maximized=maximized)


def test_the_first_start_is_in_the_middle_and_no_larger_than_the_screen() -> None:
    assert fit(None, [LEFT]) == place(None, None, *SIZE)
    assert fit(None, [Box(0, 0, 1024, 600)]) == place(None, None, 1024, 600)
    assert fit(None, []) == place(None, None, *SIZE)


@pytest.mark.parametrize("known", [place(10, 20), place(1900, 300), place(2500, 900), place(-700, 0), place(3000, 400)])
def test_a_place_that_can_be_taken_hold_of_is_kept(known: WindowPlace) -> None:
    assert fit(known, [LEFT, RIGHT]) == known


@pytest.mark.parametrize(
    "lost", [place(-800, 0), place(5000, 300), place(10, -200), place(10, 1075), place(3100, 400), place(2500, 100)]
)
def test_a_place_off_every_screen_becomes_the_middle_and_keeps_its_size(lost: WindowPlace) -> None:
    assert fit(lost, [LEFT, RIGHT]) == place(None, None)


def test_a_window_of_a_screen_that_has_gone_fits_the_one_that_is_left() -> None:
    assert fit(place(2000, 300, 1280, 1000, maximized=True), [Box(0, 0, 1024, 768)]) == place(
        None, None, 1024, 768, maximized=True
    )


def test_a_size_is_never_smaller_than_the_page_can_be() -> None:
    assert fit(place(0, 0, 3, 4), [LEFT]) == place(0, 0, *MIN_SIZE)


def test_the_size_is_that_of_the_screen_the_window_is_on() -> None:
    assert fit(place(1950, 250, 1900, 1070), [LEFT, RIGHT]) == place(1950, 250, 1280, 1024)


def test_the_middle_of_a_screen() -> None:
    assert centered(LEFT) == Box(320, 110, *SIZE)
    assert centered(Box(100, 50, 800, 600)) == Box(100, 50, 800, 600)


def test_a_new_widget_stands_in_the_upper_right_corner_of_the_first_screen() -> None:
    assert fit_widget(None, [RIGHT, LEFT]) == place(1920 + 1280 - 360 - 48, 248, 360, 270)
    assert fit_widget(None, []) == place(None, None, 360, 270)


def test_the_widget_keeps_a_place_that_is_seen_and_leaves_one_that_is_not() -> None:
    assert fit_widget(place(40, 900, 300, 220), [LEFT]) == place(40, 900, 300, 220)
    assert fit_widget(place(9000, -4000, 10, 10), [LEFT]) == place(1920 - 260 - 48, 48, 260, 190)


def test_a_hidden_window_whose_screen_has_gone_comes_back_on_the_one_that_is_left() -> None:
    assert brought_back(Box(2100, 300, 900, 700), [LEFT, RIGHT]) is None
    assert brought_back(Box(2100, 300, 900, 700), [LEFT]) == Box(510, 190, 900, 700)
    assert brought_back(Box(2100, 300, 1280, 1000), [Box(0, 30, 1024, 738)]) == Box(0, 30, 1024, 738)
    assert brought_back(Box(100, 100, 1280, 1000), [Box(0, 0, 1024, 768)]) == Box(100, 100, 1024, 768)
    assert brought_back(Box(100, 100, 900, 700), []) is None


def test_a_screen_that_shrank_takes_the_window_along() -> None:
    assert fit(place(1500, 900), [Box(0, 0, 1280, 720)]) == place(None, None, 900, 700)
    assert fit(place(1100, 600), [Box(0, 0, 1280, 720)]) == place(1100, 600, 900, 700)

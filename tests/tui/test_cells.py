"""The cells of a grid, without a screen: moving, typing, filling, and taking back."""

from __future__ import annotations

import random

from studykit.tui.widgets.cells import Cells
from studykit.tui.widgets.grid import MOVES


def typed(cells: Cells, text: str) -> None:
    for character in text:
        cells.insert(character)


def test_text_goes_in_at_the_cursor_and_comes_out_before_it() -> None:
    cells = Cells(2, 2)
    typed(cells, "13")
    cells.left()
    typed(cells, "/")
    assert (cells.text, cells.at) == ("1/3", 2)
    cells.rub_out()
    cells.delete()
    assert cells.all == (("1", ""), ("", ""))


def test_left_and_right_cross_into_the_neighbour_and_stop_at_the_ends() -> None:
    cells = Cells(1, 2)
    typed(cells, "12")
    cells.right()
    assert (cells.column, cells.at) == (1, 0)
    cells.right()
    assert cells.column == 1
    cells.left()
    assert (cells.column, cells.at) == (0, 2)
    for _ in range(4):
        cells.left()
    assert (cells.column, cells.at) == (0, 0)


def test_next_goes_row_by_row_and_round() -> None:
    cells = Cells(2, 2)
    places = []
    for _ in range(5):
        places.append((cells.row, cells.column))
        cells.next()
    assert places == [(0, 0), (0, 1), (1, 0), (1, 1), (0, 0)]


def test_home_and_end_go_to_the_ends_of_the_cell_and_then_of_the_row() -> None:
    cells = Cells(1, 3)
    cells.load([["12", "34", "56"]])
    cells.go(0, 1)
    cells.home()
    assert (cells.column, cells.at) == (1, 0)
    cells.home()
    assert (cells.column, cells.at) == (0, 0)
    cells.end()
    assert (cells.column, cells.at) == (0, 2)
    cells.end()
    assert (cells.column, cells.at) == (2, 2)


def test_rubbing_out_at_the_start_of_a_cell_goes_back_and_loses_nothing() -> None:
    cells = Cells(1, 2)
    cells.load([["12", ""]])
    cells.rub_out()
    assert (cells.column, cells.at, cells.all) == (0, 2, (("12", ""),))


def test_a_filled_block_can_be_taken_back_whole() -> None:
    cells = Cells(2, 2)
    typed(cells, "9")
    cells.fill([["1", "2"], ["3", "4"]])
    assert cells.last and cells.all == (("1", "2"), ("3", "4"))
    assert cells.undo()
    assert cells.all == (("9", ""), ("", ""))


def test_loading_puts_the_cursor_into_the_first_empty_cell() -> None:
    cells = Cells(2, 2)
    cells.load([["1", "2"], ["", "4"]])
    assert (cells.row, cells.column) == (1, 0)


def test_any_sequence_of_moves_keeps_cursor_and_shape_and_undo_leads_back_to_the_start() -> None:
    for seed in range(40):
        dice = random.Random(seed)
        cells = Cells(dice.randint(1, 8), dice.randint(1, 8))
        for _ in range(150):
            if dice.random() < 0.4:
                cells.insert(dice.choice("0123456789./-"))
            else:
                MOVES[dice.choice(sorted(MOVES))](cells)
            assert 0 <= cells.row < cells.rows and 0 <= cells.column < cells.columns
            assert 0 <= cells.at <= len(cells.text)
            assert [len(row) for row in cells.texts] == [cells.columns] * cells.rows
        while cells.undo():
            pass
        assert not any(any(row) for row in cells.all)

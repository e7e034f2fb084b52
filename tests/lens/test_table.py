from dataclasses import dataclass
from html.parser import HTMLParser

import numpy as np
import pytest

from dlcourse.errors import CourseError
from dlcourse.lens.table import Table, column


@dataclass(frozen=True, kw_only=True)
class Row:
    name: str
    shape: tuple[int | None, ...] = column("output shape", join=" × ")
    parameters: int | None
    share: float


ROWS = (
    Row(name="conv", shape=(28, 30, 8), parameters=1320, share=0.12345678),
    Row(name="a longer name", shape=(None, 7), parameters=None, share=123456.7),
    Row(name="dense", shape=(10,), parameters=np.int64(5), share=np.float32(2.5)),
)
TOTAL = Row(name="total", shape=(), parameters=1325, share=1.0)


def test_text_is_aligned_with_thousands_apart_and_missing_values_as_dashes():
    assert repr(Table(ROWS, TOTAL)) == (
        "name           output shape  parameters    share\n"
        "------------------------------------------------\n"
        "conv            28 × 30 × 8       1,320   0.1235\n"
        "a longer name         – × 7           –  123,457\n"
        "dense                    10           5      2.5\n"
        "------------------------------------------------\n"
        "total                             1,325        1"
    )


def test_columns_of_words_stand_flush_left_also_with_truth_values():
    @dataclass(frozen=True)
    class Word:
        kind: str
        trained: bool

    assert str(Table([Word("Conv2D", True), Word("ReLU", False)])).splitlines()[2:] == ["Conv2D  yes", "ReLU    no"]


def test_nan_and_infinity_are_told_as_they_are():
    rows = [Row(name="x", shape=(), parameters=0, share=value) for value in (float("nan"), float("inf"), 1e-9, -3e20)]
    assert [line.split()[-1] for line in str(Table(rows)).splitlines()[2:]] == ["nan", "inf", "1e-09", "-3e+20"]


def test_records_are_found_by_position_and_by_name():
    table = Table(ROWS, TOTAL)
    assert (len(table), list(table), table.total) == (3, list(ROWS), TOTAL)
    assert table[-1] is table["dense"] is ROWS[2]
    assert ROWS[1] in table


def test_a_slice_is_a_table_without_the_totals():
    part = Table(ROWS, TOTAL)[1:]
    assert isinstance(part, Table)
    assert (list(part), part.total) == (list(ROWS[1:]), None)


def test_a_wrong_name_suggests_the_nearest():
    with pytest.raises(CourseError, match=r"There is no row 'dens'. Did you mean 'dense'\?"):
        Table(ROWS)["dens"]


def test_a_position_past_the_end_ends_loops_as_lists_do():
    with pytest.raises(IndexError):
        Table(ROWS)[3]


def test_html_holds_the_same_cells_as_the_text_and_escapes_them():
    class Cells(HTMLParser):
        def __init__(self):
            super().__init__()
            self.cells = []

        def handle_data(self, data):
            self.cells.append(data)

    rows = [*ROWS, Row(name="<script>alert('&')</script>", shape=(1, 2), parameters=3, share=0.5)]
    html = Table(rows, TOTAL)._repr_html_()
    parser = Cells()
    parser.feed(html)
    assert "<script>" not in html
    assert parser.cells[:6] == ["name", "output shape", "parameters", "share", "conv", "28 × 30 × 8"]
    assert "<script>alert('&')</script>" in parser.cells
    assert html.count("<tr>") == len(rows) + 2


def test_a_table_without_rows_says_so():
    assert repr(Table([])) == "(a table without rows)"
    assert "without rows" in Table([])._repr_html_()


def test_a_table_cannot_be_changed():
    with pytest.raises((TypeError, AttributeError)):
        Table(ROWS)[0] = ROWS[1]
    with pytest.raises(AttributeError):
        Table(ROWS).total = TOTAL

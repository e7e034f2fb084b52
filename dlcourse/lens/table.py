"""Records that print as a table: what every lens that answers layer by layer returns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import Field, field, fields
from html import escape
from numbers import Integral, Real
from typing import Any, Generic, TypeVar, overload

from dlcourse.errors import unknown

Record = TypeVar("Record")


def column(heading: str, join: str = ", ") -> Any:
    """A field of a record that has a heading of its own, and for tuples what stands between their members.

    >>> @dataclass(frozen=True)
    ... class Row:
    ...     name: str
    ...     shape: tuple[int, ...] = column("output shape", join=" × ")
    """
    return field(metadata={"heading": heading, "join": join})


class Table(Sequence[Record], Generic[Record]):
    """An immutable sequence of frozen dataclass records, printed with a column for each of their fields.

    A record is found by its position or, where records have a field `name`, by that name. A slice is a table
    without the row of totals, which would be true of the whole only.

    >>> @dataclass(frozen=True)
    ... class Row:
    ...     name: str
    ...     parameters: int
    >>> table = Table([Row("conv", 320), Row("dense", 1290)], total=Row("total", 1610))
    >>> table
    name   parameters
    -----------------
    conv          320
    dense       1,290
    -----------------
    total       1,610
    >>> table["dense"].parameters
    1290
    """

    __slots__ = ("_records", "_total")

    def __init__(self, records: Iterable[Record], total: Record | None = None) -> None:
        """A table of these records and, where there is one, of a record that sums them up."""
        self._records = tuple(records)
        self._total = total

    @property
    def total(self) -> Record | None:
        """The record that sums the others up, where there is one."""
        return self._total

    def __len__(self) -> int:
        """The number of records, the totals not counted."""
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        """The records in order, without the totals."""
        return iter(self._records)

    @overload
    def __getitem__(self, key: int | str) -> Record: ...
    @overload
    def __getitem__(self, key: slice) -> "Table[Record]": ...
    def __getitem__(self, key: int | str | slice) -> "Record | Table[Record]":
        """The record at a position or of a name; for a slice a shorter table."""
        if isinstance(key, slice):
            return Table(self._records[key])
        if not isinstance(key, str):
            return self._records[key]
        names = [getattr(record, "name", "") for record in self._records]
        if key not in names:
            raise unknown("row", key, names)
        return self._records[names.index(key)]

    def __repr__(self) -> str:
        """The table as aligned text."""
        if not self._records:
            return "(a table without rows)"
        columns, body, foot = self._cells()
        numeric = self._numeric()
        widths = [max(map(len, cells)) for cells in zip(_headings(columns), *body, *foot, strict=True)]

        def line(cells: list[str]) -> str:
            pairs = zip(cells, widths, numeric, strict=True)
            return "  ".join(cell.rjust(w) if right else cell.ljust(w) for cell, w, right in pairs).rstrip()

        rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
        lines = [line(_headings(columns)), rule, *map(line, body)]
        return "\n".join([*lines, rule, *map(line, foot)] if foot else lines)

    def _repr_html_(self) -> str:
        """The table as notebooks show it."""
        if not self._records:
            return "<p>(a table without rows)</p>"
        columns, body, foot = self._cells()
        styles = [f' style="text-align: {"right" if right else "left"}"' for right in self._numeric()]

        def row(cells: list[str], tag: str = "td") -> str:
            pairs = zip(cells, styles, strict=True)
            return "<tr>" + "".join(f"<{tag}{style}>{escape(cell)}</{tag}>" for cell, style in pairs) + "</tr>"

        parts = [
            f"<thead>{row(_headings(columns), 'th')}</thead>",
            f"<tbody>{''.join(map(row, body))}</tbody>",
        ]
        if foot:
            parts.append(f"<tfoot>{row(foot[0], 'th')}</tfoot>")
        return f"<table>{''.join(parts)}</table>"

    def _columns(self) -> tuple[Field, ...]:
        return fields(self._records[0])  # type: ignore[arg-type]

    def _cells(self) -> tuple[tuple[Field, ...], list[list[str]], list[list[str]]]:
        columns = self._columns()

        def texts(record: Record) -> list[str]:
            return [_text(getattr(record, c.name), c.metadata.get("join", ", ")) for c in columns]

        return columns, [*map(texts, self._records)], [] if self._total is None else [texts(self._total)]

    def _numeric(self) -> list[bool]:
        """Which columns stand flush right: those of numbers, also where some are missing."""
        return [all(_is_numeric(getattr(r, c.name)) for r in self._records) for c in self._columns()]


def _headings(columns: Iterable[Field]) -> list[str]:
    return [c.metadata.get("heading", c.name.replace("_", " ")) for c in columns]


def _is_numeric(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_numeric, value))
    return value is None or (isinstance(value, Real) and not isinstance(value, bool))


def _text(value: object, join: str) -> str:
    """A value as a reader wants it: thousands apart, four digits of a fraction, a dash for what is missing."""
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case tuple() | list():
            return join.join(_text(member, join) for member in value)
        case Integral():
            return f"{int(value):,}"
        case Real():
            number = float(value)
            return f"{number:,.0f}" if 1e4 <= abs(number) < 1e15 else f"{number:.4g}"
        case _:
            return str(value)

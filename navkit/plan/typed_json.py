"""Frozen dataclasses as JSON and back, by the types of their own fields.

What is written is read back equal. Nothing in the input is trusted: if a field is missing or
unknown, if a word is not in its list or a number is not a number, there is no value at all.
A file that leaves out defaults is read as `sparse`: only fields without a default
must be there.
"""

import sys
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache, partial
from reprlib import repr as shortened
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point, Polygon
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from navkit.plan.hours import Hours

T = TypeVar("T")
Reader = Callable[[Any], Any]
"""From JSON to a value; a `ValueError` if the JSON is of another kind."""


def to_json(value: Any) -> Any:
    """Dataclasses as objects by field, tuples as lists, shapes as GeoJSON geometries."""
    if isinstance(value, Hours):
        return value.text
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, BaseGeometry):
        return {"type": value.geom_type, "coordinates": _coordinates(value)}
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    return value


class MisfitError(ValueError):
    """JSON of another kind."""

    def __init__(self, said: str, path: str = "") -> None:
        super().__init__(f"{path}: {said}" if path else said)
        self.said, self.path = said, path
        """`path` leads to the mistake, such as ``[3].width_m``."""


def from_json(kind: type[T], data: Any, *, sparse: bool = False) -> T:
    """The value of this kind from which `to_json` made `data`. Otherwise a `MisfitError`."""
    return cast(T, _inside("", _reader(cast(Any, kind), sparse), data))


def _inside(step: str, reader: Reader, data: Any) -> Any:
    try:
        return reader(data)
    except MisfitError as error:
        raise MisfitError(error.said, step + error.path) from None
    except ValueError as error:
        raise MisfitError(str(error), step) from None


def _coordinates(shape: BaseGeometry) -> list[Any]:
    if isinstance(shape, Polygon):
        return [_coordinates(ring) for ring in (shape.exterior, *shape.interiors)]
    return cast(list[Any], shapely.get_coordinates(shape).tolist())


@cache
def _reader(kind: Any, sparse: bool) -> Reader:
    origin, arguments = get_origin(kind), get_args(kind)

    def readers(kinds: Any) -> tuple[Reader, ...]:
        return tuple(_reader(one, sparse) for one in kinds)

    if origin is Literal:
        return partial(_one_of, frozenset(arguments))
    if origin in (Union, UnionType):
        return partial(_first_that_fits, readers(arguments))
    if origin is tuple and arguments[1:] == (Ellipsis,):
        return partial(_tuple, *readers(arguments[:1]))
    if origin is tuple:
        return partial(_row, readers(arguments))
    if origin is Mapping:
        return partial(_mapping, *readers(arguments))
    if is_dataclass(kind) and kind not in _PLAIN:
        hints = get_type_hints(kind)
        by_name = {f.name: _reader(hints[f.name], sparse) for f in fields(kind) if f.init}
        needed = {f.name for f in fields(kind) if not (sparse and _has_default(f))} & by_name.keys()
        return partial(_record, cast(Any, kind), by_name, needed)
    return _PLAIN[kind]


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _wrong(data: Any) -> MisfitError:
    return MisfitError(f"not understood: {shortened(data)}")


def _one_of(words: frozenset[Any], data: Any) -> Any:
    if not isinstance(data, str) or data not in words:
        raise _wrong(data)
    return data


def _first_that_fits(readers: tuple[Reader, ...], data: Any) -> Any:
    for reader in readers:
        try:
            return reader(data)
        except ValueError:
            continue
    raise _wrong(data)


def _list(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise _wrong(data)
    return data


def _tuple(reader: Reader, data: Any) -> tuple[Any, ...]:
    return tuple(_inside(f"[{i}]", reader, item) for i, item in enumerate(_list(data)))


def _row(readers: tuple[Reader, ...], data: Any) -> tuple[Any, ...]:
    rows = zip(readers, _list(data), strict=True)
    return tuple(_inside(f"[{i}]", reader, item) for i, (reader, item) in enumerate(rows))


def _mapping(of_key: Reader, of_value: Reader, data: Any) -> dict[Any, Any]:
    if not isinstance(data, dict):
        raise _wrong(data)
    return {
        of_key(key): _inside(f"[{shortened(key)}]", of_value, value) for key, value in data.items()
    }


def _record(
    kind: Callable[..., Any], readers: Mapping[str, Reader], needed: AbstractSet[str], data: Any
) -> Any:
    if not isinstance(data, dict) or not needed <= data.keys() <= readers.keys():
        raise _wrong(data)
    return kind(**{name: _inside(f".{name}", readers[name], item) for name, item in data.items()})


def _text(data: Any) -> str:
    if not isinstance(data, str):
        raise _wrong(data)
    data.encode()  # A `UnicodeEncodeError` for half a surrogate pair is a `ValueError`.
    return data


def _number(data: Any) -> float:
    """An int as it is: 0 and 0.0 are equal, and each is written as it was read."""
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise _wrong(data)
    if not -sys.float_info.max <= data <= sys.float_info.max:
        raise _wrong(data)
    return data


def _whole(data: Any) -> int:
    if isinstance(data, bool) or not isinstance(data, int):
        raise _wrong(data)
    return data


def _flag(data: Any) -> bool:
    if not isinstance(data, bool):
        raise _wrong(data)
    return data


def _nothing(data: Any) -> None:
    if data is not None:
        raise _wrong(data)


def _shape(name: str, build: Callable[[Any], BaseGeometry], data: Any) -> BaseGeometry:
    if not isinstance(data, dict) or data.keys() != {"type", "coordinates"}:
        raise _wrong(data)
    if data["type"] != name:
        raise _wrong(data)
    try:
        return build(data["coordinates"])
    except (ShapelyError, OverflowError, TypeError) as error:
        raise _wrong(data) from error


def _polygon(data: Any) -> Polygon:
    shell, *holes = map(_points, _list(data))
    return Polygon(shell, holes)


def _points(data: Any) -> NDArray[np.float64]:
    points = np.array(_list(data), dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise _wrong(data)
    return points


_PLAIN: Mapping[Any, Reader] = {
    Hours: lambda data: Hours(_text(data)),
    str: _text,
    int: _whole,
    float: _number,
    bool: _flag,
    NoneType: _nothing,
    Any: lambda data: data,
    Point: partial(_shape, "Point", lambda data: Point(_points(data))),
    LineString: partial(_shape, "LineString", lambda data: LineString(_points(data))),
    Polygon: partial(_shape, "Polygon", _polygon),
}

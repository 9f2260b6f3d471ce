"""Frozen dataclasses as JSON and back, by the types of their own fields.

What is written is read back equal. What is read back is believed in nothing: a field too few or
too many, a word that is not in its list, a number that is none, and there is no value at all.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
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

T = TypeVar("T")
Reader = Callable[[Any], Any]
"""From JSON to a value; a `ValueError` where the JSON is of nothing of the kind."""


def to_json(value: Any) -> Any:
    """Dataclasses as objects by field, tuples as lists, shapes as geometries of GeoJSON."""
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, BaseGeometry):
        return {"type": value.geom_type, "coordinates": _coordinates(value)}
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    return value


def from_json(kind: type[T], data: Any) -> T:
    """The value of this kind that `to_json` made `data` of. Else a `ValueError`."""
    reader: Reader = _reader(cast(Any, kind))
    return cast(T, reader(data))


def _coordinates(shape: BaseGeometry) -> list[Any]:
    if isinstance(shape, Polygon):
        return [_coordinates(ring) for ring in (shape.exterior, *shape.interiors)]
    return cast(list[Any], shapely.get_coordinates(shape).tolist())


@cache
def _reader(kind: Any) -> Reader:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return partial(_one_of, frozenset(arguments))
    if origin in (Union, UnionType):
        return partial(_first_that_fits, tuple(map(_reader, arguments)))
    if origin is tuple and arguments[1:] == (Ellipsis,):
        return partial(_tuple, _reader(arguments[0]))
    if origin is tuple:
        return partial(_row, tuple(map(_reader, arguments)))
    if origin is Mapping:
        return partial(_mapping, *map(_reader, arguments))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
        return partial(_record, cast(Any, kind), readers)
    return _PLAIN[kind]


def _wrong(data: Any) -> ValueError:
    return ValueError(f"not understood: {shortened(data)}")


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
    return tuple(map(reader, _list(data)))


def _row(readers: tuple[Reader, ...], data: Any) -> tuple[Any, ...]:
    return tuple(reader(item) for reader, item in zip(readers, _list(data), strict=True))


def _mapping(of_key: Reader, of_value: Reader, data: Any) -> dict[Any, Any]:
    if not isinstance(data, dict):
        raise _wrong(data)
    return {of_key(key): of_value(value) for key, value in data.items()}


def _record(kind: Callable[..., Any], readers: Mapping[str, Reader], data: Any) -> Any:
    if not isinstance(data, dict) or data.keys() != readers.keys():
        raise _wrong(data)
    return kind(**{name: reader(data[name]) for name, reader in readers.items()})


def _text(data: Any) -> str:
    if not isinstance(data, str):
        raise _wrong(data)
    data.encode()  # A `UnicodeEncodeError` of half a letter is a `ValueError`.
    return data


def _number(data: Any) -> float:
    """Of an int as it is: 0 and 0.0 are equal, and each is written as it was read."""
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
    str: _text,
    int: _whole,
    float: _number,
    bool: _flag,
    NoneType: _nothing,
    Point: partial(_shape, "Point", lambda data: Point(_points(data))),
    LineString: partial(_shape, "LineString", lambda data: LineString(_points(data))),
    Polygon: partial(_shape, "Polygon", _polygon),
}

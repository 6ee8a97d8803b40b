"""What the compiled sources need of Cython where they run as plain Python and it is not installed."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")
compiled = False


class _Type:
    """A C type, which says nothing to plain Python."""

    def __getitem__(self, _: object) -> _Type:
        return self


class _NoGil:
    """`cython.nogil`, as a decorator and as a context."""

    def __call__(self, function: T) -> T:
        return function

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass


def _unchanged(decorated: T) -> T:
    return decorated


def exceptval(*_: object, **__: object) -> Callable[[T], T]:
    """Return a decorator that changes nothing."""
    return _unchanged


def declare(_: object, value: Any = None) -> Any:  # noqa: ANN401
    """Return the value of a variable that is declared."""
    return value


def cast(_: object, value: Any) -> Any:  # noqa: ANN401
    """Return a value as it is."""
    return value


nogil = _NoGil()
cclass = cfunc = final = inline = _unchanged
bint = double = float = int = uchar = uint = ulonglong = ushort = Py_ssize_t = Py_UCS4 = void = _Type()  # noqa: A001

"""How the kernel is compiled."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numba import config, njit

# The kernel allocates nothing and keeps no reference: counting references would cost more than the work itself. It
# touches no Python object either, so that other threads may run meanwhile.
_WITHOUT_PYTHON: dict[str, Any] = {"_nrt": False, "nogil": True}
_RULES = ("sections.py", "text.py")  # whose numbers are compiled in
compiled = njit(**_WITHOUT_PYTHON)
inlined = njit(forceinline=True, **_WITHOUT_PYTHON)  # for what is called per letter or word; arrays are dear to pass
at = np.uintp  # marks a place that does not count from the end: numba need not ask at each letter whether it does


def kept_on_disk(function: Callable[..., None]) -> Callable[..., None]:
    """Compile a function once for all processes: its code goes to a folder named after the sources it was made of.

    Numba would look at the time of one file only, and run stale code after a change in another.
    """
    here = Path(__file__).parent
    paths = [*sorted(here.glob("*.py")), *(here.parent / name for name in _RULES)]
    sources = b"".join(path.read_bytes() for path in paths)
    before = config.CACHE_DIR
    config.CACHE_DIR = str(_cache_folder() / f"kernel-{zlib.crc32(sources):08x}")
    try:
        return njit(cache=True, **_WITHOUT_PYTHON)(function)
    except RuntimeError:  # no folder to write to: compile in every process
        return compiled(function)
    finally:
        config.CACHE_DIR = before


def is_missing(function: Any) -> bool:  # noqa: ANN401
    """Return whether a function is to be kept on disk, but its code isn't there yet, as on a machine's first use."""
    folder = function.stats.cache_path
    if folder is None:
        return False
    source = Path(function.py_func.__code__.co_filename).stat().st_mtime  # numba wants it unchanged since
    python = "py{}{}".format(*sys.version_info)
    kept = Path(folder).glob(f"*.{function.__name__}-*.{python}*.nbi")
    return not any(each.stat().st_mtime > source for each in kept)


_apart = threading.Lock()


def compile_apart(function: Any, module: str) -> None:  # noqa: ANN401
    """Have a function that is missing on disk compiled by a process of its own, which runs `module` to use it.

    Numba, while it compiles, changes what all threads share (the filters of warnings), holds the interpreter for long
    and takes memory that it never gives back. What cannot be compiled so is compiled when it is called.
    """
    with _apart:
        if is_missing(function):
            # -P keeps a numba.py in the current folder from being run as the library of that name.
            command = [sys.executable or "python", "-P", "-m", module]  # Python inside another program may know no path
            with suppress(OSError):
                subprocess.run(command, capture_output=True, check=False)  # noqa: S603


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "rolelens"

"""Compiles the reader; where that is impossible, the same sources run as plain Python."""

import os
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

CHECKED = bool(os.environ.get("ROLELENS_BOUNDS_CHECKS"))  # a build for fuzzing: every index is held against its bounds
COMPILED = [path for path in sorted(Path("src/rolelens").rglob("*.py")) if "import cython" in path.read_text("utf-8")]


def extension(path: Path) -> Extension:
    """Return the extension of a source file."""
    name = ".".join(path.relative_to("src").with_suffix("").parts)
    return Extension(name, [str(path)], optional=True, extra_compile_args=["-O3"] if os.name == "posix" else ["/O2"])


setup(
    ext_modules=cythonize(
        [extension(path) for path in COMPILED],
        build_dir="build",
        compiler_directives={
            "language_level": 3,
            "boundscheck": CHECKED,
            "wraparound": False,
            "initializedcheck": False,
            "cdivision": True,
            "embedsignature": False,
        },
    )
)

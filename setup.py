"""Compiles the reader, and packs what it is read with; where nothing can be compiled, the sources run as they are."""

import os
import shutil
import sys
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_py import build_py

CHECKED = bool(os.environ.get("ROLELENS_CHECKED"))  # for fuzzing: every index is held against its bounds
SANITIZED = bool(os.environ.get("ROLELENS_SANITIZED"))  # the same under AddressSanitizer
PACKED = ("data/roles", "data/headings.toml", "data/examples", "models/default")
FAST = ["-O3", "-g0"] if os.name == "posix" else ["/O2"]
STRIPPED = ["-Wl,-s"] if sys.platform == "linux" else []
CHECKS = ["-O1", "-g", "-fsanitize=address", "-fno-omit-frame-pointer"]


class WithData(build_py):
    """Puts roles, headings, examples and model into the wheel; a checkout has them at its top."""

    def run(self) -> None:
        """Build the package."""
        super().run()
        if not self.editable_mode:
            for name in PACKED:
                source, target = Path(name), Path(self.build_lib, "rolelens/_data", name.removeprefix("data/"))
                target.parent.mkdir(parents=True, exist_ok=True)
                if source.is_dir():
                    shutil.copytree(source, target, dirs_exist_ok=True)
                else:
                    shutil.copyfile(source, target)


def extension(path: Path) -> Extension:
    """Return the extension of a source file."""
    return Extension(
        ".".join(path.relative_to("src").with_suffix("").parts),
        [str(path)],
        extra_compile_args=CHECKS if SANITIZED else FAST,
        extra_link_args=["-fsanitize=address"] if SANITIZED else STRIPPED,
    )


sources = [
    path for path in sorted(Path("src/rolelens").rglob("*.py")) if "\n    import cython\n" in path.read_text("utf-8")
]
modules = cythonize(
    [extension(path) for path in sources],
    build_dir="build",
    nthreads=os.cpu_count() or 1,
    force=CHECKED or SANITIZED,
    compiler_directives={
        "boundscheck": CHECKED or SANITIZED,
        "cdivision": True,
        "initializedcheck": False,
        "language_level": 3,
        "wraparound": False,
    },
)
for module in modules:
    module.optional = True  # which Cython does not hand on: what cannot be compiled runs as it is
setup(
    cmdclass={"build_py": WithData},
    options={"build_ext": {"parallel": os.cpu_count() or 1}},
    ext_modules=modules,
)

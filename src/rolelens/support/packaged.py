"""Where the packaged data lives: beside the code in a wheel, at the top of a checkout."""

from pathlib import Path

_PACKAGED = Path(__file__).parents[1] / "_data"
_CHECKOUT = Path(__file__).parents[3]


def data_path(name: str) -> Path:
    """Return the path of packaged data such as "roles", "headings.toml" or "models/default"."""
    packaged = _PACKAGED / name
    if packaged.exists():
        return packaged
    return _CHECKOUT / (name if name.startswith("models/") else f"data/{name}")

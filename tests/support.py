"""Where the tests find the project's own postings and the labelled ones."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "data" / "examples"
POSTINGS = ROOT.parent / "shared" / "postings"
EXPECTED = tomllib.loads((EXAMPLES / "expected.toml").read_text(encoding="utf-8"))

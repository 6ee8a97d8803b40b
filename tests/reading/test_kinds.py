import re

from rolelens.reading import kinds
from support import ROOT


def test_the_compiler_and_python_have_the_same_kinds():
    declared = (ROOT / "src" / "rolelens" / "reading" / "kinds.pxd").read_text(encoding="utf-8")
    found = {name: int(value, 16) for name, value in re.findall(r"(\w+) = (0x[0-9A-F]+)", declared)}
    assert found == {name: getattr(kinds, name) for name in found}
    assert len(found) > 20

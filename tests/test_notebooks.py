import json

import pytest

from support import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_run_from_the_top_folder(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code
    names: dict[str, object] = {}
    for cell in code:
        exec(compile(cell, path.name, "exec"), names)  # the cells are our own
    plots = [name for name in names if name == "axes"]
    assert plots or names["classifier"].roles
    for name in plots:
        assert names[name].patches  # something is drawn

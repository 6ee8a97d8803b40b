import subprocess
import sys

import rolelens
from rolelens.support.packaged import data_path

HEAVY = ("sklearn", "scipy", "pandas", "pyarrow", "numba", "numpy", "joblib", "jinja2")


def modules_after(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_predict_imports_none_of_the_heavy_packages():
    loaded = modules_after("import rolelens\nrolelens.RoleClassifier.load().predict('Train the models of our team')")
    assert "rolelens.classifier" in loaded
    assert not loaded & set(HEAVY)


def test_the_command_line_starts_without_the_heavy_packages():
    example = data_path("roles").parent / "examples" / "en-researcher.txt"
    arguments = ["classify", "--explain", "--why", "data_scientist", str(example)]
    loaded = modules_after(f"from rolelens.cli import main\nmain({arguments!r}, standalone_mode=False)")
    assert "rolelens.rendering" in loaded
    assert not loaded & set(HEAVY)


def test_names_that_moved_keep_working():
    assert rolelens.Verdict is rolelens.Decision
    assert rolelens.Scored is rolelens.RowResult
    assert rolelens.estimators.RoleEstimator


def test_one_public_door():
    assert all(getattr(rolelens, name) for name in rolelens.__all__)
    assert len(rolelens.__all__) <= 20


def test_the_wheel_is_small_and_carries_its_data(tmp_path):
    import zipfile

    root = data_path("roles").parents[1]
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(root)]
    subprocess.run(build, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.stat().st_size < 4_000_000
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "rolelens/py.typed",
        "rolelens/rendering/page.html.jinja",
        "rolelens/_data/roles/researcher.toml",
        "rolelens/_data/headings.toml",
        "rolelens/_data/models/default/model.safetensors",
        "rolelens/_data/models/default/MODEL_CARD.md",
    } <= names

#!/usr/bin/env bash
# Fuzz the reader and the model file in a build of its own that checks every index: PYTHON COUNT [1 for AddressSanitizer].
set -euo pipefail
python=$(realpath --no-symlinks "$1") count=$2 sanitized=${3:-}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root"/{src,data,models,setup.py,pyproject.toml,README.md,LICENSE,tests} "$work"
find "$work/src" -name '*.so' -delete
cd "$work"
if [ -n "$sanitized" ]; then
  ROLELENS_SANITIZED=1 "$python" setup.py -q build_ext --inplace 2>/dev/null
  export LD_PRELOAD ASAN_OPTIONS=detect_leaks=0 PYTHONMALLOC=malloc
  LD_PRELOAD=$(gcc -print-file-name=libasan.so)
else
  ROLELENS_CHECKED=1 "$python" setup.py -q build_ext --inplace 2>/dev/null
fi
PYTHONPATH="$work/src:$work/tests" "$python" tests/fuzz_reading.py "$count"

#!/usr/bin/env bash
# Runs every notebook from start to finish, without a screen, on a fresh audit of the Dublin sample.
# A notebook that fails fails the run. Nothing is written into the repository except below target.
#
#   CHALAND        a ready program, instead of the dev build
#   NOTEBOOK_VENV  another place for the Python environment
#   PYTHON         another Python than python3
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "notebooks: $1" >&2
  exit 1
}

shopt -s nullglob
notebooks=(notebooks/*.ipynb)
[ ${#notebooks[@]} -gt 0 ] || fail "no notebook found in the folder notebooks"

python=${PYTHON:-python3}
command -v "$python" > /dev/null || fail "$python is missing; install Python 3.11 or newer"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || fail "Python 3.11 or newer is needed, found $("$python" --version 2>&1)"

venv=${NOTEBOOK_VENV:-target/notebooks-venv}
if ! "$venv/bin/python" -m pip --version > /dev/null 2>&1; then
  "$python" -m venv --clear "$venv" || fail "no Python environment in $venv; the module venv may be missing"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary=:all: \
  -r notebooks/requirements.txt || fail "the packages of notebooks/requirements.txt cannot be installed"
venv_python=$(cd "$venv/bin" && pwd)/python

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "audit of data-samples/dublin"
if [ -n "${CHALAND:-}" ]; then
  "$CHALAND" audit data-samples/dublin --out "$work/results" --quiet > /dev/null
else
  cargo run --locked --quiet -- audit data-samples/dublin --out "$work/results" --quiet > /dev/null
fi

# Settings and caches of Jupyter and matplotlib stay out of the home folder, and those found there stay out of the run.
export CHALAND_RESULTS="$work/results"
export JUPYTER_CONFIG_DIR="$work/jupyter" JUPYTER_DATA_DIR="$work/jupyter" JUPYTER_RUNTIME_DIR="$work/jupyter"
export IPYTHONDIR="$work/ipython" MPLCONFIGDIR="$work/matplotlib" JUPYTER_PREFER_ENV_PATH=1 PYTHONDONTWRITEBYTECODE=1
for notebook in "${notebooks[@]}"; do
  echo "notebook $notebook"
  "$venv_python" notebooks/execute.py "$notebook" < /dev/null
done

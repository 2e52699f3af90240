#!/usr/bin/env bash
# Runs every notebook from start to finish, without a screen, in an environment of its own.
# A notebook that fails fails the run. The program is taken from CHALAND, else built.
set -euo pipefail
cd "$(dirname "$0")"

shopt -s nullglob
notebooks=(*.ipynb)
if [ ${#notebooks[@]} -eq 0 ]; then
  echo "no notebooks yet"
  exit 0
fi

venv=${NOTEBOOK_VENV:-../target/notebook-venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements.txt

if [ -z "${CHALAND:-}" ]; then
  (cd .. && cargo build)
  CHALAND=$(cd .. && cargo metadata --format-version 1 --no-deps | "$venv/bin/python" -c \
    'import json, sys; print(json.load(sys.stdin)["target_directory"] + "/debug/chaland")')
fi
export CHALAND

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for notebook in "${notebooks[@]}"; do
  echo "notebook $notebook"
  "$venv/bin/python" -m jupyter nbconvert --to notebook --execute --ExecutePreprocessor.timeout=900 \
    --output-dir "$work" "$notebook" < /dev/null
done

"""Executes one notebook from start to finish, in memory, and fails where a cell fails.

The stored file stays as it is; it must hold no outputs, so that what is read in the repository was not computed elsewhere.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

SECONDS_PER_CELL = 300


def main(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    stored = [i for i, cell in enumerate(notebook.cells) if cell.get("outputs") or cell.get("execution_count")]
    if stored:
        return f"{path.name}: cells {stored} are stored with outputs; strip them"
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        return f"{path.name}: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))

"""A training step by compiled graphs, beside NumPy by hand and other libraries: one table.

Run by `make bench`, in a process for each number of threads.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_training_step(threads, capsys):
    chosen = os.environ.get("MINIGRAPH_BENCH_SIZES", "").split()
    with capsys.disabled():
        print(flush=True)
        subprocess.run(
            [sys.executable, "table_.py", threads, *chosen], cwd=Path(__file__).parent, check=True
        )

"""Reading a number must not wait for what only formulas need."""

from __future__ import annotations

import subprocess
import sys

import studykit.answers


def test_reading_a_number_loads_neither_numpy_nor_the_formula_half() -> None:
    code = (
        "import sys; from studykit.answers import read_number, read_matrix;"
        "read_number('sqrt(2)/2'); read_matrix('1 2; 3 4');"
        "print(sorted({'numpy', 'sympy', 'mpmath', 'random', 'studykit.answers.equality'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_can_be_had() -> None:
    for name in studykit.answers.__all__:
        assert getattr(studykit.answers, name) is not None

"""Numbers that make a problem test nothing: rows of zeros, columns that are all one number.

Families ask these questions in `fine`; a draw for which one is answered yes is thrown away.
"""

from __future__ import annotations

from studykit.problems.arithmetic import Matrix


def some_zero_row(*matrices: Matrix) -> bool:
    """Whether a row of one of the matrices is all zero."""
    return any(not any(row) for matrix in matrices for row in matrix)


def some_constant_column(*matrices: Matrix) -> bool:
    """Whether a column holds one number throughout: its weighted mean is that number, always."""
    return any(
        len(matrix) > 1 and any(len(set(column)) == 1 for column in zip(*matrix, strict=True))
        for matrix in matrices
    )

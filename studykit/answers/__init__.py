"""Reading and judging typed mathematics: text in, own tree, value or verdict out; nothing is run.

`read_number` and `read_matrix` read what a learner typed or raise AnswerError with the place and
the reason; `same_number` and `same_matrix` judge it; `echo` and `tex` show how it was understood.
"""

from .errors import AnswerError
from .judging import Judgement, MatrixJudgement, same_matrix, same_number, tolerance
from .matrices import Matrix, read_matrix
from .numbers import Number, read_number
from .precision import Exact, Figures, Places, Precision
from .writing import echo, format_number, tex

__all__ = [
    "AnswerError",
    "Exact",
    "Figures",
    "Judgement",
    "Matrix",
    "MatrixJudgement",
    "Number",
    "Places",
    "Precision",
    "echo",
    "format_number",
    "read_matrix",
    "read_number",
    "same_matrix",
    "same_number",
    "tex",
    "tolerance",
]

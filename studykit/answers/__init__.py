"""Reading and judging typed mathematics: text in, own tree, value or verdict out; nothing is run.

`read_number`, `read_matrix`, `read_expression` read what a learner typed or raise AnswerError with
the place and the reason; `same_number`, `same_matrix` and `same_expression` judge it; `echo` and
`tex` show how it was understood.
"""

from .equations import Equation, read_equation, same_equation
from .errors import AnswerError
from .expressions import Expression, read_expression
from .formulas import ExpressionJudgement, same_expression
from .judging import Judgement, MatrixJudgement, same_matrix, same_number, tolerance
from .lists import Listed, read_label, read_list, read_shape, same_list
from .matrices import Matrix, read_matrix
from .names import Names
from .numbers import Number, read_number
from .precision import Exact, Figures, Places, Precision
from .writing import echo, format_number, tex

__all__ = [
    "AnswerError",
    "Equation",
    "Exact",
    "Expression",
    "ExpressionJudgement",
    "Figures",
    "Judgement",
    "Listed",
    "Matrix",
    "MatrixJudgement",
    "Names",
    "Number",
    "Places",
    "Precision",
    "echo",
    "format_number",
    "read_equation",
    "read_expression",
    "read_label",
    "read_list",
    "read_matrix",
    "read_number",
    "read_shape",
    "same_equation",
    "same_expression",
    "same_list",
    "same_matrix",
    "same_number",
    "tex",
    "tolerance",
]

"""Reading and judging typed mathematics: text in, own tree, value or verdict out; nothing is run.

`read_number`, `read_matrix`, `read_expression` read what a learner typed or raise AnswerError with
the place and the reason; `same_number`, `same_matrix` and `same_expression` judge it; `echo` and
`tex` show how it was understood.
"""

from typing import TYPE_CHECKING, Any

from .errors import AnswerError, ShapesError
from .judging import Judgement, MatrixJudgement, same_matrix, same_number, tolerance
from .matrices import Matrix, read_matrix
from .numbers import Number, read_number
from .precision import Exact, Figures, Places, Precision
from .writing import echo, format_number, tex

if TYPE_CHECKING:
    from .equations import Equation, read_equation, same_equation
    from .expressions import Expression, read_expression
    from .formulas import ExpressionJudgement, same_expression
    from .lists import Listed, read_label, read_list, read_shape, same_list
    from .names import Names

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
    "ShapesError",
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

_LATER = {
    "Equation": "equations",
    "read_equation": "equations",
    "same_equation": "equations",
    "Expression": "expressions",
    "read_expression": "expressions",
    "ExpressionJudgement": "formulas",
    "same_expression": "formulas",
    "Listed": "lists",
    "read_label": "lists",
    "read_list": "lists",
    "read_shape": "lists",
    "same_list": "lists",
    "Names": "names",
}
"""Public names whose files load when first asked for: most answers are numbers."""


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_LATER[name]}", __name__), name)
    globals()[name] = value
    return value

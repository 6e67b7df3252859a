"""Forms as data: a documented part of JSON Schema with conditions, rows and computed answers, checked here and in the
browser by the same rules, and answers moved from one version of a form to the next. See README.md."""

from yiwang.core.forms.answers import EMPTY, clean, empty, leaves
from yiwang.core.forms.checking import Checked, Wrong, check
from yiwang.core.forms.describing import describe
from yiwang.core.forms.expression import BadExpression, Expression
from yiwang.core.forms.moving import Dropped, Moved, move
from yiwang.core.forms.schema import Field, Form, SchemaProblem, problems_of, read

__all__ = [
    "EMPTY",
    "BadExpression",
    "Checked",
    "Dropped",
    "Expression",
    "Field",
    "Form",
    "Moved",
    "SchemaProblem",
    "Wrong",
    "check",
    "clean",
    "describe",
    "empty",
    "leaves",
    "move",
    "problems_of",
    "read",
]

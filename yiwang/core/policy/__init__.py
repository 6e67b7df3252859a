"""Who gets what, by which rule: dated parameters, programmes as formulas over columns, three-valued answers.

See README.md. One household and a whole city go through the same formulas.
"""

from yiwang.core.policy.columns import (
    HOUSEHOLD,
    NEVER,
    NO,
    PERSON,
    UNKNOWN,
    YES,
    Number,
    Rate,
    Truth,
    all_of,
    any_of,
    choose,
    least,
    most,
)
from yiwang.core.policy.errors import MESSAGES, PolicyError
from yiwang.core.policy.evaluation import ROWS, Answer, Answers, evaluate, prepare
from yiwang.core.policy.explaining import CaseExplained, Explanation, explain
from yiwang.core.policy.facts import Fact, Facts
from yiwang.core.policy.formulas import (
    Programme,
    ProgrammeDef,
    amount,
    condition,
    figure,
    household,
    person,
)
from yiwang.core.policy.parameters import UNITS, Parameter, Parameters, parameter_of
from yiwang.core.policy.population import Population
from yiwang.core.policy.rules import Rules, RulesAt

__all__ = [
    "HOUSEHOLD", "MESSAGES", "NEVER", "NO", "PERSON", "ROWS", "UNITS", "UNKNOWN", "YES", "Answer", "Answers",
    "CaseExplained", "Explanation", "Fact", "Facts", "Number", "Parameter", "Parameters", "PolicyError", "Population",
    "Programme", "ProgrammeDef", "Rate", "Rules", "RulesAt", "Truth", "all_of", "amount", "any_of", "choose",
    "condition", "evaluate", "explain", "figure", "household", "least", "most", "parameter_of", "person", "prepare",
]  # fmt: skip

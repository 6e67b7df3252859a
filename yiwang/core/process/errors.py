"""Errors of a running process, each with a code and parameters, so that a page can say it in its language."""

from __future__ import annotations

MESSAGES = {
    "no_token": "There is no open step with number %(token)s: it was completed or cancelled meanwhile.",
    "not_a_task": "%(node)s is not a user task; it cannot be completed or sent back by a person.",
    "not_a_timer": "%(node)s is not a timer.",
    "not_a_service": "%(node)s is not a service task.",
    "unknown_outcome": "%(outcome)s is not an outcome of %(node)s; it allows: %(allowed)s.",
    "still_open": "The case still has open tasks; it cannot begin again at %(node)s.",
    "no_such_task": "There is no user task %(node)s in this process to send back to.",
    "not_earlier": "%(to)s does not come before %(node)s, so it cannot be sent back there.",
    "crosses_parallel": "%(node)s cannot go back to %(to)s: a branch that runs in parallel lies between them.",
    "part_of_many": "%(node)s is one of several parts of the same task; a single part cannot be sent back.",
    "no_list": "%(node)s needs a list of items in %(name)s, with one text or number for each.",
    "no_way_out": "None of the conditions after %(node)s holds, and it has no default flow.",
    "deadlock": "Nothing is open any more, but %(node)s still waits for a branch that will never come.",
    "endless": "The process runs in a circle at %(node)s without coming to a task.",
    "missing_name": "The condition on %(flow)s needs %(name)s, which this case does not have.",
    "bad_value": "The condition on %(flow)s cannot be decided: %(reason)s.",
}


class StepError(Exception):
    """An event that this state does not allow. `code` is a key of MESSAGES, `params` fill its blanks."""

    def __init__(self, code: str, **params: object):
        super().__init__(MESSAGES[code] % params)
        self.code = code
        self.params = params

    def __reduce__(self):
        return _restore, (type(self), self.code, self.params)


class ConditionError(StepError):
    """A condition could not be decided. `params["flow"]` says where, `params["name"]` what is missing."""


def _restore(kind: type[StepError], code: str, params: dict) -> StepError:
    return kind(code, **params)

"""What goes wrong with working time, told to the person who can put it right."""


class WorktimeError(ValueError):
    """Base of every refusal of this package.

    The message is plain English. `code` names the refusal and `params` holds its values, so that an
    upper floor can say the same in the reader's language.
    """

    def __init__(self, code: str, message: str, **params):
        super().__init__(message)
        self.code = code
        self.params = params


class LimitError(WorktimeError):
    """A time limit that is not one."""


class MomentError(WorktimeError):
    """A moment without its time zone, or text that is no moment."""


class HoldError(WorktimeError):
    """A hold that ends before it begins, or has no beginning."""


class SeasonError(WorktimeError):
    """Office hours that overlap, leave days out, or do not parse."""


class NoticeError(WorktimeError):
    """A holiday notice that contradicts itself, its year or another notice."""


class CalendarError(WorktimeError):
    """A date outside the years that the calendar covers."""

"""The rules of time limits the slow way: walk every day, or every minute. Shares no code with the package's
arithmetic; asks the calendar only whether a day is worked and when its office is open."""

from datetime import datetime, time, timedelta

ONE_DAY, ONE_MINUTE = timedelta(1), timedelta(minutes=1)


def brute_due(calendar, start, amount, unit, holds):
    """The due moment, or None while held. `start` and holds are in local time; hours need whole minutes."""
    holds = [(max(begin, start), end) for begin, end in holds]
    holds = [(begin, end) for begin, end in holds if end is None or end > begin]
    if unit in ("wd", "d"):
        return _by_day(calendar, start, amount, unit, holds)
    return _by_minute(calendar, start, amount, unit, holds)


def _by_day(calendar, start, amount, unit, holds):
    day, count, ended = start.date(), 0, amount == 0
    while True:
        today = calendar.day(day)
        close = _close(calendar, day, start.tzinfo)
        counts = (today.working or unit == "d") and day > start.date()
        would_be_due = today.working and (ended or (counts and count + 1 == amount))
        held = _held(day, [hold for hold in holds if not would_be_due or hold[0] < close])
        if held == "for ever":
            return None
        if not held and not ended and counts:
            count += 1
            ended = count == amount
        if not held and ended and today.working and close > start:
            return close
        day += ONE_DAY


def _held(day, holds):
    for begin, end in holds:
        if end is None and begin.date() <= day:
            return "for ever"
        if end is not None and begin.date() <= day <= end.date():
            return "today"
    return ""


def _by_minute(calendar, start, amount, unit, holds):
    minutes, now = amount * 60, start
    while minutes:
        inside = [hold for hold in holds if hold[0] <= now and (hold[1] is None or now < hold[1])]
        if any(end is None for _, end in inside):
            return None
        if not inside and (unit != "wh" or _office_open(calendar, now)):
            minutes -= 1
        now += ONE_MINUTE
    return now


def _office_open(calendar, now):
    if not calendar.day(now.date()).working:
        return False
    second = now.hour * 3600 + now.minute * 60
    return any(opening <= second < closing for opening, closing in calendar.windows(now.date()))


def _close(calendar, day, zone):
    return datetime.combine(day, time(), zone) + timedelta(seconds=calendar.windows(day)[-1][1])

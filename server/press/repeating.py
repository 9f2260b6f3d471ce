"""When something is closed: once, or at the same hours of some days of the week.

Phones know single periods only. So the next ones are written out for them, `AHEAD_DAYS` ahead, and
renewed every hour: a phone that was without a network for longer knows of no later night.
"""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from navkit.venue.periods import Period, end_of, start_of
from navkit.words.findings import NavkitError

AHEAD_DAYS = 14
"""How far ahead phones know of repeated closures. A guess: a phone that was opened within the last
two weeks knows of tonight."""
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)

_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_WEEK = timedelta(days=9)
"""After a week all repeats; a night reaches into the next day, at both ends."""


@dataclass(frozen=True)
class Daily:
    """The hours of a day; `end` is on the next day if it is not after `start`."""

    start: str
    """``HH:MM`` on the hospital's clock."""
    end: str
    days: tuple[int, ...] = EVERY_DAY
    """Of the week, 1 is Monday: those on which a period begins."""

    def on(self, day: date, zone: tzinfo) -> Period:
        """The period that begins on a day."""
        last = day if self.end > self.start else day + timedelta(days=1)
        return Period(start_of(f"{day}T{self.start}", zone), end_of(f"{last}T{self.end}", zone))

    def encode(self) -> str:
        return json.dumps({"from": self.start, "to": self.end, "days": list(self.days)})


@dataclass(frozen=True)
class When:
    """One period, or those of some days that begin within it."""

    whole: Period
    daily: Daily | None
    zone: tzinfo

    def periods(self, since: str, until: str) -> Iterator[Period]:
        """Those that have a minute after `since`, in order; of hours that repeat those that begin
        before `until`. Both are times of the hospital's clock."""
        if self.daily is None:
            if self.whole.state(since) != "over":
                yield self.whole
            return
        day = date.fromisoformat(max(since, self.whole.start)[:10]) - timedelta(days=1)
        until = min(until, self.whole.end) if self.whole.end else until
        while day.isoformat() <= until[:10]:
            found = self.daily.on(day, self.zone)
            is_within = self.whole.start <= found.start < until
            if is_within and day.isoweekday() in self.daily.days and found.state(since) != "over":
                yield found
            day += timedelta(days=1)

    def overlaps(self, other: "When", now: str) -> bool:
        """Whether both have a minute in common from now on."""
        if self.daily is None and other.daily is None:
            return self.whole.overlaps(other.whole)
        since = max(self.whole.start, other.whole.start, now)
        until = (date.fromisoformat(since[:10]) + _WEEK).isoformat()
        mine = [*self.periods(since, until)]
        return any(one.overlaps(two) for one in mine for two in other.periods(since, until))


def decoded(text: str) -> Daily | None:
    """As it is stored; None for a closure that does not repeat."""
    if not text:
        return None
    said = json.loads(text)
    return Daily(said["from"], said["to"], tuple(said["days"]))


def asked(start: object, end: object, days: object) -> Daily | None:
    """What somebody asks for; None if no hours are given. `NavkitError` if they cannot be read."""
    if not (start or end):
        return None
    for field, text in (("from", start), ("to", end)):
        if not isinstance(text, str) or not _HOUR.fullmatch(text):
            raise NavkitError("closure-hours-unreadable", str(text)[:40], field=field)
    if start == end:
        raise NavkitError("closure-hours-alike", str(start), field="to")
    if not isinstance(days, Sequence) or isinstance(days, str) or not _are_days(days):
        raise NavkitError("closure-days-unreadable", str(days)[:40], field="days")
    return Daily(str(start), str(end), tuple(sorted(set(days))) or EVERY_DAY)


def _are_days(days: Collection[object]) -> bool:
    return all(type(one) is int and one in EVERY_DAY for one in days)


def planned(
    whole: Period, daily: Daily | None, zone: tzinfo, now: str, *, ends_within: bool = False
) -> When:
    """The periods that are asked for: those that begin within `whole`, with `ends_within` those
    that also end by its end. Without a start, hours that run now count too. `NavkitError` if there
    is no such period."""
    if daily is None:
        return When(whole, None, zone)
    today = date.fromisoformat(now[:10])
    begun = [daily.on(day, zone) for day in (today - timedelta(days=1), today)]
    running = (
        one.start
        for one in begun
        if one.state(now) == "running"
        and date.fromisoformat(one.start[:10]).isoweekday() in daily.days
    )
    when = When(Period(whole.start or next(running, now), whole.end), daily, zone)
    since = max(now, when.whole.start)
    until = whole.end or (date.fromisoformat(since[:10]) + _WEEK).isoformat()
    found = [
        one
        for one in when.periods(since, until)
        if not (ends_within and whole.end) or one.end <= whole.end
    ]
    if not found:
        raise NavkitError("closure-hours-never", field="days")
    # After the last day, its night ends in the morning.
    return When(Period(found[0].start, found[-1].end if whole.end else ""), daily, zone)

"""Opening hours as staff write them, converted to the form that `navkit.plan.hours` reads.

`周一至周五 上午8：00–12:00；下午2点半到5点` is `Mo-Fr 08:00-12:00,14:30-17:00`. The words are in
`written_hours.json`. Text that is already in that form is left as it is.

Words without times (上午, 工作日) say when it may be open, not when it is: only the hospital knows
when its mornings begin. Where it has not said that, these days are `unknown`.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

from navkit.plan.hours import UNKNOWN, Hours, HoursError, days_of, is_readable

LONGEST = 300
"""Maximum length of a text of hours; a rule for every day of the week has 150. A guess."""

_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
_NOON = 12 * 60
_DAY_MIN = 24 * 60


@dataclass(frozen=True)
class WrittenHours:
    """What somebody has written, as it was read."""

    hours: Hours
    is_added: bool = False
    """Whether times after a `;` were added to those before, where OpenStreetMap replaces them."""
    unread: str = ""
    """The part that could not be read: nothing was."""


PartsOfDay = Mapping[str, str]
"""What the hospital says of `morning`, `afternoon` and `night`: times such as ``08:00-12:00``."""


@dataclass(frozen=True)
class _Rule:
    days: str
    spans: tuple[tuple[int, int], ...]
    """Minutes of the day; none if it is closed."""
    is_known: bool = True
    """Whether it says any times, or that it is closed."""

    def __str__(self) -> str:
        if not self.is_known:
            return f"{self.days} {UNKNOWN}".strip()
        times = ",".join(f"{_clock(start)}-{_clock(end)}" for start, end in self.spans)
        return f"{self.days} {times or 'off'}".strip()


def read_hours(written: str) -> WrittenHours:
    """The hours that somebody has written; `HoursError` with the part that cannot be read.

    In OpenStreetMap a rule replaces the one before on the days that both name. Staff who write
    `8:00-12:00;14:00-17:30` mean both: times are added to those of the same days, and a rule
    without days continues the days before it, unless they overlap.
    """
    text = written.strip()
    if len(text) > LONGEST:
        raise HoursError(text[:LONGEST])
    if text in ("", "24/7"):
        return WrittenHours(Hours(text))
    try:
        rules, is_added = _added(_rules(_plain(text)))
    except HoursError as error:
        raise HoursError(str(error) or text) from None
    if is_added or not is_readable(text):
        text = _as_text(rules, text)
    return WrittenHours(Hours(text), is_added)


def read_words(written: str, parts: PartsOfDay) -> WrittenHours:
    """The same where words without times are read too, by what the hospital says of `parts` of the
    day, else as unknown. What cannot be read at all is unknown."""
    if len(written) > LONGEST:
        return WrittenHours(Hours(UNKNOWN), unread=written[:LONGEST])
    text = _timed(_plain(written), parts)
    try:
        if text == _plain(written):
            return read_hours(written)
    except HoursError as error:
        unread = str(error)
    else:
        unread = written.strip()
    try:
        rules, is_added = _added(_rules(text, needs_times=False))
        return WrittenHours(Hours(_as_text(_beside_closed(rules), written)), is_added)
    except HoursError:
        return WrittenHours(Hours(UNKNOWN), unread=unread)


def _timed(text: str, parts: PartsOfDay) -> str:
    """The plain text with the hospital's times for words that have none, and `unknown` for others.

    A whole day is 24 hours only where the text says so, too.
    """
    for part, written in _words()["alone"].items():
        alone = rf"(?<![\d:])(?:{_any_of(written)})(?!\s*\d)"
        text = re.sub(alone, f" {parts.get(part, UNKNOWN)} ", text)
    whole = _words()["whole_day"]
    if re.search(_any_of(set(_words()["always"]) - set(whole)), text):
        return text
    known = [parts[part] for part in ("morning", "afternoon") if part in parts]
    day = ",".join(known) if len(known) == 2 else UNKNOWN
    return re.sub(_any_of(whole), f" {day} ", text)


def _as_text(rules: Iterable[_Rule], written: str) -> str:
    read = "; ".join(map(str, rules))
    if not (read and is_readable(read)):
        raise HoursError(written)
    return read


def _beside_closed(rules: Sequence[_Rule]) -> list[_Rule]:
    """Hours that only say when it is closed leave open when it is open on other days."""
    if any(rule.spans or not rule.is_known for rule in rules):
        return [*rules]
    return [_Rule("", (), is_known=False), *rules]


@cache
def _words() -> Mapping[str, Any]:
    file = resources.files("navkit.venue").joinpath("written_hours.json")
    words: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return words


def _any_of(words: Iterable[str]) -> str:
    """A pattern for these words; words of letters must stand alone."""
    listed = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(
        rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word[0].isascii() and word[0].isalpha()
        else re.escape(word)
        for word in listed
    )  # fmt: skip


def _plain(text: str) -> str:
    """One character for each mark, days by their short names, without filler words."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"(?<=\d)\.(?=\d\d(?!\d))", ":", text)
    for mark, written in _words()["marks"].items():
        text = re.sub(_any_of(written), mark, text)
    for days, written in _words()["days"].items():
        text = re.sub(_any_of(written), f" {days} ", text)
    text = re.sub(_any_of(_words()["idle"]), " ", text)
    text = re.sub("-(?:\\s*-)+", "-", _weekdays(text))
    text = _excepted().sub(lambda match: f" {match[1]} {_words()['closed'][0]} ", text)
    return _holidays_last(text)


def _holidays_last(text: str) -> str:
    """What is closed on holidays comes after all times, which are those of other days:
    周一至周六（节假日休息）8:00-17:00. A holiday that is one of several days stays among them."""
    closed = _any_of(_words()["closed"])
    found = [
        match
        for match in re.finditer(rf"[(;,]?\s*PH\s*(?:{closed})\s*\)?", text)
        if match[0][0] == "(" or not re.search(rf"{_DAY}[\s,-]*$", text[: match.start()])
    ]
    for match in reversed(found):
        text = text[: match.start()] + " " + text[match.end() :]
    return f"{text};{found[0][0].strip('(;,) ')}" if found else text


@cache
def _excepted() -> re.Pattern[str]:
    """Days that are excepted before they are named: 除节假日外, "except holidays"."""
    before, after = (_any_of(_words()[name]) for name in ("except", "except_end"))
    return re.compile(rf"(?:{before})\s*({_DAY}(?:[\s,-]*{_DAY})*)\s*(?:{after})?")


@cache
def _weekday_patterns() -> tuple[re.Pattern[str], re.Pattern[str], Mapping[str, str]]:
    of_word = {word: day for day, words in _words()["weekdays"].items() for word in words}
    chinese = "".join(word for word in of_word if not word.isascii())
    week = _any_of(_words()["week"])
    # After the first day of a list the word for "week" is left out: 周一、三、五, 周六日.
    listed = rf"(?:{week})\s*([{chinese}](?:\s*[-,]?\s*[{chinese}])*)"
    return re.compile(listed), re.compile(_any_of(w for w in of_word if w.isascii())), of_word


def _weekdays(text: str) -> str:
    listed, english, of_word = _weekday_patterns()

    def days(match: re.Match[str]) -> str:
        named = (f" {of_word[sign]} " if sign in of_word else sign for sign in match[1])
        return "".join(named)

    # In both the list separator stays between the days.
    return english.sub(lambda match: f" {of_word[match[0]]} ", listed.sub(days, text))


@cache
def _token() -> re.Pattern[str]:
    words = _words()
    part = _any_of(word for group in words["parts"].values() for word in group)
    # In Chinese the part of the day is before the time: 上午8:00-12:00 下午2:00-5:30.
    after = _any_of(word for group in words["parts"].values() for word in group if word.isascii())
    later = _any_of(words["next_day"])
    hour, half, minute = (_any_of(words[name]) for name in ("hour", "half_past", "minute"))

    def time(name: str) -> str:
        return (
            rf"(?P<{name}_next>{later})?\s*(?P<{name}_part>{part})?\s*(?P<{name}_h>\d{{1,2}})"
            rf"(?P<{name}_mark>:(?P<{name}_m>\d{{2}})|(?:{hour})(?:(?P<{name}_half>{half})|"
            rf"(?P<{name}_min>\d{{1,2}})(?:{minute})?)?)?(?::00(?!\d))?\s*(?P<{name}_after>{after})?"
        )

    return re.compile(
        rf"(?P<days>{_DAY}(?:\s*-\s*{_DAY})?)"
        rf"|(?P<always>{_any_of(words['always'])})"
        rf"|(?P<closed>{_any_of(words['closed'])})"
        rf"|(?P<unknown>{UNKNOWN})"
        rf"|(?P<span>{time('from')}\s*-\s*{time('to')})"
        r"|(?P<between>[\s,;:()]+)"
    )


def _rules(text: str, *, needs_times: bool = True) -> list[tuple[_Rule, bool]]:
    """Each rule, and whether a `;` is before it and it has no days of its own. `HoursError` if days
    have no times that `needs_times`."""
    reading = _Reading(needs_times)
    at = 0
    while at < len(text):
        match = _token().match(text, at)
        if not match:
            raise HoursError(re.split(r"[\s,;]", text[at:], maxsplit=1)[0][:40] or text[at:][:40])
        at = match.end()
        reading.take(match.lastgroup if match.lastgroup in _KINDS else "span", match)
    return reading.all_rules()


class _Reading:
    """The rules of a text, token by token."""

    def __init__(self, needs_times: bool) -> None:
        self._needs_times = needs_times
        self._rules: list[tuple[_Rule, bool]] = []
        self._days: list[str] = []
        self._is_named = False
        self._last = ""
        self._begin()

    def _begin(self) -> None:
        self._spans: list[tuple[int, int]] = []
        self._is_closed = self._is_unknown = False

    @property
    def _is_said(self) -> bool:
        return bool(self._spans) or self._is_closed or self._is_unknown

    def take(self, kind: str, match: re.Match[str]) -> None:
        """The next token, of one of `_KINDS` or a span of time."""
        if kind == "between":
            self._parted(match[0])
            return
        if kind == "days":
            self._name(match[0])
        elif kind == "closed":
            self._is_closed = True
        elif kind == "unknown" and not self._needs_times:
            self._is_unknown = True
        elif kind == "always":
            self._spans.append((0, _DAY_MIN))
        else:
            self._spans.append(_span(match))
        self._last = kind

    def _parted(self, marks: str) -> None:
        if ";" not in marks:
            return
        if self._is_said:
            self._finish()
            self._days, self._is_named = [], False
        elif not self._needs_times:
            self._last = ""

    def _name(self, days: str) -> None:
        if self._last != "days":
            _check_apart(self._days if self._is_said else [], days)
            self._finish()
            self._days, self._is_named = [], True
        self._days.append(re.sub(r"\s", "", days))

    def _finish(self) -> None:
        if self._days and not self._is_said:
            if self._needs_times:
                raise HoursError("")
            self._is_unknown = True
        if self._is_closed and (self._spans or self._is_unknown):
            # 周一至周六、节假日休息 8:00-17:00: it is unclear which days are which.
            raise HoursError("")
        if self._is_said:
            spans = () if self._is_unknown else tuple(dict.fromkeys(self._spans))
            rule = _Rule(",".join(self._days), spans, not self._is_unknown)
            self._rules.append((rule, not self._is_named and bool(self._rules)))
        self._begin()

    def all_rules(self) -> list[tuple[_Rule, bool]]:
        """The rules when there are no more tokens."""
        if self._last == "days" and len(self._rules) == 1 and not self._rules[0][0].days:
            # 8:00-17:00 (周一至周五)
            self._rules = [(replace(self._rules[0][0], days=",".join(self._days)), False)]
        else:
            self._finish()
        return self._rules


def _check_apart(before: Iterable[str], after: str) -> None:
    """If days are named twice without a `;`, it is unclear which times they mean."""
    if before and set(days_of(",".join(before))) & set(days_of(after)):
        raise HoursError(after)


_KINDS = ("days", "always", "closed", "unknown", "between")


def _span(match: re.Match[str]) -> tuple[int, int]:
    said = match.groupdict()
    if not (said["from_mark"] or said["to_mark"] or said["from_after"] or said["to_after"]):
        raise HoursError(match[0].strip())
    start_part, end_part = (_part(said, name) for name in ("from", "to"))
    start, end = _minute(said, "from", start_part), _minute(said, "to", end_part)
    # 下午2:00-5:30: the end is in the afternoon, too.
    if not end_part and start_part in ("afternoon", "night") and end <= start < end + _NOON:
        end += _NOON if end <= _NOON else 0
    if said["to_next"] and end > start:
        end += _DAY_MIN
    if start == end:
        # 08:00-08:00: all day, or never.
        raise HoursError(match[0].strip())
    return start, end


def _part(said: Mapping[str, str | None], name: str) -> str:
    word = said[f"{name}_part"] or said[f"{name}_after"]
    parts: Mapping[str, list[str]] = _words()["parts"]
    return next((part for part, words in parts.items() if word in words), "")


def _minute(said: Mapping[str, str | None], name: str, part: str) -> int:
    hour = int(said[f"{name}_h"] or 0)
    minute = 30 if said[f"{name}_half"] else int(said[f"{name}_m"] or said[f"{name}_min"] or 0)
    if minute > 59:
        raise HoursError(f"{hour}:{minute}")
    if part in ("afternoon", "night") and hour < 12:
        hour += 12
    elif part == "night" and hour == 12:
        hour = 24
    return hour * 60 + minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _added(rules: Iterable[tuple[_Rule, bool]]) -> tuple[list[_Rule], bool]:
    """The rules as OpenStreetMap would write them, and whether any times were added."""
    said: list[_Rule] = []
    is_added = False
    for rule, is_unnamed in rules:
        days = rule.days or (said[-1].days if is_unnamed and said else "")
        same = next((n for n, known in enumerate(said) if known.days == days), None)
        if same is None or not (rule.spans and said[same].spans):
            said.append(rule)
            continue
        both = sorted((*said[same].spans, *rule.spans))
        if any(after[0] < before[1] for before, after in pairwise(both)):
            said.append(rule)
            continue
        said[same] = _Rule(days, tuple(both))
        is_added = True
    return said, is_added

"""Opening hours as staff write them, converted to the form that `navkit.plan.hours` reads.

`周一至周五 上午8：00–12:00；下午2点半到5点` is `Mo-Fr 08:00-12:00,14:30-17:00`. The words are in
`hours.json`. Text that is already in that form is left as it is.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

from navkit.plan.hours import Hours, HoursError, days_of, is_readable

LONGEST = 300
"""Maximum length of a text of hours; a rule for every day of the week has 150. A guess."""

_NOON = 12 * 60
_DAY_MIN = 24 * 60


@dataclass(frozen=True)
class WrittenHours:
    """What somebody has written, as it was read."""

    hours: Hours
    is_added: bool = False
    """Whether times after a `;` were added to those before, where OpenStreetMap replaces them."""


@dataclass(frozen=True)
class _Rule:
    days: str
    spans: tuple[tuple[int, int], ...]
    """Minutes of the day; none if it is closed."""

    def __str__(self) -> str:
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
        read = "; ".join(map(str, rules))
        if not (rules and is_readable(read)):
            raise HoursError(text)
        text = read
    return WrittenHours(Hours(text), is_added)


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
    for mark, written in _words()["marks"].items():
        text = re.sub(_any_of(written), mark, text)
    for days, written in _words()["days"].items():
        text = re.sub(_any_of(written), f" {days} ", text)
    text = re.sub(_any_of(_words()["idle"]), " ", text)
    return _weekdays(text)


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
    later = _any_of(words["next_day"])
    hour, half, minute = (_any_of(words[name]) for name in ("hour", "half_past", "minute"))

    def time(name: str) -> str:
        return (
            rf"(?P<{name}_next>{later})?\s*(?P<{name}_part>{part})?\s*(?P<{name}_h>\d{{1,2}})"
            rf"(?P<{name}_mark>:(?P<{name}_m>\d{{2}})|(?:{hour})(?:(?P<{name}_half>{half})|"
            rf"(?P<{name}_min>\d{{1,2}})(?:{minute})?)?)?(?::00(?!\d))?\s*(?P<{name}_after>{part})?"
        )

    day = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
    return re.compile(
        rf"(?P<days>{day}(?:\s*-\s*{day})?)"
        rf"|(?P<always>{_any_of(words['always'])})"
        rf"|(?P<closed>{_any_of(words['closed'])})"
        rf"|(?P<span>{time('from')}\s*-\s*{time('to')})"
        r"|(?P<between>[\s,;:()]+)"
    )


def _rules(text: str) -> list[tuple[_Rule, bool]]:
    """Each rule, and whether a `;` is before it and it has no days of its own."""
    rules: list[tuple[_Rule, bool]] = []
    days: list[str] = []
    spans: list[tuple[int, int]] = []
    is_named = is_closed = False
    last = ""
    at = 0

    def finish() -> None:
        nonlocal days, spans, is_closed
        if spans or is_closed:
            rules.append((_Rule(",".join(days), tuple(spans)), not is_named and bool(rules)))
        elif days:
            raise HoursError("")
        spans, is_closed = [], False

    while at < len(text):
        match = _token().match(text, at)
        if not match:
            raise HoursError(re.split(r"[\s,;]", text[at:], maxsplit=1)[0][:40] or text[at:][:40])
        at = match.end()
        kind = match.lastgroup if match.lastgroup in _KINDS else "span"
        if kind == "between":
            if ";" in match[0] and (spans or is_closed):
                finish()
                days, is_named = [], False
            continue
        if kind == "days":
            if last != "days":
                _check_apart(days if spans or is_closed else [], match[0])
                finish()
                days, is_named = [], True
            days.append(re.sub(r"\s", "", match[0]))
        elif kind == "closed":
            is_closed = True
        elif kind == "always":
            spans.append((0, _DAY_MIN))
        else:
            spans.append(_span(match))
        last = kind
    if last == "days" and len(rules) == 1 and not rules[0][0].days:
        # 8:00-17:00 (周一至周五)
        rules[0] = (_Rule(",".join(days), rules[0][0].spans), False)
    else:
        finish()
    return rules


def _check_apart(before: Iterable[str], after: str) -> None:
    """If days are named twice without a `;`, it is unclear which times they mean."""
    if before and set(days_of(",".join(before))) & set(days_of(after)):
        raise HoursError(after)


_KINDS = ("days", "always", "closed", "between")


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

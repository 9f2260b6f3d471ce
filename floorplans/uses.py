"""When something may be used, by whom and in which direction, as navkit's own dialect says it.

What cannot be read is a finding, and the thing is `unverified`: it may be closed, or not for all.
"""

from collections.abc import Mapping
from typing import Any

from floorplans.draft import Draft
from navkit.plan.groups import GROUPS
from navkit.plan.hours import ALWAYS, Hours, HoursError


def limits_of(draft: Draft, properties: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The fields of `Limits` that properties give."""
    reader = _Reader(draft, where)
    found = {
        "hours": reader.hours("hours", properties.get("hours")),
        "only": reader.groups("only", properties.get("only")),
        "barred": reader.groups("barred", properties.get("barred")),
        "oneway_hours": reader.hours("oneway_hours", properties.get("oneway_hours")),
    }
    return {**found, "unverified": reader.is_unread or properties.get("unverified") is True}


class _Reader:
    """Reads the values of one feature, and remembers whether one could not be read."""

    def __init__(self, draft: Draft, where: str) -> None:
        self._draft = draft
        self._where = where
        self.is_unread = False

    def hours(self, name: str, written: Any) -> Hours:
        """Opening hours; always if there are none, or none that can be read."""
        try:
            return Hours(written if isinstance(written, str) else "" if written is None else "?")
        except HoursError:
            self._say(name, written, "24/7")
            return ALWAYS

    def groups(self, name: str, written: Any) -> dict[str, Hours]:
        """Groups with their hours: an object, or a list of groups for all hours."""
        said = dict.fromkeys(written, "") if _is_list(written) else written
        if said is not None and not isinstance(said, Mapping):
            self._say(name, written, "-")
            return {}
        found = {}
        for group, hours in (said or {}).items():
            if group in GROUPS:
                found[group] = self.hours(name, hours)
            else:
                self._say(name, group, "-")
        return found

    def _say(self, name: str, value: Any, used: str) -> None:
        self.is_unread = True
        shown = str(value)[:40]
        self._draft.say("value-unknown", self._where, property=name, value=shown, used=used)


def _is_list(written: Any) -> bool:
    return isinstance(written, list) and all(isinstance(one, str) for one in written)

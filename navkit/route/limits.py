"""When something may be used, by whom and in which direction, at one moment.

Nobody enters or uses what is not for them, or not at that time; people who are in such a space may
walk in it and leave it. If the time is unknown, hours are ignored, and with them what holds at some
hours only.
"""

from navkit.network.network import Network, Thing
from navkit.plan.hours import Calendar, Hours
from navkit.route.profiles import Profile


class Limited:
    """What stops one kind of walker at one moment."""

    def __init__(self, network: Network, profile: Profile, minute: int | None) -> None:
        calendar = network.venue.calendar if minute is not None else None
        self._network = network
        self._reason = {
            number: reason
            for number, thing in enumerate(network.things)
            if (reason := _reason(thing, profile, minute, calendar))
        }
        self._both_ways = {
            number
            for number, thing in enumerate(network.things)
            if not _holds(thing.oneway_hours, minute, calendar)
        }

    def is_against(self, dart: int) -> bool:
        """Whether a dart leads against the direction in which its edge is walked."""
        edge = dart >> 1
        return (
            self._network.oneway[edge] == 2 - dart % 2
            and self._network.thing[edge] not in self._both_ways
        )

    def reason(self, dart: int) -> str:
        """``hours`` or ``group`` if what a dart uses or enters is limited by that, else empty."""
        return self._reason.get(self.thing_at(dart), "")

    def thing_at(self, dart: int) -> int:
        """The number of the thing that a dart may not use or enter; -1 if there is none."""
        if not self._reason:
            return -1
        thing = self._network.thing[dart >> 1]
        if thing in self._reason and thing >= len(self._network.venue.spaces):
            return thing
        space = self._network.entered(dart)
        return space if space in self._reason else -1


def _reason(thing: Thing, profile: Profile, minute: int | None, calendar: Calendar | None) -> str:
    group = profile.group
    own = [hours for one, hours in thing.only.items() if one == group]
    # Who walks with staff and names no group passes everywhere that staff may pass.
    if thing.only and not own and (group or profile.access == "public"):
        return "group"
    if any(_holds(h, minute, calendar) for one, h in thing.barred.items() if one == group):
        return "group"
    hours = (thing.hours, *own)
    if minute is None or all(one.is_open(minute, calendar) for one in hours):
        return ""
    return "hours"


def _holds(hours: Hours, minute: int | None, calendar: Calendar | None) -> bool:
    """Whether something that holds at some hours holds now."""
    return not hours.days or (minute is not None and hours.is_open(minute, calendar))

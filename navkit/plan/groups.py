"""Groups of walkers for whom there are ways of their own, such as fever patients.

A list and not free text: a phone offers them by name, from `groups` of `places.json` of each
language.
"""

from typing import Literal, get_args

Group = Literal[
    "fever",
    "infectious",
    "visitor",
    "inpatient",
    "emergency",
    "child",
    "maternity",
    "checkup",
    "clean",
    "dirty",
]
GROUPS: tuple[Group, ...] = get_args(Group)

"""The phrases file: phrase books of the chosen languages, all profiles, and the venue's groups
of walkers."""

from collections.abc import Sequence
from typing import Any

from navkit.guidance.guidance import phrases
from navkit.route.profiles import profile_data
from navkit.venue.venue import Venue
from navkit.words.languages import by_language

NUMBER_RULES = ("digits", "digit_join", "small", "tens", "tens_join")
"""Rules to say the numbers in names; the rest of `spoken` has already been applied."""


def phrases_file(
    venue: Venue, languages: Sequence[str], groups: Sequence[str] = ()
) -> dict[str, Any]:
    """Every spoken text that is not a name, by language, and the travel profiles."""
    books = {}
    names = {group: by_language("places", "groups", group) for group in groups}
    for language in languages:
        book = {name: said for name, said in phrases(language).items() if name != "cuts"}
        rules = venue.speaker(language).rules
        book["spoken"] = {name: rules[name] for name in NUMBER_RULES}
        books[language] = book
    return {"languages": books, "profiles": profile_data(), **({"groups": names} if names else {})}

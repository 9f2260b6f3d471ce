"""Who could have signed in with somebody else's account, so that two accounts are two people.

Anybody who sets an account's password or removes its second factor could use it; so could
everybody who could use theirs at that moment. Later changes by the owner prove nothing, since
the holder could have made them. Only a new password from another administrator ends it
(`docs/decisions/0015-two-accounts-two-people.md`).
"""

from navkit.words.findings import Finding
from server.data.rows import Rows, one
from server.staff.deed import Deed
from server.staff.roles import Person

PASSWORD, FACTOR = "password", "factor"


def of(rows: Rows, person: int) -> set[int]:
    """Ids of people who could have signed in as somebody."""
    found = rows.all("SELECT DISTINCT holder FROM holders WHERE person = ?", person)
    return {int(row["holder"]) for row in found}


def record(deed: Deed, person: int, kind: str) -> None:
    """Somebody has set the password or removed the factor of somebody else. Call it inside
    `rows.write()`."""
    rows, by = deed.rows, deed.person.id
    if by == person:
        return
    now = {by, *of(rows, by)} - {person} if by else set()
    rows.run("DELETE FROM holders WHERE person = ? AND kind = ?", person, kind)
    for holder in sorted(now):
        rows.run(
            "INSERT INTO holders (person, kind, holder) VALUES (?, ?, ?)", person, kind, holder
        )


def seconds(rows: Rows, hospital: str, proposer: str) -> list[str]:
    """Names of those who may confirm at a hospital what somebody proposes to publish, and could not
    be the same person."""
    fields = "id, name, shown, role, hospital, barred_ms"
    return [
        row["name"]
        for row in rows.all(f"SELECT {fields} FROM people ORDER BY name")
        if not row["barred_ms"]
        for who in [Person(row["id"], row["name"], row["shown"], row["role"], row["hospital"], "")]
        if who.may("publish", hospital) and why_not(rows, proposer, who) is None
    ]


def why_not(rows: Rows, proposer: str, approver: Person) -> Finding | None:
    """Why the two could be one person, and what to do then; None if they are two."""
    if proposer == approver.name:
        return Finding("second-person-needed")
    row = one(rows, "SELECT id FROM people WHERE name = ?", proposer)
    if row is None:
        return None
    for whose, holder, holds in (
        (approver.name, proposer, row["id"] in of(rows, approver.id)),
        (proposer, approver.name, approver.id in of(rows, row["id"])),
    ):
        if holds:
            return Finding("second-person-held", "", {"account": whose, "holder": holder})
    return None

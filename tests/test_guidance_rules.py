"""Thresholds and kinds of guidance: each in one place, with a source, equal on the phone."""

from navkit.guidance.rules import rule_data, rules


def test_every_threshold_has_a_unit_a_meaning_and_a_source() -> None:
    data = rule_data()

    assert all(row.keys() == {"value", "unit", "means", "source"} for row in data.values())
    assert all(row["unit"] and row["means"] and row["source"] for row in data.values())
    assert {name: getattr(rules(), name) for name in data} == {
        n: r["value"] for n, r in data.items()
    }


def test_the_name_of_a_threshold_tells_its_unit() -> None:
    units = {"deg": "deg", "cm": "cm", "m": "m"}
    wrong = [
        name
        for name, row in rule_data().items()
        if row["unit"] in units and name.rpartition("_")[2] != units[row["unit"]]
    ]

    assert wrong == []

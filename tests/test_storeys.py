"""Storeys by their order: a neighbour is the next storey that the building has, and what may be two
storeys is asked."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from floorplans.reading import read
from floorplans.storeys import label_in_name, listed, ordinals_of, parse_levels
from navkit.guide import Guide
from navkit.plan.plan import Plan, PlanLevel, PlanSpace
from navkit.plan.storeys import posted_number, same_storey
from navkit.route.profiles import profile
from navkit.venue.join import join
from navkit.venue.storeys import neighbours, usual_label
from navkit.venue.venue import Level, Venue
from navkit.words.findings import count_by_code

CASES = Path(__file__).parents[1].parent / "shared" / "cases"


@pytest.mark.parametrize(
    "labels",
    [
        "LG G UG 1 2",
        "B1 G M 1 2",
        "1F 1M 2F 3F",
        "B1 B1M 1F",
        "1F 2F 3F 3A 5F 6F",
        "G 1 2 R",
        "1 2 3 5 13A 14",
        "一层 夹层 二层",
        "地下一层 首层 二层",
        "B2 B1 F1 F2 RF",
        "G/F 1/F 2/F",
        "UB1 1F",
        "B1 UB1 1F",
        "LL L M 2",
        "-1 0 0.5 1",
        "F0 F1",
        "2.UG UG EG 1.OG 4OG",
        "4层 4A 6层",
        "10F 屋面",
        "负一楼 一楼 一楼夹层 二楼",
        "1F 1FM 2F",
        "１F ２Ｆ 5Ｆ",
        "-2 -1 1 2",
        "8F R1F R2F",
    ],
)
def test_labels_are_put_in_the_order_of_the_house(labels: str) -> None:
    ordinals = ordinals_of(reversed(labels.split()))
    placed = {label: at for label, at in ordinals.items() if at is not None}

    assert sorted(placed, key=lambda label: placed[label]) == labels.split()
    assert len(set(placed.values())) == len(placed)


@pytest.mark.parametrize(
    ("labels", "asked"),
    [
        ("P1 P2 1F 2F", {"P1", "P2"}),
        ("L1 L2 LB", {"LB"}),
        ("UG 1F 2F", {"UG"}),
        ("UG EG G", {"UG"}),
        ("3F 设备层 4F", {"设备层"}),
        ("L-1 L1 L2", {"L-1"}),
        ("Dachgeschoss 1F", {"Dachgeschoss"}),
    ],
)
def test_words_that_may_be_two_storeys_are_not_put_in_any_order(
    labels: str, asked: set[str]
) -> None:
    assert {label for label, at in ordinals_of(labels.split()).items() if at is None} == asked


def test_an_upper_ground_floor_is_a_whole_storey() -> None:
    assert ordinals_of(["LG", "G", "UG", "1", "M"]) == {"LG": -1, "G": 0, "M": 0.5, "UG": 1, "1": 2}
    assert ordinals_of(["B2", "B1", "UB1", "1F"]) == {"B2": -3, "B1": -2, "UB1": -1, "1F": 0}


def test_the_first_storey_is_the_ground_floor_in_chinese() -> None:
    assert ordinals_of(["首层", "二层", "三层"]) == {"首层": 0, "二层": 1, "三层": 2}


@given(st.lists(st.integers(1, 60), min_size=1, unique=True), st.sampled_from(["楼", "层", "F"]))
def test_counted_storeys_keep_their_order(numbers: list[int], word: str) -> None:
    ordinals = ordinals_of(f"{number}{word}" for number in numbers)

    assert [ordinals[f"{n}{word}"] for n in sorted(numbers)] == [n - 1 for n in sorted(numbers)]


@pytest.mark.parametrize(
    ("label", "writings"),
    [
        ("2F", "2F F2 2楼 二楼 2层 二层 第2层 2 L2 2f ２F 2/F 2nd 二樓 Level.2 second-floor"),
        ("B1", "B1 b1 负一楼 -1 地下一层 B1层 −1 地下1楼"),
        ("RF", "RF R 屋面 天台 楼顶"),
        ("首层", "1F 一层 1楼 L1 底层"),
    ],
)
def test_one_storey_is_known_in_every_writing(label: str, writings: str) -> None:
    assert [one for one in writings.split() if not same_storey(one, label)] == []
    assert [
        one for one in writings.split() if same_storey(one, "3F") or same_storey(one, "B2")
    ] == []


def test_storeys_below_ground_have_numbers_below_zero() -> None:
    assert posted_number("负一楼") == posted_number("B1") == -1


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("0~4", (0, 1, 2, 3, 4)),
        ("-0.7", (-0.7,)),
        ("-0,7", (-0.7,)),
        ("1,5", (1.5,)),
        ("4,5", (4, 5)),
        ("3,4,5", (3, 4, 5)),
        ("０；１", (0, 1)),
        ("0–2", (0, 1, 2)),
        ("−1", (-1,)),
        ("1～3", (1, 2, 3)),
    ],
)
def test_lists_of_numbers_are_read_in_every_writing(text: str, levels: tuple[float, ...]) -> None:
    assert parse_levels(text) == levels


def test_lists_of_labels_have_parts() -> None:
    assert listed("B1~2F；5F") == (("b1", "2f"), ("5f", "5f"))
    assert listed("1F-3F") == (("1f", "3f"),)
    assert listed("3F") == ()


@pytest.mark.parametrize(
    ("name", "label"),
    [("4OG", "4og"), ("UG", "ug"), ("1夹层", "1夹层"), ("plan_LG", "lg"), ("RF", "rf"), ("12", "")],
)
def test_a_file_is_named_after_its_storey(name: str, label: str) -> None:
    assert label_in_name(name) == label


def house(labels: Mapping[str, float], *, building: str = "") -> Venue:
    """Stairs of one footprint on each storey, without anything that says that they are one."""
    storeys = []
    for label, ordinal in labels.items():
        level = PlanLevel(label, ordinal, label, building)
        room = PlanSpace(f"r{label}", label, box(0, 2, 4, 6), "room", names={"": f"r{label}"})
        hall = PlanSpace(f"h{label}", label, box(0, 0, 20, 2), "corridor")
        stairs = PlanSpace(f"s{label}", label, box(10, 2, 14, 6), "stairs")
        storeys.append(Plan(label, None, levels=(level,), spaces=(room, hall, stairs)))
    return join(storeys)


def told(venue: Venue, start: str, goal: str) -> str:
    guide = Guide(venue)
    route = guide.route(start, goal, profile("walk"))
    return "\n".join(one.text for one in guide.tell(route, "en").instructions)


@pytest.mark.parametrize(
    ("labels", "rises"),
    [
        ({"1F": 0, "2F": 1, "3F": 2, "5F": 4}, [0, 1, 2, 3]),
        ({"12F": 11, "15F": 14}, [11, 12]),
        ({"-1": -1, "1": 1, "2": 2}, [-1, 0, 1]),
        ({"B1": -1, "1F": 0, "1M": 0.5, "2F": 1}, [-1, 0, 0.5, 1]),
        ({"3F": 2, "3M": 2.5, "5F": 4}, [2, 2.5, 3]),
        # A storey may be missing here, so that it is not counted as one.
        ({"1F": 0, "2F": 1, "7F": 6}, [0, 1, 6]),
        # Each file by itself took its storey for the ground floor.
        ({"G": 0, "1F": 0, "2F": 1}, [0, 1, 2]),
    ],
)
def test_stairs_go_on_to_the_next_storey_that_the_house_has(
    labels: dict[str, float], rises: list[float]
) -> None:
    venue = house(labels)

    assert [level.ordinal for level in venue.levels] == rises
    (stairs,) = venue.connectors
    assert [venue.space_by_id[stop].level for stop in stairs.stops] == list(labels)


def test_what_the_walls_leave_out_is_said() -> None:
    found = count_by_code(house({"3F": 2, "5F": 4, "9F": 8}).findings)

    assert (found["storey-left-out"], found["storey-not-drawn"]) == (1, 1)


def test_storeys_of_one_height_that_nobody_can_order_are_asked() -> None:
    found = count_by_code(house({"2": 2, "3F": 2}).findings)
    unclear = count_by_code(house({"UG": 0, "1F": 0, "2": 0}).findings)

    assert "storeys-at-one-height" not in found
    assert unclear["storeys-at-one-height"] == 1


@given(st.lists(st.integers(-4, 30), min_size=2, unique=True))
def test_each_storey_has_one_neighbour_above(ordinals: list[int]) -> None:
    levels = [Level(f"{n}", float(n), f"{n}") for n in ordinals]
    ordered = sorted(ordinals)

    assert neighbours(levels) == {(f"{low}", f"{high}") for low, high in pairwise(ordered)}


@pytest.mark.parametrize(
    ("ordinal", "posted", "label"),
    [
        (2, {}, "3F"),
        (-1, {}, "B1"),
        (2, {"1F": 0, "2F": 1}, "3F"),
        (2, {"G": 0, "1": 1}, "2F"),
        (0.5, {"1F": 0}, "1.5F"),
    ],
)
def test_a_label_that_is_guessed_counts_as_the_others_do(
    ordinal: float, posted: dict[str, float], label: str
) -> None:
    assert usual_label(ordinal, posted) == label


def case(name: str) -> Venue:
    found = next(CASES.glob(f"*/{name}"), None)
    if found is None:
        pytest.skip(f"needs ../shared/cases/{name}")
    return join(read([found / "plan.geojson" if found.is_dir() else found]))


def test_stairs_join_the_first_storey_and_the_second() -> None:
    venue = case("35-labels-shouceng")

    assert [(v.label, v.ordinal) for v in venue.levels] == [("首层", 0), ("二层", 1), ("三层", 2)]
    assert "up one floor to 二层" in told(venue, "内科首层", "内科二层")


def test_without_a_fourth_floor_the_fifth_is_one_up() -> None:
    venue = case("37-labels-no-fourth-floor")

    assert [level.label for level in venue.levels] == ["1F", "2F", "3F", "5F", "6F"]
    assert len(venue.connectors) == 1
    assert "up one floor to 5F" in told(venue, "内科3F", "内科5F")


def test_a_tilde_is_a_range() -> None:
    venue = case("10-level-tilde.geojson")

    assert [(level.ordinal, level.label) for level in venue.levels] == [(0, "1F"), (1, "2F")]


def test_levels_that_begin_at_one_stay_as_they_are_drawn() -> None:
    venue = case("15-levels-from-1.geojson")

    assert [level.label for level in venue.levels] == ["1", "2"]
    assert count_by_code(venue.findings)["no-ground-floor"] == 1


def test_a_lift_on_a_list_of_labels_stops_at_each_storey_that_the_house_has(tmp_path: Path) -> None:
    def drawn(kind: str, level: str, x: int) -> str:
        ring = f"[[{x},0],[{x + 3},0],[{x + 3},3],[{x},3],[{x},0]]"
        return (
            f'{{"type": "Feature", "properties": {{"type": "{kind}", "level": "{level}"}},'
            f' "geometry": {{"type": "Polygon", "coordinates": [{ring}]}}}}'
        )

    features = [drawn("corridor", label, 3) for label in ("B1", "1F", "2F", "3F", "5F")]
    features.append(drawn("elevator", "B1~2F；5F", 0))
    file = tmp_path / "a.geojson"
    file.write_text(
        f'{{"type": "FeatureCollection", "units": "m", "features": [{",".join(features)}]}}'
    )

    (plan,) = read([file])

    assert [s.level for s in plan.spaces if s.kind == "elevator"] == ["-1", "0", "1", "4"]

"""What the words on a drawing say a space is, in the languages hospitals write in."""

import pytest

from floorplans.classify import Class, classify, classify_names, imdf_class, osm_class

CASES = {
    "CORRIDOR": ("corridor", ""),
    "STAIR": ("stairs", "stairs"),
    "STAIR 1CS3": ("stairs", "stairs"),
    "Staircase B": ("stairs", "stairs"),
    "ELEVATOR": ("elevator", "elevator"),
    "ELEV-2": ("elevator", "elevator"),
    "ELEV. EQUIP.": ("room", "plant"),
    "Elevator Lobby": ("hall", ""),
    "ROOF": ("closed", ""),
    "Roof Garden": ("outdoor", ""),
    "OPEN TO BELOW": ("closed", ""),
    "MECH. YARD": ("outdoor", ""),
    "CENTRAL MECH. RM.": ("room", "plant"),
    "VEST.": ("hall", ""),
    "INTERACTION STATION": ("hall", "station"),
    "PROVIDER CUBICLES": ("hall", "station"),
    "X-RAY": ("room", "radiology"),
    "X-RAY ALCOVE": ("hall", "radiology"),
    "WAIT / ERGOM": ("hall", "waiting"),
    "CENTRAL WAITING": ("hall", "waiting"),
    "M. STAFF TOILET": ("room", "toilet-reserved"),
    "PAT. / STAFF TOILET": ("room", "toilet"),
    "W. TOILET": ("room", "toilet-women"),
    "Men's toilet": ("room", "toilet-men"),
    "PHARM. DISP.": ("room", "pharmacy"),
    "PHARM. OFFICE": ("room", "office"),
    "Lecture Hall 2": ("room", "lecture"),
    "Nurses' Station": ("room", "nurse-station"),
    "走廊": ("corridor", ""),
    "二楼过道": ("corridor", ""),
    "候诊区": ("hall", "waiting"),
    "候診區": ("hall", "waiting"),
    "门诊大厅": ("hall", "lobby"),
    "3号楼梯": ("stairs", "stairs"),
    "樓梯間": ("stairs", "stairs"),
    "电梯": ("elevator", "elevator"),
    "電梯A": ("elevator", "elevator"),
    "电梯机房": ("room", "plant"),
    "电梯厅": ("hall", ""),
    "自动扶梯": ("escalator", "escalator"),
    "坡道": ("ramp", "ramp"),
    "屋面": ("closed", ""),
    "中空": ("closed", ""),
    "男卫生间": ("room", "toilet-men"),
    "女廁": ("room", "toilet-women"),
    "男女卫生间": ("room", "toilet"),
    "卫生间": ("room", "toilet"),
    "无障碍卫生间": ("room", "toilet-accessible"),
    "员工食堂": ("room", "canteen"),
    "母婴室": ("room", "baby-care"),
    "收费处": ("room", "cashier"),
    "挂号收费": ("room", "registration"),
    "急诊挂号处": ("room", "registration-emergency"),
    "内镜登记处": ("room", "check-in"),
    "出入院办理处": ("room", "admission"),
    "住院药房": ("room", "pharmacy-inpatient"),
    "急诊药房": ("room", "pharmacy-emergency"),
    "病理科": ("room", "pathology"),
    "理发室": ("room", "retail"),
    "小卖部": ("room", "shop"),
    "西药房": ("room", "pharmacy"),
    "中药库房": ("room", "storage"),
    "检验科": ("room", "laboratory"),
    "放射科": ("room", "radiology"),
    "护士站": ("room", "nurse-station"),
    "Лестница": ("stairs", "stairs"),
    "Лифт": ("elevator", "elevator"),
    "Коридор 2": ("corridor", ""),
    "Туалет женский": ("room", "toilet-women"),
    "Treppenhaus Nord": ("stairs", "stairs"),
    "Aufzug1": ("elevator", "elevator"),
    "Wartezimmer": ("hall", "waiting"),
    "Flur": ("corridor", ""),
    "階段": ("stairs", "stairs"),
    "エレベーター": ("elevator", "elevator"),
    "待合室": ("hall", "waiting"),
    "廊下": ("corridor", ""),
}


@pytest.mark.parametrize(("name", "expected"), CASES.items())
def test_reads_a_name(name: str, expected: tuple[str, str]) -> None:
    found = classify(name)

    assert found is not None
    assert (found.kind, found.category) == expected


@pytest.mark.parametrize(
    "name",
    ["TECHNETIUM", "Awaiting delivery?", "Shiftlift", "Hallmark", "STAIRWAYS2HEAVEN", "K 302", ""],
)
def test_a_word_inside_another_word_says_nothing(name: str) -> None:
    found = classify(name)

    assert found is None or found.kind == "room"


def test_the_first_name_that_says_something_decides() -> None:
    assert classify_names({"en": "Room 5", "zh-Hans": "药房"}) == Class("room", "pharmacy")
    assert classify_names({}) is None


def test_a_finer_imdf_category_counts_as_what_it_refines() -> None:
    assert imdf_class("foodservice.coffee.takeaway") == Class("room", "cafe")
    assert imdf_class("restroom.female.x") == Class("room", "toilet-women")
    assert imdf_class("no-such-thing") is None


def test_the_first_tag_of_the_table_decides() -> None:
    assert osm_class({"indoor": "room", "stairs": "yes"}) == Class("stairs", "stairs")
    assert osm_class({"shop": "books"}) == Class("room", "retail")
    assert osm_class({"shop": "kiosk"}) == Class("room", "shop")
    assert osm_class({"shop": "no"}) is None

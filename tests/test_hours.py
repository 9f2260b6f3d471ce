"""Opening hours as Chinese hospitals write them, and as the phone knows them."""

import ast
import re
from pathlib import Path

import pytest
from drawn import parse
from hypothesis import given
from hypothesis import strategies as st

from navkit.plan.hours import HoursError, local_minute, weekly_minutes
from navkit.venue import directory
from navkit.venue.corrections import Change
from navkit.venue.join import join
from navkit.venue.written_hours import LONGEST, read_hours, read_words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("8:00-12:00;14:00-17:30", "08:00-12:00,14:00-17:30"),
        ("周一至周五 8:00-17:00", "Mo-Fr 08:00-17:00"),
        ("上午8:00-12:00 下午2:00-5:30", "08:00-12:00,14:00-17:30"),
        ("8.00-17.30", "08:00-17:30"),
        ("8:00——17:00", "08:00-17:00"),
        ("8:00-17:00 周日休", "08:00-17:00; Su off"),
        ("全年无休 8:00-20:00", "Mo-Su 08:00-20:00"),
        ("周一至周五 08:00-17:00 中午不休息", "Mo-Fr 08:00-17:00"),
        ("全天24小时", "00:00-24:00"),
        ("周一至周五 8：00–12：00；14：00—17：30", "Mo-Fr 08:00-12:00,14:00-17:30"),
        ("星期一到星期五：上午8:00-12:00，下午2:00-5:30", "Mo-Fr 08:00-12:00,14:00-17:30"),
        ("周一至五 早8点～晚8点", "Mo-Fr 08:00-20:00"),
        ("周一、三、五 8点-11点半", "Mo,We,Fr 08:00-11:30"),
        ("工作日8:00-17:30；周末8:00-12:00", "Mo-Fr 08:00-17:30; Sa-Su 08:00-12:00"),
        ("8:00-17:00（周一至周五）", "Mo-Fr 08:00-17:00"),
        ("周一至五8:00-17:00，周六日休息", "Mo-Fr 08:00-17:00; Sa,Su off"),
        ("週一至週五 8:00-17:00（節假日除外）", "Mo-Fr 08:00-17:00; PH off"),
        ("24小时", "00:00-24:00"),
        ("全天", "00:00-24:00"),
        ("周一至周日全天", "Mo-Su 00:00-24:00"),
        ("周一至周五 上午8点-12点", "Mo-Fr 08:00-12:00"),
        ("周一到周五上午8:00-12:00", "Mo-Fr 08:00-12:00"),
        ("每周一、三 14:00-16:00", "Mo,We 14:00-16:00"),
        ("周一至周六（节假日休息）8:00-17:00", "Mo-Sa 08:00-17:00; PH off"),
        ("工作日（节假日除外）8:00-17:00", "Mo-Fr 08:00-17:00; PH off"),
        ("节假日除外，每天8:00-17:00", "Mo-Su 08:00-17:00; PH off"),
        ("除节假日外每天8:00-17:00", "Mo-Su 08:00-17:00; PH off"),
        ("节假日除外 8:00-17:00", "08:00-17:00; PH off"),
        ("周一至周五8:00-17:00，周六、节假日休息", "Mo-Fr 08:00-17:00; Sa,PH off"),
        ("weekdays 8:00-17:00, weekends 9:00-12:00", "Mo-Fr 08:00-17:00; Sa-Su 09:00-12:00"),
        ("Mo-Fr 8:00-17:00 except public holidays", "Mo-Fr 08:00-17:00; PH off"),
        ("20:00-次日8:00", "20:00-08:00"),
        ("Mon to Fri 8am-5pm", "Mo-Fr 08:00-17:00"),
        # What OpenStreetMap says is left as it is.
        ("Mo-Fr 08:00-12:00,13:30-17:00; PH off", "Mo-Fr 08:00-12:00,13:30-17:00; PH off"),
        ("Mo-Su 08:00-20:00; We 09:00-12:00", "Mo-Su 08:00-20:00; We 09:00-12:00"),
        ("Mo-Fr 08:00-17:00; We off", "Mo-Fr 08:00-17:00; We off"),
        ("Mo-Fr 08:00-12:00; Mo-Fr 10:00-17:00", "Mo-Fr 08:00-12:00; Mo-Fr 10:00-17:00"),
        ("24/7", "24/7"),
        ("", ""),
    ],
)
def test_hours_are_read_as_staff_mean_them(written: str, read: str) -> None:
    assert read_hours(written).hours.text == read


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("随时", "随时"),
        ("8-12", "8-12"),
        ("周一至周五", "周一至周五"),
        ("周一至周六、节假日休息 8:00-17:00", "周一至周六、节假日休息 8:00-17:00"),
        ("周一到周五上午", "上午"),
        ("下午", "下午"),
        ("工作日", "工作日"),
        ("节假日除外", "节假日除外"),
        ("全年无休", "全年无休"),
        ("Mo-Fr 25:00-99:99", "99:99"),
        ("周一至周五 8:00-17:00，请预约", "请预约"),
        ("周末休息", "周末休息"),
        ("Mo-Fr 08:00-08:00", "08:00-08:00"),
        (";", ";"),
        ("Mo-Fr 08:00-12:00, We 14:00-16:00", "We"),
        ("9" * 2000, "9" * LONGEST),
    ],
)
def test_what_cannot_be_read_is_named(written: str, part: str) -> None:
    with pytest.raises(HoursError) as caught:
        read_hours(written)

    assert str(caught.value).strip() == part


CASE = Path(__file__).parents[1].parent / "shared" / "cases" / "reports" / "28-hours-many"
OTHERWISE = {
    "Mo-Fr 08:00-12:00; 13:30-17:00": "people who write this mean both, and are told so",
    "Mo-Fr 08:00-17:00; PH off": "dates decide, not the week",
}


def test_hours_from_many_trackers_are_right_or_refused() -> None:
    if not CASE.is_dir():
        pytest.skip("needs ../shared/cases/reports/28-hours-many")
    written = (CASE / "run.sh").read_text(encoding="utf-8")
    listed = written[written.index("tests=[") + len("tests=") : written.index("\n]\n") + 2]

    wrong = []
    for hours, at, right in ast.literal_eval(listed):
        try:
            read = read_hours(hours).hours
        except HoursError:
            continue
        if hours not in OTHERWISE and read.is_open(local_minute(at)) != right:
            wrong.append(hours)

    assert wrong == []


MINUTES = range(0, 24 * 60, 10)
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
SIGNS = "一二三四五六日"


@st.composite
def weeks(draw: st.DrawFn) -> tuple[str, set[int]]:
    """Hours written in one of many ways, and all minutes of the week at which they are open."""
    first = draw(st.integers(0, 6))
    last = draw(st.integers(first, 6))
    cuts = sorted(draw(st.sets(st.sampled_from(MINUTES), min_size=2, max_size=6)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    week = draw(st.sampled_from(("周", "星期", "週")))
    colon = draw(st.sampled_from((":", "：", "∶")))
    dash = draw(st.sampled_from(("-", "–", "—", "~", "～", "至")))
    parting = draw(st.sampled_from((",", "，", "、", " ", ";", "；", "和")))
    days = draw(st.sampled_from((
        f"{week}{SIGNS[first]}{dash}{week}{SIGNS[last]}",
        f"{week}{SIGNS[first]}{dash}{SIGNS[last]}",
        f"{week}{'、'.join(SIGNS[first:last + 1])}",
        f"{DAYS[first]}{dash}{DAYS[last]}",
    )))  # fmt: skip
    pad = draw(st.sampled_from(("", "0")))

    def clock(minute: int) -> str:
        return f"{minute // 60:{pad}{2 if pad else 1}}{colon}{minute % 60:02}"

    times = parting.join(f"{clock(start)}{dash}{clock(end)}" for start, end in spans)
    gap = draw(st.sampled_from((" ", "", "：")))
    minutes = {d * 1440 + m for d in range(first, last + 1) for s, e in spans for m in range(s, e)}
    return f"{days}{gap}{times}", minutes


@given(weeks())
def test_however_a_week_is_written_it_is_open_at_the_same_minutes(
    week: tuple[str, set[int]],
) -> None:
    written, minutes = week
    spans = weekly_minutes(read_hours(written).hours.text)

    assert {minute for start, end in spans for minute in range(start, end)} == minutes


@given(weeks())
def test_hours_that_were_read_are_read_again_as_they_are(week: tuple[str, set[int]]) -> None:
    read = read_hours(week[0]).hours.text

    assert read_hours(read).hours.text == read


@given(st.text(alphabet="周一二五六日至–;；,:：0123456789 休息全天上午下午Mo-Fr", max_size=40))
def test_whatever_is_typed_is_read_or_refused(written: str) -> None:
    try:
        read = read_hours(written).hours.text
    except HoursError:
        return
    assert weekly_minutes(read) is not None


def test_a_row_says_how_its_hours_were_read_and_what_was_not() -> None:
    table = "name,rooms,hours\nA,1,8:00-12:00;14:00-17:30\nB,2,周一至周五 看情况\nC,3,24小时\n"

    found = directory.parse(table, "d.csv")

    assert [entry.hours.text for entry in found.entries] == [
        "08:00-12:00,14:00-17:30",
        "unknown",
        "00:00-24:00",
    ]
    assert [(f.code, f.where) for f in found.findings] == [
        ("hours-added", "d.csv:2"),
        ("directory-hours", "d.csv:3"),
    ]
    added, unread = (finding.text("zh-Hans") for finding in found.findings)
    assert "08:00-12:00,14:00-17:30" in added
    assert "“看情况”" in unread and "周一至周五 08:00-12:00" in unread


PARTS = {"morning": "08:00-12:00", "afternoon": "14:00-17:30"}


@pytest.mark.parametrize(
    ("written", "unsaid", "said"),
    [
        ("上午", "unknown", "08:00-12:00"),
        ("上午、下午", "unknown", "08:00-12:00,14:00-17:30"),
        ("工作日 上午", "Mo-Fr unknown", "Mo-Fr 08:00-12:00"),
        ("周一、三、五上午", "Mo,We,Fr unknown", "Mo,We,Fr 08:00-12:00"),
        ("周一至周五全天，周六上午", "Mo-Fr unknown; Sa unknown",
         "Mo-Fr 08:00-12:00,14:00-17:30; Sa 08:00-12:00"),
        ("全天", "unknown", "08:00-12:00,14:00-17:30"),
        ("全天24小时", "00:00-24:00", "00:00-24:00"),
        ("全天候", "00:00-24:00", "00:00-24:00"),
        ("工作日", "Mo-Fr unknown", "Mo-Fr unknown"),
        ("周末", "Sa-Su unknown", "Sa-Su unknown"),
        ("法定节假日除外", "unknown; PH off", "unknown; PH off"),
        ("周一至周五（法定节假日除外）", "Mo-Fr unknown; PH off", "Mo-Fr unknown; PH off"),
        ("周末休息", "unknown; Sa-Su off", "unknown; Sa-Su off"),
        ("晚上", "unknown", "unknown"),
        ("工作日上午8:00-12:00", "Mo-Fr 08:00-12:00", "Mo-Fr 08:00-12:00"),
        ("周一至周五8:00-17:00，周六", "Mo-Fr 08:00-17:00; Sa unknown",
         "Mo-Fr 08:00-17:00; Sa unknown"),
        ("看情况", "unknown", "unknown"),
        ("停诊", "unknown", "unknown"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_words_without_times_are_what_the_hospital_says_or_unknown(
    written: str, unsaid: str, said: str
) -> None:
    assert read_words(written, {}).hours.text == unsaid
    assert read_words(written, PARTS).hours.text == said


@given(
    st.text(
        alphabet="周一二五六日至–;，:：0123456789 休息全天上午下午工作节假日除外Mo-Fr", max_size=40
    )
)
def test_no_words_count_as_always_open(written: str) -> None:
    """Whatever is written without a figure is unknown at some time of the week, or closed."""
    hours = read_words(written, {}).hours

    is_always = not hours.text or sum(end - start for start, end in hours.spans) >= 7 * 24 * 60
    assert not is_always or hours.unknown or not written.strip() or re.search(r"\d", written)


def test_a_place_whose_hours_have_no_times_is_not_said_to_be_open() -> None:
    rooms = "+-----+\n|  A  |\n+-----+\n\nA: room"
    table = "name,rooms,hours\n内科,A,上午\n"
    said = [Change("set-part-of-day", {"part": "morning", "times": "07:30-11:30"}, "c.json:1")]

    unsaid = join([parse(rooms)], directory.parse(table, "d.csv"))
    known = join([parse(rooms)], directory.parse(table, "d.csv"), said)

    assert [p.hours.text for p in unsaid.places if p.names] == ["unknown"]
    assert [p.hours.text for p in known.places if p.names] == ["07:30-11:30"]
    assert "hours-without-times" in {f.code for f in unsaid.findings}
    assert {f.code for f in known.findings if f.where == "d.csv:2"} == {"hours-by-part-of-day"}

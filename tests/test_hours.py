"""Opening hours as Chinese hospitals write them, and as the phone knows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navkit.plan.hours import HoursError, weekly_minutes
from navkit.venue import directory
from navkit.venue.written_hours import LONGEST, read_hours


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("8:00-12:00;14:00-17:30", "08:00-12:00,14:00-17:30"),
        ("周一至周五 8:00-17:00", "Mo-Fr 08:00-17:00"),
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
        ("Mo-Fr 25:00-99:99", "99:99"),
        ("周一至周五 8:00-17:00，请预约", "请预约"),
        ("周末休息", "周末休息"),
        (";", ";"),
        ("Mo-Fr 08:00-12:00, We 14:00-16:00", "We"),
        ("9" * 2000, "9" * LONGEST),
    ],
)
def test_what_cannot_be_read_is_named(written: str, part: str) -> None:
    with pytest.raises(HoursError) as caught:
        read_hours(written)

    assert str(caught.value).strip() == part


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
        "",
        "00:00-24:00",
    ]
    assert [(f.code, f.where) for f in found.findings] == [
        ("hours-added", "d.csv:2"),
        ("directory-hours", "d.csv:3"),
    ]
    added, unread = (finding.text("zh-Hans") for finding in found.findings)
    assert "08:00-12:00,14:00-17:30" in added
    assert "“看情况”" in unread and "周一至周五 08:00-12:00" in unread

"""Ways through drawn floors, and what is said on them: the table of `test_guidance_drawn.py`.

The sentences were written from the rules, before the code was asked. One line is one action; of
`Cards`, one card, which may have two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from navkit.plan.hours import Hours
from navkit.venue.venue import Board, Stripe


@dataclass(frozen=True)
class Back:
    """A start on the way: one stands at `here` and comes back from `behind`, column and row."""

    here: tuple[float, float]
    behind: tuple[float, float]


@dataclass(frozen=True)
class Way:
    """A way through a drawn floor, and what is said of it."""

    drawing: str
    start: str | Back
    goal: str
    zh: str
    en: str
    notices: str = ""
    """In Chinese."""
    wrong: str = ""
    """What the code still says instead: then the sentences are what it should say."""
    profile: str = "walk"
    depart: str = ""
    closed: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    """Spaces with a restriction that nobody could read."""
    scale: Mapping[str, float] = field(default_factory=dict)
    """Metres a column, metres a row."""
    places: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What the directory says of some rooms."""
    boards: tuple[Board, ...] = ()
    stripes: tuple[Stripe, ...] = ()
    paths: tuple[tuple[tuple[float, float], ...], ...] = ()
    """Corners of drawn footways in metres: they meet where corners are the same."""
    flights: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """Of those that are steps, how many there are, and whether they lead up (1), down (-1) or
    nobody knows (0)."""


@dataclass(frozen=True)
class Glance(Way):
    """A way of which only the overview is looked at, which is said before the first step."""


@dataclass(frozen=True)
class Cards(Way):
    """A way of which a line is a card: what people are told in one breath."""


ROOMS = """
A: room 甲室 | Room A
B: room 乙室 | Room B
C: room 丙室 | Room C
D: room 丁室 | Room D
H: corridor
I: corridor
J: corridor
e: 正门 | Main entrance
i: 服务台 | Desk
^: 一楼大厅 | Lobby
>: 一楼大厅 | Lobby
v: 一楼大厅 | Lobby
<: 一楼大厅 | Lobby
*: 一楼大厅 | Lobby
"""
"""What letters mean where a drawing does not say otherwise."""

FOUR_ROOMS = """
+-------+-------+-------+-------+
|   A   |   B   |   C   |   D   |
+---d---+---d---+---d---+---d---+
e               H               |
+-------------------------------+
"""

ALONG = {
    "the third door on the left": Way(
        FOUR_ROOMS, "A", "D",
        "从甲室出发，出门后，左转。\n走到左手边第三扇门，到了，丁室在您左手边。",
        "Start from Room A, leaving the room, turn left.\n"
        "At the third door on your left, you have arrived, Room D is on your left.",
    ),
    "the third door on the left, and how far it is": Way(
        FOUR_ROOMS, "A", "D",
        "从甲室出发，出门后，左转。\n"
        "经过乙室，走到左手边第三扇门，约30米，到了，丁室在您左手边。",
        "Start from Room A, leaving the room, turn left.\n"
        "Passing Room B, at the third door on your left, which is about 30 metres on, "
        "you have arrived, Room D is on your left.",
        scale={"column_m": 1.2},
    ),
    "nobody with low vision is told to read the names on doors that they pass": Way(
        FOUR_ROOMS, "A", "D",
        "从甲室出发，出门后，左转。\n走到左手边第三扇门，约30米，到了，丁室在您左手边。",
        "Start from Room A, leaving the room, turn left.\n"
        "At the third door on your left, which is about 30 metres on, "
        "you have arrived, Room D is on your left.",
        profile="low-vision", scale={"column_m": 1.2},
    ),
    "the second door on the right": Way(
        FOUR_ROOMS, "D", "B",
        "从丁室出发，出门后，右转。\n走到右手边第二扇门，到了，乙室在您右手边。",
        "Start from Room D, leaving the room, turn right.\n"
        "At the second door on your right, you have arrived, Room B is on your right.",
    ),
    "from the entrance one is told metres": Way(
        FOUR_ROOMS, "正门", "B",
        "从正门进来，往前走约10米，到了，乙室在您左手边。",
        "Come in by the Main entrance, walk about 10 metres, you have arrived, "
        "Room B is on your left.",
    ),
    "five metres at least": Way(
        FOUR_ROOMS, "正门", "A",
        "从正门进来，往前走约5米，到了，甲室在您左手边。",
        "Come in by the Main entrance, walk about 5 metres, you have arrived, "
        "Room A is on your left.",
    ),
    "a door on the left, two steps from the entrance": Way(
        FOUR_ROOMS, "正门", "A",
        "从正门进来，到了，甲室在您左手边。",
        "Come in by the Main entrance, you have arrived, Room A is on your left.",
        scale={"column_m": 0.6},
    ),
    "on a long way one is told what one passes": Way(
        FOUR_ROOMS, "正门", "D",
        "从正门进来，往前走约30米，经过乙室，到了，丁室在您左手边。",
        "Come in by the Main entrance, walk about 30 metres, passing Room B, you have arrived, "
        "Room D is on your left.",
    ),
    "out of the building": Way(
        FOUR_ROOMS, "D", "正门",
        "从丁室出发，出门后，右转。\n往前走约30米，经过乙室，到了，正门在您正前方。",
        "Start from Room D, leaving the room, turn right.\n"
        "Walk about 30 metres, passing Room B, you have arrived, "
        "the Main entrance is straight ahead.",
    ),
}  # fmt: skip

FIVE_ROOMS = """
+-------+-------+-------+-------+-------+
|   A   |   B   |   C   |   D   |   E   |
+---d---+---d---+---d---+---d---+---d---+
|                   H                   |
+---------------------------------------+

E: room 戊室 | Room E
"""

CODES = """
+-------+-------+
|   A   |   B   |
+---d---+---d---+
|^      H       |
+---------------+

"""

AT_A_CODE = {
    "one reads the code and goes right": Way(
        CODES, "code1", "B",
        "从一楼大厅出发，面对二维码，向右走。\n往前走约10米，到了，乙室在您左手边。",
        "Start from the lobby, facing the code, go right.\n"
        "Walk about 10 metres, you have arrived, Room B is on your left.",
    ),
    "one reads the code and goes on": Way(
        CODES.replace("|^", "|>"), "code1", "B",
        "从一楼大厅出发，面对二维码，往前走约10米，到了，乙室在您左手边。",
        "Start from the lobby, facing the code, walk about 10 metres, you have arrived, "
        "Room B is on your left.",
    ),
    "one reads the code and goes left": Way(
        CODES.replace("|^", "|v"), "code1", "B",
        "从一楼大厅出发，面对二维码，向左走。\n往前走约10米，到了，乙室在您左手边。",
        "Start from the lobby, facing the code, go left.\n"
        "Walk about 10 metres, you have arrived, Room B is on your left.",
    ),
    "one reads the code and turns one's back to it": Way(
        CODES.replace("|^", "|<"), "code1", "B",
        "从一楼大厅出发，背对二维码。\n往前走约10米，到了，乙室在您左手边。",
        "Start from the lobby, with the code behind you.\n"
        "Walk about 10 metres, you have arrived, Room B is on your left.",
    ),
    "nobody knows how one stands: towards the first room": Way(
        CODES.replace("|^", "|*"), "code1", "B",
        "从一楼大厅出发，往甲室方向走，约10米，到了，乙室在您左手边。",
        "Start from the lobby, walk towards Room A, for about 10 metres, you have arrived, "
        "Room B is on your left.",
    ),
    "towards a code": Way(
        CODES.replace("d---+---d", "----+----").replace("|^      H       |", "|*      H     ^ |"),
        "code1", "code2",
        "从一楼大厅出发，往一楼大厅方向走，约15米，到了，一楼大厅在您正前方。",
        "Start from the lobby, walk towards the lobby, for about 15 metres, you have arrived, "
        "the lobby is straight ahead.",
    ),
}  # fmt: skip

COMING_BACK = {
    "back where the step began": Way(
        CODES, Back((12, 1), (12, 2)), "B",
        "退回这一步开始的地方，到了，乙室在您正前方。",
        "Go back to where this step began, you have arrived, Room B is straight ahead.",
    ),
    "on with the old way behind one": Way(
        FOUR_ROOMS, Back((12, 3), (4, 3)), "C",
        "退回这一步开始的地方，背对原来的路，往前走约10米，到了，丙室在您左手边。",
        "Go back to where this step began and keep the old way behind you, walk about 10 metres, "
        "you have arrived, Room C is on your left.",
    ),
    "back along the old way": Way(
        FOUR_ROOMS, Back((12, 3), (20, 3)), "D",
        "退回这一步开始的地方，面对原来的路。\n往前走约15米，到了，丁室在您左手边。",
        "Go back to where this step began and face the old way.\n"
        "Walk about 15 metres, you have arrived, Room D is on your left.",
    ),
    "left of the old way": Way(
        FOUR_ROOMS, Back((12, 3), (12, 2)), "D",
        "退回这一步开始的地方，背对原来的路，向左走。\n往前走约15米，到了，丁室在您左手边。",
        "Go back to where this step began and, with the old way behind you, go left.\n"
        "Walk about 15 metres, you have arrived, Room D is on your left.",
    ),
    "right of the old way": Way(
        FOUR_ROOMS, Back((20, 3), (20, 2)), "B",
        "退回这一步开始的地方，背对原来的路，向右走。\n往前走约10米，到了，乙室在您右手边。",
        "Go back to where this step began and, with the old way behind you, go right.\n"
        "Walk about 10 metres, you have arrived, Room B is on your right.",
    ),
}  # fmt: skip

TOWER = """
level 1F 0
+-------+-------+---+
|   A   |   B   | L |
+---d---+---d---+-a-+
e         H         |
+-------------------+

level 2F 1
+-------+-------+---+
|   C   |   D   | L |
+---d---+---d---+-a-+
|         I         |
+-------------------+

L: elevator
"""


def up(by: str, leaving: str) -> str:
    """From A to D in Chinese, where only the shaft differs."""
    return (
        "从甲室出发，出门后，左转。\n"
        f"走到左手边第二扇门，{by}，{leaving}，右转。\n"
        "走到右手边第一扇门，到了，丁室在您右手边。"
    )


def up_en(by: str, leaving: str) -> str:
    return (
        "Start from Room A, leaving the room, turn left.\n"
        f"At the second door on your left, {by}, {leaving}, turn right.\n"
        "At the first door on your right, you have arrived, Room D is on your right."
    )


def down(by: str, leaving: str) -> str:
    """From D to A."""
    return (
        "从丁室出发，出门后，左转。\n"
        f"走到左手边第一扇门，{by}，{leaving}，右转。\n"
        "走到右手边第二扇门，到了，甲室在您右手边。"
    )


def down_en(by: str, leaving: str) -> str:
    return (
        "Start from Room D, leaving the room, turn left.\n"
        f"At the first door on your left, {by}, {leaving}, turn right.\n"
        "At the second door on your right, you have arrived, Room A is on your right."
    )


STAIRS = TOWER.replace("L: elevator", "L: stairs")
ESCALATOR_UP = TOWER.replace("L: elevator", "L: escalator up")
ESCALATOR_DOWN = TOWER.replace("L: elevator", "L: escalator down")
RAMP = TOWER.replace("L: elevator", "L: ramp")

ON_ONE_FLOOR = """
    +-------+---+-------+
    |   A   | # |   B   |
    +---d---+---+---d---+
    |   C   o S o   E   |
    +-------+---+-------+

    A: room 诊室 | Consulting room
    B: room/pharmacy 药房 | Pharmacy
    C: corridor
    E: corridor
    S: stairs
    """

TWO_BUILDINGS = """
level 2F 1 @东楼
+-------+
|   A   |
+---d---+
|   H   1
+-------+

level 3F 2 @西楼
        +-------+
        |   B   |
        +---d---+
        1   I   |
        +-------+
"""

BETWEEN_FLOORS = {
    "steps that keep the floor": Way(
        ON_ONE_FLOOR, "A", "B",
        "从诊室出发，出门后，左转。\n途中有台阶，往前走约10米，到了，药房在您左手边。",
        "Start from the Consulting room, leaving the room, turn left.\n"
        "There are steps on the way, walk about 10 metres, you have arrived, "
        "the pharmacy is on your left.",
    ),
    "a ramp that keeps the floor": Way(
        ON_ONE_FLOOR.replace("S: stairs", "S: ramp"), "A", "B",
        "从诊室出发，出门后，左转。\n途中有坡道，往前走约10米，到了，药房在您左手边。",
        "Start from the Consulting room, leaving the room, turn left.\n"
        "There is a ramp on the way, walk about 10 metres, you have arrived, "
        "the pharmacy is on your left.",
    ),
    "a lift up": Way(
        TOWER, "A", "D",
        up("电梯在您左手边。\n乘电梯上到2F", "出电梯后"),
        up_en("the lift is on your left.\nTake the lift up to 2F", "leaving the lift"),
    ),
    "a lift down": Way(
        TOWER, "D", "A",
        down("电梯在您左手边。\n乘电梯下到1F", "出电梯后"),
        down_en("the lift is on your left.\nTake the lift down to 1F", "leaving the lift"),
    ),
    "stairs up one floor": Way(
        STAIRS, "A", "D",
        up("楼梯在您左手边。\n走楼梯上一层，到2F", "出楼梯后"),
        up_en("the stairs are on your left.\nTake the stairs up one floor to 2F",
        "leaving the stairs"),
    ),
    "stairs down one floor": Way(
        STAIRS, "D", "A",
        down("楼梯在您左手边。\n走楼梯下一层，到1F", "出楼梯后"),
        down_en("the stairs are on your left.\nTake the stairs down one floor to 1F",
        "leaving the stairs"),
    ),
    "stairs up two floors": Way(
        STAIRS.replace("level 2F 1", "level 3F 2"), "A", "D",
        up("楼梯在您左手边。\n走楼梯上两层，到3F", "出楼梯后"),
        up_en("the stairs are on your left.\nTake the stairs up two floors to 3F",
        "leaving the stairs"),
    ),
    "stairs down two floors": Way(
        STAIRS.replace("level 2F 1", "level 3F 2"), "D", "A",
        down("楼梯在您左手边。\n走楼梯下两层，到1F", "出楼梯后"),
        down_en("the stairs are on your left.\nTake the stairs down two floors to 1F",
        "leaving the stairs"),
    ),
    "a few steps up": Way(
        STAIRS.replace("level 2F 1", "level 1M 0.5"), "A", "D",
        up("楼梯在您左手边。\n走楼梯上到1M", "出楼梯后"),
        up_en("the stairs are on your left.\nGo up the stairs to 1M", "leaving the stairs"),
    ),
    "a few steps down": Way(
        STAIRS.replace("level 2F 1", "level 1M 0.5"), "D", "A",
        down("楼梯在您左手边。\n走楼梯下到1F", "出楼梯后"),
        down_en("the stairs are on your left.\nGo down the stairs to 1F", "leaving the stairs"),
    ),
    "an escalator up": Way(
        ESCALATOR_UP, "A", "D",
        up("扶梯在您左手边。\n乘扶梯上到2F", "下扶梯后"),
        up_en("the escalator is on your left.\nTake the escalator up to 2F",
        "leaving the escalator"),
    ),
    "an escalator down": Way(
        ESCALATOR_DOWN, "D", "A",
        down("扶梯在您左手边。\n乘扶梯下到1F", "下扶梯后"),
        down_en("the escalator is on your left.\nTake the escalator down to 1F",
        "leaving the escalator"),
    ),
    "a ramp up": Way(
        RAMP, "A", "D",
        up("坡道在您左手边。\n走坡道上到2F", "走完坡道后"),
        up_en("the ramp is on your left.\nTake the ramp up to 2F", "at the end of the ramp"),
    ),
    "a ramp down": Way(
        RAMP, "D", "A",
        down("坡道在您左手边。\n走坡道下到1F", "走完坡道后"),
        down_en("the ramp is on your left.\nTake the ramp down to 1F", "at the end of the ramp"),
    ),
    "a lift on the right": Way(
        """
        level 1F 0
        +---+-------+
        | L |   A   |
        +-a-+---d---+
        |     H     |
        +-----------+

        level 2F 1
        +---+-------+
        | L |   B   |
        +-a-+---d---+
        |     I     |
        +-----------+

        L: elevator 1号电梯 | Lift 1
        """, "A", "B",
        "从甲室出发，出门后，右转。\n走到右手边第一扇门，1号电梯在您右手边。\n"
        "乘1号电梯上到2F，出电梯后，左转。\n走到左手边第一扇门，到了，乙室在您左手边。",
        "Start from Room A, leaving the room, turn right.\n"
        "At the first door on your right, Lift 1 is on your right.\n"
        "Take Lift 1 up to 2F, leaving the lift, turn left.\n"
        "At the first door on your left, you have arrived, Room B is on your left.",
    ),
    "a bridge to another building": Way(
        TWO_BUILDINGS, "A", "B",
        "从甲室出发，出门后，左转。\n走过连廊，到西楼3F，往前走约5米，到了，乙室在您左手边。",
        "Start from Room A, leaving the room, turn left.\n"
        "Cross the bridge to 3F of 西楼, walk about 5 metres, "
        "you have arrived, Room B is on your left.",
    ),
    "out of one building and into another": Way(
        """
        level 1F 0 @东楼
        +-------+
        |   A   |
        +---d---+
        |   H   1
        +-------+

        level 地面 0
                +---------+
                |    #    |
                +---------+
                1    Y    2
                +---------+

        level G 0 @西楼
                          +-------+
                          |   B   |
                          +---d---+
                          2   I   |
                          +-------+

        Y: outdoor 院子 | Yard
        """, "A", "B",
        "从甲室出发，出门后，左转。\n走到楼外，往前走。\n进楼，到西楼G，往前走约5米，到了，乙室在您左手边。",
        "Start from Room A, leaving the room, turn left.\n"
        "Go outside, go straight on.\n"
        "Go in to G of 西楼, walk about 5 metres, "
        "you have arrived, Room B is on your left.",
    ),
}  # fmt: skip

SIDE_CORRIDORS = """
        +-+     +-+     +-+
    +---+ | +---+ | +---+ |
    | A d | | B d | | C d |
    +---+ | +---+ | +---+ |
        | |     | |     | |
+-------+ +-----+ +-----+ +------+
e            H                   |
+--------------------------------+
"""

ROOMS_AT_THE_ENDS = """
        +-+     +-+     +-+
        |A|     |B|     |C|
        +d+     +d+     +d+
        | |     | |     | |
        | |     | |     | |
+-------+ +-----+ +-----+ +------+
e            H                   |
+--------------------------------+
"""

AHEAD_OF_THE_SIDE_CORRIDOR = """
        +-+
    +---+ +--+
    | A d |B |
    +---+ |  |
        | |  |
+-------+ +d-+---+
e    H       d P |
+------------+---+

P: room/pharmacy 药房 | Pharmacy
"""

HAIRPIN = """
+---+
 \\   \\
  \\ > \\
   \\   \\
    \\   \\
     \\ H \\
      \\   \\
       \\   \\
        +   +
       /   /
      /   /
     / ^ /
    +---+
"""

WIDE_HALL = """
+-------------+
|             |
|             +---+
|             d A |
|      I      +---+
|             |
|             |
|             |
|             |
e             |
|             |
|             |
+-------------+

I: hall
"""

WIDE_HALL_MIRRORED = """
+-------------+
|             |
|             |
e             |
|             |
|             |
|             |
|      I      |
|             +---+
|             d A |
|             +---+
|             |
+-------------+

I: hall
"""

CORNER = """
          +---+
          | A |
          +-d-+
          |   |
          |   |
          |   |
+---------+   |
e     H       |
+-------------+
"""

UNSURE = """
+-------+   +-+
|   B   +---+ |
|       | A d |
|       +---+ |
|       | # | |
+--???--+---+ +------+
e       H            |
+--------------------+
"""

PASSING = """
+-------+                     +-+
|   B   |                 +---+ |
|       |                 | A d |
|       |                 +---+ |
|       |                     | |
+--???--+---------------------+ +--------+
e             H                          |
+-----------+---d---+--------------------+
            |   C   |
            +-------+
"""

JUST_PAST = """
        +-+
    +---+ |   +-----+
    | A d |   |  B  |
    +---+ |   |     |
        | |   |     |
+-------+ +---+--d--+----+
e            H           |
+------------------------+
"""

TWO_CORNERS = """
        +---------+---+
        |         d A |
        | +-------+---+
        | |
        | |
+-------+ |
e    H    |
+---------+
"""

ROUND_A_DESK = """
         +---------------+---+
         |               d A |
         |     +---------+---+
         |     |
+--------+  H i|
|              |
e              |
+--------------+
"""

ROUND_TWO_CORNERS = (
    "从正门进来，走到头，左转，走到头，右转。\n往前走约15米，到了，甲室在您正前方。",
    "Come in by the Main entrance, go to the end, turn left, go to the end, turn right.\n"
    "Walk about 15 metres, you have arrived, Room A is straight ahead.",
)
ROUND_ONE_CORNER = (
    "从正门进来，走到头，左转。\n走到头，右转，往前走约15米，到了，甲室在您正前方。",
    "Come in by the Main entrance, go to the end, turn left.\nGo to the end, turn right, "
    "walk about 15 metres, you have arrived, Room A is straight ahead.",
)
THIRD_DOOR = (
    "从甲室出发，出门后，左转，走到左手边第三扇门，到了，丁室在您左手边。",
    "Start from Room A, leaving the room, turn left, at the third door on your left, "
    "you have arrived, Room D is on your left.",
)
THIRD_DOOR_FAR = (
    "从甲室出发，出门后，左转。\n经过乙室，走到左手边第三扇门，约30米，到了，丁室在您左手边。",
    "Start from Room A, leaving the room, turn left.\n"
    "Passing Room B, at the third door on your left, which is about 30 metres on, "
    "you have arrived, Room D is on your left.",
)

PHARMACY = """
          +---+
          | A |
          +-d-+
          |   |
          |   |
          |   |
+---------+   +-------+
e     H       d   P   |
+-------------+-------+

P: room/pharmacy 药房 | Pharmacy
"""

HALL = """
        +---+
        | A |
        +-d-+----------+
        |              |
        |              |
        |              |
+-------+              |
e   H   d      I       |
+-------+              |
        |              |
        +--------------+

I: hall 门诊大厅 | Hall
"""

TWO_DOORS = """
+---+-----------+---+
|   |           |   |
| B d     A     d   |
|   |           |   |
+---+-----------+   |
                | H |
                |   |
            +---+   |
            | C d   |
            +---+---+
"""

INTO_A_CORRIDOR = """
+-------+
|   A   |
+-+-d-+-+
  |   |
  |   |
  |   |
  |   +-------+---+
  |     H     d B |
  +-----------+---+
"""

AT_A_TURN = {
    "the second junction on the left": Way(
        SIDE_CORRIDORS, "正门", "B",
        "从正门进来，走到左手边第二个路口，左转。\n走到左手边第一扇门，到了，乙室在您左手边。",
        "Come in by the Main entrance, at the second junction on your left, turn left.\n"
        "At the first door on your left, you have arrived, Room B is on your left.",
    ),
    "the second junction on the right": Way(
        SIDE_CORRIDORS.replace("e            H                   |",
        "|            H                   e"),
        "正门", "B",
        "从正门进来，走到右手边第二个路口，右转。\n走到左手边第一扇门，到了，乙室在您左手边。",
        "Come in by the Main entrance, at the second junction on your right, turn right.\n"
        "At the first door on your left, you have arrived, Room B is on your left.",
    ),
    "a side corridor is a junction, also where a room is at its end": Way(
        ROOMS_AT_THE_ENDS, "正门", "B",
        "从正门进来，走到左手边第二个路口，左转。\n往前走约5米，到了，乙室在您正前方。",
        "Come in by the Main entrance, at the second junction on your left, turn left.\n"
        "Walk about 5 metres, you have arrived, Room B is straight ahead.",
    ),
    "a corridor that goes on to a door is not at its end": Way(
        AHEAD_OF_THE_SIDE_CORRIDOR.replace("+d-+---+", "+--+---+").replace("|B |", "|# |"), "正门",
        "A",
        "从正门进来，走到左手边第一个路口，左转。\n走到左手边第一扇门，到了，甲室在您左手边。",
        "Come in by the Main entrance, at the first junction on your left, turn left.\n"
        "At the first door on your left, you have arrived, Room A is on your left.",
        scale={"column_m": 1.2},
    ),
    "back at a hairpin": Way(
        HAIRPIN, "code1", "code2",
        "从一楼大厅出发，面对二维码，往前走约10米，往回走。\n"
        "往前走约5米，到了，一楼大厅在您正前方。",
        "Start from the lobby, facing the code, walk about 10 metres, turn around and walk back.\n"
        "Walk about 5 metres, you have arrived, the lobby is straight ahead.",
        scale={"column_m": 1.5, "row_m": 0.3},
    ),
    "right across a hall": Way(
        WIDE_HALL_MIRRORED, "正门", "A",
        "从正门进来，偏右走。\n往前走约15米，到了，甲室在您正前方。",
        "Come in by the Main entrance, bear right.\nWalk about 15 metres, "
        "you have arrived, Room A is straight ahead.",
        scale={"row_m": 1.06},
    ),
    "the end of the corridor comes before counting": Way(
        CORNER, "正门", "A",
        "从正门进来，走到头，左转。\n往前走约5米，到了，甲室在您正前方。",
        "Come in by the Main entrance, go to the end, turn left.\n"
        "Walk about 5 metres, you have arrived, Room A is straight ahead.",
    ),
    "a door that one turns to comes before the end of the corridor": Way(
        """
        +-----+-----+
        |     |  I  |
        |  A  d     |
        |     |     |
        +-----+--d--+
        e     H     |
        +-----------+
        """, "正门", "A",
        "从正门进来，走到左手边第一扇门，左转。\n过一扇门，左转。\n"
        "往前走约5米，到了，甲室在您正前方。",
        "Come in by the Main entrance, at the first door on your left, turn left.\n"
        "Go through the door, turn left.\n"
        "Walk about 5 metres, you have arrived, Room A is straight ahead.",
    ),
    "metres where a door is a guess: nobody counts openings then": Way(
        UNSURE, "正门", "A",
        "从正门进来，往前走约15米，左转。\n走到左手边第一扇门，到了，甲室在您左手边。",
        "Come in by the Main entrance, walk about 15 metres, turn left.\n"
        "At the first door on your left, you have arrived, Room A is on your left.",
    ),
    "metres also where they are few": Way(
        UNSURE, "正门", "A",
        "从正门进来，往前走约10米，左转。\n走到左手边第一扇门，到了，甲室在您左手边。",
        "Come in by the Main entrance, walk about 10 metres, turn left.\n"
        "At the first door on your left, you have arrived, Room A is on your left.",
        scale={"column_m": 0.7},
    ),
    "metres, and what one passes": Way(
        PASSING, "正门", "A",
        "从正门进来，往前走约30米，经过丙室，左转。\n"
        "走到左手边第一扇门，到了，甲室在您左手边。",
        "Come in by the Main entrance, walk about 30 metres, passing Room C, turn left.\n"
        "At the first door on your left, you have arrived, Room A is on your left.",
    ),
    "what one sees who has missed the turn": Way(
        JUST_PAST, "正门", "A",
        "从正门进来，走到左手边第一个路口，左转，看到乙室就走过头了。\n"
        "走到左手边第一扇门，到了，甲室在您左手边。",
        "Come in by the Main entrance, at the first junction on your left, turn left, "
        "if you see Room B you have gone too far.\n"
        "At the first door on your left, you have arrived, Room A is on your left.",
    ),
    "a turn soon after another": Way(
        TWO_CORNERS, "正门", "A",
        "从正门进来，走到头，左转。\n走几步，右转。\n往前走约10米，到了，甲室在您正前方。",
        "Come in by the Main entrance, go to the end, turn left.\nAfter a few steps, turn right.\n"
        "Walk about 10 metres, you have arrived, Room A is straight ahead.",
    ),
    "one desk is not said of two turns in a row": Way(
        ROUND_A_DESK, "正门", "A",
        "从正门进来，到服务台后，左转。\n走几步，右转。\n往前走约15米，到了，甲室在您正前方。",
        "Come in by the Main entrance, at the desk, turn left.\nAfter a few steps, turn right.\n"
        "Walk about 15 metres, you have arrived, Room A is straight ahead.",
    ),
    "a landmark comes before all": Way(
        PHARMACY, "正门", "A",
        "从正门进来，到药房后，左转。\n往前走约5米，到了，甲室在您正前方。",
        "Come in by the Main entrance, at the pharmacy, turn left.\n"
        "Walk about 5 metres, you have arrived, Room A is straight ahead.",
    ),
    "entering a hall that has a name": Way(
        HALL, "正门", "A",
        "从正门进来，过一扇门，进入门诊大厅后，左转。\n往前走约5米，到了，甲室在您正前方。",
        "Come in by the Main entrance, go through the door, entering the hall, turn left.\n"
        "Walk about 5 metres, you have arrived, Room A is straight ahead.",
    ),
    "past the door of the room that one comes back through": Way(
        TWO_DOORS, Back((5, 2), (3, 2)), "C",
        "退回这一步开始的地方，背对原来的路，过门后，右转。\n"
        "走到右手边第一扇门，到了，丙室在您右手边。",
        "Go back to where this step began and keep the old way behind you, "
        "past the door, turn right.\n"
        "At the first door on your right, you have arrived, Room C is on your right.",
    ),
    "along a corridor that begins at the room's door": Way(
        INTO_A_CORRIDOR, "A", "B",
        "从甲室出发，走到头，左转。\n往前走约10米，到了，乙室在您正前方。",
        "Start from Room A, go to the end, turn left.\n"
        "Walk about 10 metres, you have arrived, Room B is straight ahead.",
        scale={"row_m": 1.2},
    ),
    "out of a room that is open in front": Way(
        FOUR_ROOMS.replace("+---d---+---d", "+---o---+---d", 1), "A", "C",
        "从甲室出发，走出来后，左转。\n走到左手边第二扇门，到了，丙室在您左手边。",
        "Start from Room A, coming out, turn left.\n"
        "At the second door on your left, you have arrived, Room C is on your left.",
    ),
}  # fmt: skip

DOORS_IN_A_ROW = """
                +-------+
                |   A   |
+-------+-------+---d---+
e   H   d   I   d   J   |
+-------+-------+-------+
"""

THROUGH_DOORS = {
    "two doors": Way(
        DOORS_IN_A_ROW, "正门", "A",
        "从正门进来，过两扇门，往前走约20米，到了，甲室在您左手边。",
        "Come in by the Main entrance, go through two doors, walk about 20 metres, "
        "you have arrived, Room A is on your left.",
    ),
    "two automatic doors": Way(
        DOORS_IN_A_ROW.replace("d   I   d", "a   I   a"), "正门", "A",
        "从正门进来，过两扇自动门，往前走约20米，到了，甲室在您左手边。",
        "Come in by the Main entrance, go through two automatic doors, walk about 20 metres, "
        "you have arrived, Room A is on your left.",
    ),
    "an automatic door and a passage without a leaf": Way(
        DOORS_IN_A_ROW.replace("d   I   d", "a   I   o"), "正门", "A",
        "从正门进来，过自动门，往前走约20米，到了，甲室在您左手边。",
        "Come in by the Main entrance, go through the automatic door, walk about 20 metres, "
        "you have arrived, Room A is on your left.",
    ),
    "one door": Way(
        DOORS_IN_A_ROW.replace("d   I   d", "o   I   d"), "正门", "A",
        "从正门进来，过一扇门，往前走约20米，到了，甲室在您左手边。",
        "Come in by the Main entrance, go through the door, walk about 20 metres, "
        "you have arrived, Room A is on your left.",
    ),
}  # fmt: skip

ALONG_THE_LIFT = """
level 1F 0





+---------------+---+
|      H        o L |
+---d---+-------+---+
|   A   |
+-------+

level 2F 1
+---+
| B |
+-d-+
|   |
|   |
|   +-----------+---+
|      I        o L |
+---------------+---+

L: elevator
"""

LIFT_AND_CODE = """
level 1F 0
+-------------------+---+
| *       H         o L |
+-------------------+---+

level 2F 1
+---------------+---+---+
|       B       d I o L |
+---------------+---+---+

L: elevator
"""

SEEN_PAST = """
+---------+
e   H     |
+------+  +------+---+
       |         |   |
       |         d A |
       +---------+---+
"""

PAST_A_JOG = {
    "the way on is seen past a jog": Way(
        SEEN_PAST, "正门", "A",
        "从正门进来，往前走约20米，到了，甲室在您正前方。",
        "Come in by the Main entrance, walk about 20 metres, you have arrived, "
        "Room A is straight ahead.",
    ),
    "the way on is not seen past a deeper one": Way(
        SEEN_PAST, "正门", "A",
        "从正门进来，走到头，右转。\n走几步，左转。\n往前走约10米，到了，甲室在您正前方。",
        "Come in by the Main entrance, go to the end, turn right.\n"
        "After a few steps, turn left.\n"
        "Walk about 10 metres, you have arrived, Room A is straight ahead.",
        scale={"row_m": 1.6},
    ),
}  # fmt: skip

AFTER_THE_LIFT = {
    "straight on to a lift, and straight on after it": Way(
        ALONG_THE_LIFT, "A", "B",
        "从甲室出发，出门后，右转。\n往前走约10米，电梯在正前方。\n"
        "乘电梯上到2F，出电梯后，往前走，走到头，右转。\n往前走约5米，到了，乙室在您正前方。",
        "Start from Room A, leaving the room, turn right.\n"
        "Walk about 10 metres, the lift is straight ahead.\n"
        "Take the lift up to 2F, leaving the lift, go straight on, go to the end, turn right.\n"
        "Walk about 5 metres, you have arrived, Room B is straight ahead.",
    ),
    "towards a lift": Way(
        LIFT_AND_CODE, "code1", "B",
        "从一楼大厅出发，往电梯方向走，约20米。\n"
        "乘电梯上到2F，出电梯后，往前走约5米，到了，乙室在您正前方。",
        "Start from the lobby, walk towards the lift, for about 20 metres.\n"
        "Take the lift up to 2F, leaving the lift, walk about 5 metres, you have arrived, "
        "Room B is straight ahead.",
    ),
    "nobody is told of the lift's own door": Way(
        ALONG_THE_LIFT.replace(" o L |", " a L |"), "A", "B",
        "从甲室出发，出门后，右转。\n往前走约10米，电梯在正前方。\n"
        "乘电梯上到2F，出电梯后，往前走，走到头，右转。\n往前走约5米，到了，乙室在您正前方。",
        "Start from Room A, leaving the room, turn right.\n"
        "Walk about 10 metres, the lift is straight ahead.\n"
        "Take the lift up to 2F, leaving the lift, go straight on, go to the end, turn right.\n"
        "Walk about 5 metres, you have arrived, Room B is straight ahead.",
    ),
}  # fmt: skip

STAFF_DOOR = FOUR_ROOMS.replace("+---d---+---d---", "+---d---+---s---")
AT_THE_END = """
+-----------+---+
e     H     s B |
+-----------+---+
"""
WIDE_CORRIDOR = """
+---------------+
|            ^  |
e       H       |
|            v  |
+---------------+
"""

ARRIVING = {
    "what is on the door": Way(
        FOUR_ROOMS, "正门", "B",
        "从正门进来，往前走约10米，到了，乙室在您左手边，门口写着“二诊区”。",
        "Come in by the Main entrance, walk about 10 metres, you have arrived, "
        "Room B is on your left, "
        "the sign says “Area 2”.",
        places={"B": {"on_door": {"zh-Hans": "二诊区", "en": "Area 2"}}},
    ),
    "a door that is not for visitors, on the left": Way(
        STAFF_DOOR, "正门", "B",
        "从正门进来，往前走约10米，到了，乙室的入口在您左手边，请在门口询问。",
        "Come in by the Main entrance, walk about 10 metres, you have arrived, "
        "the way in to Room B is on your left, ask at the door.",
    ),
    "on the right, and nobody counts such a door": Way(
        STAFF_DOOR, "D", "B",
        "从丁室出发，出门后，右转。\n往前走约15米，到了，乙室的入口在您右手边，按门铃。",
        "Start from Room D, leaving the room, turn right.\n"
        "Walk about 15 metres, you have arrived, "
        "the way in to Room B is on your right, ring the bell.",
        places={"B": {"entry": {"zh-Hans": "按门铃", "en": "ring the bell"}}},
    ),
    "straight ahead": Way(
        AT_THE_END, "正门", "B",
        "从正门进来，往前走约10米，到了，乙室的入口在您正前方，请在门口询问。",
        "Come in by the Main entrance, walk about 10 metres, you have arrived, "
        "the way in to Room B is straight ahead, ask at the door.",
    ),
    "a code on the left": Way(
        WIDE_CORRIDOR, "正门", "code1",
        "从正门进来，往前走约15米，到了，一楼大厅在您左手边。",
        "Come in by the Main entrance, walk about 15 metres, you have arrived, "
        "the lobby is on your left.",
    ),
    "a code on the right": Way(
        WIDE_CORRIDOR, "正门", "code2",
        "从正门进来，往前走约15米，到了，一楼大厅在您右手边。",
        "Come in by the Main entrance, walk about 15 metres, you have arrived, "
        "the lobby is on your right.",
    ),
}  # fmt: skip

TO_KNOW = {
    "what is closed at this time": Way(
        FOUR_ROOMS, "正门", "B",
        "从正门进来，往前走约10米，到了，乙室在您左手边。",
        "Come in by the Main entrance, walk about 10 metres, you have arrived, "
        "Room B is on your left.",
        notices="乙室现在不开放",
        depart="2026-03-08T10:00",
        places={"B": {"hours": Hours("Mo-Fr 08:00-12:00")}},
    ),
    "nobody knows the hours of this day": Way(
        FOUR_ROOMS, "正门", "B",
        "从正门进来，往前走约10米，到了，乙室在您左手边。",
        "Come in by the Main entrance, walk about 10 metres, you have arrived, "
        "Room B is on your left.",
        notices="这一天的开放时间还没有核实，可能和平时不一样",
        depart="2041-03-08T10:00",
        places={"B": {"hours": Hours("Mo-Fr 08:00-12:00")}},
    ),
    "something else is closed": Way(
        FOUR_ROOMS, "正门", "B",
        "从正门进来，往前走约10米，到了，乙室在您左手边。",
        "Come in by the Main entrance, walk about 10 metres, you have arrived, "
        "Room B is on your left.",
        notices="有地方暂停使用，这条路不经过那里",
        closed=("D",),
    ),
    "nobody has measured a door": Way(
        UNSURE, "正门", "B",
        "从正门进来，往前走约5米，到了，乙室在您左手边，这扇门还没有核实。",
        "Come in by the Main entrance, walk about 5 metres, you have arrived, "
        "Room B is on your left, "
        "this door has not been verified.",
        notices="这段路的门宽还没有核实",
        profile="wheelchair",
    ),
    "nobody has measured a lift": Way(
        LIFT_AND_CODE, "code1", "B",
        AFTER_THE_LIFT["towards a lift"].zh,
        AFTER_THE_LIFT["towards a lift"].en,
        notices="这段路的电梯轿厢大小还没有核实",
        profile="bed",
        scale={"row_m": 1.5},
    ),
    "nobody has measured a ramp": Way(
        RAMP, "A", "D",
        BETWEEN_FLOORS["a ramp up"].zh,
        BETWEEN_FLOORS["a ramp up"].en,
        notices="这段路的坡度还没有核实",
        profile="wheelchair",
    ),
}  # fmt: skip

NEIGHBOURS = """
+-----+-----+
|  A  |  B  |
+---d-+-d---+
|     H     |
+-----------+
"""

LONG_CORRIDOR = """
+------------+
e     H    ^ |
+------------+
"""

PASSED_EARLY = """
  +-----+                 +-----+
  |  B  |                 |  D  |
+-+--d--+-----------------+--d--+---+
e               H                   |
+-----------------------------------+
"""

PASSED_LATER = """
   +-----+                +-----+
   |  B  |                |  D  |
+--+--d--+----------------+--d--+---+
e               H                   |
+-----------------------------------+
"""

CODE_BEFORE_A_DOOR = """
+-------+-------+
|   A   |   B   |
+---d---+---d---+
|  *    H       |
+---------------+
"""


HALL_WITH_CODE = WIDE_HALL.replace("e             |", "|<            |")

SHIFTED = """
        +---------------+---+
        |       I       d A |
+-------+-o-----+-------+---+
e    H          |
+---------------+
"""

TO_A_WIDE_OPENING = """
        +---+-----------+---+
        |   o           |   |
        | I o     J     d A |
        |   o           |   |
+-------+-o-+---+-------+---+
e    H          |
+---------------+
"""

JOG = """
         +---------------+
        /         ^      |
+------+    +------------+
e     H    /
+---------+
"""

DESK = """
        +-+
    +---+ |
    | A d |
    +---+ |
        | |
+-------+ +---------+
e    H       i      |
+-------------------+
"""

PAST_THE_SIDE_CORRIDOR = """
        +-+
    +---+ |
    | A d |
    +---+ |
        | |
+-------+ +-------+
e    H            |
+---------+-d-+---+
          | P |
          +---+

P: room/pharmacy 药房 | Pharmacy
"""

NEAR_PAST = """
        +-+
    +---+ |+------+
    | A d ||  B   |
    +---+ ||      |
        | ||      |
+-------+ ++--d---+--+
e    H               |
+--------------------+
"""

LOBBY = """
level 1F 0
          +---+
          | L |
          +-a-+
          |   |
          |   |
+-------+ | J |
|   A   | |   |
+---d---+-+-o-+---+
|          H      |
+-----------------+

level 2F 1
          +---+
          | L |
          +-a-+
          | B |
          +---+

J: corridor
L: elevator
B: corridor 二楼 | Upstairs
"""

BLIND_END = """
        +-+
    +---+ |
    | A d |
    +---+ |
        | |
+-------+ +---+
e    H        |
+-------------+
"""

FAR_PAST = """
        +-+
    +---+ |             +-----+
    | A d |             |  B  |
    +---+ |             |     |
        | |             |     |
+-------+ +-------------+--d--+--+
e            H                   |
+--------------------------------+
"""


ROUND_A_BLOCK = """
+-------+-+-------+
|       |#|       |
|       | |       +---+
e       | |       d A |
|       | |       +---+
|       | |       |
|       +-+       |
|        I        |
|                 |
|                 |
|                 |
+-----------------+

I: hall
"""


def stretched(
    drawing: str,
    start: str,
    goal: str,
    below: tuple[float, str, str],
    above: tuple[float, str, str],
    *,
    columns: bool = True,
    rows: bool = False,
    row_m: float = 0,
) -> tuple[Way, Way]:
    """The same drawing twice: metres a character, then what is said in Chinese and English. With
    `row_m`, rows are that many times as high as columns are wide."""

    def way(metres: float, zh: str, en: str) -> Way:
        wide = {"column_m": metres} if columns else {}
        high = {"row_m": metres * (row_m or 1)} if rows or row_m else {}
        return Way(drawing, start, goal, zh, en, scale=wide | high)

    return way(*below), way(*above)  # fmt: skip


def square(metres: float) -> Mapping[str, float]:
    """Metres a character, across and along."""
    return {"column_m": metres, "row_m": metres}


def in_one_line(zh_way: str, en_way: str, zh_end: str, en_end: str) -> tuple[str, str]:
    """From the entrance without a turn."""
    zh = "，".join(filter(None, ("从正门进来", zh_way, "到了", zh_end))) + "。"
    en = (
        ", ".join(
            filter(None, ("Come in by the Main entrance", en_way, "you have arrived", en_end))
        )
        + "."
    )
    return zh, en


LEFT_A = ("甲室在您左手边", "Room A is on your left")
LEFT_B = ("乙室在您左手边", "Room B is on your left")
LEFT_D = ("丁室在您左手边", "Room D is on your left")
AHEAD_A = ("甲室在您正前方", "Room A is straight ahead")
RIGHT_A = ("甲室在您右手边", "Room A is on your right")
AHEAD_CODE = ("一楼大厅在您正前方", "the lobby is straight ahead")
LEFT_CODE = ("一楼大厅在您左手边", "the lobby is on your left")
TO_A = (
    "走到左手边第一扇门，到了，甲室在您左手边。",
    "At the first door on your left, you have arrived, Room A is on your left.",
)

TO_B = (
    "走到左手边第一扇门，到了，乙室在您左手边。",
    "At the first door on your left, you have arrived, Room B is on your left.",
)


def metres(number: int, zh_passed: str = "", en_passed: str = "") -> tuple[str, str]:
    """How far, and what one passes."""
    zh, en = f"往前走约{number}米", f"walk about {number} metres"
    if zh_passed:
        return f"{zh}，经过{zh_passed}", f"{en}, passing {en_passed}"
    return zh, en


JUNCTION = (
    "从正门进来，走到左手边第一个路口，左转",
    "Come in by the Main entrance, at the first junction on your left, turn left",
)

CROSSROADS = """
        +-+
        |A|
        +d+
        | |
        | |
        | |
        | |
        | |
+-------+ +-------+
e        H        |
+-------+ +-------+
        | |
        | |
        | |
        | |
        | |
        | |
        +-+
"""
T_JUNCTION = """
        +-+
        |A|
        +d+
        | |
        | |
        | |
        | |
        | |
+-------+ |
e      H  |
+-------+ |
        | |
        | |
        | |
        | |
        | |
        | |
        +-+
"""
STREET = """
        +-+       +-+
        |B|       |A|
        +d+       +d+
        | |       | |
        | |       | |
        | |       | |
        | |       | |
        | |       | |
+-------+ +-------+ +-------+
e              H            |
+-------+ +-------+ +-------+
        | |       | |
        | |       | |
        | |       | |
        | |       | |
        | |       | |
        | |       | |
        +-+       +-+
"""

TO_THE_END = ("往前走约5米，到了，甲室在您正前方。",
              "Walk about 5 metres, you have arrived, Room A is straight ahead.")  # fmt: skip
IN_ONE_BREATH = {
    "two actions, if the first is soon done": Cards(FOUR_ROOMS, "A", "D", *THIRD_DOOR),
    "no third": Cards(
        TWO_CORNERS, "正门", "A",
        "从正门进来，走到头，左转，走几步，右转。\n往前走约10米，到了，甲室在您正前方。",
        "Come in by the Main entrance, go to the end, turn left, after a few steps, turn right.\n"
        "Walk about 10 metres, you have arrived, Room A is straight ahead.",
    ),
    "to look along the way is no action": Cards(
        CODES, "code1", "B",
        "从一楼大厅出发，面对二维码，向右走，往前走约10米，到了，乙室在您左手边。",
        "Start from the lobby, facing the code, go right, walk about 10 metres, you have arrived, "
        "Room B is on your left.",
    ),
    "a ride begins a card, and what comes behind its door is on it": Cards(
        TOWER, "A", "D",
        "从甲室出发，出门后，左转，走到左手边第二扇门，电梯在您左手边。\n"
        "乘电梯上到2F，出电梯后，右转。\n走到右手边第一扇门，到了，丁室在您右手边。",
        "Start from Room A, leaving the room, turn left, at the second door on your left, "
        "the lift is on your left.\nTake the lift up to 2F, leaving the lift, turn right.\n"
        "At the first door on your right, you have arrived, Room D is on your right.",
    ),
    "a bridge is told with the way to it": Cards(
        TWO_BUILDINGS, "A", "B",
        "从甲室出发，出门后，左转，走过连廊，到西楼3F。\n往前走约5米，到了，乙室在您左手边。",
        "Start from Room A, leaving the room, turn left, cross the bridge to 3F of 西楼.\n"
        "Walk about 5 metres, you have arrived, Room B is on your left.",
    ),
    "on a long way all that one passes, if the card has room": Cards(
        FOUR_ROOMS, "D", "正门",
        "从丁室出发，出门后，右转。\n"
        "往前走约60米，经过丙室，再经过乙室，到了，正门在您正前方。",
        "Start from Room D, leaving the room, turn right.\nWalk about 60 metres, "
        "passing Room C, then Room B, you have arrived, the Main entrance is straight ahead.",
        scale={"column_m": 2.1},
    ),
    "and the first of it, if it has not": Cards(
        FOUR_ROOMS, "正门", "D", *in_one_line(*metres(60, "乙室", "Room B"), *LEFT_D),
        scale={"column_m": 2.1},
    ),
}  # fmt: skip

THRESHOLDS: dict[str, tuple[Way, Way]] = {
    "near_cm": stretched(
        NEIGHBOURS, "A", "B",
        (0.62, "从甲室出发，出门后，左转。\n到了，乙室在您左手边。",
         "Start from Room A, leaving the room, turn left.\n"
         "You have arrived, Room B is on your left."),
        (0.64, f"从甲室出发，出门后，左转。\n{TO_B[0]}",
         f"Start from Room A, leaving the room, turn left.\n{TO_B[1]}"),
    ),
    "long_cm": stretched(
        FOUR_ROOMS, "正门", "D",
        (0.89, *in_one_line(*metres(25), *LEFT_D)),
        (0.91, *in_one_line(*metres(25, "乙室", "Room B"), *LEFT_D)),
    ),
    "fine_grain_cm": stretched(
        FOUR_ROOMS, "正门", "B",
        (1.05, *in_one_line(*metres(10), *LEFT_B)),
        (1.07, *in_one_line(*metres(15), *LEFT_B)),
    ),
    "coarse_from_cm": stretched(
        LONG_CORRIDOR, "正门", "code1",
        (4.3, *in_one_line(*metres(45), *AHEAD_CODE)),
        (4.8, *in_one_line(*metres(50), *AHEAD_CODE)),
    ),
    "coarse_grain_cm": stretched(
        LONG_CORRIDOR, "正门", "code1",
        (5.0, *in_one_line(*metres(50), *AHEAD_CODE)),
        (5.04, *in_one_line(*metres(60), *AHEAD_CODE)),
    ),
    "most_counted": (
        Way(
            FIVE_ROOMS, "A", "D",
            "从甲室出发，出门后，左转。\n走到左手边第三扇门，到了，丁室在您左手边。",
            "Start from Room A, leaving the room, turn left.\n"
            "At the third door on your left, you have arrived, Room D is on your left.",
            scale={"column_m": 0.7},
        ),
        Way(
            FIVE_ROOMS, "A", "E",
            "从甲室出发，出门后，左转。\n往前走约20米，到了，戊室在您左手边。",
            "Start from Room A, leaving the room, turn left.\n"
            "Walk about 20 metres, you have arrived, Room E is on your left.",
            scale={"column_m": 0.7},
        ),
    ),
    "soon_cm": stretched(
        TWO_CORNERS, "正门", "A",
        (0.99, "从正门进来，走到头，左转。\n走几步，右转。\n往前走约10米，到了，甲室在您正前方。",
         "Come in by the Main entrance, go to the end, turn left.\nAfter a few steps, turn right.\n"
         "Walk about 10 metres, you have arrived, Room A is straight ahead."),
        (1.01, "从正门进来，走到头，左转。\n走到头，右转。\n往前走约10米，到了，甲室在您正前方。",
         "Come in by the Main entrance, go to the end, turn left.\nGo to the end, turn right.\n"
         "Walk about 10 metres, you have arrived, Room A is straight ahead."),
        columns=False, rows=True,
    ),
    "most_actions": (
        Cards(FOUR_ROOMS, "A", "D", *THIRD_DOOR),
        IN_ONE_BREATH["no third"],
    ),
    "breath_cm": (
        Cards(TWO_CORNERS, "正门", "A", *ROUND_TWO_CORNERS, profile="elderly", scale=square(1.6)),
        Cards(TWO_CORNERS, "正门", "A", *ROUND_ONE_CORNER, profile="elderly", scale=square(1.7)),
    ),
    "breath_s": (
        Cards(TWO_CORNERS, "正门", "A", *ROUND_TWO_CORNERS, scale=square(1.7)),
        Cards(TWO_CORNERS, "正门", "A", *ROUND_ONE_CORNER, scale=square(1.8)),
    ),
    "most_on_a_card": (
        Cards(FOUR_ROOMS, "A", "D", *THIRD_DOOR),
        Cards(FOUR_ROOMS, "A", "D", *THIRD_DOOR_FAR, scale={"column_m": 1.2}),
    ),
    "exit_cm": stretched(
        INTO_A_CORRIDOR, "A", "B",
        (1.15, "从甲室出发，出门后，左转。\n往前走约10米，到了，乙室在您正前方。",
         "Start from Room A, leaving the room, turn left.\n"
         "Walk about 10 metres, you have arrived, Room B is straight ahead."),
        (1.17, "从甲室出发，走到头，左转。\n往前走约10米，到了，乙室在您正前方。",
         "Start from Room A, go to the end, turn left.\n"
         "Walk about 10 metres, you have arrived, Room B is straight ahead."),
        columns=False, rows=True,
    ),
    "passed_share": (
        Way(PASSED_EARLY, "正门", "D", *in_one_line(*metres(30), *LEFT_D)),
        Way(PASSED_LATER, "正门", "D", *in_one_line(*metres(30, "乙室", "Room B"), *LEFT_D)),
    ),
    "passed_every_cm": stretched(
        FOUR_ROOMS, "正门", "D",
        (1.94, *in_one_line(*metres(50, "乙室", "Room B"), *LEFT_D)),
        (1.99, *in_one_line(*metres(60, "乙室，再经过丙室", "Room B, then Room C"), *LEFT_D)),
    ),
    "most_passed": stretched(
        FOUR_ROOMS, "正门", "D",
        (2.9, *in_one_line(*metres(80, "乙室，再经过丙室", "Room B, then Room C"), *LEFT_D)),
        (4.1, *in_one_line(*metres(110, "甲室，再经过乙室，再经过丙室",
                                   "Room A, then Room B, then Room C"), *LEFT_D)),
    ),
    "past_cm": stretched(
        NEAR_PAST, "正门", "A",
        (0.79, f"{JUNCTION[0]}。\n{TO_A[0]}", f"{JUNCTION[1]}.\n{TO_A[1]}"),
        (0.82, f"{JUNCTION[0]}，看到乙室就走过头了。\n{TO_A[0]}",
         f"{JUNCTION[1]}, if you see Room B you have gone too far.\n{TO_A[1]}"),
    ),
    "stub_cm": stretched(
        ROOMS_AT_THE_ENDS, "正门", "B",
        (0.75, "从正门进来，走到左手边第二扇门，左转，看到丙室就走过头了。\n"
               "往前走约5米，到了，乙室在您正前方。",
         "Come in by the Main entrance, at the second door on your left, turn left, "
         "if you see Room C you have gone too far.\n"
         "Walk about 5 metres, you have arrived, Room B is straight ahead."),
        (0.85, "从正门进来，走到左手边第二个路口，左转。\n往前走约5米，到了，乙室在您正前方。",
         "Come in by the Main entrance, at the second junction on your left, turn left.\n"
         "Walk about 5 metres, you have arrived, Room B is straight ahead."),
        columns=False, rows=True,
    ),
    "beside_cm": stretched(
        LOBBY, "A", "B",
        (1.3, "从甲室出发，出门后，左转。\n往前走约10米，电梯在您左手边。\n"
              "乘电梯上到2F，出电梯后，往前走，到了，二楼在您正前方。",
         "Start from Room A, leaving the room, turn left.\n"
         "Walk about 10 metres, the lift is on your left.\n"
         "Take the lift up to 2F, leaving the lift, go straight on, you have arrived, "
         "Upstairs is straight ahead."),
        (1.5, "从甲室出发，出门后，左转。\n走到左手边第一个路口，左转。\n"
              "往前走约10米，电梯在正前方。\n"
              "乘电梯上到2F，出电梯后，往前走，到了，二楼在您正前方。",
         "Start from Room A, leaving the room, turn left.\n"
         "At the first junction on your left, turn left.\n"
         "Walk about 10 metres, the lift is straight ahead.\n"
         "Take the lift up to 2F, leaving the lift, go straight on, you have arrived, "
         "Upstairs is straight ahead."),
        columns=False, rows=True,
    ),
    "arm_cm": stretched(
        CROSSROADS, "正门", "A",
        (0.85, f"{JUNCTION[0]}。\n{TO_THE_END[0]}", f"{JUNCTION[1]}.\n{TO_THE_END[1]}"),
        (0.87, f"从正门进来，走到十字路口，左转。\n{TO_THE_END[0]}",
         f"Come in by the Main entrance, at the four-way junction, turn left.\n{TO_THE_END[1]}"),
        columns=False, rows=True,
    ),
    "corner_cm": stretched(
        CROSSROADS, "正门", "A",
        (2.4, f"从正门进来，走到十字路口，左转。\n{TO_THE_END[0].replace('5', '15')}",
         "Come in by the Main entrance, at the four-way junction, turn left.\n"
         f"{TO_THE_END[1].replace('5', '15')}"),
        (2.5, f"{JUNCTION[0]}。\n{TO_THE_END[0].replace('5', '15')}",
         f"{JUNCTION[1]}.\n{TO_THE_END[1].replace('5', '15')}"),
        rows=True,
    ),
    "ends_cm": stretched(
        BLIND_END, "正门", "A",
        (0.79, f"从正门进来，走到头，左转。\n{TO_A[0]}",
         f"Come in by the Main entrance, go to the end, turn left.\n{TO_A[1]}"),
        (0.82, f"{JUNCTION[0]}。\n{TO_A[0]}", f"{JUNCTION[1]}.\n{TO_A[1]}"),
    ),
    "too_far_cm": stretched(
        FAR_PAST, "正门", "A",
        (0.82, f"{JUNCTION[0]}，看到乙室就走过头了。\n{TO_A[0]}",
         f"{JUNCTION[1]}, if you see Room B you have gone too far.\n{TO_A[1]}"),
        (0.84, f"{JUNCTION[0]}。\n{TO_A[0]}", f"{JUNCTION[1]}.\n{TO_A[1]}"),
    ),
    "one_floor": (
        Way(
            STAIRS.replace("level 2F 1", "level 1M 0.75"), "A", "D",
            BETWEEN_FLOORS["a few steps up"].zh, BETWEEN_FLOORS["a few steps up"].en,
        ),
        Way(
            STAIRS.replace("level 2F 1", "level 2F 0.76"), "A", "D",
            BETWEEN_FLOORS["stairs up one floor"].zh, BETWEEN_FLOORS["stairs up one floor"].en,
        ),
    ),
    "towards_deg": stretched(
        CODE_BEFORE_A_DOOR, "code1", "B",
        (1.15, "从一楼大厅出发，往甲室方向走，约10米，到了，乙室在您左手边。",
         "Start from the lobby, walk towards Room A, for about 10 metres, "
         "you have arrived, Room B is on your left."),
        (1.25, "从一楼大厅出发，往乙室方向走，约10米，到了，乙室在您左手边。",
         "Start from the lobby, walk towards Room B, for about 10 metres, "
         "you have arrived, Room B is on your left."),
        columns=False, rows=True,
    ),
    "straight_deg": stretched(
        WIDE_HALL, "正门", "A",
        (0.97, *in_one_line(*metres(15), *AHEAD_A)),
        (1.06, "从正门进来，偏左走。\n往前走约15米，到了，甲室在您正前方。",
         "Come in by the Main entrance, bear left.\nWalk about 15 metres, "
         "you have arrived, Room A is straight ahead."),
        columns=False, rows=True,
    ),
    "ahead_deg": stretched(
        WIDE_HALL, "正门", "A",
        (1.2, "从正门进来，偏左走。\n往前走约15米，到了，甲室在您正前方。",
         "Come in by the Main entrance, bear left.\nWalk about 15 metres, "
         "you have arrived, Room A is straight ahead."),
        (1.33, "从正门进来，偏左走。\n往前走约15米，到了，甲室在您右手边。",
         "Come in by the Main entrance, bear left.\nWalk about 15 metres, "
         "you have arrived, Room A is on your right."),
        columns=False, rows=True,
    ),
    "slight_deg": stretched(
        WIDE_HALL, "正门", "A",
        (2.1, "从正门进来，偏左走。\n往前走约20米，到了，甲室在您右手边。",
         "Come in by the Main entrance, bear left.\nWalk about 20 metres, "
         "you have arrived, Room A is on your right."),
        (2.3, "从正门进来，左转。\n往前走约20米，到了，甲室在您右手边。",
         "Come in by the Main entrance, turn left.\nWalk about 20 metres, "
         "you have arrived, Room A is on your right."),
        columns=False, rows=True,
    ),
    "back_deg": stretched(
        HALL_WITH_CODE, "code1", "A",
        (1.9, "从一楼大厅出发，面对二维码，向右走。\n往前走约15米，到了，甲室在您右手边。",
         "Start from the lobby, facing the code, go right.\nWalk about 15 metres, "
         "you have arrived, Room A is on your right."),
        (1.8, "从一楼大厅出发，背对二维码。\n往前走约15米，到了，甲室在您右手边。",
         "Start from the lobby, with the code behind you.\nWalk about 15 metres, "
         "you have arrived, Room A is on your right."),
        columns=False, rows=True,
    ),
    "wobble_cm": stretched(
        WIDE_CORRIDOR, "正门", "code1",
        (0.34, *in_one_line(*metres(15), *AHEAD_CODE)),
        (0.36, *in_one_line(*metres(15), *LEFT_CODE)),
        columns=False, rows=True,
    ),
    "aside_cm": stretched(
        SHIFTED, "正门", "A",
        (0.49, *in_one_line(*metres(25), *AHEAD_A)),
        (0.51, "从正门进来，往前走约10米，左转。\n走几步，右转。\n"
               "往前走约15米，到了，甲室在您正前方。",
         "Come in by the Main entrance, walk about 10 metres, turn left.\n"
         "After a few steps, turn right.\nWalk about 15 metres, "
         "you have arrived, Room A is straight ahead."),
        columns=False, rows=True,
    ),
    "drift_cm": stretched(
        TO_A_WIDE_OPENING, "正门", "A",
        (0.39, *in_one_line(*metres(25), *AHEAD_A)),
        (0.41, "从正门进来，往前走约10米，左转。\n走几步，右转。\n"
               "往前走约15米，到了，甲室在您正前方。",
         "Come in by the Main entrance, walk about 10 metres, turn left.\n"
         "After a few steps, turn right.\nWalk about 15 metres, "
         "you have arrived, Room A is straight ahead."),
        columns=False, rows=True,
    ),
    "landmark_edge_on_deg": stretched(
        PAST_THE_SIDE_CORRIDOR, "正门", "A",
        (0.97, f"从正门进来，到药房后，左转。\n{TO_A[0]}",
         f"Come in by the Main entrance, at the pharmacy, turn left.\n{TO_A[1]}"),
        (1.1, f"{JUNCTION[0]}。\n{TO_A[0]}", f"{JUNCTION[1]}.\n{TO_A[1]}"),
    ),
    "landmark_near_m": stretched(
        DESK, "正门", "A",
        (0.98, f"从正门进来，到服务台后，左转。\n{TO_A[0]}",
         f"Come in by the Main entrance, at the desk, turn left.\n{TO_A[1]}"),
        (1.02, f"{JUNCTION[0]}。\n{TO_A[0]}", f"{JUNCTION[1]}.\n{TO_A[1]}"),
    ),
    "bend_deg": stretched(
        JOG, "正门", "code1",
        (1.6, *in_one_line(*metres(20), *AHEAD_CODE)),
        (1.9, "从正门进来，走到头，左转。\n走几步，右转。\n"
              "往前走约10米，到了，一楼大厅在您正前方。",
         "Come in by the Main entrance, go to the end, turn left.\nAfter a few steps, turn right.\n"
         "Walk about 10 metres, you have arrived, the lobby is straight ahead."),
        columns=False, rows=True,
    ),
    "jog_cm": stretched(
        ROUND_A_BLOCK, "正门", "A",
        (2.05, "从正门进来，偏右走。\n往前走约20米，左转。\n"
               "往前走约20米，到了，甲室在您右手边。",
         "Come in by the Main entrance, bear right.\nWalk about 20 metres, turn left.\n"
         "Walk about 20 metres, you have arrived, Room A is on your right."),
        (2.15, "从正门进来，偏右走。\n走到左手边第一个路口，偏左走。\n"
               "走到左手边第一个路口，偏左走。\n"
               "往前走约20米，到了，甲室在您右手边。",
         "Come in by the Main entrance, bear right.\nAt the first junction on your left, "
         "bear left.\nAt the first junction on your left, bear left.\n"
         "Walk about 20 metres, you have arrived, Room A is on your right."),
        row_m=1.714,
    ),
    "one_turn_cm": stretched(
        ROUND_A_BLOCK, "正门", "A",
        (0.83, "从正门进来，右转。\n往前走约10米，左转。\n往前走约10米，到了，甲室在您右手边。",
         "Come in by the Main entrance, turn right.\nWalk about 10 metres, turn left.\n"
         "Walk about 10 metres, you have arrived, Room A is on your right."),
        (0.88, "从正门进来，右转。\n往前走约10米，左转。\n走几步，左转。\n"
               "往前走约10米，到了，甲室在您右手边。",
         "Come in by the Main entrance, turn right.\nWalk about 10 metres, "
         "turn left.\nAfter a few steps, turn left.\n"
         "Walk about 10 metres, you have arrived, Room A is on your right."),
        row_m=2.5,
    ),
}  # fmt: skip
"""Of a threshold, a way just below and one just above it."""

NOT_DRAWN = {
    "most_steps": "is no length: `OVER_STEPS` has twenty steps, and one more",
    "side_way_cm": "needs a door far from the middle of a corridor that is no hall",
    "in_sight_m": "needs a hall of more than 30 m, with a turn before a door that is in sight",
    "most_doors": "needs a room with three doors at the end of such a hall",
    "landmark_every_cm": "needs a door that is seen from one step of the way and not from the next",
    "passed_near_cm": "in a hall lines lead from door to door, and none past a door so far off",
    "ends_aside_deg": "needs an end of a corridor that is cut off at such an angle",
    "spur_cm": "lines of a small floor do not go a step too far and back",
    "goes_on_deg": "a corridor that forks at such an angle has no node where it forks",
    "landmark_approach_cm": "needs a landmark that is hidden from 6 m back and not from nearer",
    "landmark_straight_deg": "needs a bent way to a turn with such a landmark",
    "form_far_cm": "needs a straight corridor of 60 m",
    "mouth_before_cm": "how far before an opening one looks: tests/test_foresight.py",
    "mouth_jamb_cm": "needs a drawing in half metres: tests/test_foresight.py",
    "waypoint_far_cm": "needs a straight way of 120 m: tests/test_foresight.py",
    "board_near_m": "of boards: test_boards.py",
    "board_facing_deg": "of boards: test_boards.py",
    "stripe_near_cm": "of stripes: test_boards.py",
    "stripe_apart_cm": "of stripes: test_boards.py",
    "stripe_least_cm": "of stripes: test_boards.py",
    "stripe_end_cm": "of stripes: test_boards.py",
    "stripe_on_cm": "of stripes: test_boards.py",
    "opening_deep_m": "of what opens beside a way: tests/test_foresight.py",
    "opening_wall_cm": "of what opens beside a way: tests/test_foresight.py",
    "looks_aside_m": "of what opens beside a way: tests/test_foresight.py",
    "believed_share": "of what opens beside a way: tests/test_foresight.py",
    "within_reach_cm": "of what opens beside a way: tests/test_foresight.py",
    "rival_cm": "of what opens beside a way: tests/test_foresight.py",
    "wide_cm": "of what opens beside a way: tests/test_foresight.py",
    "begun_cm": "of what opens beside a way: tests/test_foresight.py",
    "own_cm": "of what opens beside a way: tests/test_foresight.py",
    "joined_cm": "of what opens beside a way: tests/test_foresight.py",
    "path_cm": "of what opens beside a way: tests/test_foresight.py",
    "doorway_cm": "of what opens beside a way: tests/test_foresight.py",
    "few_min": "of minutes: test_overview.py",
    "fine_grain_min": "of minutes: test_overview.py",
    "many_min": "of minutes: test_overview.py",
    "coarse_grain_min": "of minutes: test_overview.py",
    "most_legs": "of whole routes: test_overview.py",
    "photo_near_m": "of photos: below",
    "photo_same_way_deg": "of photos: below",
}

UP_TO_A = """
          +-----+
          |  A  |
          +--d--+
          |     |
          |  J  |
          |     |
+---------+-ooo-+-----+
e       H             |
+---------------------+
"""
TO_THE_LEFT = Board("radiology", "放射科", "H", (12, -6.2), 90, "left", ("A",))
BLUE = Stripe("blue", "blue", "1F", ((0.5, -7), (13, -7), (13, -3)), ("A",))
GREEN = Stripe("green", "green", "1F", ((0.5, -7), (13, -7)), ("A",))

MARKED = {
    "one turns where a sign points, and its letters are quoted as they stand": Way(
        UP_TO_A, "正门", "A",
        f"从正门进来，按“放射科”指示牌走，左转。\n{TO_THE_END[0]}",
        f"Come in by the Main entrance, follow the sign “放射科”, turn left.\n{TO_THE_END[1]}",
        boards=(TO_THE_LEFT,),
    ),
    "out of a lift one turns where a sign on the opposite wall points": Way(
        """
        level 1F 0
        +-------+---+-----------+
        |   #   | L |       A   |
        +-------+-a-+-------d---+
        |           H           |
        +-----------------------+

        level 2F 1
        +-------+---+-----------+
        |   #   | L |       B   |
        +-------+-a-+-------d---+
        |           I           |
        +-----------------------+

        L: elevator 1号电梯 | Lift 1
        """,
        "A", "B",
        "从甲室出发，出门后，右转。\n走到右手边第一扇门，1号电梯在您右手边。\n"
        "乘1号电梯上到2F，出电梯后，按“检验科”指示牌走，左转。\n"
        "走到左手边第一扇门，到了，乙室在您左手边。",
        "Start from Room A, leaving the room, turn right.\n"
        "At the first door on your right, Lift 1 is on your right.\n"
        "Take Lift 1 up to 2F, leaving the lift, follow the sign “检验科”, turn left.\n"
        "At the first door on your left, you have arrived, Room B is on your left.",
        boards=(Board("laboratory", "检验科", "I", (10, -4), 180, "left", ("B",)),),
    ),
    "nobody with low vision is sent by a sign": Way(
        UP_TO_A, "正门", "A",
        f"从正门进来，走到左手边第一个路口，左转。\n{TO_THE_END[0]}",
        "Come in by the Main entrance, at the first junction on your left, turn left.\n"
        f"{TO_THE_END[1]}",
        boards=(TO_THE_LEFT,), stripes=(BLUE,), profile="low-vision",
    ),
    "one walks on where a sign points ahead": Way(
        UP_TO_A, "正门", "A",
        f"从正门进来，走到左手边第一个路口，左转。\n按“放射科”指示牌走，{TO_THE_END[0]}",
        "Come in by the Main entrance, at the first junction on your left, turn left.\n"
        "Follow the sign “放射科”, walk about 5 metres, you have arrived, "
        "Room A is straight ahead.",
        boards=(Board("ahead", "放射科", "J", (13, -4), 0, "ahead", ("A",)),),
    ),
    "one turns where a line on the floor bends": Way(
        UP_TO_A, "正门", "A",
        f"从正门进来，沿蓝色地线走到拐弯处，左转。\n{TO_THE_END[0]}",
        "Come in by the Main entrance, follow the blue line on the floor to where it bends, "
        f"turn left.\n{TO_THE_END[1]}",
        stripes=(BLUE,),
    ),
    "one turns where a line on the floor ends": Way(
        UP_TO_A, "正门", "A",
        f"从正门进来，沿绿色地线走到头，左转。\n{TO_THE_END[0]}",
        "Come in by the Main entrance, follow the green line on the floor to its end, "
        f"turn left.\n{TO_THE_END[1]}",
        stripes=(GREEN,),
    ),
    "a line on the floor that leads on past the turn": Way(
        UP_TO_A, "正门", "A",
        f"从正门进来，沿绿色地线走，走到左手边第一个路口，左转。\n{TO_THE_END[0]}",
        "Come in by the Main entrance, follow the green line on the floor, "
        f"at the first junction on your left, turn left.\n{TO_THE_END[1]}",
        stripes=(replace(GREEN, course=((0.5, -7), (20, -7))),),
    ),
}  # fmt: skip

FORMS = {
    "the crossroads": Way(
        CROSSROADS, "正门", "A",
        f"从正门进来，走到十字路口，左转。\n{TO_THE_END[0]}",
        f"Come in by the Main entrance, at the four-way junction, turn left.\n{TO_THE_END[1]}",
    ),
    "the T-junction": Way(
        T_JUNCTION, "正门", "A",
        f"从正门进来，走到丁字路口，左转。\n{TO_THE_END[0]}",
        f"Come in by the Main entrance, at the T-junction, turn left.\n{TO_THE_END[1]}",
    ),
    "of two crossroads only the first is the crossroads": Way(
        STREET, "正门", "A",
        f"从正门进来，走到左手边第二个路口，左转。\n{TO_THE_END[0]}",
        f"Come in by the Main entrance, at the second junction on your left, turn left.\n"
        f"{TO_THE_END[1]}",
    ),
    "the crossroads on a long way, and how far it is": Way(
        "\n".join(row[:4] + row[4:5] * 18 + row[4:] for row in CROSSROADS.split("\n")),
        "正门", "A",
        f"从正门进来，走到十字路口，约25米，左转。\n{TO_THE_END[0]}",
        "Come in by the Main entrance, at the four-way junction, "
        f"which is about 25 metres on, turn left.\n{TO_THE_END[1]}",
    ),
}  # fmt: skip

NEXT_TO_EACH_OTHER = """
+-------+-------+
|   A   d   B   |
+---d---+---d---+
e       H       |
+---------------+
"""

NEXT_DOOR = {
    "a room with a door to the room where one is": Way(
        NEXT_TO_EACH_OTHER,
        "A",
        "B",
        "从甲室出发，乙室就在隔壁，从相通的门过去。",
        "Start from Room A, Room B is next door, through the connecting door.",
    ),
    "a room that is open to the room where one is": Way(
        NEXT_TO_EACH_OTHER.replace("A   d", "A   o"),
        "B",
        "A",
        "从乙室出发，甲室就在隔壁，直接走过去。",
        "Start from Room B, Room A is next to it, straight across.",
    ),
    "a hall in front of the room where one is": Way(
        """
        +-------+
        |   A   |
        +---d---+
        |   B   |
        +-------+

        B: hall 大厅 | Hall
        """,
        "A",
        "B",
        "从甲室出发，出门就是大厅。",
        "Start from Room A, the hall is just outside the door.",
    ),
    "a room beside the hall where one is": Way(
        """
        +-------+
        |   A   |
        +---d---+
        |   B   |
        +-------+

        B: hall 大厅 | Hall
        """,
        "B",
        "A",
        "从大厅出发，甲室的门就在旁边，进门就到。",
        "Start from the hall, go in by the door of Room A just beside you.",
    ),
    "a room for staff behind a door of the room where one is": Way(
        NEXT_TO_EACH_OTHER.replace("A   d", "A   s").replace("d---+\n", "----+\n"),
        "A",
        "B",
        "从甲室出发，乙室就在隔壁，从相通的门过去，请在门口询问。",
        "Start from Room A, Room B is next door, through the connecting door, ask at the door.",
    ),
}

NOT_DRAWN_DOORS = """
+-------+-------+-------+
|   A   |   B   |   C   |
+---d---+---d---+-?????-+
e          H            |
+-----------------------+
"""

UNDRAWN_D = "D   | L |\n+---d---+-?????-"

DOUBTS = {
    "a door to the goal that nobody has drawn": Way(
        NOT_DRAWN_DOORS,
        "A",
        "C",
        "从甲室出发，出门后，左转。\n往前走约15米，到了，丙室在您左手边，这扇门还没有核实。",
        "Start from Room A, leaving the room, turn left.\nWalk about 15 metres, you have arrived, "
        "Room C is on your left, this door has not been verified.",
    ),
    "a door at the start that nobody has drawn": Way(
        NOT_DRAWN_DOORS,
        "C",
        "B",
        "从丙室出发，出门后，右转，这扇门还没有核实。\n走到右手边第一扇门，到了，乙室在您右手边。",
        "Start from Room C, leaving the room, turn right, this door has not been verified.\n"
        "At the first door on your right, you have arrived, Room B is on your right.",
    ),
    "a door on the way that nobody has drawn": Way(
        """
        +-------+-------+
        |   A   |   B   |
        |^      |       |
        +-?????-+---d---+
        |       H       |
        +---------------+
        """,
        "code1",
        "B",
        "从一楼大厅出发，面对二维码，向右走。\n往前走约5米，右转。\n"
        "途中要过一扇门，这扇门还没有核实，走几步，左转。\n"
        "走到左手边第一扇门，到了，乙室在您左手边。",
        "Start from the lobby, facing the code, go right.\nWalk about 5 metres, turn right.\n"
        "You go through a door on the way, which has not been verified, "
        "after a few steps, turn left.\n"
        "At the first door on your left, you have arrived, Room B is on your left.",
    ),
    "another door on the way that nobody has drawn is a door": Way(
        """
        +-------+-------+---+
        |   A   |   D   | B |
        |^      |       d   |
        +-?????-+-?????-+---+
        |       H       |
        +---------------+
        """,
        "code1",
        "B",
        "从一楼大厅出发，面对二维码，向右走。\n往前走约5米，右转。\n"
        "途中要过一扇门，这扇门还没有核实，走几步，左转。\n往前走约10米，左转。\n"
        "途中要过一扇门，走几步，右转。\n往前走约5米，到了，乙室在您正前方。",
        "Start from the lobby, facing the code, go right.\nWalk about 5 metres, turn right.\n"
        "You go through a door on the way, which has not been verified, "
        "after a few steps, turn left.\nWalk about 10 metres, turn left.\n"
        "You go through a door on the way, after a few steps, turn right.\n"
        "Walk about 5 metres, you have arrived, Room B is straight ahead.",
    ),
    "of doors that nobody has drawn the first is told in full, and the goal's": Way(
        TOWER.replace("+-a-+", "+???+").replace("D   | L |\n+---d---+---d---", UNDRAWN_D),
        "A",
        "D",
        "从甲室出发，出门后，左转。\n往前走约15米，电梯在您左手边，这扇门还没有核实。\n"
        "乘电梯上到2F，出电梯后，右转，这扇也未核实。\n"
        "往前走约5米，到了，丁室在您右手边，这扇门还没有核实。",
        "Start from Room A, leaving the room, turn left.\n"
        "Walk about 15 metres, the lift is on your left, this door has not been verified.\n"
        "Take the lift up to 2F, leaving the lift, turn right, this one is not verified either.\n"
        "Walk about 5 metres, you have arrived, Room D is on your right, "
        "this door has not been verified.",
    ),
    "two doors in one step that nobody has drawn": Way(
        """
        +-------+
        |   A   |
        +-?????-+
        |   H   |
        +-?????-+
        |   B   |
        +-------+
        """,
        "A",
        "B",
        "从甲室出发，到了，乙室在您正前方，这几扇门还没有核实。",
        "Start from Room A, you have arrived, Room B is straight ahead, "
        "these doors have not been verified.",
    ),
    "a corridor with a restriction that nobody could read": Way(
        FOUR_ROOMS,
        "正门",
        "D",
        "从正门进来，往前走约30米，经过乙室，到了，丁室在您左手边，这里的通行限制还没有核实。",
        "Come in by the Main entrance, walk about 30 metres, passing Room B, you have arrived, "
        "Room D is on your left, it has not been verified who may pass here.",
        unverified=("H",),
    ),
}
"""Thresholds without a sentence on a drawn floor, and why."""

ROUND_THE_BLOCK = """
+----e----------+
|               |
|               |
|     +---+     |
|     | B |  H  |
|     +-d-+     |
|               |
+---------------+

H: hall 大厅 | Hall
"""

HALL_IN_FRONT = """
+-----------+----------------+
e     H     o       L      i |
+-----------+----------------+

L: hall 大厅 | Hall
"""

WHERE_IT_BEGINS = {
    "who comes in through a porch hears of its inner door": Way(
        """
        +--------+------+
        |   A    |  B   |
        +----d---+--d---+
        |       H       |
        +--d-+----------+
        | P  |
        +--e-+

        P: room
        """,
        "正门",
        "B",
        "从正门进来，过一扇门，右转。\n走到左手边第二扇门，到了，乙室在您左手边。",
        "Come in by the Main entrance, go through the door, turn right.\n"
        "At the second door on your left, you have arrived, Room B is on your left.",
    ),
    "who leaves by an entrance is not told to come in by it and to turn around": Way(
        """
        +---+--------------+---+
        | H e      Y       d B |
        +---+--------------+---+

        Y: outdoor 院子 | Yard
        """,
        "正门",
        "B",
        "从正门出发，过自动门，往前走约15米，到了，乙室在您正前方。",
        "Start from the Main entrance, go through the automatic door, walk about 15 metres, "
        "you have arrived, Room B is straight ahead.",
    ),
}

TWO_OF_ONE_NAME = """
+-------+-------+-------+
|   A   |   B   |   C   |
+---d---+---d---+---d---+
e           H           |
+---------------+---d---+
                |   D   |
                +-------+

A: room 检查室 | Examination room
D: room 检查室 | Examination room
"""

WHICH_OF_THEM = {
    "of two rooms of one name one is told by what is beside it": Way(
        TWO_OF_ONE_NAME, "正门", "D",
        "从正门进来，往前走约20米，到了，检查室在您右手边，靠近丙室。",
        "Come in by the Main entrance, walk about 20 metres, you have arrived, "
        "the Examination room is on your right, near Room C.",
    ),
}  # fmt: skip

FROM_THE_YARD = """
+--------------+-------+---+
|              |       |   |
|      Y       e   H   d B |
|              |       |   |
+--------------+-------+---+

Y: outdoor 院子 | Yard
"""

INTO_THE_HOUSE = {
    "who comes in by an entrance out of a yard stands inside it, and looks on": Way(
        FROM_THE_YARD, "正门", "B",
        "从正门进来，往前走约10米，到了，乙室在您正前方。",
        "Come in by the Main entrance, walk about 10 metres, you have arrived, "
        "Room B is straight ahead.",
    ),
}  # fmt: skip

LIFT_WITH_TWO_DOORS = """
level 1F 0
+-------+---+-------+
|   H   a L |   #   |
+---d---+---+-------+
|   A   |     #     |
+-------+-----------+

level 2F 1
+-------+---+-------+
|   #   | L a   I   |
+-------+---+---d---+
|     #     |   B   |
+-----------+-------+

L: elevator 电梯 | the lift
"""

WHERE_LIFTS_OPEN = {
    "who rolls into a lift is told that it opens on the far side": Way(
        LIFT_WITH_TWO_DOORS,
        "A",
        "B",
        "从甲室出发，出门后，电梯在您右手边。\n"
        "乘电梯上到2F，电梯从对面开门，出电梯后，往前走约5米，到了，乙室在您右手边。",
        "Start from Room A, leaving the room, the lift is on your right.\n"
        "Take the lift up to 2F, the doors open on the far side, leaving the lift, "
        "walk about 5 metres, you have arrived, Room B is on your right.",
        profile="wheelchair",
        notices="",
    ),
    "who walks into a lift sees where it opens": Way(
        LIFT_WITH_TWO_DOORS,
        "A",
        "B",
        "从甲室出发，出门后，电梯在您右手边。\n"
        "乘电梯上到2F，出电梯后，往前走约5米，到了，乙室在您右手边。",
        "Start from Room A, leaving the room, the lift is on your right.\n"
        "Take the lift up to 2F, leaving the lift, walk about 5 metres, "
        "you have arrived, Room B is on your right.",
    ),
}

WHERE_IT_ENDS = {
    "a door at the back of a block is at a side once one has walked around it": Way(
        ROUND_THE_BLOCK, "正门", "B",
        "从正门进来，走到左手边第一个路口，左转。\n到了，乙室在您左手边。",
        "Come in by the Main entrance, at the first junction on your left, turn left.\n"
        "You have arrived, Room B is on your left.",
    ),
    "a turn before the door of an anteroom and one behind it are two": Way(
        """
        +--------+-+------+
        |   A    | |  B   |
        |        |Cd      |
        |        | |      |
        +---d----+d+------+
        e        H        |
        +-----------------+
        """, "A", "B",
        "从甲室出发，出门后，左转。\n走到左手边第一扇门，左转。\n过一扇门，到了，乙室在您右手边。",
        "Start from Room A, leaving the room, turn left.\n"
        "At the first door on your left, turn left.\n"
        "Go through the door, you have arrived, Room B is on your right.",
        scale={"column_m": 1.6},
    ),
    "who looks for a desk in a hall walks through the hall": Way(
        HALL_IN_FRONT, "正门", "服务台",
        "从正门进来，往前走约25米，到了，服务台在您正前方。",
        "Come in by the Main entrance, walk about 25 metres, you have arrived, "
        "the desk is straight ahead.",
    ),
    "who looks for a hall is there once inside": Way(
        HALL_IN_FRONT, "正门", "L",
        "从正门进来，往前走约10米，到了，大厅在您正前方。",
        "Come in by the Main entrance, walk about 10 metres, you have arrived, "
        "the hall is straight ahead.",
    ),
}  # fmt: skip

FIVE_LIFTS = """
level 1F 0
+---+-------+---+
| A d   H   a L |
+---+-------+---+

level 2F 1
+---+-------+---+
| M a   I   a L |
+---+-------+---+

level 3F 2
+---+-------+---+
| M a   J   a N |
+---+-------+---+

level 4F 3
+---+-------+---+
| P a   K   a N |
+---+-------+---+

level 5F 4
+---+-------+---+
| P a   E   a Q |
+---+---d---+---+
| # |   C   | # |
+---+-------+---+

level 6F 5
+---+-------+---+
| B d   F   a Q |
+---+-------+---+

K: corridor
E: corridor
F: corridor
L: elevator 1号电梯 | Lift 1
M: elevator 2号电梯 | Lift 2
N: elevator 3号电梯 | Lift 3
P: elevator 4号电梯 | Lift 4
Q: elevator 5号电梯 | Lift 5
"""

AT_A_GLANCE = {
    "of five changes of floor, three are said": Glance(
        FIVE_LIFTS, "A", "B",
        "乙室在6F，大约要走10分钟。乘1号电梯上到2F。乘2号电梯上到3F。乘3号电梯上到4F。"
        "然后一步一步看提示。",
        "Room B is on 6F, about 10 minutes away. Take Lift 1 up to 2F. Take Lift 2 up to 3F. "
        "Take Lift 3 up to 4F. Then follow the steps.",
    ),
    "four changes of floor are all said": Glance(
        FIVE_LIFTS, "A", "C",
        "丙室在5F，大约要走8分钟。乘1号电梯上到2F。乘2号电梯上到3F。乘3号电梯上到4F。"
        "乘4号电梯上到5F。",
        "Room C is on 5F, about 8 minutes away. Take Lift 1 up to 2F. Take Lift 2 up to 3F. "
        "Take Lift 3 up to 4F. Take Lift 4 up to 5F.",
    ),
    "a code on another floor": Glance(
        LIFT_AND_CODE, "B", "code1",
        "一楼大厅在1F，大约要走2分钟。乘电梯下到1F。",
        "The lobby is on 1F, about 2 minutes away. Take the lift down to 1F.",
    ),
    "a floor that has another number beyond a bridge": Glance(
        TWO_BUILDINGS, "A", "B",
        "乙室在西楼3F，大约一分钟就到。走过连廊，那边叫西楼3F，其实同一层。",
        "Room B is on 3F of 西楼, about a minute away. "
        "Cross the bridge, where this floor is 3F of 西楼.",
    ),
}  # fmt: skip

OPENING = """
          +---------------+
          |               |
          |               |
          |               |
          |               |
          |               |
          |               |
+---+-----+               +-----+---+
| A d             H             d B |
+---+-----------ooo-------------+---+
    |                           |
    |                           |
    |             I             |
    |                           |
    |                           |
    |                           |
    +------------e--------------+

I: hall
"""

OPENINGS = {
    "an opening in the wall ahead": Way(
        OPENING, "正门", "A",
        "从正门进来，穿过前面的门洞后，左转。\n往前走约15米，到了，甲室在您正前方。",
        "Come in by the Main entrance, go through the opening ahead, turn left.\n"
        "Walk about 15 metres, you have arrived, Room A is straight ahead.",
    ),
}  # fmt: skip

TWO_HOUSES = """
+-----+
|  A  e
+-----+






                                      +-----+
                                      d  B  |
                                      +-----+
"""
TO_THE_CROSSING = ((6, -1), (30, -1))
ACROSS = ((30, 6), (30, -1), (30, -10), (38, -10))
TO_THE_OTHER_HOUSE = (
    "往前走约10米，左转。\n往前走约10米，到了，乙室在您正前方。",
    "Walk about 10 metres, turn left.\n"
    "Walk about 10 metres, you have arrived, Room B is straight ahead.",
)

UP_TO_THE_CROSSING = (((6, -1), (15, -1)), ((15, -1), (18, -1)), ((18, -1), (30, -1)), ACROSS)
UP_FROM_THE_CROSSING = (*UP_TO_THE_CROSSING[:1], ((18, -1), (15, -1)), *UP_TO_THE_CROSSING[2:])


TWO_HOUSES_UP = """
                                      +-----+
                                      d  B  |
                                      +-----+






+-----+
|  A  e
+-----+
"""

A_PATH_ACROSS_A_HALL = """
+-----+
|  A  e
+-----+


        +--------------------+
        |         H          |
        |                    |
        +-------d---+--------+
        |   B       |
        +-----------+
"""


def over_steps(zh: str, en: str, count: int, climbs: int, *, back: bool = False) -> Way:
    return Way(
        TWO_HOUSES, "A", "B",
        f"从甲室出发，{zh}，走到头，右转。\n{TO_THE_OTHER_HOUSE[0]}",
        f"Start from Room A, {en} on the way, go to the end, turn right.\n{TO_THE_OTHER_HOUSE[1]}",
        paths=UP_FROM_THE_CROSSING if back else UP_TO_THE_CROSSING,
        flights={1: (count, climbs)},
    )  # fmt: skip


OVER_STEPS = {
    "three steps up": over_steps("途中要上三级台阶", "there are three steps up", 3, 1),
    "three steps down": over_steps("途中要下三级台阶", "there are three steps down", 3, -1),
    "steps that are drawn the other way": over_steps(
        "途中要下两级台阶", "there are two steps down", 2, 1, back=True
    ),
    "three steps, up or down": over_steps("途中有三级台阶", "there are three steps", 3, 0),
    "one step": over_steps("途中有一级台阶", "there is one step", 1, 1),
    "twenty steps up": over_steps("途中要上二十级台阶", "there are twenty steps up", 20, 1),
    "more than twenty steps": over_steps("途中有台阶", "there are steps", 21, 1),
}

ON_PATHS = {
    "a path ends at another": Way(
        TWO_HOUSES, "A", "B",
        f"从甲室出发，走到头，右转。\n{TO_THE_OTHER_HOUSE[0]}",
        f"Start from Room A, go to the end, turn right.\n{TO_THE_OTHER_HOUSE[1]}",
        paths=(TO_THE_CROSSING, ACROSS),
    ),
    "a straighter path leads to the right of the way": Way(
        TWO_HOUSES_UP, "A", "B",
        "从甲室出发，往前走约10米，走左边那条路。\n走到头，左转。\n走几步，右转。\n"
        "往前走约10米，到了，乙室在您正前方。",
        "Start from Room A, walk about 10 metres, take the left fork.\n"
        "Go to the end, turn left.\nAfter a few steps, turn right.\n"
        "Walk about 10 metres, you have arrived, Room B is straight ahead.",
        paths=(
            ((6, -10), (14, -10), (28, -4.4)), ((14, -10), (34, -12)),
            ((32, -15), (28, -4.4), (26.5, -1), (38, -1)),
        ),
    ),
    "who comes into a corridor on a path need not walk to its end and back": Way(
        A_PATH_ACROSS_A_HALL, "A", "B",
        "从甲室出发，出门后，右转。\n往前走约5米，左转。\n走到右手边第一扇门，到了，乙室在您右手边。",
        "Start from Room A, leaving the room, turn right.\nWalk about 5 metres, turn left.\n"
        "At the first door on your right, you have arrived, Room B is on your right.",
        paths=(((6, -1), (10, -1), (10, -6.5), (26, -6.5)),),
    ),
    "a path goes on across another": Way(
        TWO_HOUSES, "A", "B",
        f"从甲室出发，往前走约25米，右转。\n{TO_THE_OTHER_HOUSE[0]}",
        f"Start from Room A, walk about 25 metres, turn right.\n{TO_THE_OTHER_HOUSE[1]}",
        paths=((*TO_THE_CROSSING, (50, -1)), ACROSS),
    ),
    "two paths lead off one spot to the same side": Way(
        TWO_HOUSES, "A", "B",
        f"从甲室出发，往前走约25米，右转。\n{TO_THE_OTHER_HOUSE[0]}",
        f"Start from Room A, walk about 25 metres, turn right.\n{TO_THE_OTHER_HOUSE[1]}",
        paths=((*TO_THE_CROSSING, (50, -1)), ACROSS, ((30, -1), (22, -12))),
    ),
    "more ways lead off than people count, behind a crossroads": Way(
        TWO_HOUSES, "A", "B",
        "从甲室出发，走到十字路口，继续直走。\n往前走约20米，右转。\n"
        "往前走约10米，左转。\n往前走约10米，到了，乙室在您正前方。",
        "Start from Room A, at the four-way junction, keep straight on.\n"
        f"Walk about 20 metres, turn right.\n{TO_THE_OTHER_HOUSE[1]}",
        paths=(
            ((6, -1), (12, -1), (18, -1), (24, -1), (30, -1), (50, -1)), ACROSS,
            *(((x, -1), (x, -9)) for x in (12, 18, 24)), ((12, -1), (12, 5)),
        ),
    ),
    "a straighter path leads elsewhere before the end": Way(
        TWO_HOUSES, "A", "B",
        "从甲室出发，往前走约10米，走右边那条路。\n走到头，右转。\n走几步，左转。\n"
        "往前走约10米，到了，乙室在您正前方。",
        "Start from Room A, walk about 10 metres, take the right fork.\n"
        "Go to the end, turn right.\nAfter a few steps, turn left.\n"
        "Walk about 10 metres, you have arrived, Room B is straight ahead.",
        paths=(
            ((6, -1), (14, -1), (28, -6.6)), ((14, -1), (34, 1)),
            ((32, 4), (28, -6.6), (26.5, -10), (38, -10)),
        ),
    ),
}  # fmt: skip

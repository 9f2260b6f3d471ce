"""Ways through drawn floors, and what is said on them: the table of `test_guidance_drawn.py`.

The sentences were written from the rules, before the code was asked. One line is one card.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from navkit.plan.hours import Hours


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
    scale: Mapping[str, float] = field(default_factory=dict)
    """Metres a column, metres a row."""
    places: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What the directory says of some rooms."""


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
    "the second door on the right": Way(
        FOUR_ROOMS, "D", "B",
        "从丁室出发，出门后，右转。\n走到右手边第二扇门，到了，乙室在您右手边。",
        "Start from Room D, leaving the room, turn right.\n"
        "At the second door on your right, you have arrived, Room B is on your right.",
    ),
    "from the entrance one is told metres": Way(
        FOUR_ROOMS, "正门", "B",
        "从正门进来，往前走约10米，到了，乙室在您左手边。",
        "Come in by Main entrance, walk about 10 metres, you have arrived, Room B is on your left.",
    ),
    "no metres below ten": Way(
        FOUR_ROOMS, "正门", "A",
        "从正门进来，往前走一小段，到了，甲室在您左手边。",
        "Come in by Main entrance, walk a short way, you have arrived, Room A is on your left.",
    ),
    "a door on the left, two steps from the entrance": Way(
        FOUR_ROOMS, "正门", "A",
        "从正门进来，到了，甲室在您左手边。",
        "Come in by Main entrance, you have arrived, Room A is on your left.",
        scale={"column_m": 0.6},
        wrong="one is told to turn at the entrance, towards a wall: 从正门进来，左转",
    ),
    "on a long way one is told what one passes": Way(
        FOUR_ROOMS, "正门", "D",
        "从正门进来，往前走，会经过乙室，到了，丁室在您左手边。",
        "Come in by Main entrance, go on past Room B, you have arrived, Room D is on your left.",
    ),
    "out of the building": Way(
        FOUR_ROOMS, "D", "正门",
        "从丁室出发，出门后，右转。\n往前走，会经过乙室，到了，正门在您正前方。",
        "Start from Room D, leaving the room, turn right.\n"
        "Go on past Room B, you have arrived, Main entrance is straight ahead.",
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
        "Start from Lobby, facing the code, go right.\n"
        "Walk about 10 metres, you have arrived, Room B is on your left.",
    ),
    "one reads the code and goes on": Way(
        CODES.replace("|^", "|>"), "code1", "B",
        "从一楼大厅出发，面对二维码，往前走约10米，到了，乙室在您左手边。",
        "Start from Lobby, facing the code, walk about 10 metres, you have arrived, "
        "Room B is on your left.",
    ),
    "one reads the code and goes left": Way(
        CODES.replace("|^", "|v"), "code1", "B",
        "从一楼大厅出发，面对二维码，向左走。\n往前走约10米，到了，乙室在您左手边。",
        "Start from Lobby, facing the code, go left.\n"
        "Walk about 10 metres, you have arrived, Room B is on your left.",
    ),
    "one reads the code and turns one's back to it": Way(
        CODES.replace("|^", "|<"), "code1", "B",
        "从一楼大厅出发，背对二维码。\n往前走约10米，到了，乙室在您左手边。",
        "Start from Lobby, with the code behind you.\n"
        "Walk about 10 metres, you have arrived, Room B is on your left.",
    ),
    "nobody knows how one stands: towards the first room": Way(
        CODES.replace("|^", "|*"), "code1", "B",
        "从一楼大厅出发，往甲室方向走，往前走约10米，到了，乙室在您左手边。",
        "Start from Lobby, walk towards Room A, walk about 10 metres, you have arrived, "
        "Room B is on your left.",
    ),
    "towards a code": Way(
        CODES.replace("d---+---d", "----+----").replace("|^      H       |", "|*      H     ^ |"),
        "code1", "code2",
        "从一楼大厅出发，往一楼大厅方向走，往前走约15米，到了，一楼大厅在您正前方。",
        "Start from Lobby, walk towards Lobby, walk about 15 metres, you have arrived, "
        "Lobby is straight ahead.",
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
        "退回这一步开始的地方，背对原来的路，往前走一小段，到了，丙室在您左手边。",
        "Go back to where this step began, keep the old way behind you, walk a short way, "
        "you have arrived, Room C is on your left.",
    ),
    "back along the old way": Way(
        FOUR_ROOMS, Back((12, 3), (20, 3)), "D",
        "退回这一步开始的地方，面对原来的路。\n往前走约15米，到了，丁室在您左手边。",
        "Go back to where this step began, face the old way.\n"
        "Walk about 15 metres, you have arrived, Room D is on your left.",
    ),
    "left of the old way": Way(
        FOUR_ROOMS, Back((12, 3), (12, 2)), "D",
        "退回这一步开始的地方，背对原来的路，向左走。\n往前走约15米，到了，丁室在您左手边。",
        "Go back to where this step began, with the old way behind you, go left.\n"
        "Walk about 15 metres, you have arrived, Room D is on your left.",
    ),
    "right of the old way": Way(
        FOUR_ROOMS, Back((20, 3), (20, 2)), "B",
        "退回这一步开始的地方，背对原来的路，向右走。\n往前走一小段，到了，乙室在您右手边。",
        "Go back to where this step began, with the old way behind you, go right.\n"
        "Walk a short way, you have arrived, Room B is on your right.",
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

BETWEEN_FLOORS = {
    "a lift up": Way(
        TOWER, "A", "D",
        up("电梯就在您左手边。\n乘电梯上到2F", "出电梯后"),
        up_en("the lift is on your left.\nTake the lift up to 2F", "leaving the lift"),
    ),
    "a lift down": Way(
        TOWER, "D", "A",
        down("电梯就在您左手边。\n乘电梯下到1F", "出电梯后"),
        down_en("the lift is on your left.\nTake the lift down to 1F", "leaving the lift"),
    ),
    "stairs up one floor": Way(
        STAIRS, "A", "D",
        up("楼梯就在您左手边。\n走楼梯上一层，到2F", "出楼梯后"),
        up_en("the stairs is on your left.\nTake the stairs up one floor to 2F",
        "leaving the stairs"),
    ),
    "stairs down one floor": Way(
        STAIRS, "D", "A",
        down("楼梯就在您左手边。\n走楼梯下一层，到1F", "出楼梯后"),
        down_en("the stairs is on your left.\nTake the stairs down one floor to 1F",
        "leaving the stairs"),
    ),
    "stairs up two floors": Way(
        STAIRS.replace("level 2F 1", "level 3F 2"), "A", "D",
        up("楼梯就在您左手边。\n走楼梯上两层，到3F", "出楼梯后"),
        up_en("the stairs is on your left.\nTake the stairs up two floors to 3F",
        "leaving the stairs"),
    ),
    "stairs down two floors": Way(
        STAIRS.replace("level 2F 1", "level 3F 2"), "D", "A",
        down("楼梯就在您左手边。\n走楼梯下两层，到1F", "出楼梯后"),
        down_en("the stairs is on your left.\nTake the stairs down two floors to 1F",
        "leaving the stairs"),
    ),
    "a few steps up": Way(
        STAIRS.replace("level 2F 1", "level 1M 0.5"), "A", "D",
        up("楼梯就在您左手边。\n走楼梯上到1M", "出楼梯后"),
        up_en("the stairs is on your left.\nGo up the stairs to 1M", "leaving the stairs"),
    ),
    "a few steps down": Way(
        STAIRS.replace("level 2F 1", "level 1M 0.5"), "D", "A",
        down("楼梯就在您左手边。\n走楼梯下到1F", "出楼梯后"),
        down_en("the stairs is on your left.\nGo down the stairs to 1F", "leaving the stairs"),
    ),
    "an escalator up": Way(
        ESCALATOR_UP, "A", "D",
        up("扶梯就在您左手边。\n乘扶梯上到2F", "下扶梯后"),
        up_en("the escalator is on your left.\nTake the escalator up to 2F",
        "leaving the escalator"),
    ),
    "an escalator down": Way(
        ESCALATOR_DOWN, "D", "A",
        down("扶梯就在您左手边。\n乘扶梯下到1F", "下扶梯后"),
        down_en("the escalator is on your left.\nTake the escalator down to 1F",
        "leaving the escalator"),
    ),
    "a ramp up": Way(
        RAMP, "A", "D",
        up("坡道就在您左手边。\n走坡道上到2F", "走完坡道后"),
        up_en("the ramp is on your left.\nTake the ramp up to 2F", "at the end of the ramp"),
    ),
    "a ramp down": Way(
        RAMP, "D", "A",
        down("坡道就在您左手边。\n走坡道下到1F", "走完坡道后"),
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
        "从甲室出发，出门后，右转。\n走到右手边第一扇门，1号电梯就在您右手边。\n"
        "乘1号电梯上到2F，出电梯后，左转。\n走到左手边第一扇门，到了，乙室在您左手边。",
        "Start from Room A, leaving the room, turn right.\n"
        "At the first door on your right, Lift 1 is on your right.\n"
        "Take Lift 1 up to 2F, leaving the lift, turn left.\n"
        "At the first door on your left, you have arrived, Room B is on your left.",
    ),
    "a bridge to another building": Way(
        """
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
        """, "A", "B",
        "从甲室出发，出门后，左转。\n走过连廊，进入西楼3F，往前走一小段，到了，乙室在您左手边。",
        "Start from Room A, leaving the room, turn left.\n"
        "Cross the bridge into 西楼 3F, walk a short way, "
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
        "Come in by Main entrance, at the second junction on your left, turn left.\n"
        "At the first door on your left, you have arrived, Room B is on your left.",
    ),
    "the second junction on the right": Way(
        SIDE_CORRIDORS.replace("e            H                   |",
        "|            H                   e"),
        "正门", "B",
        "从正门进来，走到右手边第二个路口，右转。\n走到左手边第一扇门，到了，乙室在您左手边。",
        "Come in by Main entrance, at the second junction on your right, turn right.\n"
        "At the first door on your left, you have arrived, Room B is on your left.",
    ),
    "a side corridor is a junction, also where a room is at its end": Way(
        ROOMS_AT_THE_ENDS, "正门", "B",
        "从正门进来，走到左手边第二个路口，左转。\n往前走一小段，到了，乙室在您正前方。",
        "Come in by Main entrance, at the second junction on your left, turn left.\n"
        "Walk a short way, you have arrived, Room B is straight ahead.",
        wrong="a side corridor that ends at a door is told as the door: 走到左手边第二扇门，左转",
    ),
    "a corridor that goes on to a door is not at its end": Way(
        AHEAD_OF_THE_SIDE_CORRIDOR.replace("+d-+---+", "+--+---+").replace("|B |", "|# |"), "正门",
        "A",
        "从正门进来，走到左手边第一个路口，左转，看到药房就走过了。\n"
        "走到左手边第一扇门，到了，甲室在您左手边。",
        "Come in by Main entrance, at the first junction on your left, turn left, "
        "if you see Pharmacy you have gone too far.\n"
        "At the first door on your left, you have arrived, Room A is on your left.",
        scale={"column_m": 1.2},
        wrong="a corridor that goes on to a door 5 m away is told as its end: 走到头，左转",
    ),
    "back at a hairpin": Way(
        HAIRPIN, "code1", "code2",
        "从一楼大厅出发，面对二维码，往前走一小段，往回走。\n"
        "往前走一小段，到了，一楼大厅在您正前方。",
        "Start from Lobby, facing the code, walk a short way, turn around and walk back.\n"
        "Walk a short way, you have arrived, Lobby is straight ahead.",
        scale={"column_m": 1.5, "row_m": 0.3},
    ),
    "right across a hall": Way(
        WIDE_HALL_MIRRORED, "正门", "A",
        "从正门进来，靠右走。\n往前走约15米，到了，甲室在您正前方。",
        "Come in by Main entrance, keep right.\nWalk about 15 metres, "
        "you have arrived, Room A is straight ahead.",
        scale={"row_m": 1.06},
    ),
    "the end of the corridor comes before counting": Way(
        CORNER, "正门", "A",
        "从正门进来，走到头，左转。\n往前走一小段，到了，甲室在您正前方。",
        "Come in by Main entrance, go to the end, turn left.\n"
        "Walk a short way, you have arrived, Room A is straight ahead.",
    ),
    "metres where a door is a guess: nobody counts openings then": Way(
        UNSURE, "正门", "A",
        "从正门进来，往前走约15米，左转。\n走到左手边第一扇门，到了，甲室在您左手边。",
        "Come in by Main entrance, walk about 15 metres, turn left.\n"
        "At the first door on your left, you have arrived, Room A is on your left.",
    ),
    "no metres below ten at a turn either": Way(
        UNSURE, "正门", "A",
        "从正门进来，往前走一小段，左转。\n走到左手边第一扇门，到了，甲室在您左手边。",
        "Come in by Main entrance, walk a short way, turn left.\n"
        "At the first door on your left, you have arrived, Room A is on your left.",
        scale={"column_m": 0.7},
    ),
    "metres, and what one passes": Way(
        PASSING, "正门", "A",
        "从正门进来，往前走约30米，途中会经过丙室，左转。\n"
        "走到左手边第一扇门，到了，甲室在您左手边。",
        "Come in by Main entrance, walk about 30 metres, passing Room C, turn left.\n"
        "At the first door on your left, you have arrived, Room A is on your left.",
    ),
    "what one sees who has missed the turn": Way(
        JUST_PAST, "正门", "A",
        "从正门进来，走到左手边第一个路口，左转，看到乙室就走过了。\n"
        "走到左手边第一扇门，到了，甲室在您左手边。",
        "Come in by Main entrance, at the first junction on your left, turn left, "
        "if you see Room B you have gone too far.\n"
        "At the first door on your left, you have arrived, Room A is on your left.",
    ),
    "a turn soon after another": Way(
        TWO_CORNERS, "正门", "A",
        "从正门进来，走到头，左转。\n走几步，右转。\n往前走一小段，到了，甲室在您正前方。",
        "Come in by Main entrance, go to the end, turn left.\nAfter a few steps, turn right.\n"
        "Walk a short way, you have arrived, Room A is straight ahead.",
    ),
    "a landmark comes before all": Way(
        PHARMACY, "正门", "A",
        "从正门进来，到药房后，左转。\n往前走一小段，到了，甲室在您正前方。",
        "Come in by Main entrance, at Pharmacy, turn left.\n"
        "Walk a short way, you have arrived, Room A is straight ahead.",
    ),
    "entering a hall that has a name": Way(
        HALL, "正门", "A",
        "从正门进来，过一扇门，进入门诊大厅后，左转。\n往前走一小段，到了，甲室在您正前方。",
        "Come in by Main entrance, go through the door, entering Hall, turn left.\n"
        "Walk a short way, you have arrived, Room A is straight ahead.",
    ),
    "past the door of the room that one comes back through": Way(
        TWO_DOORS, Back((5, 2), (3, 2)), "C",
        "退回这一步开始的地方，背对原来的路，过门后，右转。\n"
        "走到右手边第一扇门，到了，丙室在您右手边。",
        "Go back to where this step began, keep the old way behind you, "
        "past the door, turn right.\n"
        "At the first door on your right, you have arrived, Room C is on your right.",
    ),
    "along a corridor that begins at the room's door": Way(
        INTO_A_CORRIDOR, "A", "B",
        "从甲室出发，走到头，左转。\n往前走一小段，到了，乙室在您正前方。",
        "Start from Room A, go to the end, turn left.\n"
        "Walk a short way, you have arrived, Room B is straight ahead.",
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
        "Come in by Main entrance, go through two doors, walk about 20 metres, "
        "you have arrived, Room A is on your left.",
    ),
    "two automatic doors": Way(
        DOORS_IN_A_ROW.replace("d   I   d", "a   I   a"), "正门", "A",
        "从正门进来，过两扇自动门，往前走约20米，到了，甲室在您左手边。",
        "Come in by Main entrance, go through two automatic doors, walk about 20 metres, "
        "you have arrived, Room A is on your left.",
    ),
    "an automatic door and a passage without a leaf": Way(
        DOORS_IN_A_ROW.replace("d   I   d", "a   I   o"), "正门", "A",
        "从正门进来，过自动门，往前走约20米，到了，甲室在您左手边。",
        "Come in by Main entrance, go through the automatic door, walk about 20 metres, "
        "you have arrived, Room A is on your left.",
    ),
    "one door": Way(
        DOORS_IN_A_ROW.replace("d   I   d", "o   I   d"), "正门", "A",
        "从正门进来，过一扇门，往前走约20米，到了，甲室在您左手边。",
        "Come in by Main entrance, go through the door, walk about 20 metres, "
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

AFTER_THE_LIFT = {
    "straight on to a lift, and straight on after it": Way(
        ALONG_THE_LIFT, "A", "B",
        "从甲室出发，出门后，右转。\n往前走约10米，电梯就在正前方。\n"
        "乘电梯上到2F，出电梯后，往前走，走到头，右转。\n往前走一小段，到了，乙室在您正前方。",
        "Start from Room A, leaving the room, turn right.\n"
        "Walk about 10 metres, the lift is straight ahead.\n"
        "Take the lift up to 2F, leaving the lift, go straight on, go to the end, turn right.\n"
        "Walk a short way, you have arrived, Room B is straight ahead.",
    ),
    "towards a lift": Way(
        LIFT_AND_CODE, "code1", "B",
        "从一楼大厅出发，往电梯方向走，往前走约20米，电梯就在正前方。\n"
        "乘电梯上到2F，出电梯后，往前走一小段，到了，乙室在您正前方。",
        "Start from Lobby, walk towards the lift, walk about 20 metres, "
        "the lift is straight ahead.\n"
        "Take the lift up to 2F, leaving the lift, walk a short way, you have arrived, "
        "Room B is straight ahead.",
    ),
    "nobody is told of the lift's own door": Way(
        ALONG_THE_LIFT.replace(" o L |", " a L |"), "A", "B",
        "从甲室出发，出门后，右转。\n往前走约10米，电梯就在正前方。\n"
        "乘电梯上到2F，出电梯后，往前走，走到头，右转。\n往前走一小段，到了，乙室在您正前方。",
        "Start from Room A, leaving the room, turn right.\n"
        "Walk about 10 metres, the lift is straight ahead.\n"
        "Take the lift up to 2F, leaving the lift, go straight on, go to the end, turn right.\n"
        "Walk a short way, you have arrived, Room B is straight ahead.",
        wrong="the door of a lift is told as one on the way: 出电梯后，往前走，过自动门",
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
        "Come in by Main entrance, walk about 10 metres, you have arrived, Room B is on your left, "
        "the sign says “Area 2”.",
        places={"B": {"on_door": {"zh-Hans": "二诊区", "en": "Area 2"}}},
    ),
    "a door that is not for visitors, on the left": Way(
        STAFF_DOOR, "正门", "B",
        "从正门进来，往前走约10米，到了，乙室的入口在您左手边，请在门口询问。",
        "Come in by Main entrance, walk about 10 metres, you have arrived, "
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
        "Come in by Main entrance, walk about 10 metres, you have arrived, "
        "the way in to Room B is straight ahead, ask at the door.",
    ),
    "a code on the left": Way(
        WIDE_CORRIDOR, "正门", "code1",
        "从正门进来，往前走约15米，到了，一楼大厅在您左手边。",
        "Come in by Main entrance, walk about 15 metres, you have arrived, Lobby is on your left.",
    ),
    "a code on the right": Way(
        WIDE_CORRIDOR, "正门", "code2",
        "从正门进来，往前走约15米，到了，一楼大厅在您右手边。",
        "Come in by Main entrance, walk about 15 metres, you have arrived, Lobby is on your right.",
    ),
}  # fmt: skip

TO_KNOW = {
    "what is closed at this time": Way(
        FOUR_ROOMS, "正门", "B",
        "从正门进来，往前走约10米，到了，乙室在您左手边。",
        "Come in by Main entrance, walk about 10 metres, you have arrived, Room B is on your left.",
        notices="乙室现在不开放",
        depart="2026-03-08T10:00",
        places={"B": {"hours": Hours("Mo-Fr 08:00-12:00")}},
    ),
    "something else is closed": Way(
        FOUR_ROOMS, "正门", "B",
        "从正门进来，往前走约10米，到了，乙室在您左手边。",
        "Come in by Main entrance, walk about 10 metres, you have arrived, Room B is on your left.",
        notices="有地方暂停使用，这条路不经过那里",
        closed=("D",),
    ),
    "nobody has measured a door": Way(
        UNSURE, "正门", "B",
        "从正门进来，往前走一小段，到了，乙室在您左手边。",
        "Come in by Main entrance, walk a short way, you have arrived, Room B is on your left.",
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


def in_one_line(zh_way: str, en_way: str, zh_end: str, en_end: str) -> tuple[str, str]:
    """From the entrance without a turn."""
    zh = "，".join(filter(None, ("从正门进来", zh_way, "到了", zh_end))) + "。"
    en = (
        ", ".join(filter(None, ("Come in by Main entrance", en_way, "you have arrived", en_end)))
        + "."
    )
    return zh, en


LEFT_A = ("甲室在您左手边", "Room A is on your left")
LEFT_B = ("乙室在您左手边", "Room B is on your left")
LEFT_D = ("丁室在您左手边", "Room D is on your left")
AHEAD_A = ("甲室在您正前方", "Room A is straight ahead")
RIGHT_A = ("甲室在您右手边", "Room A is on your right")
AHEAD_CODE = ("一楼大厅在您正前方", "Lobby is straight ahead")
LEFT_CODE = ("一楼大厅在您左手边", "Lobby is on your left")
SHORT = ("往前走一小段", "walk a short way")
TO_A = (
    "走到左手边第一扇门，到了，甲室在您左手边。",
    "At the first door on your left, you have arrived, Room A is on your left.",
)

TO_B = (
    "走到左手边第一扇门，到了，乙室在您左手边。",
    "At the first door on your left, you have arrived, Room B is on your left.",
)


def metres(number: int) -> tuple[str, str]:
    return f"往前走约{number}米", f"walk about {number} metres"


JUNCTION = (
    "从正门进来，走到左手边第一个路口，左转",
    "Come in by Main entrance, at the first junction on your left, turn left",
)

THRESHOLDS: dict[str, tuple[Way, Way]] = {
    "told_cm": stretched(
        FOUR_ROOMS, "正门", "B",
        (0.84, *in_one_line(*SHORT, *LEFT_B)),
        (0.86, *in_one_line(*metres(10), *LEFT_B)),
    ),
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
        (0.91, *in_one_line("往前走，会经过乙室", "go on past Room B", *LEFT_D)),
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
        (0.99, "从正门进来，走到头，左转。\n走几步，右转。\n往前走一小段，到了，甲室在您正前方。",
         "Come in by Main entrance, go to the end, turn left.\nAfter a few steps, turn right.\n"
         "Walk a short way, you have arrived, Room A is straight ahead."),
        (1.01, "从正门进来，走到头，左转。\n走到头，右转。\n往前走一小段，到了，甲室在您正前方。",
         "Come in by Main entrance, go to the end, turn left.\nGo to the end, turn right.\n"
         "Walk a short way, you have arrived, Room A is straight ahead."),
        columns=False, rows=True,
    ),
    "exit_cm": stretched(
        INTO_A_CORRIDOR, "A", "B",
        (1.15, "从甲室出发，出门后，左转。\n往前走一小段，到了，乙室在您正前方。",
         "Start from Room A, leaving the room, turn left.\n"
         "Walk a short way, you have arrived, Room B is straight ahead."),
        (1.17, "从甲室出发，走到头，左转。\n往前走一小段，到了，乙室在您正前方。",
         "Start from Room A, go to the end, turn left.\n"
         "Walk a short way, you have arrived, Room B is straight ahead."),
        columns=False, rows=True,
    ),
    "passed_share": (
        Way(PASSED_EARLY, "正门", "D", *in_one_line(*metres(30), *LEFT_D)),
        Way(PASSED_LATER, "正门", "D", *in_one_line("往前走，会经过乙室",
        "go on past Room B", *LEFT_D)),
    ),
    "too_far_cm": stretched(
        FAR_PAST, "正门", "A",
        (0.82, f"{JUNCTION[0]}，看到乙室就走过了。\n{TO_A[0]}",
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
        (1.15, "从一楼大厅出发，往甲室方向走，往前走一小段，到了，乙室在您左手边。",
         "Start from Lobby, walk towards Room A, walk a short way, "
         "you have arrived, Room B is on your left."),
        (1.25, "从一楼大厅出发，往乙室方向走，往前走一小段，到了，乙室在您左手边。",
         "Start from Lobby, walk towards Room B, walk a short way, "
         "you have arrived, Room B is on your left."),
        columns=False, rows=True,
    ),
    "straight_deg": stretched(
        WIDE_HALL, "正门", "A",
        (0.97, *in_one_line(*metres(15), *AHEAD_A)),
        (1.06, "从正门进来，靠左走。\n往前走约15米，到了，甲室在您正前方。",
         "Come in by Main entrance, keep left.\nWalk about 15 metres, "
         "you have arrived, Room A is straight ahead."),
        columns=False, rows=True,
    ),
    "ahead_deg": stretched(
        WIDE_HALL, "正门", "A",
        (1.2, "从正门进来，靠左走。\n往前走约15米，到了，甲室在您正前方。",
         "Come in by Main entrance, keep left.\nWalk about 15 metres, "
         "you have arrived, Room A is straight ahead."),
        (1.33, "从正门进来，靠左走。\n往前走约15米，到了，甲室在您右手边。",
         "Come in by Main entrance, keep left.\nWalk about 15 metres, "
         "you have arrived, Room A is on your right."),
        columns=False, rows=True,
    ),
    "slight_deg": stretched(
        WIDE_HALL, "正门", "A",
        (2.1, "从正门进来，靠左走。\n往前走约20米，到了，甲室在您右手边。",
         "Come in by Main entrance, keep left.\nWalk about 20 metres, "
         "you have arrived, Room A is on your right."),
        (2.3, "从正门进来，左转。\n往前走约20米，到了，甲室在您右手边。",
         "Come in by Main entrance, turn left.\nWalk about 20 metres, "
         "you have arrived, Room A is on your right."),
        columns=False, rows=True,
    ),
    "back_deg": stretched(
        HALL_WITH_CODE, "code1", "A",
        (1.9, "从一楼大厅出发，面对二维码，向右走。\n往前走约15米，到了，甲室在您右手边。",
         "Start from Lobby, facing the code, go right.\nWalk about 15 metres, "
         "you have arrived, Room A is on your right."),
        (1.8, "从一楼大厅出发，背对二维码。\n往前走约15米，到了，甲室在您右手边。",
         "Start from Lobby, with the code behind you.\nWalk about 15 metres, "
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
        (0.51, f"{JUNCTION[0]}。\n走几步，右转。\n往前走约15米，到了，甲室在您正前方。",
         f"{JUNCTION[1]}.\nAfter a few steps, turn right.\nWalk about 15 metres, "
         f"you have arrived, Room A is straight ahead."),
        columns=False, rows=True,
    ),
    "drift_cm": stretched(
        TO_A_WIDE_OPENING, "正门", "A",
        (0.39, *in_one_line(*metres(25), *AHEAD_A)),
        (0.41, f"{JUNCTION[0]}。\n走几步，右转。\n往前走约15米，到了，甲室在您正前方。",
         f"{JUNCTION[1]}.\nAfter a few steps, turn right.\nWalk about 15 metres, "
         f"you have arrived, Room A is straight ahead."),
        columns=False, rows=True,
    ),
    "landmark_edge_on_deg": stretched(
        PAST_THE_SIDE_CORRIDOR, "正门", "A",
        (0.97, f"从正门进来，到药房后，左转。\n{TO_A[0]}",
         f"Come in by Main entrance, at Pharmacy, turn left.\n{TO_A[1]}"),
        (1.1, f"{JUNCTION[0]}，看到药房就走过了。\n{TO_A[0]}",
         f"{JUNCTION[1]}, if you see Pharmacy you have gone too far.\n{TO_A[1]}"),
    ),
    "landmark_near_m": stretched(
        DESK, "正门", "A",
        (0.98, f"从正门进来，到服务台后，左转。\n{TO_A[0]}",
         f"Come in by Main entrance, at Desk, turn left.\n{TO_A[1]}"),
        (1.02, f"{JUNCTION[0]}。\n{TO_A[0]}", f"{JUNCTION[1]}.\n{TO_A[1]}"),
    ),
    "bend_deg": stretched(
        JOG, "正门", "code1",
        (1.6, *in_one_line(*metres(20), *AHEAD_CODE)),
        (1.9, "从正门进来，走到头，左转。\n走几步，右转。\n"
              "往前走一小段，到了，一楼大厅在您正前方。",
         "Come in by Main entrance, go to the end, turn left.\nAfter a few steps, turn right.\n"
         "Walk a short way, you have arrived, Lobby is straight ahead."),
        columns=False, rows=True,
    ),
    "jog_cm": stretched(
        ROUND_A_BLOCK, "正门", "A",
        (2.05, "从正门进来，靠右走。\n往前走约20米，左转。\n往前走约20米，到了，甲室在您右手边。",
         "Come in by Main entrance, keep right.\nWalk about 20 metres, turn left.\n"
         "Walk about 20 metres, you have arrived, Room A is on your right."),
        (2.15, "从正门进来，靠右走。\n往前走约20米，靠左走。\n往前走一小段，靠左走。\n"
               "往前走约20米，到了，甲室在您右手边。",
         "Come in by Main entrance, keep right.\nWalk about 20 metres, "
         "keep left.\nWalk a short way, keep left.\n"
         "Walk about 20 metres, you have arrived, Room A is on your right."),
        row_m=1.714,
    ),
    "one_turn_cm": stretched(
        ROUND_A_BLOCK, "正门", "A",
        (0.83, "从正门进来，右转。\n往前走一小段，左转。\n往前走一小段，到了，甲室在您右手边。",
         "Come in by Main entrance, turn right.\nWalk a short way, turn left.\n"
         "Walk a short way, you have arrived, Room A is on your right."),
        (0.88, "从正门进来，右转。\n往前走一小段，左转。\n走几步，左转。\n"
               "往前走一小段，到了，甲室在您右手边。",
         "Come in by Main entrance, turn right.\nWalk a short way, "
         "turn left.\nAfter a few steps, turn left.\n"
         "Walk a short way, you have arrived, Room A is on your right."),
        row_m=2.5,
    ),
}  # fmt: skip
"""Of a threshold, a way just below and one just above it."""

NOT_DRAWN = {
    "spur_cm": "lines of a small floor do not go a step too far and back",
    "goes_on_deg": "a corridor that forks at such an angle has no node where it forks",
    "landmark_approach_cm": "needs a landmark that is hidden from 6 m back and not from nearer",
    "landmark_straight_deg": "needs a bent way to a turn with such a landmark",
    "photo_near_m": "of photos: below",
    "photo_same_way_deg": "of photos: below",
}
"""Thresholds without a sentence on a drawn floor, and why."""

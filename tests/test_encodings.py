"""Texts by staff in the encodings that their programs write: read rightly, or not at all."""

import pytest

from navkit.plan.encodings import is_garbled, read

SIMPLIFIED = "门诊大厅,挂号处\n收费处,内科一诊室\n彩超室,药房（西药）"
TRADITIONAL = "掛號處,1樓\n急診醫學科,2樓\n藥局,耳鼻咽喉科"
EUROPEAN = "Müller; Röntgen\nEntrée principale à gauche\nAmbulatório"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "utf-8"),
        (SIMPLIFIED, "utf-8-sig"),
        (SIMPLIFIED, "utf-16"),
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "gb18030"),
        (TRADITIONAL, "big5"),
        ("㐀门诊，骨科，內科", "gb18030"),
        ("骨科", "big5"),
        (EUROPEAN, "cp1252"),
        ("1F,2F", "ascii"),
    ],
)
def test_a_text_is_read_as_it_was_written(text: str, encoding: str) -> None:
    reading = read(text.encode(encoding))

    assert reading is not None
    assert reading.text == text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("1樓".encode("big5"), "the same bytes are 1加 in GB 18030"),
        ("骨科".encode("gb18030"), "the same bytes are two common characters in Big5"),
        ("超音波室".encode("shift_jis"), "Japanese is not among the encodings"),
        (bytes(range(256)), "no text at all"),
        (b"\xff\xfea", "half a letter"),
        ("手术".encode("gb18030")[:-1], "cut within a letter"),
    ],
)
def test_what_could_be_two_texts_is_none(content: bytes, why: str) -> None:
    assert read(content) is None, why


def test_every_short_name_is_right_or_unread() -> None:
    names = [*SIMPLIFIED.replace("\n", ",").split(","), *TRADITIONAL.replace("\n", ",").split(",")]
    for name in names:
        for encoding in ("gb18030", "big5"):
            try:
                reading = read(name.encode(encoding))
            except UnicodeEncodeError:
                continue
            assert reading is None or reading.text == name


@pytest.mark.parametrize(
    ("name", "garbled"),
    [
        ("门诊大厅".encode().decode("cp1252", "replace"), True),
        ("Café".encode().decode("cp1252"), True),
        ("门诊\ue5e5", True),
        ("门诊大厅", False),
        ("Café Zürich – 1. Stock", False),
        ("Ward 3", False),
    ],
)
def test_a_name_that_was_read_wrongly_before_is_noticed(name: str, garbled: bool) -> None:
    assert is_garbled(name) is garbled

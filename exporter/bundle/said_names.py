"""Names as the phone needs them: shown and spoken, with the numbers extracted."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from exporter.bundle.columns import templates
from navkit.words.called import Called
from navkit.words.languages import language_of
from navkit.words.speech import Speaker

Said = list[str]
"""What is shown and what is said: [text, speech]."""

SILENT = " "
"""The speech of what is only shown."""


def said(name: Called) -> Said:
    """A name as two columns."""
    return [name.text, name.speech]


def name_table(rows: Sequence[Sequence[Said]], speakers: Sequence[Speaker]) -> dict[str, Any]:
    """Many names, each row text and speech by speaker, as templates and numbers.

    In a template a speech equal to its text is left empty, one that is silent is `SILENT`, and
    left empty are a traditional text and
    speech that are the simplified ones written character by character in `script`, and those of a
    variety that are the ones of the language it varies: `like` has the index of each such pair.
    """

    def say(digits: str, column: int) -> str:
        return speakers[column // 2].digits(digits) if column % 2 else digits

    languages = [speaker.language for speaker in speakers]
    script = _script(rows, languages)
    like = [
        [at, languages.index(base)]
        for at, base in enumerate(language_of(tag).varies for tag in languages)
        if base in languages
    ]

    def pack(template: tuple[str, ...]) -> list[str]:
        pairs = [list(template[i : i + 2]) for i in range(0, len(template), 2)]
        packed = [[text, (said or SILENT * bool(text)) * (said != text)] for text, said in pairs]
        for own, base in like:
            if pairs[own] == pairs[base]:
                packed[own] = ["", ""]
        if script:
            hans, hant = languages.index("zh-Hans"), languages.index("zh-Hant")
            if [written(part, script) for part in pairs[hans]] == pairs[hant]:
                packed[hant] = ["", ""]
        return [part for pair in packed for part in pair]

    def unpack(texts: list[str]) -> tuple[str, ...]:
        pairs = [
            [text, "" if said == SILENT else said or text]
            for text, said in zip(texts[::2], texts[1::2], strict=True)
        ]
        if script:
            hans, hant = languages.index("zh-Hans"), languages.index("zh-Hant")
            if not texts[2 * hant]:
                pairs[hant] = [written(part, script) for part in pairs[hans]]
        for own, base in like:
            if not texts[2 * own]:
                pairs[own] = pairs[base]
        return tuple(part for pair in pairs for part in pair)

    flat = [tuple(part for pair in row for part in pair) for row in rows]
    return {"script": script, "like": like, **templates(flat, say, pack, unpack)}


def _script(rows: Sequence[Sequence[Sequence[str]]], languages: Sequence[str]) -> list[str]:
    """Simplified characters and, at the same indices, their traditional counterparts."""
    if not {"zh-Hans", "zh-Hant"} <= set(languages):
        return []
    hans, hant = languages.index("zh-Hans"), languages.index("zh-Hant")
    seen: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for ours, theirs in zip(row[hans], row[hant], strict=True):
            if len(ours) == len(theirs):
                seen.update((a, b) for a, b in zip(ours, theirs, strict=True))
    usual: dict[str, tuple[int, str]] = {}
    for (a, b), count in sorted(seen.items()):
        usual[a] = max(usual.get(a, (0, "")), (count, b))
    pairs = [(a, b) for a, (_, b) in usual.items() if a != b]
    return ["".join(a for a, _ in pairs), "".join(b for _, b in pairs)]


def written(text: str, script: Sequence[str]) -> str:
    """`text` with every character of `script` replaced."""
    return text.translate(str.maketrans(*script)) if script else text


def text_table(texts: Sequence[str]) -> dict[str, Any]:
    """Many texts, such as ids, as templates and numbers."""
    return templates([(text,) for text in texts], lambda digits, _: digits)

"""XML by strangers: no document type, no bottomless nesting, an error that says where."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from floorplans.limits import Limits
from floorplans.sheet import Sheet
from navkit.words.findings import PlanError

Start = Callable[[str, dict[str, str], int], None]
"""Takes the element's name, its attributes, and how deep it is: 1 is the root."""
End = Callable[[str, int], None]

_CUT_OFF = frozenset(
    expat.errors.codes[text]
    for text in (expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN)
)
_LONGEST, _MOST = 100, 50
"""Characters of an abbreviation, and how many there are: Illustrator abbreviates 12 addresses."""


def parse(
    sheet: Sheet,
    start: Start,
    end: End,
    text: Callable[[str], None] | None = None,
    plain_doctype: bool = False,
) -> None:
    """Call back for each element as it opens and closes; a `PlanError` if it is no sound XML. With
    `plain_doctype` a document type is passed over that declares nothing, or abbreviations of a
    line without any in them, as programs that draw write it; nothing that it names is fetched."""
    _Parser(sheet.name, sheet.limits, start, end, text, plain_doctype).parse(sheet.content)


class _Parser:
    def __init__(
        self,
        name: str,
        limits: Limits,
        start: Start,
        end: End,
        text: Callable[[str], None] | None,
        plain_doctype: bool,
    ) -> None:
        self._name, self._limits = name, limits
        self._plain_doctype, self._abbreviations = plain_doctype, 0
        self._on_start, self._on_end, self._on_text = start, end, text
        self._depth = 0
        self._elements = 0

    def parse(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        if self._plain_doctype:
            parser.EntityDeclHandler = self._entity
        else:
            parser.StartDoctypeDeclHandler = self._doctype
        if self._on_text:
            parser.CharacterDataHandler = self._on_text
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            where = {"line": str(error.lineno), "column": str(error.offset)}
            cut = error.code in _CUT_OFF or (
                # A tag that never closes is only reported as broken at the very end.
                self._depth > 0
                and error.lineno > content.count(b"\n")
                and not content.rstrip().endswith(b">")
            )
            code = "xml-cut-off" if cut else "xml-broken"
            raise PlanError(code, self._name, **where) from None
        except (LookupError, ValueError) as error:
            # An unknown encoding, or one that cannot be decoded.
            raise PlanError("xml-broken", self._name, line="1", column="0") from error

    def _doctype(self, *_: object) -> None:
        raise PlanError("xml-doctype", self._name)

    def _entity(self, name: str, of_doctype: int, value: str | None, *_: object) -> None:
        self._abbreviations += 1
        is_plain = value is not None and not of_doctype and not set(value) & set("&<%")
        if not is_plain or len(value or "") > _LONGEST or self._abbreviations > _MOST:
            raise PlanError("xml-entities", self._name)

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > self._limits.xml_depth:
            raise PlanError("xml-too-deep", self._name, limit=str(self._limits.xml_depth))
        if self._elements > self._limits.xml_elements:
            raise PlanError("xml-too-many", self._name, limit=str(self._limits.xml_elements))
        self._on_start(element, attributes, self._depth)

    def _end(self, element: str) -> None:
        self._on_end(element, self._depth)
        self._depth -= 1


@dataclass
class Element:
    """An element of a document, by its name and attributes without prefixes."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    inside: list["Element"] = field(default_factory=list)
    text: str = ""

    def every(self, *tags: str) -> Iterator["Element"]:
        """Those of these names in it, at any depth, in the order of the document."""
        stack = [self]
        while stack:
            one = stack.pop()
            if one.tag in tags:
                yield one
            stack += reversed(one.inside)

    def first(self, *tags: str) -> "Element | None":
        """The first of these names in it, at any depth."""
        return next(self.every(*tags), None)

    def said(self, tag: str) -> str:
        """The text of a child of this name, without padding; "" if there is none."""
        return next((one.text.strip() for one in self.inside if one.tag == tag), "")


def tree(sheet: Sheet) -> Element:
    """The document's root."""
    reader = _Tree()
    parse(sheet, reader.start, reader.end, reader.words)
    return reader.root


class _Tree:
    def __init__(self) -> None:
        self.root = Element("")
        self._open: list[Element] = []

    def start(self, name: str, attributes: dict[str, str], depth: int) -> None:
        bare = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        element = Element(name.rpartition(":")[2], bare)
        if self._open:
            self._open[-1].inside.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, name: str, depth: int) -> None:
        self._open.pop()

    def words(self, text: str) -> None:
        if self._open:
            self._open[-1].text += text

"""SVG as a tree of elements, with the styles that each has: before anybody decides what they are.

Names of elements are those that people gave: Inkscape's labels, Illustrator's decoded ids.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from floorplans import markup
from floorplans.mapping import automatic_names
from floorplans.sheet import Sheet, legible

Style = Mapping[str, str]

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"([\w-]*)(?:([.#])([\w-]+))?")
_ENCODED = re.compile(r"_x([0-9A-Fa-f]{2,5})_")
_LABELS = ("inkscape:label", "data-name", "serif:id", "id")
"""Where programs write what somebody called an element; the first that says something is it."""
_DRAWN = frozenset({"rect", "circle", "ellipse", "line", "polyline", "polygon", "path", "use"})
_INHERITED = frozenset({"fill", "stroke", "stroke-width", "font-size", "text-anchor", "visibility"})


class Node:
    """An element; `inside` has its elements and texts in order."""

    __slots__ = ("attributes", "inside", "tag")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.inside: list[Node | str] = []

    @property
    def nodes(self) -> Iterator["Node"]:
        return (one for one in self.inside if isinstance(one, Node))

    def every(self) -> Iterator["Node"]:
        """It and all elements in it, at any depth."""
        stack = [self]
        while stack:
            one = stack.pop()
            yield one
            stack += reversed(list(one.nodes))

    def said(self, *names: str) -> str:
        """The first of these attributes that is there."""
        return next((self.attributes[one] for one in names if one in self.attributes), "")

    def drawn(self, enough: int) -> int:
        """How many shapes are in it; stops counting at `enough`."""
        count = 0
        for one in self.every():
            count += one.tag in _DRAWN
            if count >= enough:
                break
        return count

    @property
    def called(self) -> str:
        """What a person calls it; "" if only a program has named it."""
        for attribute in _LABELS:
            said = self.attributes.get(attribute, "")
            name = decoded(said) if attribute == "id" else legible(said)
            if name and not (attribute == "id" and is_automatic(said)) and not is_automatic(name):
                return name.replace("/", "-")
        return ""


def decoded(name: str) -> str:
    """An id as it was before Illustrator encoded it: ``_x5F_`` is an underscore, a number between
    underscores at its end counts equal names, and an underscore stands before a digit."""
    whole = re.sub(r"_\d+_$", "", name)
    plain = _ENCODED.sub(_letter, whole)
    return legible(plain.removeprefix("_"))


def _letter(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return "" if 0xD800 <= code <= 0xDFFF else chr(code)


def is_automatic(name: str) -> bool:
    """Whether a program gives such names by itself: ``path1234``, ``Layer_1``, ``XMLID_7_``."""
    bare = re.sub(r"[\s\d_-]+", "", name).casefold()
    return bare in automatic_names() and not re.fullmatch(r"[A-Z]\d+", name)


def tree(sheet: Sheet) -> Node:
    """The root of the document."""
    root = Node("", {})
    stack = [root]

    def start(name: str, attributes: dict[str, str], _: int) -> None:
        # An SVG that is embedded in SVG may have a prefix; other names with one are private.
        node = Node(name.removeprefix("svg:"), attributes)
        stack[-1].inside.append(node)
        stack.append(node)

    def end(_: str, __: int) -> None:
        stack.pop()

    markup.parse(sheet, start, end, lambda text: stack[-1].inside.append(text), plain_doctype=True)
    return next(root.nodes, root)


class Styles:
    """The rules of all ``<style>`` elements that name an element, a class or an id."""

    def __init__(self, root: Node) -> None:
        self._rules: dict[tuple[str, str, str], dict[str, str]] = {}
        for node in root.every():
            if node.tag == "style":
                self._add("".join(one for one in node.inside if isinstance(one, str)))

    def _add(self, sheet: str) -> None:
        for selectors, declarations in _RULE.findall(re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)):
            for selector in selectors.split(","):
                found = _SELECTOR.fullmatch(selector.strip())
                if found and found[0]:
                    key = (found[1], found[2] or "", found[3] or "")
                    self._rules.setdefault(key, {}).update(_declared(declarations))

    def of(self, node: Node, above: Style) -> Style:
        """What holds for `node`, with what it has from `above`: its own style goes before that of
        its id, its classes and its element, and all before attributes."""
        style = {key: value for key, value in above.items() if key in _INHERITED}
        style |= {k: v.strip() for k, v in node.attributes.items() if k in _INHERITED}
        if "display" in node.attributes:
            style["display"] = node.attributes["display"].strip()
        for mark, names in (
            ("", [""]),
            (".", node.said("class").split()),
            ("#", [node.said("id")]),
        ):
            for name in names:
                for tag in ("", node.tag):
                    style |= self._rules.get((tag, mark, name), {})
        style |= _declared(node.said("style"))
        return style


@lru_cache(maxsize=4096)
def _declared(text: str) -> dict[str, str]:
    pairs = (one.partition(":") for one in text.split(";"))
    return {
        key.strip().lower(): value.replace("!important", "").strip()
        for key, colon, value in pairs
        if colon
    }

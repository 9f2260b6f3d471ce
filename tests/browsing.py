"""Pages of the console as somebody sees them: links to follow, forms to fill in and send.

A form is sent as its page shows it: a field that is not on the page cannot be filled in, and a
button that is not there cannot be pressed.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from clinic import Clerk
from werkzeug.test import TestResponse

_VOID = frozenset({"input", "img", "br", "meta", "link", "hr", "path", "image", "source"})


@dataclass
class Form:
    """A form with what is filled in already."""

    action: str
    method: str
    within: str
    """Id of the card that it is on; empty if on none."""
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """Of fields that are chosen from."""
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    """Names and values of its buttons."""

    def shows(self, **said: str) -> bool:
        """Whether fields have these values."""
        return all(value in self.fields.get(name, ()) for name, value in said.items())


@dataclass
class Link:
    """A link, and the id of the card that it is on."""

    to: str
    within: str
    text: str = ""


class Page(HTMLParser):
    """What is on a page."""

    def __init__(self, text: str, path: str = "") -> None:
        super().__init__()
        self.html, self.path = text, path
        self.forms: list[Form] = []
        self.links: list[Link] = []
        self.words: dict[str, str] = {}
        """What is said on each card."""
        self._card, self._form, self._select, self._link = "", None, "", None  # type: ignore[var-annotated]
        self._form: Form | None
        self._link: Link | None
        self._area = ""
        self._is_first = False
        """Whether the next option is the first of its list."""
        self.feed(text)

    # --------------------------------------------------------------- what a page shows

    def form(self, *, within: str = "", ends: str = "", **shown: str) -> Form:
        """The only form on a card that is sent to such an address, and shows such values."""
        found = [
            one
            for one in self.forms
            if one.within == within and one.action.endswith(ends) and one.shows(**shown)
        ]
        assert found, (self.path, within, ends, shown, [f.action for f in self.forms])
        return found[0]

    def on_card(self, card: str) -> list[Link]:
        """The links of a card."""
        return [one for one in self.links if one.within == card]

    # --------------------------------------------------------------- how it is read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "article":
            self._card = said.get("id", "")
        elif tag == "a" and "href" in said:
            self._link = Link(said["href"], self._card)
            self.links.append(self._link)
        elif tag == "form":
            self._form = Form(said.get("action", self.path), said.get("method", "get"), self._card)
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(self._form, tag, said)

    def _field(self, form: Form, tag: str, said: dict[str, str]) -> None:
        name, value = said.get("name", ""), said.get("value", "")
        kind = said.get("type", "text")
        if tag == "select":
            self._select = name
            form.choices.setdefault(name, [])
            self._is_first = True
        elif tag == "option" and self._select:
            form.choices[self._select].append(value)
            chosen = form.fields.setdefault(self._select, [])
            if self._is_first:
                chosen.append(value)
            elif "selected" in said:
                chosen[-1] = value
            self._is_first = False
        elif tag == "textarea":
            self._area = name
            form.fields[name] = [""]
        elif tag == "button":
            form.buttons.append((name, value))
        elif tag == "input" and kind == "file":
            form.files.append(name)
        elif tag == "input" and kind in ("checkbox", "radio"):
            form.choices.setdefault(name, []).append(value or "on")
            if "checked" in said:
                form.fields.setdefault(name, []).append(value or "on")
        elif tag == "input":
            form.fields.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self._card = ""
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""
        elif tag == "a":
            self._link = None

    def handle_data(self, data: str) -> None:
        self.words[self._card] = self.words.get(self._card, "") + data
        if self._link is not None:
            self._link.text += data
        if self._form is not None and self._area:
            self._form.fields[self._area] = [self._form.fields[self._area][0] + data]


@dataclass
class Browser:
    """Somebody at the console who knows nothing but its pages."""

    clerk: Clerk

    def get(self, path: str) -> Page:
        answer = self.clerk.get(path.partition("#")[0], follow_redirects=True)
        assert answer.status_code == 200, (path, answer.status_code, Page(answer.text).words)
        return Page(answer.text, answer.request.path)

    def sent(
        self, form: Form, press: tuple[str, str] | None = None, files: Any = None, **typed: Any
    ) -> TestResponse:
        """The answer to a form, filled in where something is `typed`."""
        unknown = typed.keys() - form.fields.keys() - form.choices.keys()
        assert not unknown, (form.action, unknown, form.fields)
        data: dict[str, Any] = {**form.fields}
        for name, value in typed.items():
            values = value if isinstance(value, list) else [value]
            allowed = form.choices.get(name)
            assert allowed is None or set(values) <= {*allowed}, (name, values, allowed)
            data[name] = values
        if press:
            assert press in form.buttons, (press, form.buttons)
            data[press[0]] = [*data.get(press[0], []), press[1]]
        if files:
            assert form.files, form
            data[form.files[0]] = [(BytesIO(content), name) for name, content in files]
        assert form.method == "post", form
        return self.clerk.client.post(
            form.action, data=data, content_type="multipart/form-data" if files else None
        )

    def choose(self, form: Form, **typed: str) -> Page:
        """The page that a form asks for."""
        assert form.method == "get" and all(
            value in form.choices[name] for name, value in typed.items()
        )
        fields = {**{name: values[0] for name, values in form.fields.items()}, **typed}
        return self.get(f"{form.action.partition('#')[0]}?{urlencode(fields)}")

    def followed(self, answer: TestResponse) -> Page:
        """The page that an answer shows, or leads to."""
        if answer.status_code == 303:
            return self.get(answer.location)
        return Page(answer.text, answer.request.path)

    def send(self, form: Form, press: tuple[str, str] | None = None, **said: Any) -> Page:
        """The page that a form leads to."""
        answer = self.sent(form, press, **said)
        assert answer.status_code == 303, (form.action, Page(answer.text).words[""][:1500])
        return self.get(answer.location)

"""A refused form comes back as it was typed, with the message beside it.

Every form says in its hidden field `page` which page it is on (`templates/_csrf.html`). That
page is rendered again, its form is found by its action and its hidden fields, and filled
with what was sent. Passwords and files are left empty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import quote, unquote, urlsplit

from flask import Flask, Request, g, session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

PAGE = "page"
"""The field of a form that says which page it is on."""

_OWN = frozenset({PAGE, "csrf_token"})
"""Fields that a page fills by itself."""
_KEPT_EMPTY = frozenset({"password", "file"})

Typed = MultiDict[str, str]
Attributes = dict[str, str | None]


def address(request: Request) -> str:
    """The page being rendered, as a form on it names it; that of the form, if a form is
    answered with a page."""
    if request.method != "GET":
        return request.form.get(PAGE, "")
    query = request.query_string.decode("latin-1")
    return quote(request.path) + (f"?{query}" if query else "")


def again(app: Flask, request: Request, sentence: str, wrong: str) -> str | None:
    """The page of a refused form, filled in again; None if there is none.

    `wrong` is the field that the message is about: its name, or `name#2` for the third of
    several; empty if it is about the whole form.
    """
    page = request.form.get(PAGE, "")
    if not page.startswith("/"):
        return None
    answer = _made(app, request, page)
    if answer is None or answer.status_code != 200 or answer.mimetype != "text/html":
        return None
    return refilled(
        answer.get_data(as_text=True), page, request.path, request.form, sentence, wrong
    )


def _made(app: Flask, request: Request, page: str) -> Response | None:
    """The page as the sender of the form sees it, by the same rules."""
    path, _, query = page.partition("?")
    environ = {
        **{key: value for key, value in request.environ.items() if isinstance(key, str)},
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote(path, "latin-1"),
        "QUERY_STRING": query,
        "CONTENT_LENGTH": "0",
        "wsgi.input": BytesIO(),
    }
    environ.pop("werkzeug.request", None)
    environ.pop("CONTENT_TYPE", None)
    began_s = g.began_s
    with app.request_context(environ) as inner:
        if inner.request.endpoint is None or inner.request.blueprint != "console":
            return None
        try:
            answer = app.make_response(app.preprocess_request() or app.dispatch_request())
        except Exception as error:  # Whatever the page would say, the refusal is more important.
            app.logger.debug("no page to come back to: %s", error)
            return None
        token, nonce = session.get("csrf_token"), g.nonce
    g.nonce, g.began_s = nonce, began_s
    if token:
        session["csrf_token"] = token
    return answer


def refilled(
    html: str, page: str, action: str, typed: Typed, sentence: str, wrong: str = ""
) -> str | None:
    """The page with one form as it was typed; None if it has no form with that `action`."""
    forms = _forms(html)
    here = unquote(urlsplit(page).path)
    fitting = [
        (_likeness(form, typed), -number, form)
        for number, form in enumerate(forms)
        if (unquote(urlsplit(form.action).path) or here) == action
    ]
    if not fitting:
        return None
    chosen = max(fitting, key=lambda one: one[:2])[2]
    filling = _Filling(chosen, typed, sentence, wrong)
    filling.feed(html)
    filling.close()
    return "".join(filling.out)


@dataclass
class _Form:
    """A form of a page: where it begins, and what can be filled."""

    at: tuple[int, int]
    action: str
    folds: tuple[tuple[int, int], ...]
    """Where the folds that contain it begin."""
    hidden: list[tuple[str, str]] = field(default_factory=list)
    inputs: list[tuple[str, tuple[int, int]]] = field(default_factory=list)
    """Names of visible inputs, and where the label of each begins."""

    def label_of(self, wrong: str) -> tuple[int, int] | None:
        """Where the label of a field begins, None if the form has no such field."""
        name, _, number = wrong.partition("#")
        found = [at for known, at in self.inputs if name and _is_of(known, name)]
        return found[int(number or 0)] if found and int(number or 0) < len(found) else None


def _is_of(known: str, name: str) -> bool:
    """Whether an input belongs to a field: names have one in each language."""
    return known == name or known.startswith(f"{name}-")


def _likeness(form: _Form, typed: Typed) -> int:
    """How many hidden fields match what was sent; in a form about another thing they differ."""
    return sum(1 if value in typed.getlist(name) else -1 for name, value in form.hidden)


def _forms(html: str) -> list[_Form]:
    finder = _Finder()
    finder.feed(html)
    finder.close()
    return finder.forms


class _Finder(HTMLParser):
    """Finds the forms of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[_Form] = []
        self._folds: list[tuple[int, int]] = []
        self._is_inside = False
        self._label: tuple[int, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "details":
            self._folds.append(self.getpos())
        elif tag == "form" and said.get("method") == "post":
            self._is_inside = True
            self.forms.append(_Form(self.getpos(), said.get("action") or "", tuple(self._folds)))
        elif tag == "label":
            self._label = self.getpos()
        elif tag in ("input", "select", "textarea") and self._is_inside and said.get("name"):
            name = said["name"] or ""
            if said.get("type") != "hidden":
                self.forms[-1].inputs.append((name, self._label or self.getpos()))
            elif name not in _OWN:
                self.forms[-1].hidden.append((name, said.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "details" and self._folds:
            self._folds.pop()
        elif tag == "form":
            self._is_inside = False
        elif tag == "label":
            self._label = None


class _Filling(HTMLParser):
    """Copies a page unchanged, except for one form, and the folds that contain it or are in it:
    they are open, so that nothing typed is out of sight."""

    def __init__(self, form: _Form, typed: Typed, sentence: str, wrong: str) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._form = form
        self._left = {name: list(values) for name, values in typed.lists()}
        self._typed = typed
        # Focus leads people who cannot see, or are elsewhere on a long page, to the message.
        self._sentence = (
            '<p class="trouble" role="alert" id="refused" tabindex="-1" autofocus>'
            f"{escape(sentence)}</p>"
        )
        self._label = form.label_of(wrong)
        self._is_inside = False
        self._select = ""
        self._is_dropping = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at, raw, said = self.getpos(), self.get_starttag_text() or "", dict(attrs)
        if at == self._form.at:
            self._is_inside = True
            self.out.append(raw if self._label else raw + self._sentence)
            return
        if tag == "details" and (self._is_inside or at in self._form.folds):
            self.out.append(_tag(tag, {**said, "open": None}))
            return
        if not self._is_inside:
            self.out.append(raw)
            return
        if at == self._label:
            self.out.append(self._sentence)
        self.out.append(self._filled(tag, said) or raw)

    def _filled(self, tag: str, said: Attributes) -> str:
        """The tag with what was typed; empty if it stays as it is."""
        name = said.get("name") or ""
        if tag == "option" and self._select:
            chosen = said.get("value") in self._typed.getlist(self._select)
            return _tag(tag, _flagged(said, "selected", is_set=chosen))
        if not name or name in _OWN or said.get("type") in _KEPT_EMPTY:
            return ""
        if tag == "input" and said.get("type") in ("checkbox", "radio"):
            ticked = (said.get("value") or "on") in self._typed.getlist(name)
            return _tag(tag, _flagged(said, "checked", is_set=ticked))
        if tag == "select" and name in self._typed:
            self._select = name
        if tag in ("input", "textarea") and self._left.get(name):
            value = self._left[name].pop(0)
            if tag == "input":
                return _tag(tag, {**said, "value": value})
            self._is_dropping = True
            return _tag(tag, said) + escape(value)
        return ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._is_dropping = False
        elif tag == "form":
            self._is_inside = False
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._is_dropping:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")


def _flagged(said: Attributes, flag: str, *, is_set: bool) -> Attributes:
    rest = {name: value for name, value in said.items() if name != flag}
    return {**rest, flag: None} if is_set else rest


def _tag(tag: str, said: Mapping[str, str | None]) -> str:
    written: Iterable[str] = (
        name if value is None else f'{name}="{escape(value)}"' for name, value in said.items()
    )
    return f"<{' '.join((tag, *written))}>"

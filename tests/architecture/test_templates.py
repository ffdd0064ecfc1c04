"""Templates: nothing inline, nothing from other hosts, every form protected, every word translated."""

import re
from pathlib import Path

from tests.architecture.source import LMS, ROOT, report

TEMPLATES = sorted(path for folder in LMS.rglob("templates") for path in folder.rglob("*.html"))

_COMMENT = re.compile(r"{#.*?#}", re.S)
_CLASS_BLOCK = re.compile(r"{% block main_class %}.*?{% endblock %}")
_CODE = re.compile(r"{%.*?%}|{{.*?}}", re.S)
_TAG = re.compile(r"<[^<>]*>", re.S)
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I)
_INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.I)
_ON_ATTRIBUTE = re.compile(r"<[^<>]*\son[a-z]+\s*=", re.I | re.S)
_HOST = re.compile(r"(?:https?:)?//[\w-]+(?:\.[\w-]+)+")
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.I | re.S)
_IS_POST = re.compile(r"<form\b[^>]*\bmethod\s*=\s*[\"']?post", re.I)
_CSRF = re.compile(r"{{-?\s*csrf_field\(\)\s*-?}}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SAID = re.compile(r"(?:aria-label|title|alt|placeholder)\s*=\s*\"([^\"]*)\"", re.I)

# Letters and printed pages too must fetch nothing.
DRAWN = sorted(
    path for ending in ("html", "txt", "svg") for path in LMS.rglob(f"*.{ending}") if not {"catalogue", "static", "fonts"} & set(path.parts)
)

# Names, and the languages' names for themselves, are the same in every language.
SAME_IN_ALL = {"An", "toàn", "số", "English", "Tiếng", "Việt", "MB", "KB", "QR", "PDF", "Excel", "xlsx", "SHA", "csv"}
# The names of XML's own spaces look like addresses; nothing is fetched from them.
NAMESPACES = ("http://www.w3.org/",)
# A page for developers that shows every piece once, with sample words.
FOR_DEVELOPERS = {"web/look.html"}


def _read(path: Path) -> str:
    """Return the template without its comments, lines kept."""
    return _COMMENT.sub(lambda found: "\n" * found.group().count("\n"), path.read_text())


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _found(pattern: re.Pattern[str], paths: list[Path] = TEMPLATES) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{_line(text, found.start())} {found.group()[:60]!r}"
        for path in paths
        for text in [_read(path)]
        for found in pattern.finditer(text)
        if not found.group().startswith(NAMESPACES)
    ]


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 10


def test_no_inline_script() -> None:
    report(
        "Inline scripts",
        _found(_INLINE_SCRIPT),
        "put the code into frontend/js and name it with asset(...); the policy blocks inline code.",
    )


def test_no_inline_style() -> None:
    report(
        "Inline styles",
        _found(_INLINE_STYLE),
        "use a class of frontend/css, or SVG attributes for lengths; the policy blocks inline styles.",
    )


def test_no_event_attributes() -> None:
    complaints = [
        f"{path.relative_to(ROOT)}:{_line(text, found.start())} {found.group()[-40:]!r}"
        for path in TEMPLATES
        for text in [_CODE.sub(_blank, _read(path))]
        for found in _ON_ATTRIBUTE.finditer(text)
    ]
    report("on... attributes", complaints, "listen in a module of frontend/js; the policy blocks such attributes.")


def test_no_host_of_others() -> None:
    report("Other hosts", _found(_HOST, DRAWN), "install what is needed as a dependency and build it into our own files.")


def test_every_posting_form_carries_the_csrf_field() -> None:
    complaints = []
    for path in TEMPLATES:
        text = _read(path)
        opened = len(_IS_POST.findall(text))
        closed = [form for form in _FORM.finditer(text) if _IS_POST.match(form.group())]
        if opened != len(closed):
            complaints.append(f"{path.relative_to(ROOT)}: a posting form is not closed in the same file")
        for form in closed:
            count = len(_CSRF.findall(form.group()))
            if count != 1:
                complaints.append(f"{path.relative_to(ROOT)}:{_line(text, form.start())} carries it {count} times")
    report(
        "Posting forms without exactly one {{ csrf_field() }}",
        complaints,
        "write {{ csrf_field() }} once inside the form, or use button_form(...).",
    )


def test_every_word_is_translated() -> None:
    complaints = []
    for path in TEMPLATES:
        if path.relative_to(path.parents[1]).as_posix() in FOR_DEVELOPERS:
            continue
        text = _CLASS_BLOCK.sub("", _read(path))
        bare = _TAG.sub(_keep_said, _CODE.sub(_blank, text))
        bare = re.sub(r"&\w+;", " ", bare)
        for number, line in enumerate(bare.splitlines(), start=1):
            words = [word for word in _WORD.findall(line) if word not in SAME_IN_ALL]
            if words:
                complaints.append(f"{path.relative_to(ROOT)}:{number} {' '.join(words)[:60]!r}")
    report("Words that are not translated", complaints, 'write {{ _("...") }} and give the Vietnamese in the package\'s texts.vi.po.')


def _blank(code: re.Match[str]) -> str:
    return " " + "\n" * code.group().count("\n")


def _keep_said(tag: re.Match[str]) -> str:
    """Return of a tag only what is read out or shown: labels, titles, hints."""
    return " " + " ".join(_SAID.findall(tag.group())) + "\n" * tag.group().count("\n")

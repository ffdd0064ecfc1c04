"""Cleaning HTML that people bring along, so that it can stand in our pages (pure)."""

import re

import nh3

TAGS = {
    "a", "abbr", "audio", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em", "figcaption", "figure",
    "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "small", "source", "span", "strong", "sub", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "video",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "audio": {"src"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "video": {"src", "width", "height"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
# Elements whose content is no text: it goes with them.
DROPPED = {"script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "head", "title", "textarea", "select"}

# What browsers leave out of an address before they read it.
_IGNORED = re.compile(r"[\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+")
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,", re.IGNORECASE)


def clean(html: str) -> str:
    """Return the HTML with only tags and attributes that show text and pictures; no script, style, form or frame.

    Links may go to http, https, mailto, tel and to our own pages, pictures and
    sound only to our own pages, pictures also to data in the address; what looks like an own page but
    leads elsewhere ("//evil.example", "/\\\\evil.example") loses its address.
    """
    return _CLEANER.clean(html)


def text_of(html: str) -> str:
    """Return the plain text of HTML with single spaces, for searching and for names."""
    spaced = re.sub(r"<(br|/p|/div|/li|/h\d|/td|/th|/tr)\b[^>]*>", lambda match: " " + match[0], html, flags=re.IGNORECASE)
    plain = _STRIPPER.clean(spaced)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        plain = plain.replace(entity, character)
    return " ".join(plain.split())


def without_links(html: str) -> str:
    """Return the HTML with nothing that can be followed or fetched: paragraphs, lists, quotations and stress, without attributes."""
    return _FLATTENER.clean(html)


def leads_elsewhere(address: str) -> bool:
    """Return whether an address without a scheme still names another host, as browsers read it."""
    return _IGNORED.sub("", address).replace("\\", "/").startswith("//")


def _keep(_tag: str, attribute: str, value: str) -> str | None:
    if attribute not in ("href", "src"):
        return value
    plain = _IGNORED.sub("", value)
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", plain)
    if leads_elsewhere(plain):
        return None
    if attribute == "href":
        return value if scheme is None or scheme[1].lower() in SCHEMES else None
    return value if scheme is None or _PICTURE.match(plain) else None


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=DROPPED,
    attributes=ATTRIBUTES,
    attribute_filter=_keep,
    # Nothing plays by itself, and whoever hears it can stop it.
    set_tag_attribute_values={"audio": {"controls": ""}, "video": {"controls": ""}},
    url_schemes=SCHEMES | {"data"},
    link_rel="noopener noreferrer",
    strip_comments=True,
)
_FLATTENER = nh3.Cleaner(
    tags={"b", "blockquote", "br", "em", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "s", "strong", "u", "ul"},
    clean_content_tags=DROPPED,
    attributes={},
    strip_comments=True,
)
_STRIPPER = nh3.Cleaner(tags=set(), clean_content_tags=DROPPED)

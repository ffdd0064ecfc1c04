"""Settings of the template engine that every page relies on."""

from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache, StrictUndefined
from jinja2.bccache import Bucket

from lms.core import clock, i18n
from lms.web import language
from lms.web.addresses import url_for


class Templates(Environment):
    """No template of ours has globals of its own, so all share one dict: looking into a chain of two cost 3 % of a page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class Compiled(FileSystemBytecodeCache):
    """Compiled templates, kept for the next start; a full disk holds up no page."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def install(app: Flask, instance: Path) -> None:
    """Let templates speak the reader's language; an unknown name in one is an error, not a blank.

    Compiled ones are kept in the instance folder: they are programs, so nobody else may write there.
    """
    kept = instance / "templates"
    kept.mkdir(mode=0o700, exist_ok=True)
    app.jinja_environment = Templates
    app.jinja_env.bytecode_cache = Compiled(str(kept))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=i18n.gettext,
        gettext=i18n.gettext,
        ngettext=i18n.ngettext,
        url_for=url_for,
        now=clock.now,
        today=clock.today,
        other_language_url=language.other_url,
        other_language=language.other,
    )
    app.context_processor(lambda: {"language": i18n.language()})

"""Parts of pages that are drawn once."""

from flask import Flask, render_template_string

from lms.core import i18n

PAGE = """{% macro greeting(name, places) %}{{ _("Save") }} {{ name }} {{ places|length }}{% endmacro %}{{ drawn_once(greeting, name, places) }}"""


def drawn(name: str, places: tuple[str, ...] = ()) -> str:
    return render_template_string(PAGE, name=name, places=places)


def test_what_is_kept_is_of_its_values_and_its_language_and_stays_safe(app: Flask) -> None:
    with app.test_request_context():
        with i18n.in_language("vi"):
            assert [drawn("<b>"), drawn("<b>"), drawn("An", ("x",))] == ["Lưu &lt;b&gt; 0", "Lưu &lt;b&gt; 0", "Lưu An 1"]
        with i18n.in_language("en"):
            assert drawn("<b>") == "Save &lt;b&gt; 0"

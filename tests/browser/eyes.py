"""What can be measured of a page without taste: axe, sideways scroll, the way of the Tab key."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@cache
def _axe() -> str:
    return AXE.read_text()


def violations(page: Page) -> list[str]:
    """Return what axe finds, each as "rule: selector, selector"."""
    # Evaluated by the debugger, so the page keeps its strict policy and axe runs all the same.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe() + ";0")
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [f"{each['id']}: {', '.join(str(node['target']) for node in each['nodes'][:4])}" for each in found["violations"]]


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))


_NAME = """(it) => `${it.tagName.toLowerCase()} ${(it.getAttribute("aria-label") || it.innerText || it.name || "").trim().slice(0, 40)}`"""

# Marks what Tab should stop at, and lets it begin at the top of the page.
_BEGIN = """() => {
  window.scrollTo(0, 0);
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  const seen = new Set();
  for (const each of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
    if (each.disabled || each.tabIndex < 0 || !each.checkVisibility({visibilityProperty: true})) continue;
    if (each.type === "radio") {
      // A group is one stop: the chosen one, or the first.
      const group = `${each.form?.action} ${each.name}`;
      if (seen.has(group)) continue;
      seen.add(group);
      const room = each.closest("fieldset, form, body");
      (room.querySelector(`input[name="${CSS.escape(each.name)}"]:checked`) ?? each).dataset.toReach = "";
      continue;
    }
    each.dataset.toReach = "";
  }
  return document.querySelectorAll("[data-to-reach]").length;
}"""

_MISSED = """() => [...document.querySelectorAll("[data-to-reach]:not([data-was-focused])")].map(""" + _NAME + """)"""
_END = """() => document.querySelectorAll("[data-to-reach], [data-was-focused]").forEach((each) => { delete each.dataset.toReach; delete each.dataset.wasFocused; })"""

# The ring may be drawn by the element, or around it by its label.
_FOCUSED = (
    """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const ring = (each) => { const style = each && getComputedStyle(each); return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2; };
  const box = it.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
  const seen = points.some(([x, y]) => { const top = document.elementFromPoint(x, y); return top && (it.contains(top) || top.contains(it) && top !== document.body && top !== document.documentElement || it.closest("label")?.contains(top)); });
  const first = !it.dataset.wasFocused;
  it.dataset.wasFocused = "1";
  return {many: it.type === "date", what: ("""
    + _NAME
    + """)(it), ring: ring(it) || ring(it.closest("label")), seen, first};
}"""
)


def keyboard(page: Page) -> list[str]:
    """Go through the page with the Tab key; return what cannot be reached, what shows no ring, what is hidden while focused."""
    wanted = page.evaluate(_BEGIN)
    trouble = []
    for _ in range(wanted * 2 + 5):
        page.keyboard.press("Tab")
        now = page.evaluate(_FOCUSED)
        if now and now["many"] and not now["first"]:
            continue  # a day is a field of three, each a stop
        if now is None or not now["first"]:
            break
        if not now["ring"]:
            trouble.append(f"no ring: {now['what']}")
        if not now["seen"]:
            trouble.append(f"hidden while focused: {now['what']}")
    trouble += [f"not reached: {what}" for what in page.evaluate(_MISSED)]
    page.evaluate(_END)
    return trouble

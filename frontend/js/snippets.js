// Buttons that put the beginnings of a heading, a table or a block where one writes. "|" in a snippet is where the cursor then stands.

let last = null;

function put(area, snippet) {
  const [before, after = ""] = snippet.split("|");
  const start = area.selectionStart;
  const end = area.selectionEnd;
  const chosen = area.value.slice(start, end);
  // A block begins on a line of its own.
  const opening = before.startsWith("\n") && (start === 0 || area.value[start - 1] === "\n") ? before.slice(1) : before;
  area.setRangeText(opening + chosen + after, start, end, "end");
  const caret = start + opening.length + chosen.length;
  area.setSelectionRange(caret, caret);
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.('textarea[name^="body."]')) last = event.target;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-snippet]");
  if (!button) return;
  const area = last?.isConnected ? last : document.querySelector('textarea[name^="body."]');
  if (area) put(area, button.dataset.snippet);
});

for (const bar of document.querySelectorAll("[data-snippets]")) bar.hidden = false;

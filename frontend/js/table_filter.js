// Narrows a table to the rows that contain what is typed, with or without Vietnamese marks.

export function startFilters(root) {
  root.querySelectorAll("[data-filter-of]").forEach(start);
}

function start(box) {
  const table = document.getElementById(box.dataset.filterOf);
  const input = box.querySelector("input");
  if (!table || !input) return;
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  const contents = rows.map((row) => plain(row.textContent));
  const status = box.querySelector("[role=status]");
  box.hidden = false;
  input.addEventListener("input", () => {
    const words = plain(input.value).split(" ").filter(Boolean);
    let shown = 0;
    rows.forEach((row, place) => {
      row.hidden = !words.every((word) => contents[place].includes(word));
      if (!row.hidden) shown += 1;
    });
    status.textContent = box.dataset.countText.replace("{shown}", shown).replace("{all}", rows.length);
  });
  // Enter would send a form around the box.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().replace(/\s+/g, " ").trim();
}

// Dragging the questions, page breaks and headings of a quiz. Without script the arrows do the same; either way the server gets the whole list.

const NEAR_THE_EDGE = 72; // pixels from the edge of the window, where the page begins to move
const STEP = 12;

function rowUnder(list, y) {
  return [...list.children].find((row) => {
    const box = row.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
}

// The document is listened to: a row that changes its place lets go of the pointer.
function drag(list, row) {
  row.classList.add("arrange-held");
  const before = row.nextElementSibling;
  const move = (moved) => {
    const next = rowUnder(list, moved.clientY);
    if (next !== row && next !== row.nextElementSibling) {
      list.insertBefore(row, next ?? null);
    }
    if (moved.clientY < NEAR_THE_EDGE) {
      scrollBy(0, -STEP);
    } else if (moved.clientY > innerHeight - NEAR_THE_EDGE) {
      scrollBy(0, STEP);
    }
  };
  const end = (ended) => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
    row.classList.remove("arrange-held");
    if (ended.type === "pointercancel") {
      list.insertBefore(row, before);
    } else if (row.nextElementSibling !== before) {
      list.closest("form").requestSubmit();
    }
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
}

for (const list of document.querySelectorAll("[data-arrange]")) {
  for (const grip of list.querySelectorAll("[data-grip]")) {
    grip.hidden = false;
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      drag(list, grip.closest("li"));
    });
  }
}

// Counts what is marked in a message, and says so.

export function countMarks(root) {
  for (const sign of root.querySelectorAll("[data-mark-count]")) {
    const room = sign.closest(".inspect");
    room.addEventListener("change", () => {
      const number = room.querySelectorAll(".sign input:checked").length;
      sign.textContent = number ? sign.dataset.textSome.replace("{number}", number) : sign.dataset.textNone;
    });
  }
}

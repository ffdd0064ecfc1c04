// Tells how many words were written so far, where there is a limit.

const WORD = /\S*[\p{L}\p{N}_]\S*/gu;

export function countWords(root) {
  for (const said of root.querySelectorAll("[data-words-of]")) {
    const field = document.getElementById(said.dataset.wordsOf);
    const tell = () => {
      const count = (field.value.match(WORD) ?? []).length;
      said.textContent = said.dataset.wordsText.replace("%n", count.toLocaleString(document.documentElement.lang));
    };
    field?.addEventListener("input", tell);
  }
}

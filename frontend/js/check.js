// A check in a lesson shows the reason behind an answer by style alone; here it is also read out.

export function announceChecks(root) {
  root.querySelectorAll("[data-check]").forEach((check) => check.addEventListener("change", () => announce(check)));
}

function announce(check) {
  const status = check.querySelector("[role=status]");
  check.querySelectorAll(".choice").forEach((choice) => {
    const chosen = choice.querySelector("input").checked;
    choice.classList.toggle("is-chosen", chosen);
    if (chosen && status) status.textContent = wordsOf(choice.nextElementSibling);
  });
}

function wordsOf(reason) {
  return [...(reason?.children ?? [])].map((part) => part.textContent.trim()).filter(Boolean).join(" ");
}

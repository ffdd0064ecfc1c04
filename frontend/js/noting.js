// Tells the course what the page of a lesson can see by itself: that it was opened, and that each check in it was answered.
//
// <div id="lesson" data-note="URL" data-note-what="viewed checks">, where the step asks for it.  Without a connection nothing is lost
// but the note: the page can be opened again.

export function noteWhatIsSeen(lesson) {
  const wanted = (lesson?.dataset.noteWhat ?? "").split(" ");
  if (wanted.includes("viewed")) note(lesson, "viewed");
  if (wanted.includes("checks")) noteAnsweredChecks(lesson);
}

function noteAnsweredChecks(lesson) {
  const checks = [...lesson.querySelectorAll("[data-check]")];
  let noted = false;
  lesson.addEventListener("change", () => {
    if (noted || !checks.every((check) => check.querySelector("input:checked"))) return;
    noted = true;
    note(lesson, "checks").then((kept) => (noted = kept));
  });
}

async function note(lesson, what) {
  const token = document.querySelector("input[name=csrf_token]")?.value ?? "";
  const body = new URLSearchParams({ what, csrf_token: token });
  try {
    return (await fetch(lesson.dataset.note, { method: "POST", body, credentials: "same-origin" })).ok;
  } catch {
    return false;
  }
}

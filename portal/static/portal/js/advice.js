// Writing help while one writes: after a pause the server is asked about the texts as they stand. Never in the way:
// what it says stands below the field, and only a new number of points is read aloud.
const form = document.querySelector("form[data-advice-url]");
const boxes = form ? [...form.querySelectorAll("[data-advice]")] : [];
const PAUSE = 1500;
let timer;
let request;
let count = form?.querySelectorAll("[data-advice] li").length;

async function ask() {
  request?.abort();
  request = new AbortController();
  try {
    const answer = await fetch(form.dataset.adviceUrl, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      signal: request.signal,
      headers: { Accept: "application/json" },
    });
    if (!answer.ok || answer.redirected) return;
    const told = await answer.json();
    for (const box of boxes) {
      const html = told.fields[box.dataset.advice] ?? "";
      if (box.innerHTML !== html) box.innerHTML = html;
    }
    if (told.count !== count) document.dispatchEvent(new CustomEvent("portal:announce", { detail: told.words }));
    count = told.count;
  } catch {
    // Help that does not come is no fault of the writer's: the form goes on without it.
  }
}

if (boxes.length) {
  form.addEventListener("input", (event) => {
    if (!event.target.closest(".question")?.querySelector("[data-advice]")) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}

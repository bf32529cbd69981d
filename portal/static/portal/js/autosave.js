// Keeps what is typed into a form, valid or not: a while after the last key, and when the page is hidden. Tells when it
// was kept. Asks before leaving only while something is not kept yet. The server sends the words.
const form = document.querySelector("form[data-autosave]");
const status = form.querySelector("[data-autosave-status]");
const PAUSE = 2000;
const AGAIN = 15000;
let typed = 0;
let kept = 0;
let timer;
let request;

function tell(words) {
  // The same words again would be read aloud for nothing.
  if (status.textContent !== words) status.textContent = words;
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(keep, pause);
}

// Whoever has signed in again in another tab has got a new token.
async function renewToken() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (answer.redirected || !answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]")?.value;
  if (!token) return false;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  return true;
}

async function keep({ leaving = false, isSecondTry = false } = {}) {
  if (kept === typed) return;
  clearTimeout(timer);
  const now = typed;
  request?.abort();
  request = new AbortController();
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      signal: leaving ? undefined : request.signal,
      keepalive: leaving,
      headers: { Accept: "application/json" },
    });
    const isOurs = answer.headers.get("content-type")?.startsWith("application/json");
    if (answer.ok && isOurs) {
      kept = Math.max(kept, now);
      tell((await answer.json()).words);
    } else if (answer.redirected || answer.status === 403) {
      if (!isSecondTry && (await renewToken())) return keep({ isSecondTry: true });
      tell(form.dataset.signedOut);
      later(AGAIN);
    } else {
      tell(isOurs ? (await answer.json()).words || form.dataset.failed : form.dataset.failed);
      later(AGAIN);
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    tell(form.dataset.failed);
    later(AGAIN);
  }
}

function changed() {
  typed += 1;
  later(PAUSE);
}
form.addEventListener("input", changed);
form.addEventListener("change", changed);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keep({ leaving: true });
});
addEventListener("beforeunload", (event) => {
  if (kept !== typed) event.preventDefault();
});
// What is sent need not be kept too: it would come back after it was saved.
form.addEventListener("submit", () => {
  clearTimeout(timer);
  request?.abort();
  kept = typed;
});

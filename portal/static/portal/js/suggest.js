// Suggestions while one types: an ARIA 1.2 combobox around each field with data-suggest (its address) and
// data-suggest-list (the id of an empty listbox). Nothing is kept; without this the field is an ordinary search field.
const WAIT = 120;

function combobox(input) {
  const list = document.getElementById(input.dataset.suggestList);
  const { form } = input;
  let active = null;
  let timer;
  let asking;
  let isChoosing = false;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  const say = (text) => document.dispatchEvent(new CustomEvent("portal:announce", { detail: text }));

  function activate(option) {
    active?.setAttribute("aria-selected", "false");
    active = option;
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    return input.setAttribute("aria-activedescendant", option.id);
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    activate(null);
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
  }

  function draw({ text, kind, label, lang }, place) {
    const option = document.createElement("li");
    option.id = `${list.id}-${place}`;
    option.role = "option";
    option.setAttribute("aria-selected", "false");
    option.dataset.kind = kind;
    option.dataset.text = text;
    for (const [content, language] of [[text, lang], [label, ""]]) {
      if (!content) continue;
      const part = document.createElement("span");
      part.textContent = content;
      if (language) part.lang = language;
      option.append(part, " ");
    }
    return option;
  }

  function show({ options, said }) {
    const wasOpen = !list.hidden;
    activate(null);
    list.replaceChildren(...options.map(draw));
    list.hidden = options.length === 0;
    list.scrollTop = 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (options.length || wasOpen) say(said);
  }

  async function ask() {
    clearTimeout(timer);
    asking?.abort();
    const words = input.value.trim();
    if (!words) return close();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const response = await fetch(`${input.dataset.suggest}?${new URLSearchParams({ q: words })}`, { signal });
      if (!response.ok) return close();
      const answer = await response.json();
      if (!signal.aborted && document.activeElement === input) show(answer);
    } catch {
      // Given up for a newer question, or the line is down: the field works without suggestions.
      if (!signal.aborted) close();
    }
    return undefined;
  }

  function choose({ dataset: { kind, text } }) {
    const where = kind === "place" && form.elements.namedItem("place");
    (where || input).value = text;
    if (where) input.value = "";
    isChoosing = true;
    for (const field of where ? [where, input] : [input]) field.dispatchEvent(new Event("input", { bubbles: true }));
    isChoosing = false;
    close();
    form.requestSubmit(form.querySelector("[type=submit]"));
  }

  input.addEventListener("input", (event) => {
    if (isChoosing || event.isComposing) return;
    activate(null);
    if (!input.value.trim()) return close();
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
    return undefined;
  });
  input.addEventListener("compositionend", () => { timer = setTimeout(ask, WAIT); });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const options = [...list.children];
    const place = options.indexOf(active);
    // One step past either end is the field itself, with what was typed.
    const moves = {
      ArrowDown: () => options[place + 1] ?? null,
      ArrowUp: () => (place === 0 ? null : options.at(Math.max(place, 0) - 1)),
      Home: () => options[0],
      End: () => options.at(-1),
    };
    if (list.hidden) {
      if (event.key === "ArrowDown" && input.value.trim()) {
        event.preventDefault();
        ask();
      }
    } else if (event.key.startsWith("Arrow") ? event.key in moves : active && event.key in moves) {
      event.preventDefault();
      activate(moves[event.key]());
    } else if (event.key === "Enter" && active) {
      event.preventDefault();
      choose(active);
    } else if (event.key === "Escape") {
      // The text stays; twice quickly leaves the site (quick-exit.js).
      event.preventDefault();
      close();
    }
  });

  // The focus stays in the field while one presses, or the list would close under the finger.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
}

for (const input of document.querySelectorAll("input[data-suggest]")) combobox(input);

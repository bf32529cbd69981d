/* A long list of checkboxes in the admin: a field that narrows it, and a line that tells what is chosen. */

const SHORT = 12;

const plain = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{Diacritic}/gu, "");

function start(list) {
  const box = list.querySelector(".long-choices__box");
  const choices = [...box.querySelectorAll("label")].map((label) => ({
    label,
    input: label.querySelector("input"),
    name: label.textContent.trim(),
    words: plain(label.textContent),
  }));

  const chosen = document.createElement("p");
  chosen.className = "long-choices__chosen";
  chosen.setAttribute("role", "status");
  const tell = () => {
    const names = choices.filter((choice) => choice.input.checked).map((choice) => choice.name);
    chosen.textContent = names.length ? `${list.dataset.chosen} ${names.join(", ")}` : list.dataset.none;
  };
  list.prepend(chosen);
  box.addEventListener("change", tell);
  tell();

  if (choices.length <= SHORT) return;
  const search = document.createElement("input");
  search.type = "search";
  search.className = "long-choices__search";
  search.setAttribute("aria-label", list.dataset.search);
  search.placeholder = list.dataset.search;
  search.addEventListener("input", () => {
    const wanted = plain(search.value.trim());
    for (const { label, words, input } of choices) label.hidden = wanted !== "" && !words.includes(wanted) && !input.checked;
    for (const group of box.querySelectorAll(".long-choices__group")) {
      group.hidden = !group.querySelector("label:not([hidden])");
    }
  });
  // Return would send the whole form.
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  // What is typed here is no change of the page.
  search.addEventListener("change", (event) => event.stopPropagation());
  box.before(search);
}

const startAll = () => document.querySelectorAll("[data-long-choices]").forEach(start);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startAll);
else startAll();

// The search page, with htmx: what a reader opened stays open when the counts are drawn again, focus stays where
// it was (and goes to the results, or to the help in danger above them, only after a search button), and a place
// and "near me" take turns.
const form = document.getElementById("search");
const { q, place, lat, lon } = form.elements;
const fold = form.querySelector(".filters-fold");
const wide = matchMedia("(min-width: 56.25rem)");

// Wide windows show the filters always; where CSS cannot (no ::details-content), they are opened here.
if (fold && wide.matches) fold.open = true;

// A plain click on the word of a choice does the same as its box; with a key or the middle button it is a link.
form.addEventListener("click", (event) => {
  const link = event.target.closest(".filter__choice a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  link.closest(".filter__choice").querySelector("input").click();
});

// A narrower topic takes the place of its broad one, and the other way round: together they would mean the broad one.
form.addEventListener("change", (event) => {
  if (event.target.name !== "topic" || !event.target.checked) return;
  const narrower = event.target.closest(".narrower");
  const others = narrower
    ? [narrower.parentElement.querySelector("input")]
    : event.target.closest("li").querySelectorAll(".narrower input");
  for (const box of others) box.checked = false;
}, { capture: true });

// A place that is typed is newer than the point, and the other way round. New words are not "exactly as I wrote".
place.addEventListener("input", () => {
  lat.value = lon.value = "";
  for (const code of form.querySelectorAll("[name=municipality]")) code.remove();
});
form.querySelector("[data-near-me]")?.addEventListener("click", () => { place.value = ""; });
q.addEventListener("input", () => form.querySelector("[name=as_typed]")?.remove());

let open = [];
let byButton = false;
form.addEventListener("submit", (event) => { byButton = Boolean(event.submitter); }, { capture: true });
document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
  open = [...document.querySelectorAll("#filters details[open]")].map((group) => group.dataset.group);
  for (const group of event.detail.fragment.querySelectorAll("details")) {
    if (open.includes(group.dataset.group)) group.open = true;
  }
});
document.body.addEventListener("htmx:afterSettle", () => {
  if (!byButton) return;
  byButton = false;
  const crisis = document.getElementById("crisis-heading");
  const heading = crisis ?? document.getElementById("results-heading");
  if (fold && !wide.matches) fold.open = false;
  heading?.focus({ preventScroll: Boolean(crisis) });
  if (crisis || !wide.matches) heading?.scrollIntoView();
});

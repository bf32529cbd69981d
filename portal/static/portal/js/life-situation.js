// «How are you?»: shows the answers in the picture and the table, offers topics where the going is hard, and compares with
// an earlier file. Asks the server for nothing and stores nothing.
import { OwnFileError, keepInFile, openWith, wordsFor } from "./own-file.js";

const KIND = "life-situation";
const LONGEST_TEXT = 2000;
const find = (selector) => document.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const page = find(".life");
const table = find("[data-life-table]");
const compare = find("[data-life-compare]");
const offers = find("[data-life-offers]");
const texts = all("[data-life-talk] textarea");
const areas = all("[data-area]").map((fieldset) => {
  const key = fieldset.dataset.area;
  return {
    key,
    radios: all("input[type=radio]", fieldset),
    said: all(".scale__said > span", fieldset).map((span) => span.textContent),
    unanswer: fieldset.querySelector("[data-unanswer]"),
    row: find(`[data-row="${key}"]`),
    result: find(`[data-result="${key}"]`),
    offer: find(`[data-offer="${key}"]`),
  };
});
// The answers of an earlier file while there is one: key → number.
let earlier = null;

const answer = (area) => Number(area.radios.find((radio) => radio.checked)?.value ?? 0);
const fillIn = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const hide = (element, isHidden) => element.toggleAttribute("hidden", isHidden);

function place(area, name, number) {
  const mark = area.row.querySelector(`[data-mark="${name}"]`);
  hide(mark, !number);
  if (!number) return;
  const x = area.row.querySelector(`[data-place="${number}"]`).dataset.x;
  mark.setAttribute("transform", `translate(${x} 0)`);
  const text = mark.querySelector("text");
  if (text) text.textContent = number;
}

function drawChange(area, from, to) {
  const line = area.row.querySelector("[data-change]");
  hide(line, !from || !to || from === to);
  if (!from || !to) return;
  const at = (number) => area.row.querySelector(`[data-place="${number}"]`).dataset.x;
  line.setAttribute("x1", at(from));
  line.setAttribute("x2", at(to));
}

function changeInWords(before, now) {
  if (before && now) return fillIn(table.dataset.both, { earlier: before, now });
  return before ? fillIn(table.dataset.gone, { earlier: before }) : "";
}

function show() {
  for (const area of areas) {
    const now = answer(area);
    const before = earlier?.get(area.key) ?? 0;
    place(area, "now", now);
    place(area, "earlier", before);
    drawChange(area, before, now);
    area.result.querySelector("[data-now]").textContent = now ? area.said[now - 1] : table.dataset.none;
    const change = area.result.querySelector("[data-compared]");
    change.textContent = changeInWords(before, now);
    hide(change, !before);
    hide(area.unanswer, !now);
    if (area.offer) hide(area.offer, !(now === 1 || now === 2));
  }
  hide(find("[data-life-key]"), !earlier);
  hide(compare.querySelector("[data-compare-remove]"), !earlier);
  if (offers) hide(offers, areas.every((area) => area.offer?.hidden ?? true));
  for (const text of texts) {
    // A text field on paper cuts off what does not fit in it.
    text.nextElementSibling.textContent = text.value;
    text.parentElement.classList.toggle("is-written", text.value.trim() !== "");
  }
  page.classList.toggle("is-filled", areas.some(answer) || texts.some((text) => text.value.trim() !== ""));
}

// The answers that a file really holds: known areas with a whole number from 1 to 5. Anything else is no answer.
function answersOf(data) {
  const found = data.answers;
  if (typeof found !== "object" || found === null || Array.isArray(found)) throw new OwnFileError("broken");
  const pairs = areas.map(({ key }) => [key, Object.hasOwn(found, key) ? found[key] : 0]);
  return new Map(pairs.filter(([, number]) => Number.isInteger(number) && number >= 1 && number <= 5));
}

const changed = keepInFile(find("[data-own-file]"), {
  collect: () => ({
    answers: Object.fromEntries(areas.map((area) => [area.key, answer(area)]).filter(([, number]) => number)),
    texts: texts.map((text) => text.value),
  }),
  fill: (data) => {
    const answers = answersOf(data);
    for (const { key, radios } of areas) {
      for (const radio of radios) radio.checked = Number(radio.value) === answers.get(key);
    }
    const said = Array.isArray(data.texts) ? data.texts : [];
    texts.forEach((text, index) => {
      text.value = typeof said[index] === "string" ? said[index].slice(0, LONGEST_TEXT) : "";
    });
    show();
  },
  empty: () => {
    for (const { radios } of areas) for (const radio of radios) radio.checked = false;
    for (const text of texts) text.value = "";
    earlier = null;
    show();
  },
});

for (const part of all("[data-life-answers], [data-life-talk]")) {
  part.addEventListener("input", () => {
    changed();
    show();
  });
}
for (const area of areas) {
  area.unanswer.addEventListener("click", () => {
    for (const radio of area.radios) radio.checked = false;
    changed();
    show();
    // The button has gone, the focus must not.
    area.radios[0].focus();
  });
}

const tell = (reason, isError = false) => {
  const told = compare.querySelector("[data-compare-told]");
  told.classList.toggle("is-error", isError);
  told.textContent = wordsFor(compare, reason);
};
openWith(
  compare.querySelector("[data-compare-open]"),
  compare.querySelector("[data-compare-input]"),
  KIND,
  ({ data, savedOn }) => {
    earlier = answersOf(data);
    // 2026-10-01 → 1.10.2026, as dates are everywhere on the site.
    find("[data-life-date]").textContent = savedOn.split("-").reverse().map((part) => part.replace(/^0/, "")).join(".");
    show();
    tell("compared");
  },
  (error) => tell(error.reason, true),
);
compare.querySelector("[data-compare-remove]").addEventListener("click", () => {
  earlier = null;
  show();
  tell("removed");
  compare.querySelector("[data-compare-open]").focus();
});

compare.hidden = false;
find("[data-life-open]").hidden = false;
show();

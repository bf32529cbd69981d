// The reminder: rows that grow, services taken along from the person's list, and what goes to a phone: a QR code or a calendar
// file of the meeting, a text. Nothing that is written leaves the page.
import { Rows, asText, put } from "./filled-rows.js";
import { calendar } from "./icalendar.js";
import { download, keepInFile } from "./own-file.js";
import { prepare, wordsOf, write } from "./paper.js";
import { encode } from "../vendor/uqr/uqr.mjs";

const root = document.querySelector("[data-reminder]");
const words = root.dataset;
const field = (name) => root.querySelector(`[data-name=${name}]`);
const toPhone = root.querySelector("[data-to-phone]");
const told = toPhone.querySelector("[data-told]");
const qr = toPhone.querySelector("[data-qr]");
const qrButton = toPhone.querySelector("[data-qr-button]");
const MEETING = ["date", "time", "place"];
const MOST_TAKEN = 30;

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((each) => each.toString(16).padStart(2, "0")).join("");
}
// Stays the same in the person's file, so that a later calendar file replaces the entries of an earlier one.
let id = newId();

const announce = (text) => document.dispatchEvent(new CustomEvent("portal:announce", { detail: text }));
const tell = (text) => {
  told.textContent = "";
  requestAnimationFrame(() => { told.textContent = text; });
};

// --- services from the list ---------------------------------------------------------------------------------------------
const taken = root.querySelector("[data-taken]");
const takes = () => [...taken.querySelectorAll("[data-take]")];
const linesOf = (take) => [...take.querySelectorAll("[data-take-lines] p")].map((line) => line.textContent);
const offered = takes();

// One that is in the opened file but not on the list of this device.
function addTake({ key, title, lines }, number) {
  const take = document.createElement("li");
  take.className = "choice";
  take.dataset.take = key;
  const box = document.createElement("input");
  const label = document.createElement("label");
  const facts = document.createElement("div");
  box.type = "checkbox";
  box.id = label.htmlFor = `take-from-file-${number}`;
  label.dataset.takeTitle = "";
  label.textContent = title;
  facts.id = `${box.id}-lines`;
  facts.className = "choice__hint";
  facts.dataset.takeLines = "";
  facts.append(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  box.setAttribute("aria-describedby", facts.id);
  take.append(box, label, facts);
  taken.querySelector("ul").append(take);
  return take;
}

function collectTaken() {
  return takes().filter((take) => take.querySelector("input").checked).map((take) => ({
    key: take.dataset.take,
    title: take.querySelector("[data-take-title]").textContent,
    lines: linesOf(take),
  }));
}

function fillTaken(values) {
  for (const take of takes()) {
    if (!offered.includes(take)) take.remove();
    take.querySelector("input").checked = false;
  }
  (Array.isArray(values) ? values : []).slice(0, MOST_TAKEN).forEach((value, number) => {
    const key = asText(value?.key);
    const title = asText(value?.title);
    if (!title) return;
    const lines = (Array.isArray(value.lines) ? value.lines : []).slice(0, 20).map(asText);
    const take = takes().find((each) => each.dataset.take === key) ?? addTake({ key, title, lines }, number);
    take.querySelector("input").checked = true;
  });
  taken.hidden = !takes().length;
  taken.classList.toggle("no-print", taken.hidden);
}

// --- the whole ----------------------------------------------------------------------------------------------------------
const changed = () => {
  hideQr();
  write(root);
  noteChange();
};
const rowsNamed = (name) =>
  new Rows(root.querySelector(`[data-rows=${name}]`), { removeWord: words.remove, changed, tell: announce });

prepare(root);
const tasks = rowsNamed("tasks");
const contacts = rowsNamed("contacts");

function collect() {
  return {
    id,
    agreed: field("agreed").value.trim(),
    tasks: tasks.collect(),
    taken: collectTaken(),
    contacts: contacts.collect(),
    meeting: Object.fromEntries(MEETING.map((name) => [name, field(name).value.trim()])),
    notes: field("notes").value.trim(),
  };
}

function fill(data) {
  id = /^[0-9a-f]{24}$/.test(data.id) ? data.id : newId();
  for (const name of ["agreed", "notes"]) put(field(name), data[name]);
  for (const name of MEETING) put(field(name), data.meeting?.[name]);
  tasks.fill(data.tasks);
  contacts.fill(data.contacts);
  fillTaken(data.taken);
  hideQr();
  write(root);
}

const noteChange = keepInFile(root.querySelector("[data-own-file]"), { collect, fill, empty: () => fill({}) });
root.addEventListener("input", (event) => {
  // To choose a file to open is no writing.
  if (event.target.type !== "file") changed();
});
write(root);

// --- to a phone -----------------------------------------------------------------------------------------------------------
function meetingEntry() {
  const { meeting } = collect();
  if (!meeting.date) return [];
  return [{ uid: `${id}-meeting`, title: words.meeting, day: meeting.date, time: meeting.time, place: meeting.place }];
}

function taskEntries() {
  return tasks.collect().filter((task) => task.by).map((task) => ({
    uid: `${id}-task-${task.key}`,
    title: [task.what, task.who].filter(Boolean).join(" – "),
    day: task.by,
  }));
}

function hideQr() {
  qr.hidden = true;
  qr.querySelector("svg")?.remove();
  qrButton.setAttribute("aria-expanded", "false");
}

function drawQr(text) {
  const { size, data } = encode(text, { ecc: "L", border: 4 });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const dark = document.createElementNS(svg.namespaceURI, "path");
  const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  dark.setAttribute("d", squares.join(""));
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", qr.dataset.label);
  svg.append(dark);
  qr.append(svg);
}

qrButton.addEventListener("click", () => {
  const wasShown = !qr.hidden;
  hideQr();
  if (wasShown) return;
  const entries = meetingEntry();
  if (!entries.length) {
    tell(words.noDay);
    return;
  }
  tell("");
  drawQr(calendar(entries, new Date()));
  qr.hidden = false;
  qrButton.setAttribute("aria-expanded", "true");
});

toPhone.querySelector("[data-calendar]").addEventListener("click", () => {
  const entries = [...meetingEntry(), ...taskEntries()];
  tell(entries.length ? "" : words.noDays);
  if (entries.length) download(calendar(entries, new Date()), `${words.filename}.ics`, "text/calendar;charset=utf-8");
});

// The reminder as a text, under the headings of the page.
function asLines() {
  const lines = [document.querySelector("h1").textContent];
  const wordsIn = (part) => [...part.querySelectorAll("[data-write]")].map(wordsOf).filter(Boolean);
  for (const part of root.querySelectorAll(".sheet__part")) {
    const holders = part.querySelector("[data-row]") ? part.querySelectorAll("[data-row]") : [part];
    const written = [...holders].map((each) => wordsIn(each).join(" – ")).filter(Boolean);
    if (part.contains(taken)) {
      written.unshift(...collectTaken().map(({ title, lines: facts }) => [title, ...facts].join("\r\n  ")));
    }
    if (written.length) lines.push("", part.querySelector("h2").textContent, ...written);
  }
  return `${lines.join("\r\n")}\r\n`;
}

const textFile = () => new File([asLines()], `${words.filename}.txt`, { type: "text/plain" });
toPhone.querySelector("[data-text]").addEventListener("click", () => {
  // With a byte order mark, so that an old text reader shows ä and ö.
  download(`\ufeff${asLines()}`, `${words.filename}.txt`, "text/plain;charset=utf-8");
});

const shareButton = toPhone.querySelector("[data-share]");
shareButton.hidden = !navigator.canShare?.({ files: [textFile()] });
shareButton.addEventListener("click", async () => {
  try {
    await navigator.share({ files: [textFile()] });
  } catch (error) {
    if (error.name !== "AbortError") tell(words.notShared);
  }
});
toPhone.hidden = false;

// The network map: people are added, changed and removed by a small form and a list, and drawn on the server's picture.
// Dragging a mark moves the person to another ring or group; the form does the same by keyboard.
import { asText } from "./filled-rows.js";
import { cellAt, place } from "./network-layout.js";
import { keepInFile } from "./own-file.js";

const MOST = 60;
const SVG = "http://www.w3.org/2000/svg";
const root = document.querySelector("[data-network]");
const words = root.dataset;
const find = (name) => root.querySelector(`[data-${name}]`);
const svg = root.querySelector(".network__map");
const map = {
  centre: svg.viewBox.baseVal.width / 2,
  rings: words.rings.split(" ").map(Number),
  sectors: Number(words.sectors),
  letter: 20,
};
const fields = { name: find("name"), group: find("group"), ring: find("ring"), mark: find("mark-choice") };
const legend = find("legend");
const addButton = find("add");
const usual = { legend: legend.textContent, button: addButton.querySelector("span").textContent };
const told = find("told");
const list = find("people");
const marks = find("marks");

let people = [];
let edited = null;

const tell = (text) => {
  told.textContent = "";
  requestAnimationFrame(() => { told.textContent = text; });
};
const wordOf = (select, value) => [...select.options].find((option) => option.value === String(value)).text;
const inWords = (person) =>
  [wordOf(fields.group, person.group), wordOf(fields.ring, person.ring), wordOf(fields.mark, person.mark)].join(", ");

function element(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

// --- picture and list ---------------------------------------------------------------------------------------------------
function drawOne(person, spot) {
  const group = element("g", { class: "network__person" });
  const shape = root.querySelector(`.network__key [data-mark=${person.mark}] path`).cloneNode();
  shape.setAttribute("transform", `translate(${spot.x} ${spot.y})`);
  const name = element("text", { class: "network__label", x: spot.nameX, y: spot.nameY, dy: "0.35em" }, spot.label);
  group.append(shape, name);
  group.addEventListener("pointerdown", (event) => drag(event, group, person));
  return group;
}

function button(word, person, pressed) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--quiet button--small no-print";
  made.textContent = word;
  made.setAttribute("aria-label", `${word}: ${person.name}`);
  made.addEventListener("click", pressed);
  return made;
}

function listOne(person, number) {
  const item = document.createElement("li");
  const text = document.createElement("p");
  const name = document.createElement("b");
  name.textContent = `${number + 1}. ${person.name}`;
  text.append(name, ` ${inWords(person)}`);
  item.append(text, button(words.edit, person, () => edit(person)), button(words.remove, person, () => remove(person)));
  return item;
}

function draw() {
  const spots = place(people, map);
  marks.replaceChildren(...people.map((person, number) => drawOne(person, spots[number])));
  list.replaceChildren(...people.map(listOne));
  find("nobody").hidden = people.length > 0;
}

// --- the form -------------------------------------------------------------------------------------------------------------
function showForm(person) {
  edited = person;
  legend.textContent = person ? legend.dataset.editing : usual.legend;
  addButton.querySelector("span").textContent = person ? addButton.dataset.editing : usual.button;
  find("cancel").hidden = !person;
  fields.name.value = person?.name ?? "";
  if (person) for (const key of ["group", "ring", "mark"]) fields[key].value = person[key];
}

function edit(person) {
  showForm(person);
  tell("");
  fields.name.focus();
}

function remove(person) {
  const number = people.indexOf(person);
  people = people.filter((each) => each !== person);
  if (edited === person) showForm(null);
  draw();
  noteChange();
  tell(`${words.removed} ${person.name}`);
  (list.children[Math.min(number, people.length - 1)]?.querySelector("button") ?? fields.name).focus();
}

function keep() {
  const name = fields.name.value.trim();
  if (!name || (!edited && people.length >= MOST)) {
    tell(name ? words.full : words.noName);
    fields.name.focus();
    return;
  }
  const person = { name, group: Number(fields.group.value), ring: Number(fields.ring.value), mark: fields.mark.value };
  tell(`${edited ? words.changed : words.added} ${name}, ${inWords(person)}`);
  people = edited ? people.map((each) => (each === edited ? person : each)) : [...people, person];
  showForm(null);
  draw();
  noteChange();
  fields.name.focus();
}

addButton.addEventListener("click", keep);
fields.name.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing) keep();
});
find("cancel").addEventListener("click", () => {
  showForm(null);
  fields.name.focus();
});

// --- dragging -------------------------------------------------------------------------------------------------------------
function pointOf(event) {
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
}

function drag(start, group, person) {
  if (start.button !== 0) return;
  start.preventDefault();
  const from = pointOf(start);
  let to = from;
  group.setPointerCapture(start.pointerId);
  group.classList.add("is-dragged");
  group.addEventListener("pointermove", (event) => {
    to = pointOf(event);
    group.setAttribute("transform", `translate(${to.x - from.x} ${to.y - from.y})`);
  });
  group.addEventListener("pointercancel", draw);
  group.addEventListener("pointerup", () => {
    const cell = cellAt(map, to.x, to.y);
    if (Math.hypot(to.x - from.x, to.y - from.y) > 8 && (cell.group !== person.group || cell.ring !== person.ring)) {
      Object.assign(person, cell);
      if (edited === person) showForm(person);
      tell(`${words.changed} ${person.name}, ${inWords(person)}`);
      noteChange();
    }
    draw();
  });
}

// --- the person's own file ----------------------------------------------------------------------------------------------
function fromFile(value) {
  const name = asText(value?.name).trim().slice(0, fields.name.maxLength);
  const whole = (number, most) => (Number.isInteger(number) ? Math.min(Math.max(number, 0), most) : 0);
  const known = [...fields.mark.options].map((option) => option.value);
  return {
    name,
    group: whole(value?.group, map.sectors - 1),
    ring: whole(value?.ring, map.rings.length - 2),
    mark: known.includes(value?.mark) ? value.mark : "unsure",
  };
}

const noteChange = keepInFile(root.querySelector("[data-own-file]"), {
  collect: () => ({ people }),
  fill(data) {
    people = (Array.isArray(data.people) ? data.people : []).slice(0, MOST).map(fromFile).filter(({ name }) => name);
    showForm(null);
    draw();
  },
  empty() {
    people = [];
    showForm(null);
    draw();
  },
});

find("form").hidden = false;
find("list").hidden = false;
draw();

// Rows that are added and removed on the page itself. Each row keeps a key of its own as long as it lives, so that a calendar
// entry made of it can be replaced later.
import { prepare } from "./paper.js";

const LONGEST = 2000;

// A stranger's value as a text.
export const asText = (value) => (typeof value === "string" ? value.slice(0, LONGEST) : "");

// Puts a stranger's value into a field. A day that is none, and a time, are refused by the field itself.
export function put(field, value) {
  field.value = field.maxLength > 0 ? asText(value).slice(0, field.maxLength) : asText(value);
}

export class Rows {
  // holder: a [data-rows] with a list of [data-row]. changed() is called and words told after a row came or went.
  constructor(holder, { removeWord, changed, tell }) {
    this.holder = holder;
    this.list = holder.querySelector("ol");
    this.most = Number(holder.dataset.most);
    this.pattern = this.list.firstElementChild.cloneNode(true);
    this.fewest = this.list.children.length;
    this.removeWord = removeWord;
    this.changed = changed;
    this.tell = tell;
    this.lastKey = 0;
    this.adder = holder.querySelector("[data-add]");
    this.adder.hidden = false;
    this.adder.addEventListener("click", () => {
      this.add().querySelector("[data-cell]").focus();
      this.tell(holder.dataset.added);
      this.changed();
    });
    for (const row of this.list.children) this.ready(row);
    this.number();
  }

  ready(row) {
    this.lastKey += 1;
    row.dataset.key = this.lastKey;
    prepare(this.holder);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet button--small no-print";
    button.textContent = this.removeWord;
    button.addEventListener("click", () => this.remove(row));
    row.querySelector("fieldset").append(button);
  }

  add() {
    const row = this.pattern.cloneNode(true);
    this.list.append(row);
    this.ready(row);
    this.number();
    return row;
  }

  remove(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    if (!this.list.children.length) this.add();
    this.number();
    (next ?? this.list.firstElementChild).querySelector("[data-cell]").focus();
    this.tell(this.holder.dataset.removed);
    this.changed();
  }

  number() {
    [...this.list.children].forEach((row, place) => {
      const legend = row.querySelector("[data-legend]");
      legend.textContent = `${legend.dataset.legend} ${place + 1}`;
      row.querySelector("button").setAttribute("aria-label", `${this.removeWord}: ${legend.textContent}`);
    });
    this.adder.hidden = this.list.children.length >= this.most;
  }

  // The rows that are not empty: {key, …cells}.
  collect() {
    return [...this.list.children]
      .map((row) => {
        const cells = [...row.querySelectorAll("[data-cell]")].map((field) => [field.dataset.cell, field.value.trim()]);
        return { key: Number(row.dataset.key), ...Object.fromEntries(cells) };
      })
      .filter(({ key, ...cells }) => Object.values(cells).some(Boolean));
  }

  // Rows anew from a list that may hold anything.
  fill(values) {
    this.list.replaceChildren();
    const rows = (Array.isArray(values) ? values : []).filter((each) => each && typeof each === "object");
    for (const value of rows.slice(0, this.most)) {
      const row = this.add();
      const key = Number(value.key);
      if (Number.isSafeInteger(key) && key > 0) row.dataset.key = key;
      this.lastKey = Math.max(this.lastKey, Number(row.dataset.key));
      for (const field of row.querySelectorAll("[data-cell]")) put(field, value[field.dataset.cell]);
    }
    while (this.list.children.length < this.fewest) this.add();
  }
}

// A page that is filled in, as it stands on paper. Beside each field with data-write comes its text, which the print shows
// instead of the field (css/fill-in.css): it grows with what was written, and a day is in words of the page's language.
// What is empty stays a line for a pen, until something is filled in: then empty rows and parts are left out.
const language = document.documentElement.lang;

// A day (YYYY-MM-DD) as people write it; "" when it is none.
export function dayInWords(value) {
  const noon = new Date(`${value}T12:00:00Z`);
  if (Number.isNaN(noon.getTime())) return "";
  const parts = { timeZone: "UTC", weekday: "short", day: "numeric", month: "numeric", year: "numeric" };
  return noon.toLocaleDateString(language, parts);
}

// What a field says, in words.
export const wordsOf = (field) => (field.type === "date" ? dayInWords(field.value) : field.value.trim());

const isEmpty = (field) => (["checkbox", "radio"].includes(field.type) ? !field.checked : !field.value.trim());

// Makes the fields of a part ready: pickers for days and times (without script a line of text), and a place for the words.
export function prepare(part) {
  for (const field of part.querySelectorAll("[data-type]")) field.type = field.dataset.type;
  for (const field of part.querySelectorAll("[data-write]")) {
    if (field.nextElementSibling?.classList.contains("written")) continue;
    const words = document.createElement("span");
    words.className = field.dataset.write ? "written written--long only-print" : "written only-print";
    field.after(words);
  }
  part.closest(".paper").classList.add("is-written");
}

// Writes the paper anew. Call it whenever something has changed.
export function write(root) {
  for (const field of root.querySelectorAll("[data-write]")) field.nextElementSibling.textContent = wordsOf(field);
  const fields = (part) => [...part.querySelectorAll("input, textarea")].filter((each) => each.type !== "file");
  for (const part of root.querySelectorAll("[data-row], [data-part]")) {
    part.classList.toggle("is-blank", fields(part).every(isEmpty));
  }
  root.classList.toggle("is-filled", !fields(root).every(isEmpty));
}

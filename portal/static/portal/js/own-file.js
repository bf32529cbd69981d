// A file of what was filled in, kept by the person: saved to their device and opened again from there. Nothing goes to the
// server or into the browser's storage. Runs the buttons of templates/cards/_together_file.html. What stands in an opened
// file is a stranger's: only its frame is checked here, every value by whoever fills the page with it.
const VERSION = 1;
const LARGEST = 200_000;

// reason: "too-large", "broken" (no JSON), "not-ours" or "other-tool" (ours, of another kind).
export class OwnFileError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

const isPlain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// The day here, not in Greenwich.
export function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

// Gives the browser a file to save. A calendar entry is such a file too.
export function download(content, filename, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = filename;
  link.click();
  // Safari reads the address a while after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// Saves data (a plain object) as FILENAME-DAY.json.
export function save(kind, data, filename) {
  const day = today();
  const content = JSON.stringify({ kind, version: VERSION, saved_on: day, data }, null, 1);
  download(content, `${filename}-${day}.json`, "application/json");
}

// Reads a file that save() made: a promise of {data, savedOn}; savedOn is YYYY-MM-DD or "". Fails with an OwnFileError.
export async function open(kind, file) {
  if (file.size > LARGEST) throw new OwnFileError("too-large");
  let content;
  try {
    content = JSON.parse(await file.text());
  } catch {
    throw new OwnFileError("broken");
  }
  if (!isPlain(content) || typeof content.kind !== "string" || content.version !== VERSION || !isPlain(content.data)) {
    throw new OwnFileError("not-ours");
  }
  if (content.kind !== kind) throw new OwnFileError("other-tool");
  const day = String(content.saved_on);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day));
  return { data: content.data, savedOn: isDay ? day : "" };
}

// Asks before the page is left while hasUnsaved() is true. The quick exit is never held up: it has emptied the page first.
export function askBeforeLeaving(hasUnsaved) {
  addEventListener("beforeunload", (event) => {
    if (document.body.firstElementChild && hasUnsaved()) event.preventDefault();
  });
}

// The words for a reason, as the server wrote them into the part of the page.
export const wordsFor = (part, reason) => part.dataset[reason.replace(/-./g, (found) => found[1].toUpperCase())];

// Lets a button open the device's files: calls opened({data, savedOn}) or failed(OwnFileError).
export function openWith(button, input, kind, opened, failed) {
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    try {
      opened(await open(kind, file));
    } catch (error) {
      if (!(error instanceof OwnFileError)) throw error;
      failed(error);
    }
    // The same file can be chosen again.
    input.value = "";
  });
}

// Runs the buttons in `part`, a [data-own-file]. collect() returns the data, fill(data, savedOn) puts it on the page (it may
// throw an OwnFileError), empty() takes everything away. Returns a function to call when something was filled in.
export function keepInFile(part, { collect, fill, empty }) {
  const { kind, filename } = part.dataset;
  const find = (name) => part.querySelector(`[data-own-file-${name}]`);
  const told = find("told");
  let isUnsaved = false;

  const tell = (reason, isError = false) => {
    told.classList.toggle("is-error", isError);
    told.textContent = "";
    // The same words a second time are read aloud only when they were away for a moment.
    requestAnimationFrame(() => { told.textContent = wordsFor(part, reason); });
  };

  find("save").addEventListener("click", () => {
    save(kind, collect(), filename);
    isUnsaved = false;
    tell("saved");
  });
  openWith(
    find("open"),
    find("input"),
    kind,
    ({ data, savedOn }) => {
      if (isUnsaved && !window.confirm(part.dataset.confirmOpen)) return;
      fill(data, savedOn);
      isUnsaved = false;
      tell("opened");
    },
    (error) => tell(error.reason, true),
  );
  find("empty").addEventListener("click", () => {
    if (!window.confirm(part.dataset.confirmEmpty)) return;
    empty();
    isUnsaved = false;
    tell("emptied");
  });

  askBeforeLeaving(() => isUnsaved);
  part.hidden = false;
  return () => { isUnsaved = true; };
}

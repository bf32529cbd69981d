// Forms that are filled in on the page: their print, and the person's own file of each.
import { put } from "./filled-rows.js";
import { OwnFileError, keepInFile } from "./own-file.js";
import { prepare, write } from "./paper.js";

function answerOf(question) {
  const fields = [...question.querySelectorAll("input, textarea")];
  const [first] = fields;
  if (first.type === "radio") return fields.find((each) => each.checked)?.value ?? "";
  return first.type === "checkbox" ? first.checked : first.value.trim();
}

function setAnswer(question, answer) {
  for (const field of question.querySelectorAll("input, textarea")) {
    if (field.type === "radio") field.checked = field.value === answer;
    else if (field.type === "checkbox") field.checked = answer === true;
    else put(field, answer);
  }
}

for (const form of document.querySelectorAll("[data-fill-in]")) {
  const { page, title } = form.dataset;
  const questions = [...form.querySelectorAll("[data-question]")];
  const rest = form.querySelector("[data-rest]");
  const titleOf = (question) => question.dataset.question;
  // Answers of an older version of the form, as {question, answer}: kept, so that nobody loses them by opening a file.
  let left = [];

  const collect = () => ({
    page,
    title,
    answers: [
      ...questions.map((question) => ({ question: titleOf(question), answer: answerOf(question) })),
      ...left,
    ].filter(({ answer }) => answer),
  });

  function showRest() {
    rest.hidden = !left.length;
    rest.querySelector("dl").replaceChildren(...left.flatMap(({ question, answer }) => [
      Object.assign(document.createElement("dt"), { textContent: question }),
      Object.assign(document.createElement("dd"), { textContent: answer }),
    ]));
  }

  function fill(data) {
    if (data.page !== page || data.title !== title) throw new OwnFileError("other-tool");
    const answers = (Array.isArray(data.answers) ? data.answers : []).filter(
      (each) => typeof each?.question === "string" && ["string", "boolean"].includes(typeof each.answer),
    );
    const asked = new Set(questions.map(titleOf));
    for (const question of questions) {
      setAnswer(question, answers.find((each) => each.question === titleOf(question))?.answer ?? "");
    }
    left = answers.filter((each) => typeof each.answer === "string" && each.answer && !asked.has(each.question)).slice(0, 50);
    showRest();
    write(form);
  }

  prepare(form);
  const noteChange = keepInFile(form.querySelector("[data-own-file]"), {
    collect,
    fill,
    empty: () => fill({ page, title, answers: [] }),
  });
  form.addEventListener("input", (event) => {
    // To choose a file to open is no writing.
    if (event.target.type === "file") return;
    write(form);
    noteChange();
  });
  write(form);
}

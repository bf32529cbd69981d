// Adds a row to a part of the form without a round trip. Without script the same button asks the server for one.
for (const rows of document.querySelectorAll("[data-rows]")) {
  const total = rows.querySelector("[name$=-TOTAL_FORMS]");
  const list = rows.querySelector("[data-rows-list]");
  const template = rows.querySelector("template");

  rows.querySelector("[data-rows-add]").addEventListener("click", (event) => {
    event.preventDefault();
    const number = Number(total.value);
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", number);
    const row = holder.firstElementChild;
    row.querySelector("[data-row-number]").textContent = number + 1;
    list.append(row);
    total.value = number + 1;
    row.querySelector("select, input, textarea").focus();
  });
}

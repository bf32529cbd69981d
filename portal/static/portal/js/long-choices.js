// A long list of checkboxes gets a field that narrows it. What is chosen stays in sight.
const SHORT = 12;
const plain = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{Diacritic}/gu, "");

for (const list of document.querySelectorAll("[data-long-choices]")) {
  const labels = [...list.querySelectorAll("label")];
  if (labels.length <= SHORT) continue;
  const groups = [...list.querySelectorAll("details")];
  const open = new Map(groups.map((group) => [group, group.open]));
  const narrow = document.createElement("div");
  const name = document.createElement("label");
  const search = document.createElement("input");
  const none = document.createElement("p");
  narrow.className = "long-choices__search";
  name.textContent = list.dataset.search;
  name.htmlFor = search.id = `${list.id}-search`;
  search.type = "search";
  none.setAttribute("role", "status");
  narrow.append(name, search, none);
  list.prepend(narrow);

  search.addEventListener("input", (event) => {
    // No change of the form.
    event.stopPropagation();
    const wanted = plain(search.value.trim());
    let found = 0;
    for (const label of labels) {
      const fits = plain(label.textContent).includes(wanted);
      label.hidden = wanted !== "" && !fits && !label.querySelector("input").checked;
      if (wanted && fits) found += 1;
    }
    for (const group of groups) {
      group.hidden = !group.querySelector("label:not([hidden])");
      group.open = wanted ? Boolean(group.querySelector("label:not([hidden])")) : open.get(group);
    }
    none.textContent = wanted && !found ? list.dataset.none : "";
  });
  search.addEventListener("change", (event) => event.stopPropagation());
  // Enter would send the form.
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}

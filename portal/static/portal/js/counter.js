// Says how many characters are left. The limit itself stands in the text of the page; this only counts.
// What a screen reader hears waits for a pause in the writing.
for (const counter of document.querySelectorAll("[data-counter-for]")) {
  const field = document.getElementById(counter.dataset.counterFor);
  const limit = Number(counter.dataset.limit);
  if (!field || !limit) continue;
  const shown = counter.querySelector("[data-counter-shown]");
  const spoken = counter.querySelector("[data-counter-spoken]");
  let pause;

  const count = () => {
    const left = limit - Array.from(field.value).length;
    const text = (left < 0 ? counter.dataset.over : counter.dataset.left).replace("00", Math.abs(left));
    counter.classList.toggle("is-over", left < 0);
    shown.textContent = text;
    clearTimeout(pause);
    pause = setTimeout(() => { spoken.textContent = text; }, 1000);
  };
  field.addEventListener("input", count);
  if (field.value) count();
}

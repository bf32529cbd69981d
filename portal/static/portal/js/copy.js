// Buttons with data-copy="id" copy what stands in that field. They are hidden until this has run: without script one
// marks the address and copies it by hand.
const live = document.querySelector("[data-live-region]");

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  if (!field) continue;
  const label = button.querySelector("span");
  const words = label.innerHTML;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      return; // Not allowed here: the address stays marked, to be copied by hand.
    }
    label.textContent = button.dataset.copied;
    if (live) live.textContent = button.dataset.copied;
    setTimeout(() => { label.innerHTML = words; }, 3000);
  });
}

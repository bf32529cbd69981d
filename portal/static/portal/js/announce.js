// Tells aloud what changed without moving focus. After htmx has swapped something, the text of the first
// [data-announce] on the page goes to the live region. Other modules may send a "portal:announce" event.
const region = document.querySelector("[data-live-region]");

function announce(text) {
  if (!region || !text) return;
  region.textContent = "";
  // A change in the same frame would not be noticed when the text is the same as before.
  requestAnimationFrame(() => { region.textContent = text; });
}

document.addEventListener("portal:announce", (event) => announce(event.detail));
document.body.addEventListener("htmx:afterSwap", () => {
  announce(document.querySelector("[data-announce]")?.textContent.trim());
});
document.body.addEventListener("htmx:sendError", () => announce(region?.dataset.failed));
document.body.addEventListener("htmx:responseError", () => announce(region?.dataset.failed));

// Leave at once. The link works without this; with it the page is gone before the next one loads,
// its history entry is replaced, and Esc pressed twice within a second does the same from anywhere.
const link = document.querySelector("[data-quick-exit]");

// htmx notes the address, search words and all, in the storage of the tab, where it would outlive the leaving.
// It needs the note only for a cache of pages that we have turned off.
const forget = () => {
  try {
    sessionStorage.removeItem("htmx-current-path-for-history");
  } catch {
    // A browser that forbids storage has kept nothing.
  }
};
forget();
document.body.addEventListener("htmx:pushedIntoHistory", forget);
document.body.addEventListener("htmx:replacedInHistory", forget);

if (link) {
  const leave = () => {
    document.title = "";
    document.body.replaceChildren();
    window.location.replace(link.href);
  };

  link.addEventListener("click", (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    leave();
  });

  let last = 0;
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || event.repeat) return;
      const now = Date.now();
      if (now - last < 1000) leave();
      last = now;
    },
    true,
  );
}

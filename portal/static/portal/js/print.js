// Buttons with data-print open the print dialogue; data-print="large" prints in large letters.
// They are hidden until this has run: without script the browser's own menu prints.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const had = document.body.classList.contains("large-print");
    document.body.classList.toggle("large-print", had || button.dataset.print === "large");
    window.addEventListener(
      "afterprint",
      () => document.body.classList.toggle("large-print", had),
      { once: true },
    );
    window.print();
  });
}

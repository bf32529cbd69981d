// "Near me": fills the hidden lat and lon of the form and sends it. The place is rounded to two
// decimals (about a kilometre) before it leaves the device: enough to sort by distance.
for (const button of document.querySelectorAll("[data-near-me]")) {
  if (!("geolocation" in navigator)) continue;
  const form = button.form ?? button.closest("form");
  const status = form?.querySelector("[data-near-me-status]");
  if (!form?.elements.lat || !form.elements.lon) continue;

  const say = (text) => { if (status) status.textContent = text ?? ""; };
  button.hidden = false;
  button.addEventListener("click", () => {
    say(button.dataset.waiting);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lat.value = coords.latitude.toFixed(2);
        form.elements.lon.value = coords.longitude.toFixed(2);
        form.requestSubmit();
      },
      () => say(button.dataset.failed),
      { maximumAge: 600000, timeout: 10000 },
    );
  });
}

/* Compare: a method that takes long on this window is asked for by its button; the address keeps it. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const listed = (text) => (text || "").split(",").filter(Boolean);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ask]");
    if (!button) return;
    B.go({ask: [...new Set([...listed(B.read().ask), button.dataset.ask])].join(",")});
  });
})();

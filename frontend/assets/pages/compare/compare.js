/* Compare on long windows: what takes a worker is asked for by a click. The address says of which window: `?ask=8318:shift_mask`. */
(function () {
  const B = (window.beatlens = window.beatlens || {});

  const here = () => B.page() === "compare";
  const asked = (state) => { const [at, names] = (state.ask || "").split(":"); return at === state.at && names ? names.split(",") : []; };

  (B.viewExtras = B.viewExtras || []).push((page) => { const {ask} = B.read(); return page === "compare" && ask ? {ask} : {}; });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-compute]"), state = B.read();
    if (!button || !here()) return;
    const names = [...new Set([...asked(state), button.dataset.compute])];
    B.go({ask: state.at + ":" + names.join(",")});
  });
})();

/* A click that cannot be taken back, or takes much with it, is asked about first: what an element's data-sure says it will do.

   data-sure="3 beats are still to be read."   data-sure-title="Close the session?"   data-sure-yes="Close it" */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  let passing = null; // the button that was confirmed just now

  document.addEventListener("click", async (event) => {
    const button = event.target.closest && event.target.closest("[data-sure]");
    if (!button || button === passing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const {sure, sureTitle, sureYes} = button.dataset;
    if (!(await B.ask({title: sureTitle, words: sure, yes: sureYes})) || !button.isConnected) return;
    passing = button;
    button.click();
    passing = null;
  }, true);
})();

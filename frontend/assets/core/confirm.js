/* A click that cannot be taken back, or takes much with it, is asked about first: what an element's data-sure says it will do.

   data-sure="3 beats are still to be read."   data-sure-title="Close the session?"   data-sure-yes="Close it" */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  let passing = null; // the button that was confirmed just now

  function element(kind, made, ...inside) {
    const found = Object.assign(document.createElement(kind), made);
    found.append(...inside);
    return found;
  }

  /* Whether it is to be done: true, or false for Escape, Cancel and a click beside. */
  B.sure = function (title, words, yes) {
    return new Promise((resolve) => {
      const go = element("button", {className: "btn pri", value: "yes", textContent: yes}), not = element("button", {className: "btn", value: "", textContent: "Cancel", autofocus: true});
      const text = element("p", {className: "w", textContent: words}), row = element("div", {className: "row g8"}, element("span", {className: "sp"}), not, go);
      const form = element("form", {method: "dialog", className: "stack"}, element("h2", {className: "b", textContent: title}), text, row);
      const dialog = element("dialog", {className: "sure"}, form), before = document.activeElement;
      dialog.setAttribute("aria-label", title);
      dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(""); });
      dialog.addEventListener("keydown", (event) => event.stopPropagation()); // no key of the page behind it
      dialog.addEventListener("close", () => { dialog.remove(); if (before && before.isConnected) before.focus(); resolve(dialog.returnValue === "yes"); });
      document.body.append(dialog);
      dialog.showModal();
    });
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest && event.target.closest("[data-sure]");
    if (!button || button === passing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const {sure, sureTitle, sureYes} = button.dataset;
    if (!(await B.sure(sureTitle || button.textContent + "?", sure, sureYes || button.textContent)) || !button.isConnected) return;
    passing = button;
    button.click();
    passing = null;
  }, true);
})();

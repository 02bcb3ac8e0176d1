/* An error in words, in the place of what cannot be shown. */
(function () {
  const B = (window.beatlens = window.beatlens || {});

  /* An error in words, with what would have worked as buttons. */
  B.problem = function (error) {
    const box = document.createElement("div"), words = document.createElement("div"), row = document.createElement("div");
    box.className = "part-error state";
    box.setAttribute("role", "status");
    words.className = "m w";
    words.textContent = error.detail;
    row.className = "row g8 wrap";
    if (["lead", "model", "at", "target"].includes(error.field)) {
      (error.options || []).slice(0, 6).forEach((option) => {
        const button = document.createElement("button");
        button.className = "btn sm";
        button.textContent = "Use " + option;
        button.onclick = () => B.go({[error.field]: option});
        row.append(button);
      });
    }
    if (error.retry) {
      const button = document.createElement("button");
      button.className = "btn sm";
      button.textContent = "Try again";
      button.onclick = () => B.view.refresh();
      row.append(button);
    }
    if (error.worklist) {
      const button = document.createElement("button");
      button.className = "btn";
      button.textContent = "Worklist";
      button.onclick = () => B.go({}, {page: "worklist", push: true, fresh: true});
      row.append(button);
    }
    const title = document.createElement("div");
    title.className = "state-title" + (error.field || error.retry || error.title === undefined ? " warn" : "");
    title.textContent = error.title || "This cannot be shown";
    box.append(title, words, row);
    return box;
  };
})();

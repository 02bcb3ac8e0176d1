/* Compare: groups of methods are unfolded and folded; what takes long on this window is asked for by its button.
   Both stand in the address, so that a neighbour is shown alike. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const actions = (window.beatlensActions = window.beatlensActions || []), parts = (window.beatlensParts = window.beatlensParts || []);
  const listed = (text) => (text || "").split(",").filter(Boolean);

  /* The heads of groups that the model has methods for, in their order. */
  const heads = () => [...document.querySelectorAll(".group:not([hidden]) [data-group]")];
  /* As the address says, which knows it before the heads are drawn anew; as they were drawn where it says nothing. */
  function isOpen(head) {
    const {open} = B.read();
    return open ? listed(open).includes(head.dataset.group) : head.getAttribute("aria-expanded") === "true";
  }
  function fold(head, open) {
    const names = heads().filter((one) => (one === head ? open : isOpen(one))).map((one) => one.dataset.group);
    B.go({open: names.length ? names.join(",") : "none"});
  }

  document.addEventListener("click", (event) => {
    const head = event.target.closest("[data-group]"), button = event.target.closest("[data-compute]");
    if (head) fold(head, !isOpen(head));
    else if (button) B.go({ask: [...new Set([...listed(B.read().ask), button.dataset.compute])].join(",")});
  });

  /* The next one that is folded, or the last that is not: into sight, and the keyboard stands on it, also once it has been drawn anew. */
  function turn(found, open, none) {
    if (!found) { B.say(none); return; }
    const name = found.dataset.group;
    fold(found, open);
    stand(name);
    parts.push({name: "group-" + name, shown: function redrawn() {
      parts.splice(parts.findIndex((one) => one.shown === redrawn), 1);
      requestAnimationFrame(() => setTimeout(() => { if (document.activeElement === document.body) stand(name); }, 0));
    }});
  }
  function stand(name) {
    const head = document.querySelector(`[data-group="${name}"]`);
    if (!head) return;
    head.focus({preventScroll: true});
    head.scrollIntoView({block: "nearest"});
  }
  actions.push(
    {id: "unfold-group", keys: ["m"], words: "unfold the next group of methods", pages: ["compare"], run: () => turn(heads().find((head) => !isOpen(head)), true, "All groups are unfolded")},
    {id: "fold-group", keys: ["shift+m"], words: "fold the last group of methods", pages: ["compare"], run: () => turn(heads().filter(isOpen).pop(), false, "All groups are folded")},
  );
})();

/* Keys and clicks that need no server. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const REPEAT = 110; // ms between steps while a key is held
  let lastStep = 0;

  const actions = (window.beatlensActions = window.beatlensActions || []), parts = (window.beatlensParts = window.beatlensParts || []);
  const DESK = B.pagesAbout("window");

  function step(event, direction, same) {
    if (event.repeat && Date.now() - lastStep < REPEAT) return;
    lastStep = Date.now();
    B.step(direction, same);
  }

  /* The methods that digits choose from: those that can explain the model in view, as its panels say. */
  const offered = () => (B.view.data("maps") || B.view.data("head") || {}).methods || [];
  function choose(slot, digit) {
    const found = offered(), entry = found[digit - 1];
    if (!entry) { B.say(found.length ? "There are " + found.length + " methods" : "The methods are not there yet"); return; }
    if (B.page() === "compare") B.go({[slot]: entry.method}, {page: "desk", push: true});
    else B.go({[slot]: entry.method});
    B.say(slot.toUpperCase() + "  " + entry.title);
  }

  /* The output, then each class in turn. */
  function target() {
    const known = B.view.data("output") || B.view.data("head");
    if (!known) return;
    const order = [null, ...known.classes.map((entry) => entry.symbol)], next = order[(order.indexOf(B.read().target || null) + 1) % order.length];
    B.go({target: next});
    B.say("Explained: " + (next === null ? "the model's output" : known.classes.find((entry) => entry.symbol === next).name));
  }

  /* Model, reference and readers out of sight, until the key is pressed again; a reload keeps it so. */
  function hide() {
    const hidden = document.documentElement.toggleAttribute("data-hidden");
    sessionStorage.setItem("beatlens-hidden", hidden ? "yes" : "");
    B.say(hidden ? "Model, reference and readers are hidden" : "Model, reference and readers are shown");
  }
  if (sessionStorage.getItem("beatlens-hidden")) document.documentElement.setAttribute("data-hidden", "");

  const digits = (slot, mark) => Array.from({length: 9}, (_, i) => (
    {id: "method-" + slot + "-" + (i + 1), keys: [mark + (i + 1)], words: "method " + slot.toUpperCase() + ", number " + (i + 1), pages: DESK, group: "Methods", hidden: true, run: () => choose(slot, i + 1)}));
  const choices = {b: digits("b", ""), a: digits("a", "shift+")};
  actions.push(...choices.b, ...choices.a);
  const named = () => Object.entries(choices).forEach(([slot, of]) => of.forEach((action, i) => {
    const entry = offered()[i];
    Object.assign(action, {words: entry ? slot.toUpperCase() + ": " + B.uncapital(entry.title) : "", hidden: !entry});
  }));
  ["maps", "head"].forEach((name) => parts.push({name, shown: named}));

  actions.push(
    {id: "target", keys: ["t"], words: "next class to explain", pages: DESK, run: target},
    {id: "hide", keys: ["h"], words: "hide model, reference and readers", pages: ["desk", "rhythm"], run: hide},
    {id: "next", repeats: true, keys: ["j", "arrowright"], words: "next beat", pages: DESK, run: (event) => step(event, 1, false)},
    {id: "previous", repeats: true, keys: ["k", "arrowleft"], words: "previous beat", pages: DESK, run: (event) => step(event, -1, false)},
    {id: "next-same", repeats: true, keys: ["shift+j"], words: "next beat of this class", pages: DESK, run: (event) => step(event, 1, true)},
    {id: "previous-same", repeats: true, keys: ["shift+k"], words: "previous beat of this class", pages: DESK, run: (event) => step(event, -1, true)},
  );

  document.addEventListener("click", (event) => {
    const near = (selector) => event.target.closest(selector);
    if (near("#next-beat")) B.step(1, false);
    else if (near("#previous-beat")) B.step(-1, false);
    else if (near("[data-again]")) B.askAgain(near("[data-again]").dataset.again);
    else if (near("[data-method][data-slot]")) B.go({[near("[data-slot]").dataset.slot]: near("[data-method]").dataset.method});
    else if (near("[data-target]")) B.go({target: near("[data-target]").dataset.target});
    else if (near("[data-score]")) B.go({score: near("[data-score]").dataset.score});
    else if (near("#share-copy")) copy(near("#share-copy"));
  });

  function copy(button) {
    const field = document.getElementById("share-url");
    const done = () => { button.lastChild.textContent = "Copied"; };
    field.select();
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(done, () => document.execCommand("copy") && done());
    else if (document.execCommand("copy")) done();
  }

  C.theme = {
    toggle: (clicks, theme) => (clicks ? (theme === "dark" ? "light" : "dark") : C.no_update),
    apply: function (theme) {
      const name = theme === "dark" ? "dark" : "light";
      document.documentElement.dataset.theme = name;
      const mark = document.querySelector("#theme-toggle .icon");
      if (mark) mark.className = "icon icon-" + (name === "dark" ? "sun" : "moon");
      return name;
    },
  };
})();

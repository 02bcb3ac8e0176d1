/* The list of maps on the rhythm page: chosen by a digit or a click; what was judged on this window is remembered beside its row. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const parts = (window.beatlensParts = window.beatlensParts || []);
  const actions = (window.beatlensActions = window.beatlensActions || []);
  const judged = new Map(); // window and method → the verdict in words
  let methods = [];

  const onPage = () => B.page() === "rhythm";
  const key = (view, method) => [view.record, view.at, view.lead, view.model, view.target, method].join("|");

  function remember(data, view) {
    const on = document.querySelector("#rhythm-methods .method-row.on");
    if (data.verdict && on) judged.set(key(view, on.dataset.rhythmMethod), data.verdict);
    document.querySelectorAll("#rhythm-methods .method-row:not(.on)").forEach((row) => {
      const found = judged.get(key(view, row.dataset.rhythmMethod)), place = row.querySelector(".rhythm-price");
      if (found && place) { place.textContent = found.words; place.className = "tag rhythm-price" + (found.verdict === "holds up" ? "" : " w"); }
    });
  }

  parts.push({name: "methods", shown(data, view) {
    if (!data) return;
    methods = data.methods;
    requestAnimationFrame(() => requestAnimationFrame(() => remember(data, view))); // once the rows stand in the page
  }});

  function choose(name) { if (name) B.go({a: name}); }
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-rhythm-method]");
    if (row && onPage() && !row.disabled) choose(row.dataset.rhythmMethod);
  });
  const all = () => [...document.querySelectorAll("#rhythm-methods .method-row")];
  Array.from({length: 9}, (_, i) => actions.push({id: "rhythm-map-" + (i + 1), keys: [String(i + 1)], words: "map number " + (i + 1), group: "Methods", pages: ["rhythm"], hidden: i > 5, when: onPage, run() {
    const row = all()[i];
    if (!row) B.say("There are " + methods.length + " maps of this model");
    else if (row.disabled) B.say(row.title);
    else choose(row.dataset.rhythmMethod);
  }}));
})();

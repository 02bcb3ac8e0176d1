/* The gallery: choosing a group, its dots, its mean map, and labelling all of it. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const EDGE = 2; // px that a tile's frame needs
  const MANY = 200; // beats that are labelled without a question
  const MANY_DOTS = 6000; // of which each is still seen
  let where = null, data = null, found = null, plots = null, owner = new Map(), chosen = null, label = null, maps = null;

  const by = (id) => document.getElementById(id);
  const onPage = () => B.page() === "gallery";
  const number = (value) => value.toLocaleString("en");
  const minus = (text) => String(text).replace("-", "−");
  const beats = (n) => number(n) + " " + ((data && data.noun) || "beat") + (n === 1 ? "" : "s");
  const short = (code) => (data.short || {})[code] || (B.labels[code] || {short: code}).short;
  const tiles = () => [...document.querySelectorAll("#gallery-tiles .tile")];
  const key = () => B.queues.key(data);

  /* Choosing: a group by its tile, or whatever a lasso holds. */
  function choose(next, label0) {
    chosen = next;
    tiles().forEach((tile, i) => { tile.classList.toggle("on", next.index === i); tile.setAttribute("aria-pressed", String(next.index === i)); });
    pick(label0);
    darken(next.at);
    by("bulk-count").textContent = next.index === null ? beats(next.at.length) + " in the lasso" : beats(next.at.length) + " selected";
    by("bulk-output").textContent = next.selected;
    tell();
  }

  function chooseGroup(index) {
    const group = data.groups[index];
    if (!group) return;
    choose({index, key: group.key, title: group.title, at: group.at, selected: group.selected, words: group.words}, group.reader || group.reference);
    show(tiles()[index]);
  }

  function chooseLasso(indices) {
    if (!indices.length) { if (data.groups.length) chooseGroup(chosen && chosen.index !== null ? chosen.index : 0); return; }
    const samples = indices.map((i) => found.beats.at[i]), counts = new Map();
    indices.forEach((i) => { const said = found.beats.output[i]; if (said) counts.set(said, (counts.get(said) || 0) + 1); });
    const said = [...counts].sort((a, b) => b[1] - a[1]), list = said.slice(0, 4).map(([symbol, n]) => short(symbol) + " " + number(n)).join(", ");
    const words = `${beats(samples.length)} of ${number(found.beats.at.length)} lie in the lasso.` + (list ? ` Output: ${list}.` : "");
    const references = new Set(indices.map((i) => found.beats.reference[i])); // what a mixed selection is called nobody says for the reader
    choose({index: null, key: "lasso", title: "Lasso", at: samples, selected: list ? "output " + list : "no output", words}, references.size === 1 ? [...references][0] : null);
  }

  /* What a label will change is in sight; how many groups lie above and below is said. */
  function show(tile) {
    const box = by("gallery-tiles");
    if (!tile || !box) return;
    const above = tile.offsetTop - box.offsetTop - box.scrollTop, below = above + tile.offsetHeight - box.clientHeight;
    if (above < 0) box.scrollTop += above - EDGE;
    else if (below > 0) box.scrollTop += below + EDGE;
    more();
  }
  function more() {
    const box = by("gallery-tiles"), {top, bottom} = box.getBoundingClientRect(), button = by("gallery-more");
    const boxes = tiles().map((tile) => tile.getBoundingClientRect()), middle = (one) => (one.top + one.bottom) / 2;
    const left = {below: boxes.filter((one) => middle(one) > bottom).length, above: boxes.filter((one) => middle(one) < top).length};
    const side = left.below ? "below" : "above";
    button.hidden = !left[side];
    button.dataset.side = side;
    button.textContent = `${left[side]} more ${left[side] === 1 ? "group" : "groups"} ${side}`;
  }

  function darken(samples) {
    if (!plots || !found) return;
    const indices = samples.map((sample) => found.index.get(sample)).filter((i) => i !== undefined);
    plots.forEach((plot) => plot.choose(indices));
  }

  /* What stands in words: the numbers of the choice, and where its mean map is largest. */
  function tell() {
    const map = maps && chosen.index !== null ? maps.maps[chosen.index] : null;
    by("gallery-words").textContent = chosen.words + (map && map.relevance ? " " + strongest(B.means.row(map), map.n) : "");
  }
  function strongest(row, n) {
    let at = 0;
    row.forEach((value, i) => { if (Math.abs(value) > Math.abs(row[at])) at = i; });
    const ms = Math.round(at * maps.step - maps.before), side = ms < 0 ? "before" : "after";
    if (!row[at]) return "";
    const place = data.places ? `at ${(ms / 1000).toFixed(2)} s` : `${Math.abs(ms)} ms ${side} R`;
    return `The mean of ${B.uncapital(data.title)} over ${beats(n)} is largest ${place}: ${minus(row[at].toFixed(2))} ${maps.unit}.`;
  }

  /* Dots: hover names the beat and shows its group, a click opens it, a lasso chooses. */
  function told(radius, pale) {
    return {radius, pale, lasso: (indices) => { lasso(false); chooseLasso(indices); }, click: (i) => openBeat(found.beats.at[i]),
      hover: (i, event) => {
        const tip = by("gallery-tip"), index = i === null ? undefined : owner.get(found.beats.at[i]);
        tiles().forEach((tile, at) => tile.classList.toggle("near", at === index));
        tip.hidden = i === null;
        if (i === null) return;
        const b = found.beats, ms = (value) => (value === null ? "–" : Math.round(value));
        const rr = data.places ? "" : ` · RR ${ms(b.rr[i])}, ${ms(b.after[i])} ms`, said = (code, none) => (code ? short(code) : none);
        tip.textContent = `${B.queues.clock(b.time[i])}${rr} · ${said(b.reference[i], "no reference")} → ${said(b.output[i], "no output")}`;
        tip.style.left = Math.min(event.clientX + 12, window.innerWidth - tip.offsetWidth - 8) + "px";
        tip.style.top = event.clientY + 14 + "px";
      }};
  }

  function draw() {
    if (!plots || !document.body.contains(plots[0].canvas)) plots = [B.dots("poincare", told([1.5, 2.1], 0.16)), B.dots("tachogram", told([1.2, 1.7], 0.2))];
    const b = found.beats, symbol = b.at.map((_, i) => found.classOf(i)), open = found.index.get(Number(B.read().at));
    const ofBeats = !data.places, colours = data.colours, thin = Math.min(1, Math.sqrt(MANY_DOTS / Math.max(1, symbol.length)));
    plots.forEach((plot) => plot.thin(thin));
    plots[0].show({x: ofBeats ? b.rr : [], y: ofBeats ? b.after : [], symbol: ofBeats ? symbol : [], colours}, open, false);
    plots[1].show({x: b.time, y: ofBeats ? b.rr : b.margin, symbol, colours}, open, true);
    describe();
  }

  function describe() {
    const n = found.beats.at.length;
    by("poincare-words").setAttribute("aria-label", `Poincaré plot: RR after over RR before of ${beats(n)}, in ms.`);
    const over = data.places ? "Margin over time: largest probability minus the second, of each of" : "Tachogram: RR before each of";
    by("tachogram-words").setAttribute("aria-label", `${over} ${beats(n)} over the whole record${data.places ? "" : ", in ms"}.`);
  }

  function lasso(on) {
    const button = by("lasso");
    if (!button || !plots) return;
    const next = on === undefined ? button.getAttribute("aria-pressed") !== "true" : on;
    button.setAttribute("aria-pressed", String(next));
    plots.forEach((plot) => plot.lasso(next));
    if (next) B.say("Draw around dots in either plot");
  }

  /* What the server handed over, its long columns as lists. */
  const unpacked = (next) => Object.assign({}, next, {groups: next.groups.map((group) => B.columns(group)), places: B.columns(next.places)});

  const openBeat = (beat) => B.go({at: beat}, {page: "desk", push: true});
  function openFirst() {
    if (!chosen || !chosen.at.length) return;
    sessionStorage.setItem("beatlens-group", JSON.stringify({key: key(), title: chosen.title, at: chosen.at}));
    sessionStorage.setItem("beatlens-queue", "group");
    openBeat(Math.min(...chosen.at));
  }

  /* Labelling all chosen beats, as one step. */
  function pick(next) {
    label = next;
    document.querySelectorAll("#bulk-chips .pick").forEach((chip) => {
      const on = chip.dataset.pick === next;
      chip.classList.toggle("on", on);
      chip.setAttribute("aria-pressed", String(on));
    });
    const count = chosen ? chosen.at.length : 0;
    by("bulk-words").textContent = label && count ? `Label ${beats(count)} as ${B.letters(label)}` : "Choose a label";
    by("bulk-label").disabled = !label || !count || !(B.readings && B.readings.label);
  }
  async function commit() {
    if (by("bulk-label").disabled) { if (chosen && !label) B.say("Choose a label first"); return; }
    const {at: samples, title} = chosen, as = label, name = short(as), record = data.record;
    const left = samples.filter((sample) => B.queues.read(sample) !== as), others = left.filter((sample) => B.queues.read(sample)).length;
    const words = `${title}: your reading of ${beats(left.length)} becomes ${name}.${others ? ` ${beats(others)} of them you have read as something else.` : ""} It is one step and can be undone.`;
    if (left.length > MANY && !(await B.ask({title: `Label ${beats(left.length)} as ${name}?`, words, yes: `Label ${beats(left.length)}`}))) return;
    if (!onPage() || data.record !== record) return;
    B.readings.label(samples, as);
    if (left.length) B.say(`${beats(left.length)} labelled ${B.letters(as)}`, {words: "Undo", run: B.undo});
    else B.say(`Already labelled ${B.letters(as)}`);
  }

  document.addEventListener("click", (event) => {
    const near = (selector) => event.target.closest(selector);
    if (!onPage()) return;
    if (near("[data-by]")) B.go({by: near("[data-by]").dataset.by});
    else if (near(".tile")) chooseGroup(Number(near(".tile").dataset.group));
    else if (near("[data-pick]")) pick(near("[data-pick]").dataset.pick);
    else if (near("#bulk-label")) commit();
    else if (near("#gallery-more")) { const box = by("gallery-tiles"); box.scrollTop += (near("#gallery-more").dataset.side === "below" ? 1 : -1) * box.clientHeight; }
    else if (near("#lasso")) lasso();
  });
  document.addEventListener("scroll", (event) => { if (event.target.id === "gallery-tiles") more(); }, true);
  window.addEventListener("resize", () => { if (onPage() && by("gallery-more")) more(); });
  document.addEventListener("focusin", (event) => {
    const tile = event.target.classList && event.target.classList.contains("tile") ? event.target : null;
    if (tile && onPage() && chosen && chosen.index !== Number(tile.dataset.group)) chooseGroup(Number(tile.dataset.group));
  });
  document.addEventListener("pointerover", (event) => {
    if (!onPage() || !data || !chosen) return;
    const tile = event.target.closest && event.target.closest(".tile");
    darken(tile ? data.groups[Number(tile.dataset.group)].at : chosen.at);
  });
  document.addEventListener("change", (event) => { if (event.target.id === "gallery-method") B.go({b: event.target.value}); });
  document.addEventListener("beatlens:readings", () => { if (onPage() && data && data.by === "reader") again(); });

  /* A reader's labels have changed: their groups are asked for anew. */
  let soon = null;
  function again() {
    clearTimeout(soon);
    soon = setTimeout(() => { if (onPage()) B.set("gallery-state", {data: Object.assign({}, where, {again: Date.now()})}); }, 400);
  }

  function move(direction) {
    const all = tiles(), at = chosen && chosen.index !== null ? chosen.index : -1, next = all[Math.max(0, Math.min(all.length - 1, at + direction))];
    if (next) { next.focus({preventScroll: true}); show(next); }
  }

  const pages = ["gallery"];
  const actions = (window.beatlensActions = window.beatlensActions || []);
  actions.push(
    {id: "group-next", repeats: true, keys: ["arrowright", "j"], words: "next group", pages, run: () => move(1)},
    {id: "group-previous", repeats: true, keys: ["arrowleft", "k"], words: "previous group", pages, run: () => move(-1)},
    {id: "group-open", keys: ["enter"], words: "open the group's first beat", pages, when: () => onPage() && !document.activeElement.closest("button, a"), run: openFirst},
    {id: "lasso", keys: ["s"], words: "lasso", pages, run: () => lasso()},
    {id: "bulk-label", keys: ["mod+enter"], words: "label all chosen beats", needs: "annotator", pages, run: commit},
  );
  /* Keys are those of the vocabulary in which the windows are read; what can be said of anything keeps its own. */
  function pickKey(letter, symbol) {
    const offered = (data && B.vocabularies[data.vocabulary]) || [], found = offered.find((one) => one.key === letter);
    if (found || !offered.length || data.vocabulary === "mitbih") pick(found ? found.code : symbol);
    else B.say(`No label of these ${data.noun}s has this key`);
  }
  Object.entries(B.labels).filter(([, {key}]) => key).forEach(([symbol, {key: letter}]) =>
    actions.push({id: "bulk-" + letter, keys: [letter], words: "choose the label " + symbol, pages, hidden: true, needs: "annotator", run: () => chosen && pickKey(letter, symbol)}));
  actions.push({id: "gallery", keys: ["g"], words: "gallery", pages: ["desk", "compare"], run: () => B.go({}, {page: "gallery", push: true})});

  C.gallery = {
    look: function (search, viewport) {
      if (!onPage()) return C.no_update;
      const state = B.read(search || "");
      const next = {record: state.record || null, lead: state.lead || null, model: state.model || null, by: state.by || "reference_and_model",
        method: B.methodText("b"), width: viewport ? viewport.width : window.innerWidth, height: window.innerHeight};
      if (B.same(next, where) && data && by("gallery-tiles").childElementCount) return C.no_update;
      where = next;
      return B.prepared(next) ? next : B.prepare(next).then(() => (where === next ? next : C.no_update));
    },
    filled: async function (next) {
      if (!next || !onPage()) return undefined;
      const mine = (data = unpacked(next));
      maps = null;
      if (B.readings) B.readings.places = data.places ? Object.assign({page: "gallery", record: data.record, vocabulary: data.vocabulary}, data.places) : null;
      owner = new Map(data.groups.flatMap((group, index) => group.at.map((sample) => [sample, index])));
      if (data.again) { const waiting = where; setTimeout(() => { if (where === waiting && onPage()) { where = null; B.set("gallery-state", {data: waiting}); where = waiting; } }, data.again * 1000); }
      if (!data.record) return undefined;
      const before = chosen && chosen.index !== null ? data.groups.findIndex((group) => group.key === chosen.key) : -1;
      try { found = await B.queues.get({record: data.record, lead: data.lead, model: data.model}); } catch (error) { return undefined; }
      if (data !== mine || !onPage()) return undefined;
      draw();
      if (data.groups.length) { chooseGroup(Math.max(0, before)); B.means.show(data, (answer) => { maps = answer; tell(); }); }
      else choose({index: null, key: "", title: "", at: [], selected: "", words: ""}, null);
      more();
      return undefined;
    },
  };
})();

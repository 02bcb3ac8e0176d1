/* The queue at the foot of the desk: which beats, in which order, and only those cards that are in sight. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const PATIENCE = 300; // ms without beats before it is said
  const PITCH = 103, AHEAD = 3; // px from card to card; cards left of the open beat
  const TABS = {disagreements: "Disagreements", uncertain: "Uncertain", class: "Same class", unlabelled: "Unlabelled", all: "All"};
  const ORDERS = {time: "in time order", margin: "smallest margin first"};
  let where = null, found = null, name = "disagreements", order = "time", list = [], place = new Map();

  const by = (id) => document.getElementById(id);
  const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[c]);
  const chip = (symbol) => (symbol ? `<span class="chip xs" data-symbol="${escape(symbol)}" title="${escape(symbol)}" style="background:${B.colourOf(symbol)}">${escape(B.letters(symbol))}</span>` : '<span class="f">–</span>');
  const number = (value) => value.toLocaleString("en");
  const open = () => Number(B.read().at);
  const hidden = () => document.documentElement.hasAttribute("data-hidden"); // the reader wants to see none of the answers

  /* What each tab holds: samples, in the order in which the service gave them. */
  function tabs() {
    const held = (wanted) => found.queues.find((queue) => queue.name === wanted).at;
    const at = found.index.get(open()), same = at === undefined ? null : found.classOf(at);
    const ofClass = found.queues.find((queue) => queue.name === "class" && queue.symbol === same);
    const left = found.beats.at.filter((sample) => !B.queues.read(sample));
    const all = [
      ["disagreements", TABS.disagreements, held("disagreements")],
      ["uncertain", TABS.uncertain, held("uncertain")],
      ["class", TABS.class, ofClass ? ofClass.at : [], same && !hidden() ? chip(same) : ""],
      ["unlabelled", TABS.unlabelled, left],
      ["all", TABS.all, found.beats.at],
    ];
    const group = chosenGroup();
    if (group) all.unshift(["group", group.title, group.at]);
    return all;
  }

  /* The group that was opened from the gallery. */
  function chosenGroup() {
    try {
      const group = JSON.parse(sessionStorage.getItem("beatlens-group"));
      return group && group.at && group.key === B.queues.key(where) ? group : null;
    } catch (error) { return null; }
  }

  function sorted(samples) {
    if (order === "time") return samples.slice().sort((a, b) => a - b);
    const margin = (sample) => { const value = found.beats.margin[found.index.get(sample)]; return value === null ? 2 : value; };
    return samples.slice().sort((a, b) => margin(a) - margin(b) || a - b);
  }

  function choose(wanted) {
    const all = tabs();
    const entry = all.find(([id]) => id === wanted) || all.find(([, , samples]) => samples.length) || all[all.length - 1];
    name = entry[0];
    list = sorted(entry[2]);
    place = new Map(list.map((sample, i) => [sample, i]));
    sight = null;
    tabsAndOrder(all);
    reveal();
  }

  /* Markup is written only where it differs: what is written is laid out anew, and loses the focus. */
  const written = new WeakMap(); // element → its markup
  function write(element, markup) {
    if (written.get(element) === markup && element.firstChild) return;
    element.innerHTML = markup;
    written.set(element, markup);
  }

  function tabsAndOrder(all) {
    const bar = by("queue-tabs");
    if (!bar) return;
    write(bar, all.map(([id, words, samples, mark]) =>
      `<button data-queue="${id}" aria-pressed="${id === name}" class="${id === name ? "on" : ""}">${escape(words)}${mark || ""} ${number(samples.length)}</button>`).join(""));
    write(by("queue-order-place"), `<select id="queue-order" class="sel" aria-label="Order of the queue">` +
      Object.entries(ORDERS).map(([id, words]) => `<option value="${id}"${id === order ? " selected" : ""}>${words}</option>`).join("") + "</select>");
    by("queue-run").style.width = list.length ? list.length * PITCH - 8 + "px" : "100%";
  }

  function draw() {
    tabsAndOrder(tabs());
    cards();
  }

  let sight = null; // px of the cards' box that are in sight: asking the page at every step would lay it out anew
  const inSight = (box) => (sight = sight && sight.box === box ? sight : {box, left: box.scrollLeft, width: box.clientWidth});

  /* The cards in sight, and one more at either end. */
  function cards() {
    const box = by("queue-cards"), run = by("queue-run");
    if (!box || !run || !found) return;
    if (!list.length) { say(empty()); tell(); return; }
    const {left, width} = inSight(box), first = Math.max(0, Math.floor(left / PITCH) - 1);
    const last = Math.min(list.length, Math.ceil((left + width) / PITCH) + 1);
    const seen = list.slice(first, last);
    lay(run, seen.map((sample, i) => card(sample, first + i)));
    found.thumbs.wanted(seen, cards);
    tell();
  }

  /* One card's markup after the other into the run; where they are as many as stand there, only those that differ. */
  let laid = []; // markup of the cards that stand there
  function lay(run, markup) {
    if (run.children.length !== markup.length || laid.length !== markup.length) run.innerHTML = markup.join("");
    else markup.forEach((one, i) => { if (one !== laid[i]) run.children[i].outerHTML = one; });
    laid = markup;
  }
  /* Words in place of the cards. */
  function say(words, role = "") {
    laid = [];
    by("queue-run").innerHTML = words && `<p class="m queue-empty"${role}>${escape(words)}</p>`;
  }

  function empty() {
    if (found.note) return found.note;
    if (name === "disagreements" && !found.beats.reference.some(Boolean)) return "No reference to disagree with: the beats come from a detector.";
    return "Nothing is left in this queue.";
  }

  function card(sample, at) {
    const i = found.index.get(sample), beats = found.beats, on = sample === open(), reading = B.queues.read(sample);
    const margin = beats.margin[i], clock = B.queues.clock(beats.time[i]);
    const right = reading ? '<span class="icon icon-check" aria-hidden="true"></span>'
      : `<span class="${on ? "b" : "m"}">${margin === null ? "–" : margin.toFixed(2)}</span>`;
    const words = hidden() ? clock : [clock, "reference " + (beats.reference[i] || "none"), "output " + (beats.output[i] || "none"),
      margin === null ? "no margin" : "margin " + margin.toFixed(2), reading ? "read as " + reading : "not read"].join(", ");
    return `<button class="queue-card${on ? " on" : ""}${reading ? " read" : ""}" style="left:${at * PITCH}px" data-beat="${sample}" aria-label="${escape(words)}"${on ? ' aria-current="true"' : ""}>
      <span class="row g4 xs"><span class="row">${chip(beats.reference[i])}</span><span class="f">→</span><span class="row">${chip(beats.output[i])}</span><span class="sp"></span>${right}</span>
      ${thumb(found.thumbs.of(sample))}<span class="xs f">${clock}</span></button>`;
  }

  /* A beat on its own scale; a gap stays open. */
  function thumb(trace) {
    const w = 83, h = 42, known = (trace || []).filter((value) => value !== null);
    if (!known.length) return `<svg width="${w}" height="${h}" aria-hidden="true"><path d="M3 ${h / 2}H${w - 3}" stroke="var(--line2)"/></svg>`;
    const low = Math.min(...known), range = Math.max(...known) - low || 1;
    let pen = "M";
    const path = trace.map((value, i) => {
      if (value === null) { pen = "M"; return ""; }
      const point = pen + (3 + (i / (trace.length - 1)) * (w - 6)).toFixed(1) + " " + (h - 5 - ((value - low) / range) * (h - 10)).toFixed(1);
      pen = "L";
      return point;
    }).join("");
    return `<svg width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" preserveAspectRatio="none" aria-hidden="true"><path vector-effect="non-scaling-stroke" d="${path}" fill="none" stroke="var(--trace)" stroke-width="1.1" stroke-linejoin="round"/></svg>`;
  }

  function tell() {
    const words = by("queue-position"), at = place.get(open());
    if (words) words.textContent = list.length ? (at === undefined ? "" : number(at + 1) + " of ") + number(list.length) : "";
    if (B.view) B.view.wanted = [neighbour(1), neighbour(-1)].filter((sample) => sample !== null);
  }

  /* Index in the queue at which the open beat stands, or would stand. */
  function current() {
    const beat = open(), at = place.get(beat);
    if (at !== undefined) return {at, inside: true};
    const next = order === "time" ? list.findIndex((sample) => sample > beat) : 0;
    return {at: next < 0 ? list.length : next, inside: false};
  }
  function neighbour(direction) {
    const {at, inside} = current(), next = inside ? at + direction : direction > 0 ? at : at - 1;
    return next >= 0 && next < list.length ? list[next] : null;
  }

  function reveal() {
    const box = by("queue-cards");
    if (!box || !found) return;
    const at = current().at, left = at * PITCH, seen = inSight(box);
    if (left < seen.left || left + PITCH - 8 > seen.left + seen.width) { box.scrollLeft = Math.max(0, left - AHEAD * PITCH); sight = null; }
    cards();
  }

  B.queue = {
    holds: (sample) => place.has(sample), // whether a beat stands in the queue that is shown
    step: function (direction) {
      const next = neighbour(direction);
      if (next !== null) B.go({at: next});
    },
  };

  async function look() {
    const state = B.read();
    if (!by("queue") || !state.record) return;
    const next = {record: state.record, lead: state.lead || null, model: state.model || null}, box = by("queue-run");
    if (where && found && B.queues.key(where) === B.queues.key(next) && box.dataset.key === B.queues.key(next)) {
      if (name === "class") choose(name); else { tabsAndOrder(tabs()); reveal(); }
      return;
    }
    where = next;
    found = null;
    pending();
    if (B.queues.waiting.has(B.queues.key(next))) computing(B.queues.waiting.get(B.queues.key(next)));
    try {
      await B.prepare(next);
      if (where !== next) return;
      const answer = await B.queues.get(next);
      if (where !== next || !by("queue-run")) return;
      found = answer;
      by("queue-run").dataset.key = B.queues.key(next);
      choose(chosenGroup() ? "group" : sessionStorage.getItem("beatlens-queue"));
    } catch (error) {
      if (where === next && by("queue-run")) say("The queue cannot be shown: " + error.message);
    }
  }

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-queue]"), beat = event.target.closest("#queue-run [data-beat]");
    if (tab) { sessionStorage.setItem("beatlens-queue", tab.dataset.queue); choose(tab.dataset.queue); }
    if (beat) B.go({at: Number(beat.dataset.beat)});
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "queue-order") { order = event.target.value; choose(name); }
  });
  document.addEventListener("scroll", (event) => { if (event.target.id === "queue-cards") requestAnimationFrame(() => { sight = null; cards(); }); }, true);
  /* Another lead's or model's beats are on their way: of those before, neither cards nor counts stay. */
  function pending() {
    say("");
    by("queue-position").textContent = "";
    write(by("queue-tabs"), Object.values(TABS).map((words) => `<button disabled>${words}</button>`).join(""));
    const mine = where;
    setTimeout(() => { if (where === mine && !found && by("queue-run") && !by("queue-run").firstChild) computing("Model output" + (where.lead ? " of " + where.lead : "") + " is being computed"); }, PATIENCE);
  }
  function computing(words) { if (!found && by("queue-run")) say(words, ' role="status"'); }
  document.addEventListener("beatlens:computing", (event) => { if (where && event.detail.key === B.queues.key(where)) computing(event.detail.words); });
  document.addEventListener("beatlens:readings", () => { if (found && by("queue")) draw(); });
  window.addEventListener("resize", () => { sight = null; if (found && by("queue")) cards(); });
  new MutationObserver(() => { if (found && by("queue")) draw(); }).observe(document.documentElement, {attributeFilter: ["data-hidden"]});

  const pages = ["desk"];
  (window.beatlensActions = window.beatlensActions || []).push(
    {id: "queue-next", repeats: true, keys: ["."], words: "next in the queue", pages, run: () => B.queue.step(1)},
    {id: "queue-previous", repeats: true, keys: [","], words: "previous in the queue", pages, run: () => B.queue.step(-1)},
  );

  document.addEventListener("beatlens:moved", look);
  C.queue = {look: function () { setTimeout(look, 0); return undefined; }};
})();

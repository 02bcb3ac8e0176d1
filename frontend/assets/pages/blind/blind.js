/* The reader's screen of an annotation session. What was decided is a step for B.sessions; what is shown comes from `_blind`, which
   knows of the model and the reference only what this reader may see by now. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const actions = (window.beatlensActions = window.beatlensActions || []);
  const AHEAD = 5; // beats fetched ahead, so that one can go on while the network is away
  const ORDER = ["first", "reveal", "final", "done"];
  const WORDS = {
    first: ["What is this beat?", "Read it before you see the model. Reference, model and other readers stay hidden until you commit.", "Commit and reveal the model"],
    open: ["What is this beat?", "The model's output is shown. What you commit stays; corrections are new entries.", "Commit"],
    reveal: ["The model is sealed", "Your reading is committed.", "Reveal the model"],
    done: ["Decided", "Both readings, their times and the reveal are logged.", "Next beat"],
  };
  const $ = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];

  let now = null; // the answer that is shown
  let staged = {}; // what the reader has chosen and not yet committed
  let since = 0; // when this step came into sight
  let bound = null; // {place} of a beat that is being fetched
  let coming = 0, busy = false, turned = 0;
  let leaving = false; // whether the reader went on from the last beat: its last step may still be on its way
  let ahead = new Map(); // place → its answer, fetched ahead

  const address = () => new URLSearchParams(location.search);
  const here = () => B.page() === "blind";

  function query(place, anew) {
    const asked = {session: address().get("session") || "", width: window.innerWidth, theme: document.documentElement.dataset.theme};
    if (B.ruler.measured()) asked.mm = B.ruler.mm().toFixed(4);
    if (place !== null && place !== undefined) asked.place = place;
    if (anew) asked.anew = "yes";
    return B.prefix + "_blind?" + new URLSearchParams(asked);
  }

  async function fetched(place, anew) {
    const answer = await fetch(query(place, anew)), body = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(body.detail), {told: true});
    return body;
  }

  /* Go to a place, or to the beat that waits; fetched ahead it needs no network. */
  async function go(place, anew) {
    const turn = ++coming, kept = !anew && ahead.get(place);
    bound = {place};
    try {
      const body = kept || (await fetched(place, anew));
      if (turn !== coming || !here()) return;
      show(body);
    } catch (error) {
      if (turn !== coming || !here()) return;
      if (now && now.item && now.item.position === place) { draw(); return; }
      instead("This beat cannot be shown now", error.told ? error.message : "The server does not answer. What you have read is kept in this browser.");
    } finally { if (turn === coming) bound = null; }
  }

  /* What is shown is not so any more; who is on the way to another beat stays on it. */
  const refresh = () => go(bound ? bound.place : now.item.position, true);

  function instead(title, words, link) {
    const place = $("blind-instead"), head = document.createElement("h1"), text = document.createElement("p"), back = document.createElement("button");
    head.textContent = title;
    text.textContent = words;
    text.className = "m";
    back.className = "btn";
    back.textContent = "All sessions";
    back.onclick = () => B.go({}, {page: "sessions", push: true, fresh: true});
    place.replaceChildren(head, text, ...(link ? [link] : []), back);
    place.hidden = false;
    $("blind").hidden = true;
  }

  function show(body) {
    $("blind-instead").hidden = true;
    $("blind").hidden = false;
    if (!body.item) {
      const {session} = body;
      now = null;
      instead(session.closed ? "This session is closed" : session.mine ? "You have read all beats" : "You do not read in this session", session.mine ? `${session.mine.decided} of ${session.items} beats of “${session.title}” are decided.` : session.title);
      return;
    }
    if ($("blind")) $("blind").toggleAttribute("data-rows", !!body.rows);
    const other = !now || now.session.id !== body.session.id || now.item.position !== body.item.position, before = other ? null : phase();
    now = body;
    if (other) { leaving = false; staged = {}; $("blind-note").value = ""; $("blind-more").open = false; }
    Object.entries(body.props).forEach(([id, props]) => B.set(id, props));
    (body.jobs || []).forEach((job) => B.jobs.watch(job));
    B.judge(body.judge || []);
    register(body.session.labels);
    if (other) {
      const params = new URLSearchParams({session: body.session.id, place: body.item.position});
      history.replaceState(null, "", location.pathname + "?" + params);
    }
    if (other || before !== phase()) since = performance.now();
    setTimeout(draw, 0); // after Dash has put the labels there
    fetchAhead();
  }

  const view = (body) => {
    const {item, session} = body, decided = done(body);
    const open = !session.blind, model = item.output !== null, reference = item.reference !== null || (item.expects === "correction");
    const label = latest(body);
    return {record: item.recording, at: item.at, lead: item.lead, model: session.model,
      blind: {model, reference, steps: model || open ? item.entries.length + 1 : null, mine: label ? {[item.at]: label} : {}, decided: decided.size}};
  };

  /* The steps on this beat: those that the server has, and those that still wait here. */
  const waiting = (body) => B.sessions.pending(body.user, body.session.id).filter((entry) => entry.position === body.item.position);
  const steps = (body) => [...body.item.entries, ...waiting(body)];
  const done = (body) => new Set(steps(body).map((entry) => entry.step));
  const latest = (body) => steps(body).map((entry) => entry.label).filter(Boolean).pop() || null;

  function phase() {
    const past = done(now), blind = now.session.blind;
    if (past.has("final") || now.item.expects === null) return "done";
    if (!blind) return "open";
    if (!past.has("first")) return "first";
    if (!past.has("reveal")) return "reveal";
    return now.item.output === null && steps(now).some((one) => !one.at) ? "waiting" : "final"; // the server's steps have their time
  }

  function pressed(selector, value, name) {
    all(selector).forEach((button) => button.setAttribute("aria-pressed", String(button.dataset[name]) === String(value)));
  }

  function draw() {
    if (!now || !now.item || !$("blind")) return;
    const found = phase(), {item, session} = now, sealed = found === "first" || found === "reveal" || found === "waiting";
    const words = WORDS[found] || WORDS.first, own = latest(now), mine = steps(now).find((entry) => entry.label);
    $("blind").dataset.phase = found;
    $("blind").dataset.kind = session.blind ? "blind" : "open";
    $("blind-before").disabled = item.previous === null;
    $("blind-after").disabled = item.next === null;
    const step = {open: "first", waiting: "reveal"}[found] || found;
    all(".blind-steps li").forEach((place) => {
      const order = ORDER.indexOf(place.dataset.step), current = step === "final" ? 1 : ORDER.indexOf(step);
      place.classList.toggle("on", order === current || (step === "final" && order === 2));
      place.classList.toggle("past", order < current);
      if (order === current) place.setAttribute("aria-current", "step"); else place.removeAttribute("aria-current");
    });
    const differ = found === "final" && item.output && mine && item.output.label !== mine.label;
    $("blind-title").textContent = found === "final" ? (!item.output ? "Your reading is committed" : differ ? "You and the model differ" : "You and the model agree") : found === "waiting" ? "Committed" : words[0].replace("beat", now.noun);
    $("blind-hint").textContent = found === "final" || found === "waiting" ? "" : found === "done" && !session.blind ? "Your reading and its time are logged." : words[1];
    $("blind-reading").hidden = !["first", "open", "reveal"].includes(found);
    $("blind-labels").hidden = found === "reveal";
    $("blind-sure").hidden = found === "reveal";
    $("blind-note").hidden = found === "reveal";
    $("blind-commit-words").textContent = words[2];
    const revealed = ["final", "done", "open"].includes(found), corrects = found === "done" && item.expects === "correction" && !session.closed;
    $("blind-decision").hidden = !revealed;
    $("blind-decide").hidden = found !== "final";
    $("blind-more").hidden = found !== "final" && !corrects;
    $("blind-more-words").textContent = corrects ? "Correct your reading" : "Change to another class";
    $("blind-plausible").hidden = !item.output || (found !== "final" && found !== "open");
    $("blind-next").hidden = found !== "done" && found !== "waiting";
    $("blind-next-words").textContent = found === "waiting" ? "Read the next " + now.noun + " meanwhile" : item.next === null ? "To the end" : "Next " + now.noun;
    $("blind-wait").hidden = found !== "waiting";
    $("blind-wait").textContent = found === "waiting" ? (navigator.onLine ? "Your reading is being sent; then the model is shown." : "Offline: your reading is kept in this browser. The model is shown once the server has it.") : "";
    $("blind-alone").hidden = !!item.output && !sealed && found !== "open";
    $("blind-maps").hidden = $("blind-said").hidden = sealed || !item.output;
    if ($("blind-maps-hidden")) $("blind-maps-hidden").hidden = !sealed;
    $("blind-hidden-reference").textContent = found === "final" || found === "open" ? "Hidden until you " + (found === "open" ? "commit" : "keep or change") : "Hidden until you commit your reading";
    $("blind-hidden-model").textContent = "Hidden until you commit your reading";
    pressed("#blind-labels .blind-label", staged.label, "label");
    pressed("#blind-sure [data-score]", staged.confidence, "score");
    pressed("#blind-plausible [data-score]", staged.plausibility, "score");
    if (found === "final") choices(own, item.output);
    drawRegion();
    if (now.rows) B.rhythm.draw(now.rows); else B.strip.show(view(now));
    B.sessions.tell();
  }

  /* Keep, or change to the model's output, or to another class. */
  const button = (label) => document.querySelector(`#blind-others [data-label="${CSS.escape(label)}"]`);
  function choices(own, output) {
    const name = (label) => (button(label) ? button(label).dataset.name : label);
    const fill = (place, words, label, key) => {
      const mark = button(label) && button(label).querySelector(".chip"), text = document.createElement("span"), space = document.createElement("span"), kbd = document.createElement("kbd");
      text.textContent = words + name(label);
      space.className = "sp";
      kbd.className = "kbd";
      kbd.textContent = key;
      place.replaceChildren(...(mark ? [mark.cloneNode(true)] : []), text, space, ...(key ? [kbd] : []));
      place.dataset.choose = label;
    };
    fill($("blind-keep"), "Keep ", own, "Enter");
    const other = output && output.label !== own && button(output.label);
    $("blind-change").hidden = !other;
    if (other) fill($("blind-change"), "Change to ", output.label, other.dataset.key.replace("shift+", "⇧").toUpperCase());
  }

  /* What is chosen and not yet committed can be undone. */
  function stage(name, value) {
    const before = staged[name], set = (to) => { staged[name] = to; draw(); };
    if (before === value) return;
    set(value);
    B.pushUndo({words: name, undo: () => set(before), redo: () => set(value)});
  }

  function label(value) {
    if (!now || !now.item) return;
    const found = phase();
    if (!now.rows && B.strip.left(now.item.at)) { draw(); B.say("The beat was out of sight: press again to label it"); return; }
    if (found === "first" || found === "open") stage("label", value);
    else if (found === "final") decide(value);
  }
  /* A label of the list below: another class, or, once all is decided, a correction, which is a step of its own. */
  function other(value) {
    if (!now || !now.item) return;
    if (phase() !== "done") { label(value); return; }
    $("blind-more").open = false;
    if (value !== latest(now)) act([entry("correction", {label: value})]);
  }
  function score(value) {
    if (!now || !now.item) return;
    const found = phase();
    if (found === "first" || found === "open") stage("confidence", value);
    else if (found === "final") stage("plausibility", value);
  }

  const seconds = () => Math.round((performance.now() - since) / 100) / 10;
  function entry(step, more) {
    return Object.assign({position: now.item.position, step, seconds: seconds()}, more);
  }
  function chosen() {
    const more = {label: staged.label, confidence: staged.confidence, comment: $("blind-note").value.trim()};
    if (staged.region) more.region = staged.region;
    return more;
  }

  async function act(entries) {
    if (busy) return;
    busy = true;
    try {
      const mine = now, taken = await B.sessions.act(mine.user, mine.session.id, entries);
      if (!taken) B.say("Already committed in another tab");
      ahead.delete(mine.item.position);
    } finally { busy = false; }
    if (phase() !== "done") since = performance.now();
    draw();
  }

  function commit() {
    if (!now || !now.item) return;
    const found = phase();
    if (found === "reveal") { act([entry("reveal")]); return; }
    if (found === "final") { decide(latest(now)); return; }
    if (found === "done" || found === "waiting") { onward(); return; }
    if (!staged.label) { B.say("Choose a label first"); return; }
    if (!staged.confidence) { B.say("Say how sure you are: 1 to 5"); return; }
    if (found === "open") act([entry("final", Object.assign(chosen(), staged.plausibility ? {plausibility: staged.plausibility} : {}))]);
    else act([entry("first", chosen()), entry("reveal", {seconds: 0})]);
  }
  function decide(value) {
    if (value) act([entry("final", Object.assign({label: value}, staged.plausibility ? {plausibility: staged.plausibility} : {}))]);
  }
  function beside(which) {
    if (now && now.item && now.item[which] !== null) go(now.item[which], which === "previous");
  }
  function onward() {
    const {next} = now.item;
    leaving = next === null;
    go(next, leaving);
  }

  /* The next beats as they are before anything of them is revealed. */
  let fetching = false;
  async function fetchAhead() {
    if (fetching || !now || !now.item) return;
    fetching = true;
    try {
      const session = now.session.id;
      for (let step = 1; step <= AHEAD && now && now.item; step++) {
        const place = now.item.position + step;
        if (place >= now.item.items) break;
        if (ahead.has(place)) continue;
        const body = await fetched(place);
        if (!now || now.session.id !== session) return;
        if (body.item) { ahead.set(place, body); if (!body.rows) B.strip.ahead(view(body)); }
      }
      ahead.forEach((_, place) => { if (now && now.item && place < now.item.position) ahead.delete(place); });
    } catch (error) { /* asked for when it is wanted */ } finally { fetching = false; }
  }

  function drawRegion() {
    const kept = steps(now).map((one) => one.region).filter(Boolean).pop();
    B.region.draw(now.region, staged.region || kept, !!staged.region, ["first", "open"].includes(phase()) ? region : null);
    ["a", "b"].forEach((slot) => B.region.over($("blind-region-" + slot), (now.over || []).includes(slot) && now.map, kept));
  }
  const region = (value, before) => {
    const set = (to) => { staged.region = to; drawRegion(); };
    set(value);
    if (before !== undefined) B.pushUndo({words: "region", undo: () => set(before || undefined), redo: () => set(value)});
  };

  document.addEventListener("click", (event) => {
    if (!here() || !now) return;
    const near = (selector) => event.target.closest(selector), pointed = near("button");
    if (near("#blind-labels [data-label]")) label(pointed.dataset.label);
    else if (near("#blind-others [data-label]")) other(pointed.dataset.label);
    else if (near("#blind-before, #blind-after")) beside(pointed.id === "blind-before" ? "previous" : "next");
    else if (near("#blind .blind-scale [data-score]")) score(Number(pointed.dataset.score));
    else if (near("#blind-keep, #blind-change")) decide(pointed.dataset.choose);
    else if (near("#blind-commit")) commit();
    else if (near("#blind-next")) onward();
    else if (near("#blind-region-off")) region(undefined, staged.region)
    if (pointed && event.detail && here()) pointed.blur(); // so that Enter commits
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "blind-note") return;
    if (event.key === "Escape") event.target.blur();
    else if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) { event.preventDefault(); event.target.blur(); commit(); }
  });

  /* Labels have keys: those of the session that is open. */
  const registered = new Set();
  function register(labels) {
    setTimeout(() => all("#blind-labels .blind-label").forEach(({dataset}) => {
      const id = "blind-label-" + dataset.key;
      if (!dataset.key || registered.has(id)) return;
      registered.add(id);
      const run = () => { const found = document.querySelector(`#blind-labels [data-key="${CSS.escape(dataset.key)}"]`); if (found) label(found.dataset.label); };
      actions.push({id, keys: [dataset.key], words: "read as " + dataset.name, group: "Blind read", pages: ["blind"], run});
    }), 50);
    return labels;
  }
  const free = () => !(document.activeElement && document.activeElement.closest("button, a, summary"));
  actions.push(
    ...[1, 2, 3, 4, 5].map((n) => ({id: "blind-score-" + n, keys: [String(n)], words: `how sure, how plausible: ${n}`, group: "Blind read", pages: ["blind"], run: () => score(n)})),
    {id: "blind-before", keys: ["["], words: "the beat before", group: "Blind read", pages: ["blind"], run: () => beside("previous")},
    {id: "blind-after", keys: ["]"], words: "the beat after", group: "Blind read", pages: ["blind"], run: () => beside("next")},
    {id: "blind-commit", keys: ["enter"], words: "commit, keep, next", group: "Blind read", pages: ["blind"], when: free, run: commit},
  );

  document.addEventListener("beatlens:session", ({detail}) => {
    ahead.delete(detail.position);
    if (!here() || !now || !now.item || detail.session !== now.session.id || detail.position !== now.item.position) return;
    if (detail.taken && !now.item.entries.some((one) => one.client_id === detail.taken.client_id)) now.item.entries.push(detail.taken); // not lost between two answers
    draw();
    if (!waiting(now).length) { if (leaving) go(null, true); else refresh(); }
  });
  document.addEventListener("beatlens:job", ({detail}) => {
    if (here() && now && now.item && detail.key && detail.key.record === now.item.recording && detail.key.at === now.item.at) refresh();
  });
  document.addEventListener("beatlens:judged", () => here() && now && now.item && refresh());
  function arrive() {
    if (!here() || !$("blind")) return;
    const place = address().get("place"), session = address().get("session");
    if (now && now.session.id === session && now.item && String(now.item.position) === place && turned) return;
    B.nav = null;
    turned = 1;
    now = null;
    ahead = new Map();
    go(place === null ? null : Number(place), true);
  }
  document.addEventListener("beatlens:page", () => { turned = 0; arrive(); });
  ["popstate", "_dashprivate_pushstate"].forEach((name) => window.addEventListener(name, () => setTimeout(arrive, 0)));
  ["online", "offline"].forEach((name) => window.addEventListener(name, () => here() && draw()));
  document.addEventListener("beatlens:ruler", () => here() && now && now.item && refresh());
  new MutationObserver(() => { ahead = new Map(); if (here() && now && now.item) refresh(); }).observe(document.documentElement, {attributeFilter: ["data-theme"]});
})();

/* The reader's screen of an annotation session. What was decided is a step for B.sessions; what is shown comes from `_blind`, which
   knows of the model and the reference only what this reader may see by now. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const actions = (window.beatlensActions = window.beatlensActions || []);
  const AHEAD = 5; // beats fetched ahead, so that one can go on while the network is away
  const $ = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];

  let now = null; // the answer that is shown
  let staged = {}; // what the reader has chosen and not yet committed
  let since = 0; // when this step came into sight
  let bound = null; // {position} of a beat that is being fetched
  let coming = 0, busy = false, turned = 0;
  let leaving = false; // whether the reader went on from the last beat: its last step may still be on its way
  let ahead = new Map(); // position → its answer, fetched ahead

  const address = () => new URLSearchParams(location.search);
  const onPage = () => B.page() === "blind";

  function query(position, anew) {
    const asked = {session: address().get("session") || "", width: window.innerWidth, theme: document.documentElement.dataset.theme};
    if (B.ruler.measured()) asked.mm = B.ruler.mm().toFixed(4);
    if (position !== null && position !== undefined) asked.position = position;
    if (anew) asked.anew = "yes";
    return B.prefix + "_blind?" + new URLSearchParams(asked);
  }

  async function fetched(position, anew) {
    const answer = await B.fetch(query(position, anew)), body = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(body.detail), {problem: true});
    return body;
  }

  /* Go to a position, or to the beat that waits; fetched ahead it needs no network. */
  async function go(position, anew) {
    const turn = ++coming, fetchedAhead = !anew && ahead.get(position);
    bound = {position};
    try {
      const body = fetchedAhead || (await fetched(position, anew));
      if (turn !== coming || !onPage()) return;
      show(body);
    } catch (error) {
      if (turn !== coming || !onPage()) return;
      if (now && now.item && now.item.position === position) { draw(); return; }
      instead("This beat cannot be shown now", error.problem ? error.message : "The server does not answer. What you have read is kept in this browser.");
    } finally { if (turn === coming) bound = null; }
  }

  /* What is shown is not so any more; who is on the way to another beat stays on it. */
  const refresh = () => go(bound ? bound.position : now.item.position, true);

  function instead(title, words, link) {
    const box = $("blind-instead"), head = document.createElement("h1"), text = document.createElement("p"), back = document.createElement("button");
    head.textContent = title;
    text.textContent = words;
    text.className = "m";
    back.className = "btn";
    back.textContent = "All sessions";
    back.onclick = () => B.go({}, {page: "sessions", push: true, fresh: true});
    box.replaceChildren(head, text, ...(link ? [link] : []), back);
    box.hidden = false;
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
    const other = !now || now.session.id !== body.session.id || now.item.position !== body.item.position, before = other ? null : B.blindSteps.phase(now);
    now = body;
    if (other) { leaving = false; staged = {}; $("blind-note").value = ""; $("blind-more").open = false; }
    Object.entries(body.props).forEach(([id, props]) => B.set(id, props));
    (body.jobs || []).forEach((job) => B.jobs.watch(job));
    B.judge(body.judge || []);
    register(body.session.labels);
    if (other) {
      const params = new URLSearchParams({session: body.session.id, position: body.item.position});
      history.replaceState(null, "", location.pathname + "?" + params);
    }
    if (other || before !== B.blindSteps.phase(now)) since = performance.now();
    setTimeout(draw, 0); // after Dash has put the labels there
    fetchAhead();
  }

  const view = (body) => {
    const {item, session} = body, decided = B.blindSteps.names(body);
    const open = !session.blind, model = item.output !== null, reference = item.reference !== null || (item.expects === "correction");
    const label = B.blindSteps.label(body);
    return {record: item.recording, at: item.at, lead: item.lead, model: session.model,
      blind: {model, reference, steps: model || open ? item.entries.length + 1 : null, mine: label ? {[item.at]: label} : {}, decided: decided.size}};
  };

  function draw() {
    if (!now || !now.item || !$("blind")) return;
    B.blindDraw(now, staged);
    drawRegion();
    if (now.rows) B.rhythm.draw(now.rows); else B.strip.show(view(now));
    B.sessions.tell();
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
    const found = B.blindSteps.phase(now);
    if (!now.rows && B.strip.left(now.item.at)) { draw(); B.say("The beat was out of sight: press again to label it"); return; }
    if (found === "first" || found === "open") stage("label", value);
    else if (found === "final") decide(value);
  }
  /* A label of the list below: another class, or, once all is decided, a correction, which is a step of its own. */
  function other(value) {
    if (!now || !now.item) return;
    if (B.blindSteps.phase(now) !== "done") { label(value); return; }
    $("blind-more").open = false;
    if (value !== B.blindSteps.label(now)) act([entry("correction", {label: value})]);
  }
  function score(value) {
    if (!now || !now.item) return;
    const found = B.blindSteps.phase(now);
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
    if (B.blindSteps.phase(now) !== "done") since = performance.now();
    draw();
  }

  function commit() {
    if (!now || !now.item) return;
    const found = B.blindSteps.phase(now);
    if (found === "reveal") { act([entry("reveal")]); return; }
    if (found === "final") { decide(B.blindSteps.label(now)); return; }
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
        const position = now.item.position + step;
        if (position >= now.item.items) break;
        if (ahead.has(position)) continue;
        const body = await fetched(position);
        if (!now || now.session.id !== session) return;
        if (body.item) { ahead.set(position, body); if (!body.rows) B.strip.ahead(view(body)); }
      }
      ahead.forEach((_, position) => { if (now && now.item && position < now.item.position) ahead.delete(position); });
    } catch (error) { /* asked for when it is wanted */ } finally { fetching = false; }
  }

  function drawRegion() {
    const committed = B.blindSteps.region(now);
    B.region.draw(now.region, staged.region || committed || undefined, !!staged.region, ["first", "open"].includes(B.blindSteps.phase(now)) ? region : null);
    ["a", "b"].forEach((slot) => B.region.over($("blind-region-" + slot), (now.over || []).includes(slot) && now.map, committed));
  }
  const region = (value, before) => {
    const set = (to) => { staged.region = to; drawRegion(); };
    set(value);
    if (before !== undefined) B.pushUndo({words: "region", undo: () => set(before || undefined), redo: () => set(value)});
  };

  document.addEventListener("click", (event) => {
    if (!onPage() || !now) return;
    const near = (selector) => event.target.closest(selector), pointed = near("button");
    if (near("#blind-labels [data-label]")) label(pointed.dataset.label);
    else if (near("#blind-others [data-label]")) other(pointed.dataset.label);
    else if (near("#blind-before, #blind-after")) beside(pointed.id === "blind-before" ? "previous" : "next");
    else if (near("#blind .blind-scale [data-score]")) score(Number(pointed.dataset.score));
    else if (near("#blind-keep, #blind-change")) decide(pointed.dataset.choose);
    else if (near("#blind-commit")) commit();
    else if (near("#blind-next")) onward();
    else if (near("#blind-region-off")) region(undefined, staged.region)
    if (pointed && event.detail && onPage()) pointed.blur(); // so that Enter commits
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
    if (!onPage() || !now || !now.item || detail.session !== now.session.id || detail.position !== now.item.position) return;
    if (detail.taken && !now.item.entries.some((one) => one.client_id === detail.taken.client_id)) now.item.entries.push(detail.taken); // not lost between two answers
    draw();
    if (!B.blindSteps.waiting(now).length) { if (leaving) go(null, true); else refresh(); }
  });
  document.addEventListener("beatlens:job", ({detail}) => {
    if (onPage() && now && now.item && detail.key && detail.key.record === now.item.recording && detail.key.at === now.item.at) refresh();
  });
  document.addEventListener("beatlens:judged", () => onPage() && now && now.item && refresh());
  function arrive() {
    if (!onPage() || !$("blind")) return;
    const position = address().get("position"), session = address().get("session");
    if (now && now.session.id === session && now.item && String(now.item.position) === position && turned) return;
    B.nav = null;
    turned = 1;
    now = null;
    ahead = new Map();
    go(position === null ? null : Number(position), true);
  }
  document.addEventListener("beatlens:page", () => { turned = 0; arrive(); });
  ["popstate", "_dashprivate_pushstate"].forEach((name) => window.addEventListener(name, () => setTimeout(arrive, 0)));
  ["online", "offline"].forEach((name) => window.addEventListener(name, () => onPage() && draw()));
  document.addEventListener("beatlens:ruler", () => onPage() && now && now.item && refresh());
  new MutationObserver(() => { ahead = new Map(); if (onPage() && now && now.item) refresh(); }).observe(document.documentElement, {attributeFilter: ["data-theme"]});
})();

/* What is under way for a recording that somebody waits for: said where its answer will stand, each second. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const EACH = 1000; // ms between looks
  const PATIENCE = 5000; // ms until a look is given up
  const PLACES = {desk: '[data-part="output"]', compare: '[data-part="head"]', gallery: "#gallery-head .computing, #gallery-head:not(:has(.computing))", day: "#day-wait"};
  let since = null, asking = false; // ms: when the page was first seen to wait

  const place = () => document.querySelector(PLACES[B.page()] || "none");
  const said = () => document.querySelector(".under-way");

  /* Whether the page has still nothing to show of its recording, or not yet of the chosen beat. */
  function waits() {
    if (!B.read().record || !place()) return false;
    if (B.page() === "day") return !document.querySelector("#day-side > *, #day-state > *");
    if (B.page() === "gallery") return place().matches(".computing") || !place().querySelector(":scope > :not(.under-way)");
    return !B.view.current || !!document.querySelector("[data-part][aria-busy]");
  }

  function say(words) {
    const old = said();
    if (old && (!place() || !place().contains(old) || (!words && !place().matches(".computing")))) old.remove();
    if (!words) return;
    const line = said() || Object.assign(document.createElement("p"), {className: "m under-way"});
    line.setAttribute("role", "status");
    if (line.textContent !== words) line.textContent = words;
    if (!line.parentNode) place().append(line);
  }

  /* A long recording is read and searched before the page asks for anything of it: a browser has six connections, which would all wait. */
  const ready = new Set(), coming = new Map(), refused = new Set(); // keys: refused of what cannot be shown
  const key = (where) => [where.record, where.lead || "", where.model || ""].join("|");
  const path = (where, more) => {
    const asked = new URLSearchParams(more);
    ["lead", "model"].forEach((name) => { if (where[name]) asked.set(name, where[name]); });
    return "/recordings/" + encodeURIComponent(where.record) + "/progress?" + asked;
  };
  async function prepare(where) {
    for (;;) {
      const answer = await B.api(path(where, {prepare: true})).catch(() => null);
      if (!answer || !answer.ok || (await answer.json()).ready) return; // what is the matter the page's own questions tell
      await new Promise((resolve) => setTimeout(resolve, EACH));
    }
  }
  B.prepared = (where) => !where.record || ready.has(key(where));
  B.prepare = function (where) {
    if (B.prepared(where)) return Promise.resolve();
    const own = key(where);
    if (!coming.has(own)) coming.set(own, prepare(where).then(() => { ready.add(own); coming.delete(own); }));
    return coming.get(own);
  };

  /* An answer that does not come says nothing: the next look asks again. */
  async function ask(where) {
    const answer = await B.api(path(where), {signal: AbortSignal.timeout(PATIENCE)});
    if ([404, 422].includes(answer.status)) refused.add(key(where)); // the page says what is the matter
    return answer.ok ? answer.json() : {};
  }

  async function look() {
    if (asking) return;
    if (!waits()) { since = null; say(null); return; }
    since = since || Date.now();
    if (Date.now() - since < EACH / 2) return; // most answers are there by the next look
    const state = B.read(), where = {record: state.record, lead: state.lead || null, model: state.model || null};
    if (refused.has(key(where))) return;
    asking = true;
    try {
      const {words} = await ask(where);
      say(waits() && B.read().record === state.record ? words : null);
      if (words) document.dispatchEvent(new CustomEvent("beatlens:computing", {detail: {key: B.queues.key(where), words}}));
    } catch (error) { // the health bar says that nothing answers
    } finally { asking = false; }
  }
  setInterval(look, EACH);
})();

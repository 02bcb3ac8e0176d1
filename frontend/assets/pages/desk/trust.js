/* "Can the map be trusted?": which map is looked at, and asking for judgements once the reader stays with a beat. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const REST = 400; // ms with a beat before its maps are judged
  const asked = new Map(); // judgement that was asked for → {queued, why}: whether the queue has it; why it cannot be had
  const dropping = new Map(); // judgement that nobody waits for any more → the promise that the queue knows
  let slot = "a", slots = {}, names = {}, timer = null;

  function show() {
    document.querySelectorAll("[data-trust]").forEach((button) => {
      const on = button.dataset.trust === slot;
      button.classList.toggle("on", on);
      button.setAttribute("aria-pressed", on);
      if (names[button.dataset.trust]) button.textContent = names[button.dataset.trust];
    });
    Object.entries(slots[slot] || {}).forEach(([id, props]) => B.set(id, props));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-trust]");
    if (button) { slot = button.dataset.trust; show(); }
  });

  /* Ask for what is missing; what another beat left waiting in the queue is not judged. */
  function judge(wanted) {
    clearTimeout(timer);
    const ids = new Set(wanted.map((one) => one.id));
    asked.forEach((mine, id) => {
      if (mine.why || ids.has(id)) return;
      asked.delete(id);
      if (mine.queued) drop(id); // else the answer to the question sees that nobody waits any more
    });
    const missing = wanted.filter((one) => !asked.has(one.id));
    if (missing.length) timer = setTimeout(() => missing.forEach(ask), REST);
  }

  document.addEventListener("beatlens:moved", () => judge([]));

  function drop(id) {
    const dropped = B.jobs.leave(id) || B.api("/tasks/trust/" + id + "?only=left", {method: "DELETE"}).catch(() => {});
    dropping.set(id, dropped);
    dropped.then(() => { if (dropping.get(id) === dropped) dropping.delete(id); });
  }

  async function ask(one) {
    const mine = {queued: false, why: ""};
    asked.set(one.id, mine);
    try {
      await dropping.get(one.id);
      if (asked.get(one.id) !== mine) return;
      const answer = await B.api("/tasks/trust", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(one.ask)});
      const status = await answer.json();
      if (asked.get(one.id) !== mine) { if (!asked.has(one.id)) drop(one.id); return; } // the reader has moved on meanwhile
      if (!answer.ok) { refuse(one.id, status.detail); return; }
      if (status.status === "done") { settle(one.id); return; }
      if (status.status === "failed") { refuse(one.id, status.error); return; }
      mine.queued = true;
      B.jobs.watch({slot: one.id, kind: "tasks/trust", id: one.id, status: status.status, position: status.position, title: "Trust: " + B.uncapital(one.title)});
    } catch (error) { if (asked.get(one.id) === mine) asked.delete(one.id); }
  }

  function settle(id) { asked.delete(id); document.dispatchEvent(new CustomEvent("beatlens:judged")); B.view.refresh(); }
  B.judge = judge; // for other pages that show a map's judgement

  function refuse(id, why) {
    asked.set(id, {queued: false, why: why || "No reason was given."});
    const place = document.getElementById("trust-waiting");
    if (place) place.textContent = "Not judged: " + asked.get(id).why;
  }

  document.addEventListener("beatlens:job", (event) => {
    const job = event.detail;
    if (job.kind !== "tasks/trust" || !asked.has(job.id)) return;
    if (job.status === "done") settle(job.id);
    else refuse(job.id, job.status === "cancelled" ? "it was cancelled." : job.error);
  });

  const parts = (window.beatlensParts = window.beatlensParts || []);
  parts.push({name: "trust", shown(data) { slots = {}; if (data) ({slots, names} = data); show(); judge(data ? data.judge : []); }});
  parts.push({name: "side", shown(data) { if (data && data.judge) judge(data.judge); }});
})();

/* Jobs belong to the house: who started which on what recording, how far they are, and the way to cancel them. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const CALM = 15000, OPEN = 2000; // ms between looks; while the list is open
  const NOTHING = "No job on many beats is under way.";
  let timer = null, found = [], asking = null, asked = null; // the look under way, and for whom the last was

  const list = () => document.getElementById("jobs-list");

  const element = (...parts) => B.element(...parts);

  function row(job) {
    const status = job.progress, got = status.cached + status.done, share = status.total ? (got + status.failed) / status.total : 1;
    const count = (number) => number.toLocaleString("en-GB");
    const far = status.status === "queued" ? "waiting" : `${count(got)} of ${count(status.total)} maps` + B.jobs.left(status.remaining_seconds);
    const cancel = job.may_cancel ? element("button", {className: "btn sm", textContent: "Cancel", onclick: () => stop(cancel, status.id)}) : "";
    const head = element("div", {className: "row g8"}, element("b", {textContent: job.name}), element("span", {className: "cut", textContent: job.title}), element("span", {className: "sp"}), cancel);
    const began = new Date(job.created).toLocaleTimeString("en-GB", {hour: "2-digit", minute: "2-digit"});
    const said = element("div", {className: "s m", textContent: `${far} · started by ${job.started_by} at ${began}`});
    const bar = element("div", {className: "bar thin"}, element("i", {}));
    bar.firstChild.style.width = (100 * share).toFixed(1) + "%";
    const made = element("div", {className: "job"}, head, said, bar);
    made.setAttribute("role", "listitem");
    return made;
  }

  async function stop(button, id) {
    button.disabled = true;
    const answer = await B.api("/bulk/" + id, {method: "DELETE"}).catch(() => null);
    if (answer && !answer.ok) button.replaceWith(element("span", {className: "s warn", textContent: (await answer.json()).detail}));
    else { await asking; look(); } // what was asked before it would still name it
  }

  function draw() {
    const place = list();
    if (!place) return;
    place.replaceChildren(...(found.length ? found.map(row) : [element("p", {className: "m", textContent: NOTHING})]));
  }

  /* Who is not signed in, or reads a shared link, which needs no queue and has no bar, asks for no jobs; where the server is away nothing is said here. */
  async function ask() {
    clearTimeout(timer);
    asked = B.who();
    try {
      const answer = B.who() && B.page() !== "link" && await B.api("/bulk");
      if (answer && answer.ok) {
        found = (await answer.json()).jobs;
        B.jobs.everybody(found);
        draw();
      }
    } catch (error) { /* the health bar says so */ }
    timer = setTimeout(look, list() ? OPEN : CALM);
  }
  const look = () => (asking = asking || ask().finally(() => { asking = null; }));

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#job-tag")) return;
    B.set("jobs-dialog", {opened: true});
    const wait = () => (list() ? (draw(), look()) : requestAnimationFrame(wait));
    wait();
  });
  document.addEventListener("beatlens:page", look);
  document.addEventListener("beatlens:account", () => { if (B.who() !== asked) look(); });
})();

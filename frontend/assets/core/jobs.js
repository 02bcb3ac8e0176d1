/* Jobs that this tab follows: watched by slot, heard of by one stream, cancelled, and left to whoever else follows them. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const {ended} = B.jobStream;
  const LINGER = 4000; // ms that a finished job stays in sight
  const KEPT = "beatlens-bulk"; // of the browser's storage
  const finished = new Map(); // as watched, of jobs just done
  const watched = new Map(); // slot → what is known of its job

  const path = (job) => "/" + (job.kind || "tasks/explanation") + "/" + job.id;
  const isWatched = (entry) => watched.get(entry.key) === entry;

  /* Follow {slot, id, status, title[, kind, position, steps, graph, key, method]} until it ends: then the document
     hears "beatlens:job", whose detail is the job as it ended. A slot has one job; `kind` is its place in the API
     ("tasks/explanation", "tasks/trust", "bulk"), `graph` gets partial maps. A bulk job is followed through reloads.
     `told` hears every status. */
  function watch(job, told) {
    const key = job.slot, before = watched.get(key);
    if (job.key && job.id) remember(job);
    if (before && before.job.id === job.id && !ended(job)) return;
    if (before && before.job.id !== job.id && before.job.kind !== "bulk") leave(key);
    else watched.delete(key);
    if (job.status === "queued" || job.status === "running") {
      watched.set(key, {job, key, told, status: {status: job.status, position: job.position}, born: Date.now(), news: Date.now()});
    }
    changed();
  }

  /* Look away; the job itself goes on. */
  function unwatch(slot) { if (watched.delete(slot)) changed(); }

  /* Nobody here waits for it any more: it is dropped unless others follow it. Null where it is not watched. */
  function leave(slot) {
    const entry = watched.get(slot);
    if (!entry) return null;
    unwatch(slot);
    if ([...watched.values()].some((other) => other.job.id === entry.job.id)) return Promise.resolve();
    return B.api(path(entry.job) + "?only=left&follower=" + B.jobStream.follower, {method: "DELETE"}).catch(() => {});
  }

  /* Other jobs are watched than before. */
  function changed() {
    const jobs = [...watched.values()].map((entry) => entry.job);
    B.jobStream.follow(jobs.map(path));
    keep(jobs.filter((job) => job.kind === "bulk"));
    render();
  }

  const render = () => B.jobBlocks.render([...watched.values()], [...finished.values()].filter((entry) => !watched.has(entry.key)));

  function keep(jobs) {
    try { jobs.length ? localStorage.setItem(KEPT, JSON.stringify(jobs)) : localStorage.removeItem(KEPT); } catch (error) { /* private window */ }
  }
  function recall() {
    try { JSON.parse(localStorage.getItem(KEPT) || "[]").forEach((job) => watch(job)); } catch (error) { localStorage.removeItem(KEPT); }
  }

  function hear(entry, status) {
    if (!isWatched(entry)) return;
    if (status.total !== undefined) {
      const got = status.cached + status.done + status.failed;
      status.progress = {fraction: status.total ? got / status.total : 1, elapsed: status.elapsed};
    }
    const progress = status.progress || {}, seen = [status.status, status.position, progress.fraction, progress.elapsed];
    if (!B.same(seen, entry.seen) || status.status === "queued") entry.news = Date.now();
    Object.assign(entry, {seen, status});
    if (ended(status)) end(entry, status);
    else if (progress.partial) B.partialMap(entry, progress.partial, isWatched);
    if (entry.told) entry.told(status);
    render();
  }

  function end(entry, status) {
    watched.delete(entry.key);
    changed();
    const job = Object.assign({}, entry.job, {status: status.status, error: status.error || null, cached: false});
    if (job.key) remember(job);
    document.dispatchEvent(new CustomEvent("beatlens:job", {detail: job}));
    if (status.status === "done") linger(entry, status);
  }

  function linger(entry, status) {
    finished.set(entry.key, Object.assign(entry, {seconds: status.result ? status.result.seconds : status.elapsed || (Date.now() - entry.born) / 1000}));
    setTimeout(() => { if (finished.get(entry.key) === entry) { finished.delete(entry.key); render(); } }, LINGER);
  }

  setInterval(() => { if (watched.size) render(); }, 1000); // elapsed time, and how long a job has been silent

  document.addEventListener("click", (event) => {
    const cancel = event.target.closest("[data-cancel]"), retry = event.target.closest("[data-retry]");
    const entry = watched.get((cancel || retry || {dataset: {}}).dataset[cancel ? "cancel" : "retry"]);
    if (!entry) return;
    entry.stopping = Boolean(cancel);
    render();
    const stop = B.api(path(entry.job), {method: "DELETE"}).catch(() => {});
    if (cancel) stop.then((answer) => (answer && answer.ok ? answer.json() : null)).then((status) => hear(entry, status && ended(status) ? status : {status: "cancelled"}));
    else stop.then(() => { unwatch(entry.key); B.askAgain(entry.job.slot); });
  });

  /* What a link can hold: the latest explanation of each slot. */
  const known = new Map();
  function remember(job) {
    known.set(job.slot, job);
    B.set("shareable", {data: [...known.values()].map(({slot, id, key, status, title, method}) => ({slot, id, key, status, title, method}))});
  }

  function everybody(jobs) { B.jobBlocks.everybody(jobs); render(); }

  B.jobs = {watch, unwatch, leave, everybody, left: (...given) => B.jobBlocks.left(...given)};

  B.jobStream.hear((status) => [...watched.values()].forEach((entry) => { if (entry.job.id === status.id) hear(entry, {...status}); }));

  document.addEventListener("DOMContentLoaded", recall);

  C.jobs = {
    /* A control that belongs to a choice is shown only with that choice. */
    controls: function () {
      setTimeout(() => {
        const place = document.getElementById("parameters");
        if (!place) return;
        const update = () => place.querySelectorAll("[data-shown-when]").forEach((row) => {
          row.hidden = row.dataset.shownWhen.split(",").some((pair) => {
            const [field, wanted] = pair.split("="), input = place.querySelector(`[data-field="${field}"] input:not([type=hidden])`);
            return input && input.value.replace(/ /g, "_") !== wanted;
          });
        });
        update();
        if (!place.dataset.watching) { place.dataset.watching = "yes"; ["click", "change", "focusout", "keyup"].forEach((name) => document.addEventListener(name, () => setTimeout(update, 60))); }
      }, 50);
      return undefined;
    },
  };
})();

/* Views of the beats around the one that is shown are fetched ahead one after the other, their maps computed when nobody waits; dropped when the reader moves on.
   document "beatlens:ahead"   the view that is likely next has come, whole or not: `detail` is its answer. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const AGAIN = 2000; // ms between looks at what is fetched ahead
  const STEPS = [1, -1, 2, 3]; // which neighbours, in the direction of travel

  let direction = 1, round = null;
  const pending = new Map(); // key of a view fetched ahead whose maps are still to come → its explanations

  function neighbours() {
    const shown = B.view.current;
    if (!B.nav || !shown || B.nav.record !== shown.record) return [];
    const i = B.nav.sample.indexOf(Number(shown.at));
    if (i < 0) return [];
    const samples = STEPS.map((step) => B.nav.sample[i + direction * step]).filter((sample) => sample !== undefined);
    return [...new Set([...samples, ...(B.view.wanted || [])])].map((sample) => B.view.of({at: String(sample)}));
  }

  async function start() {
    const mine = (round = {stop: new AbortController()}), tried = new Set();
    while (round === mine && navigator.onLine && !document.hidden) {
      for (const view of neighbours()) {
        const key = B.answers.key(view), ids = pending.get(key);
        if (B.answers.complete(view) || (ids ? !(await over(ids)) : tried.has(key))) { tellOf(view); continue; }
        tried.add(key);
        try { await fetchAhead(view, key, mine.stop.signal); } catch (error) { return; }
        if (round !== mine) return;
        tellOf(view);
      }
      if (!pending.size) return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }

  function tellOf(view) {
    const [next] = neighbours(), entry = B.answers.get(view);
    if (next && entry && B.answers.key(next) === B.answers.key(view)) document.dispatchEvent(new CustomEvent("beatlens:ahead", {detail: entry}));
  }

  async function fetchAhead(view, key, signal) {
    const entry = await B.answers.read(view, "prefetch", signal);
    const jobs = [...entry.lines.values()].flatMap(({part}) => (part.data && part.data.jobs) || []);
    const waiting = jobs.filter((job) => ["queued", "running"].includes(job.status)).map((job) => job.id);
    if (waiting.length) pending.set(key, waiting);
    else pending.delete(key);
  }

  /* Whether none of these explanations is waited for any more. */
  async function over(ids) {
    for (const id of ids) {
      const answer = await B.api("/tasks/explanation/" + id).catch(() => null);
      if (!answer || (answer.ok && ["queued", "running"].includes((await answer.json()).status))) return false;
    }
    return true;
  }

  /* The reader moves on: what is no neighbour any more and still waits in the queue is not computed. */
  function stop() {
    if (round) round.stop.abort();
    round = null;
    const near = new Set([...neighbours(), ...(B.view.current ? [B.view.current] : [])].map(B.answers.key));
    pending.forEach((ids, key) => {
      if (near.has(key)) return;
      pending.delete(key);
      ids.forEach((id) => B.api("/tasks/explanation/" + id + "?only=left", {method: "DELETE"}).catch(() => {}));
    });
  }

  B.prefetch = {
    start, stop,
    /* The reader went from one beat to another of the same recording. */
    travelled: (from, to) => { direction = to < from ? -1 : 1; },
    /* The reader is there: what it waits for is no longer ahead. */
    arrived: (view) => pending.delete(B.answers.key(view)),
  };
})();

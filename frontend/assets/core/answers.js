/* The answers of `_view`, one for each view, kept until others need the room. A view is what the address asks for, with what a figure's size follows from. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const MOST = 60; // answers
  const NEW = 8; // explanations that have just been computed and are named to the server

  const cache = new Map(); // key of a view → {view, lines: name → {text, part}, complete}
  const ended = new Map(); // a method on a beat → its job that failed or was cancelled
  const computed = new Set(); // explanations seen being computed

  const key = (view) => new URLSearchParams(view).toString();
  const beat = (view) => ["record", "at", "lead", "model", "target"].map((name) => view[name]).join("|");
  const method = (job) => beat(job.key) + "|" + job.method;

  function keep(entry) {
    const name = key(entry.view);
    cache.delete(name);
    cache.set(name, entry);
    while (cache.size > MOST) cache.delete(cache.keys().next().value);
  }

  function url(view, urgency) {
    const query = new URLSearchParams(Object.assign({urgency}, view));
    ended.forEach((job) => { if (beat(job.key) === beat(view)) query.append("held", job.method + "~" + job.id); });
    if (computed.size) query.set("fresh", [...computed].slice(-NEW).join(","));
    return B.prefix + "_view?" + query;
  }

  /* Lines of a stream, as they come. */
  async function lines(body, take) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const {value, done} = await reader.read(), texts = (rest + (value || "")).split("\n");
      rest = texts.pop();
      texts.forEach(take);
      if (done) return;
    }
  }

  /* Read an answer line by line; each line is one panel. */
  async function read(view, urgency, signal, take) {
    const answer = await fetch(url(view, urgency), {signal});
    if (!answer.ok) { await answer.text(); throw new Error("view: " + answer.status); }
    const entry = {view, lines: new Map(), complete: true};
    await lines(answer.body, (text) => {
      const part = JSON.parse(text);
      entry.lines.set(part.name, {text, part});
      if (!part.complete) entry.complete = false;
      if (take) take(part, text);
    });
    keep(entry);
    return entry;
  }

  /* What is kept of a job's beat tells of it as it was. */
  const drop = (job) => cache.forEach((entry, name) => { if (beat(entry.view) === beat(job.key)) cache.delete(name); });

  B.answers = {
    key, beat, read,
    /* The kept answer to a view; it is the last to go. */
    get: (view) => { const entry = cache.get(key(view)); if (entry) keep(entry); return entry; },
    complete: (view) => (cache.get(key(view)) || {}).complete || false,
    clear: () => cache.clear(),
    jobEnded: function (job) {
      if (job.status === "done") computed.add(job.id);
      else ended.set(method(job), job);
      drop(job);
    },
    jobAskedAgain: (job) => { ended.delete(method(job)); drop(job); },
  };
})();

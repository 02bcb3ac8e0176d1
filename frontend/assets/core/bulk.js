/* Explaining many beats as one job: asked for here, followed on every page by assets/core/jobs.js. */
(function () {
  const B = (window.beatlens = window.beatlens || {});

  async function ask(path, body, method) {
    const asked = body ? {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)} : {method: method || "GET"};
    const answer = await B.api(path, asked), said = await answer.json();
    if (!answer.ok) throw new Error(said.detail || said.title);
    return said;
  }

  /* `look` at one status after the other; of those that come while it looks at the last. */
  function inTurn(look) {
    let coming = null, busy = false;
    return async function hear(status) {
      coming = status;
      if (busy) return;
      busy = true;
      try {
        while (coming) {
          const now = coming;
          coming = null;
          await look(now);
        }
      } finally { busy = false; }
    };
  }

  /* Begin it; its status. `slot` is its place among the jobs in sight; `look` sees each status until it has ended. */
  async function start(body, slot, title, look) {
    const status = await ask("/bulk", body), hear = look && inTurn(look);
    B.jobs.watch({slot, kind: "bulk", id: status.id, status: status.status, title}, hear);
    if (hear) hear(status);
    return status;
  }

  B.bulk = {ask, start, cancel: (id) => ask("/bulk/" + id, null, "DELETE")};
})();

/* Explaining many beats as one job: asked for here, followed on every page by assets/jobs.js. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const LOOK = 1000; // ms between two looks at a job
  const ENDED = ["done", "failed", "cancelled"];

  async function ask(path, body, method) {
    const asked = body ? {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)} : {method: method || "GET"};
    const answer = await B.api(path, asked), said = await answer.json();
    if (!answer.ok) throw new Error(said.detail || said.title);
    return said;
  }

  /* Begin it; its status. `slot` is its place among the jobs in sight. */
  async function start(body, slot, title) {
    const status = await ask("/bulk", body);
    B.jobs.watch({slot, kind: "bulk", id: status.id, status: status.status, title});
    return status;
  }

  /* Look at it until it has ended or `look(status)` says false; its last status, null where nobody looks any more. */
  async function follow(status, look) {
    while ((await look(status)) !== false) {
      if (ENDED.includes(status.status)) return status;
      await new Promise((resolve) => setTimeout(resolve, LOOK));
      status = await ask("/bulk/" + status.id);
    }
    return null;
  }

  B.bulk = {ask, start, follow, cancel: (id) => ask("/bulk/" + id, null, "DELETE")};
})();

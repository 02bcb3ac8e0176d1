/* Which step of a beat its reader stands at: from the steps that the server has, and those that still wait in this browser. `body` is an answer of `_blind`. */
(function () {
  const B = (window.beatlens = window.beatlens || {});

  const waiting = (body) => B.sessions.pending(body.user, body.session.id).filter((entry) => entry.position === body.item.position);
  const all = (body) => [...body.item.entries, ...waiting(body)];
  const names = (body) => new Set(all(body).map((entry) => entry.step));
  const latest = (body, field) => all(body).map((entry) => entry[field]).filter(Boolean).pop() || null;

  /* first → reveal → (waiting: the model is on its way) → final → done; where the session is not blind: open → done. */
  function phase(body) {
    const past = names(body), {item, session} = body;
    if (past.has("final") || item.expects === null) return "done";
    if (!session.blind) return "open";
    if (!past.has("first")) return "first";
    if (!past.has("reveal")) return "reveal";
    return item.output === null && all(body).some((entry) => !entry.at) ? "waiting" : "final"; // the server's steps have their time
  }

  B.blindSteps = {waiting, all, names, phase, label: (body) => latest(body, "label"), region: (body) => latest(body, "region")};
})();

/* What is under way for recordings, said in their rows: asked for each second while the list is in sight. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const EACH = 1000, PATIENCE = 5000; // ms between looks; until one is given up
  let asking = false, before = [];
  const grid = () => { try { return window.dash_ag_grid.getApi("worklist"); } catch (error) { return null; } };

  async function look() {
    if (asking || document.hidden || B.page() !== "worklist" || !grid()) return;
    asking = true;
    try {
      const answer = await B.api("/progress", {signal: AbortSignal.timeout(PATIENCE)});
      if (answer.ok) show((await answer.json()).recordings);
    } catch (error) { // the health bar says that nothing answers
    } finally { asking = false; }
  }

  /* Each row's words; what has ended has left something to be listed. */
  function show(found) {
    if (!grid()) return;
    grid().forEachNode((node) => {
      const words = (found[node.data.id] || {}).words || null;
      if ((node.data.under_way || null) !== words) node.setData(Object.assign({}, node.data, {under_way: words}));
    });
    const ended = before.some((id) => !found[id]);
    before = Object.keys(found);
    if (ended) B.set("worklist-ask", {disabled: false, n_intervals: Date.now()});
  }
  setInterval(look, EACH);
})();

/* Beat | Rhythm | Day: each view with a model that reads what it shows, at the moment that is in view.

   B.views.go(view, {time})   opens "desk", "rhythm" or "day"; without a time at what is in view now */
(function () {
  const B = (window.beatlens = window.beatlens || {});

  const button = (view) => document.querySelector(`.views [data-view="${view}"]`);

  /* Seconds from the recording's start of what is in view. */
  function now() {
    const at = Number(B.read().at), i = B.nav && B.nav.sample ? B.nav.sample.indexOf(at) : -1;
    return i >= 0 ? B.nav.time[i] : null;
  }

  function go(view, {time = now(), model = null} = {}) {
    const mark = button(view), state = B.read(), chosen = model || (mark && mark.dataset.viewModel);
    if (!chosen) { B.say("No model here fits that view"); return; }
    const where = {record: state.record, lead: state.lead, model: chosen};
    const known = B.nav && B.nav.record === state.record && B.nav.lead === (state.lead || null) && B.nav.model === chosen;
    if (view !== "day" && time !== null) {
      const i = known ? B.beats.holding(time) : -1;
      if (i >= 0) where.at = B.nav.sample[i];
      else B.chosenModel = {model: chosen, time};
    }
    B.go(where, {page: view, push: true, fresh: true});
  }
  B.views = {go};

  document.addEventListener("click", (event) => {
    const mark = event.target.closest(".views [data-view]");
    if (mark && mark.dataset.view !== B.page()) go(mark.dataset.view);
  });

  /* A page of rhythms whose address names no model, or one of beats, opens with the first that fits. */
  let models = null;
  async function fit() {
    const state = B.read();
    if (!["rhythm", "day"].includes(B.page()) || !state.record) return;
    models = models || B.api("/models").then((answer) => answer.json()).then((found) => found.models);
    const all = await models.catch(() => { models = null; return []; });
    const rhythms = all.filter((one) => one.reads === "ecg" && one.input.window.kind !== "beat");
    if (!rhythms.length || rhythms.some((one) => one.id === B.read().model) || !["rhythm", "day"].includes(B.page())) return;
    B.chosenModel = {model: rhythms[0].id, time: now() || 0}; // its windows are others
    B.go({model: rhythms[0].id, at: null});
  }
  ["popstate", "_dashprivate_pushstate"].forEach((name) => window.addEventListener(name, () => fit()));
  document.addEventListener("beatlens:page", fit);
})();

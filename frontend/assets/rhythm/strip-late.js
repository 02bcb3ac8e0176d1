/* Why the model's row is still empty: its outputs are on their way, or cannot be had. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const PATIENCE = 300; // ms without outputs before it is said
  let told = null; // what the server said instead of outputs: {record, lead, model, trouble}
  let far = null; // {key, words}: what is under way, last
  let timer = null;

  const mine = (one) => { const state = B.read(); return one && ["record", "lead", "model"].every((name) => (one[name] || null) === (state[name] || null)); };
  const known = () => mine(B.nav) && B.nav.prediction;

  function words() {
    const {record, lead, model} = B.read(), key = B.queues.key({record, lead: lead || null, model: model || null});
    if (mine(told) && told.trouble) return "Model output: " + told.trouble;
    return (far && far.key === key && far.words) || B.queues.waiting.get(key) || "Model output" + (lead ? " of " + lead : "") + " is being computed";
  }
  function show() {
    const place = document.getElementById("strip-late");
    if (!place) return;
    place.hidden = B.page() !== "desk" || !!known();
    if (!place.hidden) place.textContent = words();
  }
  /* At once where it is known; else only once one has waited. */
  function look() {
    clearTimeout(timer);
    if (known()) show();
    else timer = setTimeout(show, PATIENCE);
  }

  document.addEventListener("beatlens:computing", (event) => { far = event.detail; });
  ["beatlens:moved", "beatlens:nav", "beatlens:page", "beatlens:computing"].forEach((name) => document.addEventListener(name, look));
  B.stripLate = (answer) => { told = answer; look(); };
})();

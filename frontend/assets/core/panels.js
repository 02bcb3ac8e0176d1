/* A panel's answer in the page: its properties, then its script; or what is the matter with it, in its place. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const hooks = (window.beatlensParts = window.beatlensParts || []);

  const applied = new Map(); // name of a panel → what stands in the page: its text, and of which beat
  const latest = new Map(); // name of a panel → its data
  const jobs = new Map(); // name of a panel → its jobs
  const standing = new Map(); // component → its properties as text

  const places = (name) => document.querySelectorAll(name ? `[data-part="${name}"]` : "[data-part]");

  /* One panel into the page. Two views may have equal texts: their scripts still hear of each. */
  function apply(view, part, text) {
    if (part.error) { fail(view, part); return; }
    const before = applied.get(part.name), beat = B.answers.beat(view);
    if (before && before.text === text && before.beat === beat) { ready(part.name); return; }
    applied.set(part.name, {text, beat});
    latest.set(part.name, part.data);
    Object.entries(part.props).forEach(([id, props]) => put(id, props));
    ready(part.name);
    if (part.data && part.data.jobs) watch(part.name, part.data.jobs);
    callScripts(part.name, part.data, view);
  }
  const callScripts = (name, data, view) => hooks.filter((hook) => hook.name === name).forEach((hook) => hook.shown(data, view));

  /* A property that has not changed is not set again: that would draw the component anew. */
  function put(id, props) {
    const before = standing.get(id) || {}, now = {}, changed = {};
    Object.entries(props).forEach(([name, value]) => {
      now[name] = JSON.stringify(value);
      if (now[name] !== before[name]) changed[name] = value;
    });
    standing.set(id, Object.assign({}, before, now));
    if (changed.figure) changed.figure = B.figure(changed.figure);
    if (Object.keys(changed).length) B.set(id, changed);
  }

  /* Jobs are watched while they run. */
  function watch(name, found) {
    jobs.set(name, found);
    found.forEach((job) => B.jobs.watch(job));
  }

  function ready(name) {
    places(name).forEach((place) => { place.removeAttribute("aria-busy"); showError(place, null); });
  }

  /* What is the matter, in the panel's place; an error without a name is about the whole view and is told once. */
  function fail(view, part) {
    const all = [...places(part.name)], able = all.filter((place) => !("beside" in place.dataset));
    const first = B.earlyPanels().map((name) => able.find((place) => place.dataset.part === name)).find(Boolean) || able[0];
    all.forEach((place) => { place.removeAttribute("aria-busy"); showError(place, place === first ? part.error : {}); });
    (part.name ? [part.name] : [...applied.keys()]).forEach((name) => {
      applied.delete(name);
      latest.delete(name);
      callScripts(name, null, view);
    });
  }

  function showError(place, error) {
    const old = place.querySelector(":scope > .part-error");
    if (old) old.remove();
    place.classList.toggle("failed", !!error);
    if (error && error.detail) place.append(B.problem(error));
  }

  /* In the frame in which the beat changes, every panel that shows another one is hidden until its own has come. */
  function hideOthers(view) {
    places().forEach((place) => {
      const before = applied.get(place.dataset.part);
      if (before && before.beat === B.answers.beat(view)) place.removeAttribute("aria-busy");
      else place.setAttribute("aria-busy", "true");
    });
  }

  B.panels = {
    apply, fail, hideOthers,
    data: (name) => latest.get(name) || null,
    /* The job of slot a or b. */
    job: (slot) => [...jobs.values()].flat().find((job) => job.slot === slot),
    /* Something else was drawn into a component: whatever comes next is set. */
    redrawn: (id) => standing.delete(id),
    /* Another page has come: nothing stands in it yet. */
    clear: () => [applied, latest, standing, jobs].forEach((map) => map.clear()),
  };
})();

/* How the strip is drawn: paper speed, gain and filter, as the reader prefers them. document "beatlens:scale": another one was chosen. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const STORE = "beatlens-strip", USUAL = {speed: 25, gain: 10, filter: "raw"};
  const STEPS = {speed: [6.25, 12.5, 25, 50, 100], gain: [2.5, 5, 10, 20, 40]}; // mm/s, mm/mV: what zooming steps through
  const STRIPS = ["desk", "blind"], PAPERS = [...STRIPS, "rhythm"]; // pages with a strip; with paper at true scale

  /* What the reader prefers; kept in this browser. */
  let preferred = null;
  function prefs() {
    if (!preferred) {
      try { preferred = Object.assign({}, USUAL, JSON.parse(localStorage.getItem(STORE))); } catch (error) { preferred = Object.assign({}, USUAL); }
    }
    return preferred;
  }
  function prefer(changes) {
    preferred = Object.assign({}, prefs(), changes);
    try { localStorage.setItem(STORE, JSON.stringify(preferred)); } catch (error) { /* kept until the page is closed */ }
    controls();
    document.dispatchEvent(new CustomEvent("beatlens:scale"));
  }
  function zoom(name, direction) {
    const steps = STEPS[name], at = steps.findIndex((value) => value >= prefs()[name]);
    prefer({[name]: steps[Math.max(0, Math.min(steps.length - 1, at + direction))]});
  }

  /* Which of a few values is chosen. */
  function controls() {
    Object.entries(prefs()).forEach(([name, value]) => document.querySelectorAll(`.seg [data-${name}]`).forEach((button) => {
      const on = button.dataset[name] === String(value);
      button.classList.toggle("on", on);
      button.setAttribute("aria-pressed", on);
    }));
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".seg button"), name = button && Object.keys(USUAL).find((known) => known in button.dataset);
    if (name) prefer({[name]: name === "filter" ? button.dataset.filter : Number(button.dataset[name])});
  });

  (window.beatlensActions = window.beatlensActions || []).push(
    {id: "filter", keys: ["w"], words: "raw or filtered", pages: PAPERS, run: () => prefer({filter: prefs().filter === "raw" ? "0.5-40" : "raw"})},
    {id: "pan-right", repeats: true, keys: ["shift+arrowright"], words: "move the strip on", pages: STRIPS, run: () => B.strip.pan(0.25)},
    {id: "pan-left", repeats: true, keys: ["shift+arrowleft"], words: "move the strip back", pages: STRIPS, run: () => B.strip.pan(-0.25)},
    {id: "faster", repeats: true, keys: ["+", "="], words: "more mm/s", pages: PAPERS, run: () => zoom("speed", 1)},
    {id: "slower", repeats: true, keys: ["-"], words: "fewer mm/s", pages: PAPERS, run: () => zoom("speed", -1)},
    {id: "taller", repeats: true, keys: ["shift+arrowup"], words: "more mm/mV", pages: PAPERS, run: () => zoom("gain", 1)},
    {id: "flatter", repeats: true, keys: ["shift+arrowdown"], words: "fewer mm/mV", pages: PAPERS, run: () => zoom("gain", -1)},
  );

  B.stripScale = {prefs, zoom, controls};
})();

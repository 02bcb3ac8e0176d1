/* Whether other leads stand below the strip: a second one, or all of a short standard ECG. Kept in this browser.
   document "beatlens:leads": other leads than before are shown. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const STORES = {second: "beatlens-leads", sheet: "beatlens-twelve"};
  const TALL = 1000; // px of a window from which on twelve leads have room beside the maps, as long as nobody chose
  const LEAST = 15, BESIDE = 6; // mm of a second lead's paper; px above it
  const chosen = {second: kept("second"), sheet: kept("sheet")}; // true, false, or null as long as nobody chose
  let standard = false; // whether the recording is a short one of twelve leads
  const $ = (id) => document.getElementById(id);

  function kept(name) {
    try { const found = localStorage.getItem(STORES[name]); return found === null ? null : found === "yes"; } catch (error) { return null; }
  }
  const room = (without) => (B.page() === "desk" ? B.desk.room(without) - BESIDE : Infinity); // px; without the queue's cards
  const fits = () => room(true) >= LEAST * B.ruler.mm();
  const sheet = () => standard && (chosen.sheet === null ? window.innerHeight >= TALL : chosen.sheet);
  const second = () => B.page() !== "desk" || (!sheet() && (chosen.second === null || standard ? fits() : chosen.second));

  function show() {
    const button = $("more-leads"), all = $("all-leads");
    if (all) all.hidden = !sheet();
    if (button) { button.setAttribute("aria-pressed", String(standard ? sheet() : second())); button.hidden = !standard && !B.leads.several(); }
    document.dispatchEvent(new CustomEvent("beatlens:strip"));
  }
  function toggle() {
    const name = standard ? "sheet" : "second";
    chosen[name] = !(standard ? sheet() : second());
    try { localStorage.setItem(STORES[name], chosen[name] ? "yes" : "no"); } catch (error) { /* until the page is closed */ }
    show();
    document.dispatchEvent(new CustomEvent("beatlens:leads"));
  }

  B.leads = {
    second, // whether a second lead is wanted
    sheet, // whether twelve are shown
    /* px of its paper where it would like so many: no more than there is room for, unless that is too little to read. Where
       most of its screens would be cut beside the queue's cards, these are folded. */
    tall: (liked, usual) => (fits() ? Math.min(liked, room(usual > room(false))) : liked),
    several: () => { const one = document.querySelector("#second-name [data-lead]"); return !!$("second-lead") || !!(one && one.dataset.lead); },
  };
  C.leads = {shown: function (none) { const before = standard; standard = none === "false"; setTimeout(() => { show(); if (standard !== before) document.dispatchEvent(new CustomEvent("beatlens:leads")); }, 0); return undefined; }};
  document.addEventListener("click", (event) => { if (event.target.closest("#more-leads")) toggle(); });
  document.addEventListener("beatlens:room", show);
  (window.beatlensActions = window.beatlensActions || []).push({id: "leads", keys: ["y"], words: "other leads below the strip", pages: ["desk"], run: toggle});
})();

/* The health bar: offline, or which part is missing and what still works. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const CALM = 15000, WORRIED = 5000; // ms between looks
  let since = null;

  const clock = (ms) => Math.floor(ms / 60000) + ":" + String(Math.floor(ms / 1000) % 60).padStart(2, "0");

  function show(title, words) {
    const bar = document.getElementById("health-bar");
    if (!bar) return;
    bar.hidden = !title;
    document.documentElement.toggleAttribute("data-health-bar", !!title);
    bar.textContent = "";
    if (!title) return;
    const mark = document.createElement("span"), head = document.createElement("b"), rest = document.createElement("span");
    mark.className = "icon icon-warn";
    head.textContent = title;
    rest.textContent = words;
    bar.append(mark, head, rest);
  }

  function tell(health) {
    if (health.status === "ok") { show(""); return; }
    const parts = health.parts, missing = [], words = [];
    if (parts.redis && !parts.redis.ok) {
      missing.push("The queue is not running");
      words.push("Queued methods wait for it. Signals, model output and instant methods work.");
    } else if (parts.workers && !parts.workers.ok) {
      missing.push("No worker is running");
      words.push("Queued methods wait for one. Signals, model output and instant methods work.");
    }
    if (parts.database && !parts.database.ok) { missing.push("The database is not reachable"); words.push("Links can be neither made nor opened."); }
    if (parts.recordings && !parts.recordings.ok) { missing.push("Recordings cannot be read"); words.push(parts.recordings.detail || "The worklist names the files."); }
    if (missing.length) show(missing.join(". ") + ".", words.join(" "));
    else show("The service is degraded.", Object.values(parts).filter((p) => !p.ok).map((p) => p.detail).join(" "));
  }

  let timer = null, next = 0;
  function later(ms) { clearTimeout(timer); next = Date.now() + ms; timer = setTimeout(look, ms); }

  async function look() {
    try {
      const answer = await B.api("/health"), health = await answer.json();
      const back = since !== null;
      since = null;
      if (health.parts) tell(health);
      else show("The service makes errors.", health.detail || "");
      if (back) document.dispatchEvent(new CustomEvent("beatlens:online"));
      later(health.status === "ok" ? CALM : WORRIED);
    } catch (error) {
      since = since || Date.now();
      later(WORRIED);
      count();
    }
  }

  /* How long, when it is tried again, and what waits in this browser until then. */
  function count() {
    if (since === null) return;
    const saved = document.getElementById("saved"), waiting = saved && /waiting/.test(saved.textContent) ? " " + saved.textContent.split(",")[0] + " to be saved." : "";
    const words = `retrying in ${Math.max(0, Math.ceil((next - Date.now()) / 1000))} s. The strip and the maps already loaded stay usable; new maps and cover need the server.`;
    document.getElementById("health-bar").setAttribute("aria-live", Date.now() - since < 2000 ? "polite" : "off"); // read out once, not each second
    show("Offline for " + clock(Date.now() - since) + ",", words + waiting);
  }
  setInterval(count, 1000);

  /* Something did not answer: look now. */
  B.checkHealth = look;
  window.addEventListener("load", look);
  document.addEventListener("beatlens:job", () => { if (!document.getElementById("health-bar").hidden) look(); }); // somebody works, whatever the bar says
  window.addEventListener("online", look);
  window.addEventListener("offline", look);
})();

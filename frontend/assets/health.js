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
      words.push("Queued methods (learned mask, occlusion) wait for it. Signals, model output, input derivative and the decision over time work.");
    } else if (parts.workers && !parts.workers.ok) {
      missing.push("No worker is running");
      words.push("Queued methods (learned mask, occlusion) wait for one. Signals, model output and instant methods work.");
    }
    if (parts.database && !parts.database.ok) { missing.push("The database is not reachable"); words.push("Links can be neither made nor opened."); }
    if (parts.recordings && !parts.recordings.ok) { missing.push("Recordings cannot be read"); words.push(parts.recordings.detail || "The worklist names the files."); }
    if (missing.length) show(missing.join(". ") + ".", words.join(" "));
    else show("The service is degraded.", Object.values(parts).filter((p) => !p.ok).map((p) => p.detail).join(" "));
  }

  function look() {
    B.api("/health").then((answer) => answer.json()).then((health) => { since = null; tell(health); setTimeout(look, health.status === "ok" ? CALM : WORRIED); })
      .catch(() => { since = since || Date.now(); setTimeout(look, WORRIED); });
  }

  setInterval(() => {
    if (since) show("Offline for " + clock(Date.now() - since) + ".", "Trying again every 5 s. The strip and the maps already loaded stay usable. New maps need the server.");
  }, 1000);
  window.addEventListener("load", look);
})();

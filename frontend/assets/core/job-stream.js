/* One event stream for all jobs that this tab follows: a browser has six connections to the service, for all its tabs. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const SILENT = 20000; // ms: the service repeats itself each 5 s, so a stream that says nothing for so long is dead
  const AGAIN = 3000; // ms after which a stream that was refused is asked for anew
  const MOST = 64; // jobs of one stream; the others are followed as these end
  const ended = ({status}) => ["done", "failed", "cancelled"].includes(status);
  const follower = B.unique(); // while one stream replaces another, the service counts this tab once
  const hearers = []; // of every status that comes

  let wanted = new Set(), asked = new Set(); // paths of jobs: to be followed, and followed as far as they have not ended
  let current = null, next = null; // the stream, and the one that will replace it once it is open
  let timer = null, heard = 0;

  /* From now on exactly these jobs are followed; what changes at once is one change. */
  function follow(paths) {
    wanted = new Set([...paths].slice(0, MOST));
    clearTimeout(timer);
    timer = setTimeout(() => { if (wanted.size !== asked.size || [...wanted].some((path) => !asked.has(path))) open(); }, 0);
  }

  function open() {
    close(next);
    next = null;
    asked = new Set(wanted);
    if (!asked.size) { stop(); return; }
    const query = new URLSearchParams([["follower", follower], ...[...asked].map((path) => ["job", path.slice(1)])]);
    const mine = (next = new EventSource(B.prefix + "api/events?" + query));
    heard = Date.now();
    mine.onopen = () => { if (next === mine) { close(current); current = mine; next = null; } };
    mine.onerror = () => { if (mine.readyState === EventSource.CLOSED && (mine === next || mine === current)) { clearTimeout(timer); timer = setTimeout(open, AGAIN); } };
    mine.addEventListener("status", (event) => tell(JSON.parse(event.data)));
  }

  const close = (source) => { if (source) source.close(); };
  function stop() { close(next); close(current); next = current = null; }

  function tell(status) {
    heard = Date.now();
    if (ended(status)) asked.forEach((path) => { if (path.endsWith(status.id)) asked.delete(path); });
    if (!asked.size) stop(); // else it would be opened anew, again and again
    hearers.forEach((hear) => hear(status));
  }

  setInterval(() => { if (asked.size && Date.now() - heard > SILENT) open(); }, AGAIN);
  window.addEventListener("beforeunload", stop);

  B.jobStream = {ended, follow, follower, hear: (hearer) => hearers.push(hearer)};
})();

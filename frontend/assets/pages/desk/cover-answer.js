/* What the model says of a covered span, read from the table of all spans on a grid; and the span in words. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const NEAR = 0.011; // s that each edge is moved for the range of answers

  function nearest(edges, wanted) {
    let low = 0, high = edges.length - 1;
    while (low < high) { const middle = (low + high) >> 1; if (edges[middle] < wanted) low = middle + 1; else high = middle; }
    return low > 0 && wanted - edges[low - 1] < edges[low] - wanted ? low - 1 : low;
  }

  /* Column of edges[i] … edges[j], i < j: pairs stand in lexicographic order. */
  const pair = (count, i, j) => i * (count - 1) - (i * (i - 1)) / 2 + (j - i - 1);
  const at = (table, i, j) => table.probabilities.map((column) => column[pair(table.edges.length, i, j)]);
  const top = (values) => values.indexOf(Math.max(...values));

  /* Probabilities of the span on the grid that lies nearest to start … end (samples). */
  function read(table, start, end) {
    const last = table.edges.length - 1;
    const i = Math.min(nearest(table.edges, start), last - 1);
    return at(table, i, Math.max(nearest(table.edges, end), i + 1));
  }

  /* The answers when each edge moves by up to ± 11 ms, or by one step of the grid where that is longer. */
  function range(table, start, end, fs) {
    const reach = Math.max(table.grid, Math.round(NEAR * fs));
    const close = (wanted) => table.edges.flatMap((edge, i) => (Math.abs(edge - wanted) <= reach ? [i] : []));
    const answers = close(start).flatMap((i) => close(end).filter((j) => j > i).map((j) => at(table, i, j)));
    return {ms: (reach * 1000) / fs, answers};
  }

  /* Least and most of class k among answers, and which classes come out on top, most frequent first. */
  function summary(answers, k) {
    const values = answers.map((answer) => answer[k]), tops = answers.map(top);
    const times = (c) => tops.filter((t) => t === c).length;
    return {least: Math.min(...values), most: Math.max(...values), tops: [...new Set(tops)].sort((a, b) => times(b) - times(a))};
  }

  /* `33–89 ms after R`. */
  function place(start, end, before, fs) {
    const ms = (sample) => Math.round(((sample - before) * 1000) / fs), a = ms(start), b = ms(end);
    if (a >= 0) return `${a}–${b} ms after R`;
    if (b <= 0) return `${-a}–${-b} ms before R`;
    return `${-a} ms before to ${b} ms after R`;
  }

  /* `QRS`, `in QRS`, `end of QRS`, `QRS, ST`; empty where no wave is known there. Waves: [{name, start, end}] in samples. */
  function wave(waves, start, end, slack) {
    const touched = waves.filter((w) => Math.min(end, w.end) - Math.max(start, w.start) > slack);
    if (touched.length !== 1) return touched.map((w) => w.name).join(", ");
    const [only] = touched, length = only.end - only.start, middle = ((start + end) / 2 - only.start) / length;
    if (Math.abs(only.start - start) <= slack && Math.abs(only.end - end) <= slack) return only.name;
    if (start < only.start - slack && end > only.end + slack) return `around ${only.name}`;
    return `${middle < 1 / 3 ? "start of" : middle > 2 / 3 ? "end of" : "in"} ${only.name}`;
  }

  B.coverTable = {read, range, summary, place, wave, top};
})();

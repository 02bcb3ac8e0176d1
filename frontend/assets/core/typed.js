/* Numbers that came as typed arrays, {dtype, bdata, shape[, step, middle]}: lists again, as scripts read them; NaN is a gap, null.
   With `words` each is the index of one; −1 is null.

   B.unpacked(value)   one such value; anything else as it is
   B.columns(object)   an object whose values are such
   B.figure(figure)    a figure whose traces are lists
   B.cells(row, count) as many cells as a heat map has, each the strongest of the values that it stands for */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const KINDS = {i1: Int8Array, i2: Int16Array, i4: Int32Array, f4: Float32Array, f8: Float64Array};
  const GAP = -32768; // where numbers are whole

  B.unpacked = function (value) {
    if (!value || typeof value.bdata !== "string") return value;
    const text = atob(value.bdata), bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
    const whole = new KINDS[value.dtype](bytes.buffer), {step, middle, words} = value, flat = new Array(whole.length);
    const read = words ? (code) => (code < 0 ? null : words[code])
      : step ? (number) => (number === GAP ? null : middle + step * number) : (number) => (Number.isNaN(number) ? null : number);
    for (let i = 0; i < whole.length; i += 1) flat[i] = read(whole[i]);
    if (!value.shape) return flat;
    const [rows, wide] = value.shape.split(",").map(Number);
    return Array.from({length: rows}, (_, row) => flat.slice(row * wide, (row + 1) * wide));
  };

  B.columns = (found) => (found ? Object.fromEntries(Object.entries(found).map(([name, value]) => [name, B.unpacked(value)])) : found);

  const trace = (one) => Object.assign({}, one, ...["x", "y", "z"].filter((name) => one[name]).map((name) => ({[name]: B.unpacked(one[name])})));
  B.figure = (figure) => (figure && figure.data ? Object.assign({}, figure, {data: figure.data.map(trace)}) : figure);

  B.cells = function (row, count) {
    const each = Math.max(1, Math.ceil(row.length / count)), cells = [];
    for (let i = 0; i < row.length; i += each) cells.push(row.slice(i, i + each).reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best)));
    return cells;
  };
})();

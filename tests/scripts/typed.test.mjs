import assert from "node:assert/strict";
import test from "node:test";
import {opened} from "./page.mjs";

const packed = (numbers) => Buffer.from(numbers.buffer).toString("base64");
const {unpacked, columns, figure, cells} = opened(["core/typed.js"]).beatlens;
const plain = (value) => JSON.parse(JSON.stringify(value)); // of this realm

test("whole numbers are read with their step, and a gap is null", () => {
  const bdata = packed(Int16Array.of(-2, 0, -32768, 4));
  assert.deepEqual(plain(unpacked({dtype: "i2", bdata, step: 0.5, middle: 10})), [9, 10, null, 12]);
});

test("of numbers with a point NaN is a gap", () => {
  assert.deepEqual(plain(unpacked({dtype: "f4", bdata: packed(Float32Array.of(0.5, NaN))})), [0.5, null]);
});

test("codes are words, −1 is none", () => {
  assert.deepEqual(plain(unpacked({dtype: "i1", bdata: packed(Int8Array.of(1, -1, 0)), words: ["N", "V"]})), ["V", null, "N"]);
});

test("a shape makes rows", () => {
  assert.deepEqual(plain(unpacked({dtype: "i4", bdata: packed(Int32Array.of(1, 2, 3, 4, 5, 6)), shape: "2, 3"})), [[1, 2, 3], [4, 5, 6]]);
});

test("what is no typed array stays as it is, in columns and figures too", () => {
  assert.equal(unpacked("V"), "V");
  assert.equal(unpacked(null), null);
  assert.deepEqual(plain(columns({a: [1], b: {dtype: "i1", bdata: packed(Int8Array.of(7))}})), {a: [1], b: [7]});
  assert.deepEqual(plain(figure({data: [{x: [1], y: {dtype: "i1", bdata: packed(Int8Array.of(2))}, name: "y"}], layout: {}})), {data: [{x: [1], y: [2], name: "y"}], layout: {}});
});

test("a cell shows the strongest of what it stands for, with its sign", () => {
  assert.deepEqual(plain(cells([0, -3, 2, 1], 2)), [-3, 2]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declutter } from '../../app/web/static/js/lib/declutter.js';
import { rings, spread } from '../../app/web/static/js/lib/rings.js';

/** A network of its own kind for each number: a middle, a first ring, a second that hangs on the first. */
function network(near, far) {
  const nodes = [{ key: 'm', kind: 'cell', ring: 0 }];
  const edges = [];
  for (let i = 0; i < near; i += 1) {
    nodes.push({ key: `a${i}`, kind: ['case', 'staff', 'place'][i % 3], ring: 1 });
    edges.push({ source: `a${i}`, target: 'm' });
  }
  for (let i = 0; i < far; i += 1) {
    nodes.push({ key: `b${i}`, kind: ['organisation', 'cell'][i % 2], ring: 2 });
    if (near) edges.push({ source: `b${i}`, target: `a${(i * i) % near}` });
  }
  return { nodes, edges };
}
const SIZES = [[0, 0], [1, 0], [2, 1], [7, 3], [29, 25], [60, 140], [3, 190], [199, 0], [1, 60]];

for (const [near, far] of SIZES) {
  for (const aspect of [0.5, 1, 1.3]) {
    test(`no mark lies on another: ${near} and ${far}, ${aspect}`, () => {
      const { nodes, edges } = network(near, far);
      const found = rings(nodes, edges, aspect);
      assert.equal(found.size, nodes.length);
      assert.deepEqual(found.get('m'), { x: 0, y: 0 });
      const places = [...found.values()];
      for (let i = 0; i < places.length; i += 1) {
        for (let j = 0; j < i; j += 1) assert.ok(Math.hypot(places[i].x - places[j].x, places[i].y - places[j].y) > 40, `${i} and ${j}`);
      }
    });
  }
}

test('the same network is drawn in the same way, in whatever order it comes', () => {
  const { nodes, edges } = network(12, 20);
  assert.deepEqual(rings(nodes, edges), rings(nodes, edges));
  const turned = rings(nodes, [...edges].reverse());
  for (const [key, { x, y }] of rings(nodes, edges)) assert.ok(Math.hypot(turned.get(key).x - x, turned.get(key).y - y) < 1e-6, key);
});

test('what is farther out stands behind what it is tied to', () => {
  const nodes = [{ key: 'm', kind: 'cell', ring: 0 }, ...['a0', 'a1', 'a2', 'a3'].map((key) => ({ key, kind: 'case', ring: 1 })), { key: 'b', kind: 'case', ring: 2 }];
  const found = rings(nodes, [{ source: 'b', target: 'a2' }]);
  const [near, far] = [found.get('a2'), found.get('b')];
  assert.ok(Math.abs(Math.atan2(near.y, near.x) - Math.atan2(far.y, far.x)) < 1e-9);
  assert.ok(Math.hypot(far.x, far.y) > Math.hypot(near.x, near.y));
});

test('angles keep their order and their distance, and stay where there is room', () => {
  assert.deepEqual(spread([0, 1, 2], 0.5), [0, 1, 2]);
  const found = spread([1, 1, 1, 1.1, 3], 0.2);
  for (let i = 1; i < found.length; i += 1) assert.ok(found[i] - found[i - 1] > 0.2 - 1e-9);
  assert.ok(Math.abs((found[0] + found[3]) / 2 - 1.025) < 0.01, 'a block stands around its middle');
  assert.equal(found[4], 3);
  const full = spread(new Array(10).fill(0), 0.7);
  assert.ok(Math.abs(full[1] - full[0] - (2 * Math.PI) / 10) < 1e-9, 'too many go around evenly');
});

const box = (left, top, width = 10, height = 10) => ({ left, top, right: left + width, bottom: top + height });

test('of two labels that meet the one of lower rank is written', () => {
  const labels = [{ key: 'a', box: box(0, 0), rank: 2 }, { key: 'b', box: box(5, 5), rank: 1 }, { key: 'c', box: box(30, 0), rank: 9 }];
  assert.deepEqual(declutter(labels, []), new Set(['b', 'c']));
});

test('a label lies on no mark but its own', () => {
  const marks = [{ key: 'a', box: box(0, 0) }];
  assert.deepEqual(declutter([{ key: 'b', box: box(5, 5), rank: 1 }], marks), new Set());
  assert.deepEqual(declutter([{ key: 'b', box: box(5, 5), rank: 0 }], marks), new Set(['b']), 'but for the one that has to be read');
  assert.deepEqual(declutter([{ key: 'a', box: box(5, 5), rank: 0 }], marks), new Set(['a']));
  assert.deepEqual(declutter([{ key: 'b', box: box(10, 0), rank: 0 }], marks), new Set(['b']), 'edges that touch do not meet');
});

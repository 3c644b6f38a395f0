import assert from 'node:assert/strict';
import test from 'node:test';
import { far, metres, moved, nearestFirst } from '../../app/web/static/js/lib/geo.js';

const HERE = { lon: 102.7, lat: 25.0 };

test('a degree of latitude is 111.2 km, one of longitude less', () => {
  assert.equal(Math.round(metres(HERE, { lon: 102.7, lat: 26 }) / 100), 1112);
  assert.equal(Math.round(metres(HERE, { lon: 103.7, lat: 25 }) / 100), 1008);
  assert.equal(metres(HERE, HERE), 0);
  assert.ok(metres({ lon: 179.999, lat: 0 }, { lon: -179.999, lat: 0 }) < 300, 'over the date line it is near');
});

test('ten metres in every direction are ten metres', () => {
  for (const way of ['north', 'south', 'east', 'west']) assert.ok(Math.abs(metres(HERE, moved(HERE, way, 10)) - 10) < 0.01, way);
});

test('distances are written as people walk them', () => {
  assert.deepEqual([0, 38.4, 999.4, 1000, 1949, 12345].map((m) => far(m)).map(({ value, unit }) => value + unit), ['0m', '38m', '999m', '1.0km', '1.9km', '12km']);
});

test('the nearest comes first, what is nowhere last and in its order', () => {
  const things = [{ id: 1, at: null }, { id: 2, at: { lon: 102.8, lat: 25 } }, { id: 3, at: { lon: 102.701, lat: 25 } }, { id: 4, at: null }];
  assert.deepEqual(nearestFirst(things, (thing) => thing.at, HERE).map(({ id }) => id), [3, 2, 1, 4]);
});

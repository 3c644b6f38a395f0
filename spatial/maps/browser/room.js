// Room on a map: marks are moved off each other a little, and names stand where nothing else does.
/* global L */
const room = (() => {
  "use strict";

  const LETTERS = '12px "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';
  const WIDEST = 120;
  const HIGH = 16;
  const FARTHEST = 22;
  /** Where a name may stand instead: so many pixels below its place, so that it is within its area still. */
  const BESIDE = [0, -6, 6, -12, 12];

  const pen = document.createElement("canvas").getContext("2d");
  pen.font = LETTERS;

  /** A name, with the room that it takes. */
  function label(html, name, spot, kind) {
    const size = [Math.min(Math.ceil(pen.measureText(name).width) + 6, WIDEST), HIGH];
    const icon = L.divIcon({className: `name ${kind}`, iconSize: size, html});
    return {size, spot, marker: L.marker(spot, {icon, interactive: false, keyboard: false, pane: "names"})};
  }

  /** Marks first, then names, those of the greater areas before the others; for which there is no room are left out. */
  function share(map) {
    const taken = spread(map);
    const all = map.getSize();
    for (const {layer, size: [wide, high], spot, marker} of map.names) {
      const {x, y} = map.latLngToContainerPoint(spot);
      const boxes = BESIDE.map((down) => around(x, y + down, wide, high));
      const free = (box) => inside(box, all) && taken.every((other) => apart(box, other));
      const box = map.hasLayer(layer) ? boxes.find(free) : undefined;
      if (!box) {
        marker.remove();
        continue;
      }
      taken.push(box);
      marker.setLatLng(map.containerPointToLatLng([x, box[1] + high / 2])).addTo(map);
    }
  }

  /** Numbers of marks that lie upon each other are moved apart; a mark alone is where it is. */
  function spread(map) {
    const all = map.getContainer().getBoundingClientRect();
    const placed = [];
    const movable = (mark) => mark.classList.contains("gathered");
    const marks = [...map.getPane("markerPane").children];
    for (const mark of marks.sort((one, other) => movable(one) - movable(other))) {
      const {left, top, width, height} = mark.getBoundingClientRect();
      const one = {x: left - all.left + width / 2, y: top - all.top + height / 2, reach: width / 2};
      if (movable(mark)) {
        const [x, y] = pushed(one, placed);
        mark.style.setProperty("--x", `${x.toFixed(1)}px`);
        mark.style.setProperty("--y", `${y.toFixed(1)}px`);
        one.x += x;
        one.y += y;
      }
      placed.push(one);
    }
    return placed.map(({x, y, reach}) => around(x, y, 1.6 * reach, 1.6 * reach));
  }

  /** How far a mark goes to get off the others, so far as it may. */
  function pushed(one, others) {
    let [x, y] = [0, 0];
    for (const other of others) {
      const [right, down] = [one.x + x - other.x, one.y + y - other.y];
      const far = Math.hypot(right, down) || 1;
      const missing = 0.92 * (one.reach + other.reach) - far;
      if (missing > 0) [x, y] = [x + (right / far) * missing, y + ((down || 1) / far) * missing];
    }
    const long = Math.hypot(x, y);
    return long > FARTHEST ? [(x / long) * FARTHEST, (y / long) * FARTHEST] : [x, y];
  }

  function around(x, y, wide, high) {
    return [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2];
  }

  function inside(box, all) {
    return box[0] >= 0 && box[1] >= 0 && box[2] <= all.x && box[3] <= all.y;
  }

  function apart(one, other) {
    return one[0] > other[2] || one[2] < other[0] || one[1] > other[3] || one[3] < other[1];
  }

  return {label, share};
})();

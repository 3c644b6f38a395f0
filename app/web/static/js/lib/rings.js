/** Where the elements of a network are drawn: ring by ring around the middle, always in the same way. Pure. */

/** @typedef {{x: number, y: number}} Point */
/** @typedef {{key: string, kind: string, ring: number}} Ringed */

const WIDE = 84;
const HIGH = 60;
const FIRST = 116;
const APART = 76;
const TURN = 2 * Math.PI;

/**
 * Places on a circle in their order, each as near to where it would be as the others leave it room.
 * @param {number[]} wanted angles in ascending order
 * @param {number} gap least angle between two of them
 * @param {number} [room] how many the circle is divided for, where the last keeps a greater distance from the first
 * @returns {number[]}
 */
export function spread(wanted, gap, room = wanted.length) {
  const evenly = () => wanted.map((_, i) => wanted[0] + (i / room) * TURN);
  if (room * gap > TURN) return evenly();
  // Neighbours that are too near become a block, which stands where its members would be on the average.
  /** @type {{sum: number, n: number}[]} */
  const blocks = [];
  wanted.forEach((angle, i) => {
    blocks.push({ sum: angle - i * gap, n: 1 });
    while (blocks.length > 1 && mean(blocks[blocks.length - 2]) >= mean(blocks[blocks.length - 1])) {
      const last = /** @type {{sum: number, n: number}} */ (blocks.pop());
      blocks[blocks.length - 1].sum += last.sum;
      blocks[blocks.length - 1].n += last.n;
    }
  });
  const found = blocks.flatMap((block) => new Array(block.n).fill(mean(block))).map((angle, i) => angle + i * gap);
  const round = found.length > 1 && found[found.length - 1] - found[0] > TURN - gap * (room - found.length + 1) + 1e-9;
  return round ? evenly() : found;
}

const mean = (/** @type {{sum: number, n: number}} */ block) => block.sum / block.n;

/**
 * @param {Ringed[]} nodes the middle has ring 0
 * @param {{source: string, target: string}[]} edges
 * @param {number} [aspect] height by width of where it is drawn
 * @returns {Map<string, Point>}
 */
export function rings(nodes, edges, aspect = 1) {
  const stretch = Math.sqrt(Math.min(1.5, Math.max(0.67, aspect)));
  /** @type {Map<string, number>} */
  const angles = new Map();
  /** @type {Map<string, Point>} */
  const places = new Map();
  for (const node of nodes.filter((one) => one.ring === 0)) places.set(node.key, { x: 0, y: 0 });
  let radius = FIRST;
  for (const ring of [...new Set(nodes.map((node) => node.ring))].filter((one) => one > 0).sort((a, b) => a - b)) {
    const members = inOrder(nodes.filter((node) => node.ring === ring), edges, angles);
    // Too many for one circle stand on several, in a turn that leaves no arms.
    const wide = WIDE * Math.max(stretch, 1 / stretch);
    const tracks = Math.max(1, Math.ceil(members.length / Math.floor((TURN * radius) / wide)));
    const room = Math.ceil(members.length / tracks) * tracks;
    const found = spread(members.map((member) => member.angle), wide / (radius * tracks), room);
    const step = turnOf(tracks);
    members.forEach(({ node }, i) => {
      const far = radius + ((i * step) % tracks) * HIGH;
      angles.set(node.key, found[i]);
      places.set(node.key, { x: (far * Math.cos(found[i])) / stretch, y: far * Math.sin(found[i]) * stretch });
    });
    radius += (tracks - 1) * HIGH + APART;
  }
  return places;
}

/** @param {number} tracks @returns {number} a step near the golden part of them that comes to each before it comes to one again */
function turnOf(tracks) {
  const common = (/** @type {number} */ a, /** @type {number} */ b) => { while (b) [a, b] = [b, a % b]; return a; };
  let step = Math.max(1, Math.round(tracks * 0.382));
  while (common(step, tracks) > 1) step += 1;
  return step;
}

/**
 * The first ring goes around kind by kind; what is farther out stands behind what it is tied to.
 * @param {Ringed[]} members
 * @param {{source: string, target: string}[]} edges
 * @param {Map<string, number>} angles of what is nearer
 */
function inOrder(members, edges, angles) {
  if (!angles.size) {
    const sorted = [...members].sort((a, b) => compare(a.kind, b.kind));
    return sorted.map((node, i) => ({ node, angle: (i / sorted.length) * TURN - Math.PI / 2 }));
  }
  /** @type {Map<string, Point>} */
  const pull = new Map();
  for (const { source, target } of edges) {
    for (const [own, other] of [[source, target], [target, source]]) {
      const angle = angles.get(other);
      if (angle === undefined) continue;
      const sum = pull.get(own) ?? { x: 0, y: 0 };
      pull.set(own, { x: sum.x + Math.cos(angle), y: sum.y + Math.sin(angle) });
    }
  }
  return members.map((node) => {
    const { x, y } = pull.get(node.key) ?? { x: 0, y: -1 };
    return { node, angle: Math.atan2(y, x) };
  }).sort((a, b) => a.angle - b.angle || compare(a.node.kind, b.node.kind) || compare(a.node.key, b.node.key));
}

const compare = (/** @type {string} */ a, /** @type {string} */ b) => (a < b ? -1 : a > b ? 1 : 0);

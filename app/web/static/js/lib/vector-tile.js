/** Reads vector tiles (Mapbox Vector Tile 2.1) where no map is drawn from them: the inset. Pure. */

/**
 * @typedef {object} TileFeature
 * @property {number} id
 * @property {1 | 2 | 3} type of its shape: points, lines, polygons
 * @property {Record<string, string | number | boolean>} properties
 * @property {[number, number][][]} parts lines or rings, in units of the tile
 */

/** @typedef {{extent: number, features: TileFeature[]}} TileLayer */

const text = new TextDecoder();

/** A reader of protocol buffers, as far as tiles need one. */
class Reader {
  /** @param {Uint8Array} bytes @param {number} from @param {number} to */
  constructor(bytes, from = 0, to = bytes.length) {
    this.bytes = bytes;
    this.at = from;
    this.to = to;
  }

  varint() {
    let [value, scale, byte] = [0, 1, 0];
    do {
      byte = this.bytes[this.at];
      this.at += 1;
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte > 0x7f);
    return value;
  }

  /** @returns {Reader} of the field that begins here */
  inner() {
    const length = this.varint();
    this.at += length;
    return new Reader(this.bytes, this.at - length, this.at);
  }

  string() {
    const part = this.inner();
    return text.decode(this.bytes.subarray(part.at, part.to));
  }

  /** @returns {number[]} */
  numbers() {
    const part = this.inner();
    const found = [];
    while (part.at < part.to) found.push(part.varint());
    return found;
  }

  /** @param {number} kind of a field that nobody asks for */
  skip(kind) {
    if (kind === 0) this.varint();
    else if (kind === 2) this.inner();
    else this.at += kind === 1 ? 8 : 4;
  }

  /** @param {(field: number, kind: number) => boolean} take reads the fields that it knows, and says whether it did */
  each(take) {
    while (this.at < this.to) {
      const key = this.varint();
      if (!take(Math.floor(key / 8), key % 8)) this.skip(key % 8);
    }
  }
}

const zigzag = (/** @type {number} */ n) => (n % 2 ? -(n + 1) / 2 : n / 2);

/** @param {Reader} reader @returns {string | number | boolean} */
function value(reader) {
  /** @type {string | number | boolean} */ let found = '';
  const view = new DataView(reader.bytes.buffer, reader.bytes.byteOffset);
  reader.each((field, kind) => {
    if (field === 1) found = reader.string();
    else if (field === 2) { found = view.getFloat32(reader.at, true); reader.skip(kind); }
    else if (field === 3) { found = view.getFloat64(reader.at, true); reader.skip(kind); }
    else if (field === 6) found = zigzag(reader.varint());
    else if (field === 7) found = reader.varint() === 1;
    else if (field === 4 || field === 5) found = reader.varint();
    else return false;
    return true;
  });
  return found;
}

/** @param {number[]} commands @returns {[number, number][][]} */
function parts(commands) {
  /** @type {[number, number][][]} */ const found = [];
  let [x, y, i] = [0, 0, 0];
  while (i < commands.length) {
    const [command, times] = [commands[i] % 8, Math.floor(commands[i] / 8)];
    i += 1;
    if (command === 7) continue;
    for (let n = 0; n < times; n += 1, i += 2) {
      x += zigzag(commands[i]);
      y += zigzag(commands[i + 1]);
      if (command === 1) found.push([]);
      found[found.length - 1].push([x, y]);
    }
  }
  return found;
}

/** @param {Reader} reader @param {string[]} keys @param {(string | number | boolean)[]} values @returns {TileFeature} */
function feature(reader, keys, values) {
  const made = /** @type {TileFeature} */ ({ id: 0, type: 1, properties: {}, parts: [] });
  reader.each((field) => {
    if (field === 1) made.id = reader.varint();
    else if (field === 2) { const tags = reader.numbers(); for (let i = 0; i < tags.length; i += 2) made.properties[keys[tags[i]]] = values[tags[i + 1]]; }
    else if (field === 3) made.type = /** @type {1 | 2 | 3} */ (reader.varint());
    else if (field === 4) made.parts = parts(reader.numbers());
    else return false;
    return true;
  });
  return made;
}

/**
 * @param {ArrayBuffer} body
 * @returns {Record<string, TileLayer>} the layers by their names
 */
export function readTile(body) {
  /** @type {Record<string, TileLayer>} */ const layers = {};
  const tile = new Reader(new Uint8Array(body));
  tile.each((field) => {
    if (field !== 3) return false;
    const layer = tile.inner();
    /** @type {string[]} */ const keys = [];
    /** @type {(string | number | boolean)[]} */ const values = [];
    /** @type {Reader[]} */ const waiting = [];
    let [name, extent] = ['', 4096];
    layer.each((part) => {
      if (part === 1) name = layer.string();
      else if (part === 2) waiting.push(layer.inner());
      else if (part === 3) keys.push(layer.string());
      else if (part === 4) values.push(value(layer.inner()));
      else if (part === 5) extent = layer.varint();
      else return false;
      return true;
    });
    layers[name] = { extent, features: waiting.map((reader) => feature(reader, keys, values)) };
    return true;
  });
  return layers;
}

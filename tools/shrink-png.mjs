/**
 * Makes pictures of pages small: PNG files with a palette of at most 256 colours, which is nearly all a page has.
 * Colours beyond that come from antialiasing and go to the nearest that is kept. Files that would grow stay.
 *
 *     node tools/shrink-png.mjs docs/images/ui/*.png
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CHANNELS = { 2: 3, 6: 4 };
const MAX_COLOURS = 256;

/** @returns {{width: number, height: number, colours: Uint32Array} | undefined} 0xRRGGBB; undefined for other kinds of PNG */
export function decodeTrueColour(png) {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('no PNG file.');
  let header;
  const data = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = body;
    if (type === 'IDAT') data.push(body);
    at += length + 12;
  }
  const [width, height, depth, kind, interlaced] = [
    header.readUInt32BE(0),
    header.readUInt32BE(4),
    header[8],
    header[9],
    header[12],
  ];
  const channels = CHANNELS[kind];
  if (depth !== 8 || channels === undefined || interlaced !== 0) return undefined;
  const bytes = unfilter(inflateSync(Buffer.concat(data)), width * channels, height, channels);
  const colours = new Uint32Array(width * height);
  for (let pixel = 0, at = 0; pixel < colours.length; pixel++, at += channels) {
    if (channels === 4 && bytes[at + 3] !== 255) return undefined;
    colours[pixel] = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
  }
  return { width, height, colours };
}

/** PNG specification, section 9 "Filtering". */
function unfilter(raw, stride, height, channels) {
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x >= channels ? out[at - channels] : 0;
      const up = y > 0 ? out[at - stride] : 0;
      const corner = x >= channels && y > 0 ? out[at - stride - channels] : 0;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      out[at] = raw[y * (stride + 1) + 1 + x] + predicted;
    }
  }
  return out;
}

function paeth(left, up, corner) {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/**
 * Colours so far apart that all find room, those that cover most first, and for each colour the place of the nearest:
 * a colour that is rare but unlike all others stays, shades between two go.
 */
export function choosePalette(colours) {
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const byCount = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour);
  let palette = byCount;
  for (let apart = 4; palette.length > MAX_COLOURS; apart *= 1.3) palette = spread(byCount, apart);
  const places = new Map(byCount.map((colour) => [colour, nearest(palette, colour)]));
  return { palette, places };
}

/** Those at least so far from each other, in order; more than fit when there are more. */
function spread(byCount, apart) {
  const chosen = [];
  for (const colour of byCount) {
    if (chosen.length > MAX_COLOURS) break;
    if (chosen.every((other) => distance(other, colour) > apart)) chosen.push(colour);
  }
  return chosen;
}

function distance(a, b) {
  let sum = 0;
  for (const shift of [0, 8, 16]) sum += (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2;
  return sum;
}

function nearest(palette, colour) {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let place = 0; place < palette.length; place++) {
    const away = distance(palette[place], colour);
    if (away < least) [best, least] = [place, away];
  }
  return best;
}

function chunk(type, body) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const sized = Buffer.alloc(4);
  sized.writeUInt32BE(body.length);
  const checked = Buffer.alloc(4);
  checked.writeUInt32BE(crc32(named));
  return Buffer.concat([sized, named, checked]);
}

export function encodePalette({ width, height, colours }) {
  const { palette, places } = choosePalette(colours);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = places.get(colours[y * width + x]);
  }
  const table = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', table),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

if (process.argv[1] === import.meta.filename) {
  let [before, after] = [0, 0];
  for (const file of process.argv.slice(2)) {
    const png = readFileSync(file);
    const image = decodeTrueColour(png);
    const small = image === undefined ? png : encodePalette(image);
    if (small.length < png.length) writeFileSync(file, small);
    before += png.length;
    after += Math.min(small.length, png.length);
  }
  console.log(`${process.argv.length - 2} files: ${before} bytes before, ${after} after`);
}

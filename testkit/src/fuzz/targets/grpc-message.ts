import { BodyBudget } from '../../../../server/src/receive/body-budget.ts';
import { GrpcMessageReader } from '../../../../server/src/receive/grpc-message-reader.ts';
import { Random } from '../../random.ts';
import { type CorpusInput, FuzzFinding, type FuzzTarget, magnitude, shapeOf, utf8 } from '../fuzz-target.ts';

const MAX_MESSAGE_BYTES = 8 * 1024;
const BUDGET_BYTES = 64 * 1024;

/** GrpcMessageReader: however the stream is cut into chunks, the answer is that of reading it in one piece. */
export const grpcMessageTarget: FuzzTarget = {
  name: 'grpc-message',
  style: 'bytes',
  dictionary: [framed(utf8('x')), Uint8Array.of(0, 0, 0, 0, 0), Uint8Array.of(1, 0xff, 0xff, 0xff, 0xff)],
  seeds,
  check(input) {
    const expected = reference(input);
    for (const cutSeed of [0, 1, input.length]) {
      const actual = read(input, cutSeed);
      if (actual !== expected) throw new FuzzFinding(`"${actual}" (expected "${expected}")`);
    }
    return expected.startsWith('ok') ? `accepted ${magnitude(input.length)}` : shapeOf(expected);
  },
};

function read(input: Uint8Array, cutSeed: number): string {
  let mostHeld = 0;
  const budget = new BodyBudget(BUDGET_BYTES, (held) => {
    mostHeld = Math.max(mostHeld, held);
  });
  const reader = new GrpcMessageReader(budget.open('default', 'client'), MAX_MESSAGE_BYTES);
  const random = new Random(cutSeed);
  let result: string = 'ok';
  for (let at = 0; at < input.length && result === 'ok'; ) {
    const size = cutSeed === 0 ? input.length : random.between(1, random.pick([2, 10, 3000]));
    result = reader.add(input.subarray(at, at + size));
    at += size;
  }
  if (result === 'ok') result = reader.end();
  if (result === 'ok') result = `ok ${Buffer.from(reader.take()).toString('latin1')}`;
  // The words of what came too early depend on the cut; that it is refused does not.
  reader.release();
  if (budget.heldBytes !== 0) throw new FuzzFinding(`${budget.heldBytes} bytes of budget are not given back`);
  // No more than a page for each byte that came, whatever was promised.
  if (mostHeld > Math.max(MAX_MESSAGE_BYTES, 2 * input.length)) throw new FuzzFinding(`${mostHeld} bytes held`);
  return result;
}

function reference(input: Uint8Array): string {
  if (input.length < 5) return 'malformed';
  if (input[0] > 1) return 'malformed';
  const length = new DataView(input.buffer, input.byteOffset).getUint32(1);
  if (length > MAX_MESSAGE_BYTES) return 'too-large';
  const content = input.subarray(5);
  return content.length === length ? `ok ${Buffer.from(content).toString('latin1')}` : 'malformed';
}

function framed(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(5 + message.length);
  new DataView(bytes.buffer).setUint32(1, message.length);
  bytes.set(message, 5);
  return bytes;
}

function seeds(): CorpusInput[] {
  return [
    { name: 'empty-message', bytes: framed(new Uint8Array(0)) },
    { name: 'short', bytes: framed(utf8('hello')) },
    { name: 'long', bytes: framed(new Uint8Array(3000).fill(7)) },
    { name: 'too-long', bytes: framed(new Uint8Array(MAX_MESSAGE_BYTES + 1)) },
    { name: 'two-messages', bytes: Uint8Array.from([...framed(utf8('a')), ...framed(utf8('b'))]) },
    { name: 'cut-prefix', bytes: Uint8Array.of(0, 0, 0) },
  ];
}

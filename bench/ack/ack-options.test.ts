import { expect, test } from 'vitest';
import { parseAckOptions } from './ack-options.ts';

test('half of the capacity is the load unless a rate is given', () => {
  const options = parseAckOptions([]);
  expect(options).toMatchObject({ transports: ['http', 'grpc'], spansPerSecond: undefined, withBaseline: true });
  expect(parseAckOptions(['--rate', '5000', '--no-baseline'])).toMatchObject({
    spansPerSecond: 5000,
    withBaseline: false,
  });
});

test('help is told apart, and wrong values are named', () => {
  expect(parseAckOptions(['--help'])).toBe('help');
  expect(() => parseAckOptions(['--seconds', '0'])).toThrow('--seconds 0: not an integer from 2 to 3600.');
  expect(() => parseAckOptions(['--second', '3'])).toThrow();
});

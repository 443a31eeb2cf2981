import { describe, expect, it } from 'vitest';
import { formatByteSize, tryParseByteSize } from './byte-size.ts';
import { formatDurationMs, tryParseDurationMs } from './duration.ts';
import { tryNearestName } from './nearest-name.ts';
import { byteSize, durationMs, flag, httpUrls, oneOf, textList } from './value-kinds.ts';

describe('byte sizes', () => {
  it.each([
    ['64MiB', 67108864],
    ['64 mib', 67108864],
    ['1.5GiB', 1610612736],
    ['500MB', 500_000_000],
    ['2g', 2147483648],
    ['123', 123],
  ])('reads %s', (text, bytes) => {
    expect(tryParseByteSize(text)).toBe(bytes);
  });

  it.each(['', 'MiB', '-1MiB', '1e9', '64 MiB please', '1XiB', '1..5GiB'])('refuses "%s"', (text) => {
    expect(tryParseByteSize(text)).toBeUndefined();
  });

  it('prints what it reads back', () => {
    for (const bytes of [0, 1, 1023, 1024, 1500, 1_000_000, 1_500_000_000, 67108864, 3 * 2 ** 30, 2 ** 40]) {
      expect(tryParseByteSize(formatByteSize(bytes))).toBe(bytes);
    }
    expect(formatByteSize(67108864)).toBe('64MiB');
  });
});

describe('durations', () => {
  it.each([
    ['5s', 5000],
    ['250ms', 250],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['2 min', 120_000],
    ['1000', 1000],
  ])('reads %s', (text, ms) => {
    expect(tryParseDurationMs(text)).toBe(ms);
  });

  it.each(['', 's', '5 parsecs', '-5s', '1h-30m', '5s!'])('refuses "%s"', (text) => {
    expect(tryParseDurationMs(text)).toBeUndefined();
  });

  it('prints what it reads back', () => {
    for (const ms of [0, 1, 999, 1000, 90_000, 3_600_000, 86_400_000, 5_400_000]) {
      expect(tryParseDurationMs(formatDurationMs(ms))).toBe(ms);
    }
  });
});

describe('value kinds', () => {
  it('say their bounds', () => {
    expect(byteSize(1024, 2 ** 20).safeParse('2MiB').error?.issues[0].message).toBe(
      'must be a size such as 64MiB, or a number of bytes, from 1KiB to 1MiB',
    );
    expect(durationMs(100, 60_000).safeParse('1ms').success).toBe(false);
    expect(byteSize(1024, 2 ** 20).safeParse(2048.5).success).toBe(false);
  });

  it('read booleans as people write them and nothing else', () => {
    for (const value of [true, 'true', 'yes', 'ON', '1', 1]) expect(flag().safeParse(value).data).toBe(true);
    for (const value of [false, 'false', 'no', 'off', '0', 0]) expect(flag().safeParse(value).data).toBe(false);
    for (const value of ['maybe', 2, null, []]) expect(flag().safeParse(value).success).toBe(false);
  });

  it('read lists from YAML and from text with commas', () => {
    const kind = textList(/^[a-z]+$/, 'words');
    expect(kind.safeParse('a, b,,c').data).toEqual(['a', 'b', 'c']);
    expect(kind.safeParse(['a', 'b']).data).toEqual(['a', 'b']);
    expect(kind.safeParse(['a', 1]).success).toBe(false);
  });

  it('read addresses of http and https only', () => {
    expect(httpUrls().safeParse('http://ch:8123/').data).toBe('http://ch:8123');
    expect(httpUrls().safeParse('http://a:8123/, https://b').data).toBe('http://a:8123,https://b');
    for (const value of ['ch:8123', 'tcp://ch:9000', '', 5, 'http://a:8123,b:8123', 'http://a:8123,']) {
      expect(httpUrls().safeParse(value).success).toBe(false);
    }
  });

  it('read choices in any case', () => {
    expect(oneOf(['json', 'pretty']).safeParse('JSON').data).toBe('json');
    expect(oneOf(['json', 'pretty']).safeParse('xml').success).toBe(false);
  });
});

describe('tryNearestName', () => {
  const names = ['host', 'port', 'insecure', 'maxBodyBytes'];
  it('finds swapped, missing and differently joined letters', () => {
    expect(tryNearestName('prot', names)).toBe('port');
    expect(tryNearestName('hst', names)).toBe('host');
    expect(tryNearestName('max_body_bytes', names)).toBe('maxBodyBytes');
  });
  it('offers nothing for a name unlike all', () => {
    expect(tryNearestName('retention', names)).toBeUndefined();
  });
});

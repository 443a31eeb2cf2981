import { describe, expect, it } from 'vitest';
import { mergeSettings } from './stored-settings.ts';

describe('stored settings', () => {
  it('keep what has the right type and replace the rest by defaults', () => {
    const settings = mergeSettings({
      theme: 'dark',
      nameWidth: 300,
      dockWidth: 'wide',
      dockHeight: 9e9,
      singleKeys: false,
    });
    expect(settings).toMatchObject({
      theme: 'dark',
      nameWidth: 300,
      dockWidth: 420,
      dockHeight: 320,
      singleKeys: false,
    });
    expect(mergeSettings({ theme: 'pink' }).theme).toBe('system');
  });
});

import type { StoreServerOptions } from './client.ts';

/** User and password may stand in the URL; the client wants them apart. */
export function serverPlace(text: string): StoreServerOptions {
  const url = new URL(text);
  const username = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  return {
    url: url.href,
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
  };
}

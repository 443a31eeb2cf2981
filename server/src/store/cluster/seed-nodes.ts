/** The addresses a person gave: they say what the cluster looks like and which of its nodes they are. */
import { createStoreClient, type StoreServerOptions } from '../client.ts';
import { serverPlace } from '../server-place.ts';
import { ClusterError, type ClusterLayout, loadLayout } from './cluster-layout.ts';

export interface SeedAnswers {
  /** Of the first seed that answered; undefined when none did. */
  readonly layout: ClusterLayout | undefined;
  /** Places by the native address of the node that answers there. */
  readonly places: ReadonlyMap<string, StoreServerOptions>;
  /** Why seeds did not answer. */
  readonly problems: readonly string[];
}

/**
 * Asks all of them at once.
 * @throws ClusterError when one that answers knows no such cluster.
 */
export async function askSeeds(urls: readonly string[], cluster: string): Promise<SeedAnswers> {
  const answers = await Promise.all(urls.map((url) => askSeed(serverPlace(url), cluster)));
  const places = new Map<string, StoreServerOptions>();
  let layout: ClusterLayout | undefined;
  const problems: string[] = [];
  for (const { place, found, error } of answers) {
    if (error instanceof ClusterError) throw error;
    if (found === undefined) {
      problems.push(`${place.url}: ${error?.message}`);
      continue;
    }
    layout ??= found.layout;
    if (found.self !== undefined) places.set(found.self, place);
  }
  return { layout, places, problems };
}

async function askSeed(place: StoreServerOptions, cluster: string) {
  const client = createStoreClient(place);
  try {
    return { place, found: await loadLayout(client, cluster) };
  } catch (error) {
    return { place, error: error as Error };
  } finally {
    await client.close();
  }
}

/** Where a node is that nobody gave an address of: at its host name, otherwise like the first that was given. */
export function placeLike(first: StoreServerOptions, host: string): StoreServerOptions {
  const url = new URL(first.url);
  url.hostname = host.includes(':') ? `[${host}]` : host;
  return { ...first, url: url.href };
}

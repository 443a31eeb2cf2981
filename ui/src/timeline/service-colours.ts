/** Colours in the palette; tokens.css names them --service-0 … --service-7. */
export const PALETTE_SIZE = 8;

export interface ServiceColour {
  /** Index into the palette. */
  readonly colour: number;
  /** Two letters that tell services apart which share a colour; empty for the first owner of a colour. */
  readonly monogram: string;
}

/**
 * One colour per service. The wanted colour follows from the name alone, so that everyone sees the same; the heaviest
 * services choose first and step aside on collision, so that the eight heaviest differ. Later ones carry a monogram.
 * @param services names, heaviest first
 */
export function assignServiceColours(services: readonly string[]): Map<string, ServiceColour> {
  const taken = new Set<number>();
  const assigned = new Map<string, ServiceColour>();
  for (const service of services) {
    const wanted = hashOf(service) % PALETTE_SIZE;
    if (taken.size < PALETTE_SIZE) {
      let colour = wanted;
      while (taken.has(colour)) colour = (colour + 1) % PALETTE_SIZE;
      taken.add(colour);
      assigned.set(service, { colour, monogram: '' });
    } else {
      assigned.set(service, { colour: wanted, monogram: monogramOf(service) });
    }
  }
  return assigned;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function monogramOf(service: string): string {
  const words = service.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const letters = words.length > 1 ? `${words[0][0]}${words[1][0]}` : (words[0] ?? '?').slice(0, 2);
  return letters.toUpperCase();
}

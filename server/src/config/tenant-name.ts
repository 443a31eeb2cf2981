/** What a tenant may be called, in headers and in clew.yaml. */

/** Used when a sender names no tenant. */
export const DEFAULT_TENANT = 'default';
export const MAX_TENANT_LENGTH = 150;
/** In words, for messages. */
export const TENANT_RULE = `1 to ${MAX_TENANT_LENGTH} of a-z, A-Z, 0-9 and !_.*'()-`;

const TENANT_PATTERN = /^[a-zA-Z0-9!_.*'()-]+$/;

export function isTenantName(name: string): boolean {
  if (name.length === 0 || name.length > MAX_TENANT_LENGTH || !TENANT_PATTERN.test(name)) return false;
  // '.' and '..' would be a folder and its parent wherever a tenant becomes a path.
  return name !== '.' && name !== '..';
}

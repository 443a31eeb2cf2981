/** Who runs in the shop: services, their instances, versions and places. */
import type { PlannedAttributes } from './planned-span.ts';

export interface ShopService {
  readonly name: string;
  readonly language: 'nodejs' | 'go' | 'java' | 'python' | 'dotnet' | 'rust';
  readonly version: string;
  /** What the last instances run in place of `version` while the fault bad-deploy is on. */
  readonly nextVersion: string;
  readonly instances: number;
  readonly port: number;
}

const service = (
  name: string,
  language: ShopService['language'],
  version: string,
  nextVersion: string,
  instances: number,
  port = 8080,
): ShopService => ({ name, language, version, nextVersion, instances, port });

export const SERVICES: readonly ShopService[] = [
  service('storefront', 'nodejs', '4.12.0', '4.13.0', 3, 3000),
  service('gateway', 'go', '1.9.2', '1.9.3', 2),
  service('catalog', 'java', '2.14.1', '2.15.0', 3),
  service('search', 'rust', '0.8.4', '0.9.0', 2),
  service('cart', 'dotnet', '3.2.0', '3.3.0', 2),
  service('checkout', 'java', '5.1.7', '5.2.0', 3),
  service('pricing', 'go', '1.4.0', '1.5.0', 2),
  service('payment', 'java', '7.0.3', '7.1.0', 2),
  service('fraud', 'python', '2.3.9', '2.4.0', 1),
  service('shipping', 'rust', '1.1.5', '1.2.0', 2),
  service('inventory', 'go', '3.0.1', '3.1.0', 2),
  service('recommendations', 'python', '6.4.2', '6.5.0', 2),
  service('notifications', 'nodejs', '2.0.8', '2.1.0', 1),
  service('orders', 'java', '4.4.4', '4.5.0', 2),
];

const NODES = ['ip-10-0-1-17', 'ip-10-0-2-43', 'ip-10-0-3-88'];
const ZONES = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'];

/** @throws RangeError for a name that SERVICES does not have: a mistake in the model. */
export function findService(name: string): ShopService {
  const found = SERVICES.find((candidate) => candidate.name === name);
  if (found === undefined) throw new RangeError(`no service "${name}" in the shop. Add it to SERVICES.`);
  return found;
}

/** The resource of one instance (resource semantic conventions: service, deployment, k8s, cloud, host). */
export function resourceAttributes(owner: ShopService, instance: number, isNextVersion: boolean): PlannedAttributes {
  const version = isNextVersion ? owner.nextVersion : owner.version;
  const replicaSet = fingerprint(owner.name + version, 9);
  const pod = `${owner.name}-${replicaSet}-${fingerprint(`${owner.name}${version}${instance}`, 5)}`;
  const place = (instance + owner.name.length) % NODES.length;
  return {
    'service.name': owner.name,
    'service.namespace': 'shop',
    'service.version': version,
    'service.instance.id': pod,
    'deployment.environment.name': 'production',
    'cloud.provider': 'aws',
    'cloud.region': 'eu-central-1',
    'cloud.availability_zone': ZONES[place],
    'host.name': NODES[place],
    'k8s.cluster.name': 'shop-eu',
    'k8s.namespace.name': 'shop',
    'k8s.deployment.name': owner.name,
    'k8s.node.name': NODES[place],
    'k8s.pod.name': pod,
    'k8s.container.name': owner.name,
    'process.runtime.name': owner.language,
  };
}

/** Letters and digits as Kubernetes puts behind pod names (FNV-1a, the alphabet without vowels). */
function fingerprint(text: string, length: number): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  let hash = 0x811c9dc5;
  let letters = '';
  for (let i = 0; letters.length < length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i % text.length), 0x01000193);
    if (i >= text.length) letters += alphabet[(hash >>> 8) % alphabet.length];
  }
  return letters;
}

/** Resources of a shop's services as real SDKs describe them: 13 attributes each. */
import type { Attribute, Resource } from '@clew/model';
import type { Random } from './random.ts';

export const SHOP_SERVICES = [
  'frontend',
  'checkout',
  'cart',
  'payment',
  'product-catalog',
  'recommendation',
  'shipping',
  'email',
  'currency',
  'ad',
  'quote',
  'fraud-detection',
] as const;

const SDKS = [
  ['java', '1.44.1'],
  ['nodejs', '1.30.0'],
  ['go', '1.33.0'],
  ['python', '1.29.0'],
] as const;

export function textAttribute(key: string, value: string): Attribute {
  return { key, value: { type: 'string', value } };
}

export function intAttribute(key: string, value: number): Attribute {
  return { key, value: { type: 'int', value: BigInt(value) } };
}

export function doubleAttribute(key: string, value: number): Attribute {
  return { key, value: { type: 'double', value } };
}

export function boolAttribute(key: string, value: boolean): Attribute {
  return { key, value: { type: 'bool', value } };
}

export function uuid(random: Random): string {
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
}

/** One running instance of a service. */
export function generateRealisticResource(random: Random, service: string): Resource {
  const [language, version] = random.pick(SDKS);
  return {
    attributes: [
      textAttribute('service.name', service),
      textAttribute('service.namespace', 'shop'),
      textAttribute('service.version', `1.${random.below(4)}.${random.below(3)}`),
      textAttribute('service.instance.id', uuid(random)),
      textAttribute('deployment.environment.name', 'production'),
      textAttribute('host.name', `ip-10-0-${random.below(200)}-${random.below(250)}.eu-west-1.compute.internal`),
      textAttribute('k8s.namespace.name', 'shop-prod'),
      textAttribute('k8s.pod.name', `${service}-${random.hex(10)}-${random.hex(5)}`),
      textAttribute('k8s.node.name', `node-${random.below(30)}`),
      intAttribute('process.pid', 1 + random.below(30000)),
      textAttribute('telemetry.sdk.language', language),
      textAttribute('telemetry.sdk.name', 'opentelemetry'),
      textAttribute('telemetry.sdk.version', version),
    ],
    droppedAttributesCount: 0,
  };
}

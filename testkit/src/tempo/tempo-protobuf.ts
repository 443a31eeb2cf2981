/** The Tempo API's messages for protobufjs, and a JSON reader as strict as the one in Grafana (gogo jsonpb). */
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';

const SOURCE = readFileSync(new URL('./tempo.proto', import.meta.url), 'utf8');
export const TEMPO_ROOT = protobuf.parse(SOURCE, { keepCase: true }).root;

export function tempoType(name: string): protobuf.Type {
  return TEMPO_ROOT.lookupType(`tempopb.${name}`);
}

/** The binary form as a plain object: 64-bit numbers and bytes as text, enums by name. */
export function decodeTempo(name: string, bytes: Uint8Array): Record<string, unknown> {
  const type = tempoType(name);
  return type.toObject(type.decode(bytes), { longs: String, enums: String, bytes: String });
}

/** @throws Error that names the first member which a strict parser refuses. */
export function checkStrictJson(name: string, json: unknown): void {
  checkMessage(tempoType(name), json, name);
}

function checkMessage(type: protobuf.Type, json: unknown, at: string): void {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error(`${at}: no object`);
  const oneofs = new Set<string>();
  for (const [key, value] of Object.entries(json)) {
    const field = type.fields[key];
    if (field === undefined) throw new Error(`${at}: unknown field "${key}" in ${type.name}`);
    if (field.partOf !== null) {
      if (oneofs.has(field.partOf.name)) throw new Error(`${at}: two members of ${field.partOf.name}`);
      oneofs.add(field.partOf.name);
    }
    checkField(field.resolve(), value, `${at}.${key}`);
  }
}

function checkField(field: protobuf.Field, value: unknown, at: string): void {
  if (value === null || value === undefined) throw new Error(`${at}: null`);
  if (field instanceof protobuf.MapField) {
    for (const [key, entry] of Object.entries(value)) checkValue(field, entry, `${at}[${key}]`);
  } else if (field.repeated) {
    if (!Array.isArray(value)) throw new Error(`${at}: no list`);
    value.forEach((element, i) => {
      checkValue(field, element, `${at}[${i}]`);
    });
  } else {
    checkValue(field, value, at);
  }
}

function checkValue(field: protobuf.Field, value: unknown, at: string): void {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Type) {
    checkMessage(resolvedType, value, at);
    return;
  }
  if (resolvedType instanceof protobuf.Enum) {
    if (typeof value !== 'string' || resolvedType.values[value] === undefined) {
      throw new Error(`${at}: ${JSON.stringify(value)} is not in ${resolvedType.name}`);
    }
    return;
  }
  if (!isScalar(field.type, value)) throw new Error(`${at}: ${JSON.stringify(value)} is no ${field.type}`);
}

function isScalar(type: string, value: unknown): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'bytes':
      return typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value;
    case 'uint32':
    case 'fixed32':
      return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 32;
    case 'uint64':
    case 'fixed64':
      return typeof value === 'string' && /^\d+$/.test(value) && value !== '0' && BigInt(value) < 2n ** 64n;
    case 'int64':
      return typeof value === 'string' && /^-?\d+$/.test(value);
    case 'double':
      return typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
    default:
      return false;
  }
}

/** Traces of a company of any number of services: teams, layers, databases, a queue, versions, and some that fail. */
import type { Attribute, ResourceSpans, Span, SpanId, TraceData, TraceId } from '@clew/model';
import { Random } from './random.ts';

export interface ServiceTracesOptions {
  readonly seed: number;
  readonly services: number;
  readonly traces: number;
  /** The traces' starts are spread over this time, milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

interface PlannedService {
  readonly name: string;
  readonly team: string;
  /** Numbers of the services that it calls: larger than its own. */
  readonly callees: readonly number[];
  readonly database: string | undefined;
  readonly isSending: boolean;
  /** Share of its requests that fail. */
  readonly failing: number;
  /** Milliseconds of its own work. */
  readonly workMs: number;
}

interface Sent {
  readonly service: number;
  readonly span: Span;
}

interface Work {
  readonly service: number;
  readonly spanId: SpanId;
  readonly parent: SpanId | undefined;
  readonly kind: number;
  readonly name: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly isError?: boolean;
  readonly attributes: readonly Attribute[];
}

const TEAMS = [
  'shop',
  'pay',
  'ship',
  'search',
  'user',
  'stock',
  'mail',
  'risk',
  'media',
  'ads',
  'data',
  'core',
] as const;
const PARTS = [
  ...['gateway', 'api', 'worker', 'cache', 'rules', 'prices', 'orders', 'events', 'profile', 'index', 'render', 'sync'],
  ...[
    'quota',
    'audit',
    'export',
    'import',
    'router',
    'tokens',
    'images',
    'labels',
    'offers',
    'routes',
    'limits',
    'notes',
  ],
] as const;
const ROUTES = ['GET /items/{id}', 'POST /items', 'GET /search', 'PUT /items/{id}'] as const;
const MAX_DEPTH = 7;
const MAX_SPANS = 60;
const MS = 1_000_000;
/** Services of a team. */
const TEAM_SIZE = 12;

const text = (key: string, value: string): Attribute => ({ key, value: { type: 'string', value } });

/** All traces of the services; the same seed gives the same. */
export function generateServiceTraces(options: ServiceTracesOptions): TraceData {
  const random = new Random(options.seed);
  const plan = planServices(random, options.services);
  const sent: Sent[] = [];
  const entries = Math.max(1, Math.ceil(plan.length / TEAM_SIZE));
  for (let i = 0; i < options.traces; i++) {
    const startMs = options.fromMs + ((options.toMs - options.fromMs) * i) / options.traces;
    new TraceBuilder(random, plan, sent, random.hex(32) as TraceId).request(
      random.below(Math.min(entries, plan.length)),
      undefined,
      BigInt(Math.round(startMs)) * BigInt(MS),
      0,
    );
  }
  return traceDataOf(plan, sent, options);
}

function planServices(random: Random, count: number): readonly PlannedService[] {
  const teams = Math.max(1, Math.ceil(count / TEAM_SIZE));
  return Array.from({ length: count }, (_, i): PlannedService => {
    const at = i % teams;
    const row = Math.floor(i / teams);
    const team = `${TEAMS[at % TEAMS.length]}${at < TEAMS.length ? '' : Math.floor(at / TEAMS.length) + 1}`;
    const callees = new Set<number>();
    for (let n = random.between(1, 3); n > 0; n--) {
      const isOwn = random.chance(0.8);
      const next = (row + random.between(1, 3)) * teams + (isOwn ? at : random.below(teams));
      if (next < count && next > i) callees.add(next);
    }
    return {
      name: `${team}-${PARTS[row % PARTS.length]}`,
      team,
      callees: [...callees],
      database: random.chance(0.4) ? random.pick(['postgresql', 'redis', 'mysql']) : undefined,
      isSending: random.chance(0.08),
      failing: random.chance(0.12) ? random.pick([0.02, 0.03, 0.15]) : 0.002,
      workMs: random.between(1, 20),
    };
  });
}

class TraceBuilder {
  readonly #random: Random;
  readonly #plan: readonly PlannedService[];
  readonly #sent: Sent[];
  readonly #traceId: TraceId;
  #count = 0;

  constructor(random: Random, plan: readonly PlannedService[], sent: Sent[], traceId: TraceId) {
    this.#random = random;
    this.#plan = plan;
    this.#sent = sent;
    this.#traceId = traceId;
  }

  /** A request to a service with what it calls; answers when it ends. */
  request(service: number, parent: SpanId | undefined, start: bigint, depth: number): bigint {
    const random = this.#random;
    const { callees, database, isSending, failing, workMs } = this.#plan[service];
    const spanId = random.hex(16) as SpanId;
    const isError = random.chance(failing);
    let end = start + BigInt(Math.round(workMs * MS * (0.3 + random.float() * (random.chance(0.05) ? 8 : 1))));
    if (database !== undefined && random.chance(0.7)) end = this.#query(service, spanId, end, database);
    for (const callee of callees) {
      if (depth >= MAX_DEPTH || this.#count >= MAX_SPANS || !random.chance(0.75)) continue;
      const client = random.hex(16) as SpanId;
      const answered = this.request(callee, client, end + BigInt(200_000), depth + 1) + BigInt(300_000);
      const attributes = [text('server.address', this.#plan[callee].name)];
      this.#add({
        service,
        spanId: client,
        parent: spanId,
        kind: 3,
        name: 'GET',
        start: end,
        end: answered,
        attributes,
      });
      end = answered;
    }
    if (isSending) {
      const attributes = [text('messaging.system', 'kafka'), text('messaging.destination.name', 'changes')];
      const call = { service, spanId: random.hex(16) as SpanId, parent: spanId, kind: 4, name: 'changes publish' };
      this.#add({ ...call, start: end, end: end + BigInt(MS), attributes });
    }
    const ended = end + BigInt(500_000);
    this.#add({
      service,
      spanId,
      parent,
      kind: 2,
      name: random.pick(ROUTES),
      isError,
      start,
      end: ended,
      attributes: [],
    });
    return ended;
  }

  #query(service: number, parent: SpanId, start: bigint, database: string): bigint {
    const end = start + BigInt(Math.round(Math.exp(this.#random.float() * 4) * 200_000));
    const { team } = this.#plan[service];
    const attributes = [text('db.system.name', database), text('db.namespace', team)];
    const spanId = this.#random.hex(16) as SpanId;
    this.#add({ service, spanId, parent, kind: 3, name: 'SELECT items', start, end, attributes });
    return end;
  }

  #add({ service, spanId, parent, kind, name, start, end, isError, attributes }: Work): void {
    this.#count++;
    const span: Span = {
      ...{ traceId: this.#traceId, spanId, parentSpanId: parent ?? ('' as SpanId), traceState: '', flags: 1 },
      ...{ name, kind, startTimeUnixNano: start, endTimeUnixNano: end, attributes, droppedAttributesCount: 0 },
      ...{ events: [], droppedEventsCount: 0, links: [], droppedLinksCount: 0 },
      status: isError === true ? { code: 2, message: 'upstream answered too late' } : { code: 0, message: '' },
    };
    this.#sent.push({ service, span });
  }
}

/** Two instances of each service; of every third a new version from three quarters of the time on. */
function traceDataOf(plan: readonly PlannedService[], sent: readonly Sent[], options: ServiceTracesOptions): TraceData {
  const deployedNano = BigInt(Math.round(options.fromMs + (options.toMs - options.fromMs) * 0.75)) * BigInt(MS);
  const resources = new Map<string, { readonly attributes: readonly Attribute[]; readonly spans: Span[] }>();
  for (const { service, span } of sent) {
    const { name, team } = plan[service];
    const version = service % 3 === 1 && span.startTimeUnixNano > deployedNano ? '2.0.0' : '1.4.2';
    const instance = `${name}-${Number.parseInt(span.spanId.slice(0, 1), 16) % 2}`;
    const key = `${instance} ${version}`;
    const resource = resources.get(key) ?? {
      attributes: [
        ...[text('service.name', name), text('service.namespace', team), text('service.version', version)],
        ...[text('service.instance.id', instance), text('host.name', `node-${service % 7}`)],
      ],
      spans: [],
    };
    resource.spans.push(span);
    resources.set(key, resource);
  }
  const scope = { name: 'generated', version: '1', attributes: [], droppedAttributesCount: 0 };
  return {
    resourceSpans: [...resources.values()].map(({ attributes, spans }): ResourceSpans => {
      return {
        resource: { attributes, droppedAttributesCount: 0 },
        scopeSpans: [{ scope, spans, schemaUrl: '' }],
        schemaUrl: '',
      };
    }),
  };
}

/** Kafka (messaging semantic conventions). */
import { OpenSpan } from './open-span.ts';
import type { PlannedSpan } from './planned-span.ts';

export interface Message {
  readonly topic: string;
  readonly key: string;
  readonly bytes: number;
  readonly partition: number;
  readonly offset: number;
  readonly producer: PlannedSpan;
  /** When it lies in the topic. */
  readonly sentUs: number;
}

export function send(caller: OpenSpan, topic: string, key: string, bytes: number): Message {
  const partition = caller.random.int(0, 5);
  const offset = caller.random.int(1_000_000, 9_000_000);
  const span = caller.child({
    name: `send ${topic}`,
    kind: 'producer',
    scope: 'io.opentelemetry.kafka-clients-2.6',
    attributes: {
      ...destination(topic, partition),
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.kafka.message.key': key,
      'messaging.kafka.offset': offset,
      'messaging.message.body.size': bytes,
    },
  });
  span.work(1.8, 0.5);
  span.end();
  caller.nowUs = span.nowUs;
  return { topic, key, bytes, partition, offset, producer: span.span, sentUs: span.nowUs };
}

/** A consumer that continues the sender's trace: one message, processed as a child of the send. */
export function processAsChild(
  producer: OpenSpan,
  message: Message,
  consumer: string,
  work: (span: OpenSpan) => void,
): void {
  const span = producer.remoteChild(consumer, message.sentUs + lagUs(producer), {
    name: `process ${message.topic}`,
    kind: 'consumer',
    scope: 'io.opentelemetry.kafka-clients-2.6',
    attributes: {
      ...destination(message.topic, message.partition),
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.consumer.group.name': consumer,
      'messaging.kafka.offset': message.offset,
      'messaging.kafka.message.key': message.key,
    },
  });
  span.span.links.push(message.producer);
  // The consumer hangs under the send although another span made the call.
  producer.span.children.pop();
  message.producer.children.push(span.span);
  work(span);
  span.end();
}

/** A consumer with a trace of its own that links to what it takes: a poll of several messages. */
export function processAsOwnTrace(
  first: OpenSpan,
  messages: readonly [Message, ...Message[]],
  consumer: string,
  work: (span: OpenSpan) => void,
): PlannedSpan {
  const latestUs = Math.max(...messages.map((message) => message.sentUs));
  const [{ topic, partition }] = messages;
  const span = OpenSpan.root(first.random, first.faults, consumer, latestUs + lagUs(first), {
    name: `process ${topic}`,
    kind: 'consumer',
    scope: 'opentelemetry.instrumentation.confluent_kafka',
    attributes: {
      ...destination(topic, partition),
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.consumer.group.name': consumer,
      'messaging.batch.message_count': messages.length,
    },
  });
  span.span.links.push(...messages.map((message) => message.producer));
  work(span);
  return span.end();
}

function destination(topic: string, partition: number): Record<string, string | number> {
  return {
    'messaging.system.name': 'kafka',
    'messaging.destination.name': topic,
    'messaging.destination.partition.id': String(partition),
    'server.address': 'kafka-0.kafka.shop.internal',
    'server.port': 9092,
  };
}

function lagUs(span: OpenSpan): number {
  const ms = span.has('queue-lag') ? span.random.int(20_000, 90_000) : span.random.latency(9, 0.8);
  return Math.round(ms * 1000);
}

/** The real engine in this process with the real schema and encoder: for tests of reading. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dictionary, SpanBatch, type TraceData } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { Session } from 'chdb';
import { SpanBlockEncoder } from '../../encode/span-block-encoder.ts';
import { migrate } from '../../schema/migrate.ts';
import type { SqlValue } from '../../sql/sql-parameters.ts';
import type { EngineReadOptions, EngineSummary, NativeAnswer, ReadEngine } from '../read-engine.ts';

export class SessionStore implements ReadEngine {
  readonly #directory = mkdtempSync(join(tmpdir(), 'clew-read-'));
  readonly #session = new Session(join(this.#directory, 'data'));
  #files = 0;
  /** Texts of the statements read so far. */
  readonly statements: string[] = [];

  async open(): Promise<void> {
    await migrate({
      command: async (sql) => {
        await this.#session.queryAsync(sql);
      },
      selectJson: async (sql) => jsonRows((await this.#session.queryAsync(sql, { format: 'JSONEachRow' })).text()),
    });
    await this.#session.queryAsync('USE clew');
  }

  /** Runs a statement that answers nothing. */
  async command(sql: string): Promise<void> {
    await this.#session.queryAsync(sql);
  }

  /** Stores traces the way ingestion does: OTLP bytes, decoder, encoder, Native blocks. */
  async insert(data: TraceData, tenant: string, receivedUnixMs: number): Promise<void> {
    const dictionary = new Dictionary();
    const batch = new SpanBatch(dictionary);
    decodeOtlpProtobuf(batch, encodeOtlpProtobuf(data), DEFAULT_DECODE_LIMITS);
    const encoder = new SpanBlockEncoder({ dictionary });
    encoder.add(batch, tenant, receivedUnixMs);
    for (const { table, bytes } of encoder.finish().blocks) {
      const file = join(this.#directory, `${++this.#files}.native`);
      writeFileSync(file, bytes);
      await this.#session.queryAsync(`INSERT INTO ${table} FROM INFILE '${file}' FORMAT Native`);
      rmSync(file);
    }
  }

  async selectJson<T>(
    sql: string,
    parameters: Readonly<Record<string, SqlValue>>,
    options: EngineReadOptions,
  ): Promise<{ rows: T[]; summary: EngineSummary }> {
    const result = await this.#select(sql, parameters, options, 'JSONEachRow');
    return { rows: jsonRows<T>(result.text()), summary: { rowsRead: result.rowsRead, bytesRead: result.bytesRead } };
  }

  async selectNative(
    sql: string,
    parameters: Readonly<Record<string, SqlValue>>,
    options: EngineReadOptions,
  ): Promise<NativeAnswer> {
    const result = await this.#select(sql, parameters, options, 'Native');
    const bytes = result.bytes();
    return {
      chunks: (async function* () {
        yield bytes;
      })(),
      summary: () => ({ rowsRead: result.rowsRead, bytesRead: result.bytesRead }),
    };
  }

  close(): void {
    this.#session.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #select(
    sql: string,
    parameters: Readonly<Record<string, SqlValue>>,
    { settings = {}, signal }: EngineReadOptions,
    format: string,
  ) {
    this.statements.push(sql);
    signal?.throwIfAborted();
    const list = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`);
    const text = list.length === 0 ? sql : `${sql} SETTINGS ${list.join(', ')}`;
    return this.#session.queryBindAsync(text, parameters, { format });
  }
}

function jsonRows<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

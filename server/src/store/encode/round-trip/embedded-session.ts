/** The real engine in this process, on a directory of its own: for tests of what we store. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'chdb';
import type { JournalEntry } from '../../../journal/entry.ts';
import { readNativeBuffer } from '../../native/block-reader.ts';
import type { NativeBlock } from '../../native/native-block.ts';

export class EmbeddedSession {
  readonly #directory = mkdtempSync(join(tmpdir(), 'clew-encode-'));
  readonly #session = new Session(join(this.#directory, 'data'));
  #files = 0;

  async command(sql: string): Promise<void> {
    await this.#session.queryAsync(sql);
  }

  async selectJson(sql: string): Promise<unknown[]> {
    const result = await this.#session.queryAsync(sql, { format: 'JSONEachRow' });
    return result
      .text()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  }

  async select(sql: string): Promise<NativeBlock[]> {
    return readNativeBuffer(await this.selectBytes(sql));
  }

  /** The answer in Native format. */
  async selectBytes(sql: string): Promise<Uint8Array> {
    const result = await this.#session.queryAsync(sql, { format: 'Native' });
    return result.bytes();
  }

  /** Inserts an entry's blocks in order. */
  async insert(entry: JournalEntry, database = 'clew'): Promise<void> {
    for (const { table, bytes } of entry.blocks) await this.insertBlock(`${database}.${table}`, bytes);
  }

  /** @param columns what stands behind the table: ` (a, b)`. */
  async insertBlock(table: string, bytes: Uint8Array, columns = ''): Promise<void> {
    const file = join(this.#directory, `${++this.#files}.native`);
    writeFileSync(file, bytes);
    await this.command(`INSERT INTO ${table}${columns} FROM INFILE '${file}' FORMAT Native`);
    rmSync(file);
  }

  close(): void {
    this.#session.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

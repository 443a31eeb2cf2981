/** From a request to what runs on a connection. */
import { EngineError, EngineErrorCode } from './engine-error.ts';
import { MAX_DOCUMENT_RESULT_BYTES } from './engine-limits.ts';
import type { EngineRequest } from './engine-request.ts';
import type { QueryJob } from './query-messages.ts';
import {
  DEFAULT_DATABASE,
  insertText,
  isInsertOfBody,
  isSelect,
  parseStatement,
  selectText,
  settingsList,
} from './statement.ts';

export interface QueryPlan {
  readonly kind: 'query';
  readonly job: QueryJob;
  readonly format: string;
}

export interface InsertPlan {
  readonly kind: 'insert';
  readonly sql: string;
  readonly format: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Formats without head or tail: any number of chunks put together is the result. All others are one document. */
const ROW_FORMATS = new Set([
  'CSV',
  'JSONCompactEachRow',
  'JSONCompactStringsEachRow',
  'JSONEachRow',
  'JSONStringsEachRow',
  'LineAsString',
  'Native',
  'Null',
  'RowBinary',
  'TSV',
  'TSVRaw',
  'TabSeparated',
  'TabSeparatedRaw',
]);

/** Statements that would change the connection for whoever gets it next, or reach outside of the engine. */
const REFUSED_VERBS = new Set(['SET', 'USE', 'ATTACH', 'BACKUP', 'RESTORE', 'BEGIN', 'COMMIT', 'ROLLBACK']);
const DEFAULT_FORMAT = 'TabSeparated';

/** Throws EngineError for what is not one statement that the embedded engine runs. */
export function planStatement(request: EngineRequest, sql: string): QueryPlan | InsertPlan {
  const statement = parseStatement(sql);
  refuse(statement.verb, statement.words);
  const format = statement.format ?? request.defaultFormat ?? DEFAULT_FORMAT;
  const { parameters, settings } = request;
  const database = request.database ?? DEFAULT_DATABASE;
  if (isInsertOfBody(statement)) {
    if (database !== DEFAULT_DATABASE) {
      throw new EngineError('An insert names its database: INSERT INTO db.table.', EngineErrorCode.badArguments);
    }
    return { kind: 'insert', sql: insertText(statement, settings), format, parameters };
  }
  if (isSelect(statement)) {
    const streamed = ROW_FORMATS.has(format);
    const bounded = new Map(settings);
    if (!streamed && !bounded.has('max_result_bytes')) {
      bounded.set('max_result_bytes', String(MAX_DOCUMENT_RESULT_BYTES));
    }
    return {
      kind: 'query',
      format,
      job: { sql: selectText(statement, format, bounded), format, parameters, streamed, database, before: [] },
    };
  }
  const set = settings.size === 0 ? [] : [`SET ${settingsList(settings)}`];
  const named = statement.format === undefined ? '' : `\nFORMAT ${statement.format} ${statement.afterFormat}`;
  return {
    kind: 'query',
    format,
    job: { sql: `${statement.text}${named}`, format, parameters, streamed: false, database, before: set },
  };
}

function refuse(verb: string, words: ReadonlySet<string>): void {
  if (REFUSED_VERBS.has(verb)) {
    throw new EngineError(
      `${verb} is not for the embedded engine. Pass settings with the query.`,
      EngineErrorCode.badArguments,
    );
  }
  if (words.has('OUTFILE') || words.has('INFILE')) {
    throw new EngineError('INTO OUTFILE and FROM INFILE are not for HTTP.', EngineErrorCode.badArguments);
  }
  if (verb === 'CREATE' && (words.has('TEMPORARY') || words.has('TEMP'))) {
    throw new EngineError(
      'A temporary table needs a session, which the embedded engine has not.',
      EngineErrorCode.badArguments,
    );
  }
}

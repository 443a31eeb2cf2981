import type { Migration } from './migration.ts';

const INDEXES = ['trace_id_bloom', 'attribute_value_bloom', 'user_id_bloom'];

const ofEach = (action: string): string => INDEXES.map((index) => `    ${action} INDEX ${index}`).join(',\n');

/**
 * Where steps 8 and 9 wrote whole parts anew the engine (26.7) kept the files of indexes and left them out of the list
 * of the part's files: reads pass over them, and so does MATERIALIZE until they are gone.
 */
const CLEAR = `
ALTER TABLE {database}.spans
${ofEach('CLEAR')}
    SETTINGS max_execution_time = 0`;

const MATERIALIZE = `
ALTER TABLE {database}.spans
${ofEach('MATERIALIZE')}
    SETTINGS mutations_sync = 0`;

export const INDEXES_OF_REWRITTEN_PARTS_MIGRATION: Migration = {
  version: 10,
  name: 'indexes-of-rewritten-parts',
  statements: [CLEAR, MATERIALIZE],
  rewrites: true,
};

import { SPANS_MIGRATION } from './0001-spans.ts';
import { PLAIN_STRINGS_MIGRATION } from './0002-plain-strings.ts';
import { FEWER_MERGES_MIGRATION } from './0003-fewer-merges.ts';
import { SPAN_MINUTES_MIGRATION } from './0004-span-minutes.ts';
import { COMPACT_INSERTS_MIGRATION } from './0005-compact-inserts.ts';
import { CODEC_BY_PART_SIZE_MIGRATION } from './0006-codec-by-part-size.ts';
import { NARROWER_LOOK_UPS_MIGRATION } from './0007-narrower-look-ups.ts';
import { EVENTS_AND_LINKS_MIGRATION } from './0008-events-and-links.ts';
import { SEPARATE_COLUMNS_DROPPED_MIGRATION } from './0009-separate-columns-dropped.ts';
import { INDEXES_OF_REWRITTEN_PARTS_MIGRATION } from './0010-indexes-of-rewritten-parts.ts';
import { INDEXES_OF_EVENTS_AND_LINKS_MIGRATION } from './0011-indexes-of-events-and-links.ts';
import type { Migration } from './migration.ts';

/** All steps of the schema, oldest first. Only ever append: a step that has been released is never changed. */
export const MIGRATIONS: readonly Migration[] = [
  SPANS_MIGRATION,
  PLAIN_STRINGS_MIGRATION,
  FEWER_MERGES_MIGRATION,
  SPAN_MINUTES_MIGRATION,
  COMPACT_INSERTS_MIGRATION,
  CODEC_BY_PART_SIZE_MIGRATION,
  NARROWER_LOOK_UPS_MIGRATION,
  EVENTS_AND_LINKS_MIGRATION,
  SEPARATE_COLUMNS_DROPPED_MIGRATION,
  INDEXES_OF_REWRITTEN_PARTS_MIGRATION,
  INDEXES_OF_EVENTS_AND_LINKS_MIGRATION,
];

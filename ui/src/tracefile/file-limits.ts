/** Most files opened at once. */
export const MAX_FILES = 50;

/** What they may hold together, packed and unpacked: batches of it and a trace's columns fit a browser's tab. */
export const MAX_FILE_BYTES = 512 * 1024 * 1024;

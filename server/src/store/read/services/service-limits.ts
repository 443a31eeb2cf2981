/** Services of an overview; those with the most spans. */
export const MAX_SERVICES = 2_000;
/** Operations of a service; those with the most time. */
export const MAX_OPERATIONS = 300;
export const MAX_ERROR_GROUPS = 50;
/** Characters of a status message by which errors are told apart. */
export const MAX_MESSAGE_CHARACTERS = 300;
export const MAX_INSTANCES = 200;
/** Resources of a service that are read to tell instances and versions apart. */
export const MAX_RESOURCES = 10_000;
/** Calls between two parties; those with the most calls. */
export const MAX_EDGES = 5_000;

/** Spans read for durations, some seconds on two cores; of more, evenly chosen five-minute parts of the range. */
export const MAX_LATENCY_SPANS = 8_000_000;
/** Durations are exact up to so many spans; of more they are rounded by at most 1 %. */
export const MAX_EXACT_SPANS = 2_000_000;

/** Spans whose ids are read for dependencies, five times and some seconds in all on two cores; of more, the newest part of the range. */
export const MAX_DEPENDENCY_READ_SPANS = 8_000_000;
/** Spans that are joined with their parents; of more, those of a share of the traces. */
export const MAX_DEPENDENCY_SPANS = 1_000_000;

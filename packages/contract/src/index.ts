/** The HTTP API as one table (routes.ts, which needs zod) and the types of its answers (no run-time weight). */
export * from './api-types.ts';
export * from './compare-types.ts';
export * from './quality-types.ts';
export * from './service-types.ts';

/** The forms a trace can be written in. */
export const EXPORT_FORMATS = ['otlp', 'jaeger', 'zipkin'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

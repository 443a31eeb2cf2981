/**
 * How many spans a stored span stands for: 1, or, where a consistent probability sampler left its rejection threshold
 * in the trace state (`ot=th:…`), 2^56 / (2^56 - T). Source: OpenTelemetry specification, trace/tracestate-handling.md
 * ("Sampling threshold value") and trace/tracestate-probability-sampling.md.
 */

/** One to 14 hexadecimal digits after `th:`, in the list member `ot`. RE2. */
const THRESHOLD = '(?:^|,)[ \\\\t]*ot=(?:[^,;]*;)*th:([0-9a-f]{1,14})[ \\\\t]*(?:[;,]|$)';
export const THRESHOLD_DIGITS_SQL = `extract(trace_state, '${THRESHOLD}')`;
/** Trailing zeros may be left out: of 56 bits the first are always there. */
const T = `reinterpretAsUInt64(reverse(unhex(concat('00', rpad(${THRESHOLD_DIGITS_SQL}, 14, '0')))))`;

/** Float64, at least 1. Costs a look at the length where the trace state is empty. */
export const SPAN_WEIGHT_SQL = `if(trace_state = '', 1., toFloat64(72057594037927936) / toFloat64(72057594037927936 - ${T}))`;

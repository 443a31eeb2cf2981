/** The message for a value that its setting does not allow; `rule` completes "otlp.grpcPort is 99999, …". */
export function describeBadValue(path: string, value: unknown, rule: string, defaultValue: unknown): string {
  // An address may carry a password, and errors end up in logs.
  const shown = (JSON.stringify(value) ?? String(value)).replace(/:[^:@/]*@/g, ':***@');
  const short = shown.length > 80 ? `${shown.slice(0, 77)}…` : shown;
  const fallback = defaultValue === undefined ? '' : ` (default ${String(defaultValue)})`;
  return `${path} is ${short}, ${rule}. Change it or remove it${fallback}.`;
}

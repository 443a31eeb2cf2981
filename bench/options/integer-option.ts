/** @throws Error that names the option, the value and the range. */
export function integerOption(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`${name} ${text}: not an integer from ${min} to ${max}.`);
}

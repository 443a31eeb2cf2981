/** @throws Error that names the option, the value and the choices. */
export function choiceOption<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new Error(`${name} ${text}: not one of ${choices.join(', ')}.`);
}

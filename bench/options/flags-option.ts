/** Words between spaces. */
export function flagsOption(text: string): readonly string[] {
  return text.split(' ').filter((flag) => flag !== '');
}

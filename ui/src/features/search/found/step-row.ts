/** Moves the focus to the link of the next or previous row; to the first where none has it. */
export function stepRow(list: HTMLElement | null, direction: 1 | -1): void {
  const links = [...(list?.querySelectorAll<HTMLElement>('.result-link') ?? [])];
  const row = document.activeElement?.closest('li, tr');
  const at = links.findIndex((link) => link === document.activeElement || (row?.contains(link) ?? false));
  links[at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + direction))]?.focus();
}

/** Paths on a 16 × 16 grid, drawn as strokes. */
const PATHS = {
  search: 'M7 12.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM11 11l3.500 3.500',
  copy: 'M5.500 5.500h8v8h-8zM3 10.500h-.500v-8h8V3',
  check: 'M3 8.500l3.500 3.500L13 4.500',
  close: 'M4 4l8 8M12 4l-8 8',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13.500 9.500A6 6 0 0 1 6.500 2.500a6 6 0 1 0 7 7z',
  system: 'M2 3h12v8H2zM6 14h4M8 11v3',
  keyboard: 'M1.500 4h13v8h-13zM4 6.500h.010M6.700 6.500h.010M9.300 6.500h.010M12 6.500h.010M5 9.500h6',
  chevronDown: 'M4 6l4 4 4-4',
  chevronUp: 'M4 10l4-4 4 4',
  chevronLeft: 'M10 4L6 8l4 4',
  chevronRight: 'M6 4l4 4-4 4',
  error: 'M8 15A7 7 0 1 0 8 1a7 7 0 0 0 0 14zM8 4.500v4M8 11.250v.010',
  warning: 'M8 2l6.500 12h-13zM8 6.500v3.500M8 12v.010',
  download: 'M8 2v8M4.500 7L8 10.500 11.500 7M2.500 13.500h11',
  upload: 'M8 10.500V2M4.500 5.500L8 2l3.500 3.500M2.500 13.500h11',
  dockRight: 'M2 3h12v10H2zM10 3v10',
  dockBottom: 'M2 3h12v10H2zM2 9h12',
  image: 'M2 3h12v10H2zM2 11l3.500-3.500 3 3 2-2L14 12M10.500 6h.010',
  print: 'M4.500 6V2h7v4M4.500 11.500h-2.500V6h12v5.500h-2.500M4.500 9.500h7V14h-7z',
  link: 'M6.500 9.500l3-3M7 5l1.500-1.500a3 3 0 0 1 4 4L11 9M9 11l-1.500 1.500a3 3 0 0 1-4-4L5 7',
  filter: 'M2 3h12l-4.500 5.500V13l-3-1.500v-3z',
  exclude: 'M8 15A7 7 0 1 0 8 1a7 7 0 0 0 0 14zM4.500 8h7',
  column: 'M2 2.500h12v11H2zM6 2.500v11M10 2.500v11',
  clock: 'M8 15A7 7 0 1 0 8 1a7 7 0 0 0 0 14zM8 4v4l2.500 2',
  fold: 'M4 2.500l4 4 4-4M4 13.500l4-4 4 4',
  unfold: 'M4 6l4-4 4 4M4 10l4 4 4-4',
  minus: 'M3.500 8h9',
  plus: 'M3.500 8h9M8 3.500v9',
  fit: 'M1.500 3v10M14.500 3v10M4 8h8M6 6L4 8l2 2M10 6l2 2-2 2',
  compare: 'M2.500 3h4v10h-4zM9.500 3h4v10h-4zM11.500 6v4',
  swap: 'M2 5.500h11M10 2.500l3 3-3 3M14 10.500H3M6 7.500l-3 3 3 3',
  path: 'M2 4h5v4h4v4h3',
  menu: 'M2 4h12M2 8h12M2 12h12',
  settings:
    'M2 4.500h6M11 4.500h3M2 11.500h3M8 11.500h6M9.500 6a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM6.500 13a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3z',
} as const;

export type IconName = keyof typeof PATHS;

/** A 14 px line drawing; always beside or inside something that has a name. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

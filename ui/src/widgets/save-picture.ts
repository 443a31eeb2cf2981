/** Wider or higher a canvas may not be in every browser. */
const MAX_CANVAS_PX = 8_192;
const PADDING_PX = 12;
/** What gives a drawing its look; the picture stands alone, without the page's style sheets. */
const DRAWN_PROPERTIES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'paint-order',
  'font-family',
  'font-size',
  'font-weight',
  'opacity',
  'visibility',
] as const;

/** Hands a file to the browser's downloads. */
export function saveBlob(blob: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  // Not at once: some browsers begin to read only when this task is over.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * Saves a chart as PNG, on the page's background with some space around; canvases given together stand below each
 * other. False when there is nothing to be seen.
 * @param name of the file, without ending
 */
export async function saveCanvasAsPng(canvas: HTMLCanvasElement | readonly HTMLCanvasElement[], name: string) {
  const parts = canvas instanceof HTMLCanvasElement ? [canvas] : canvas;
  const width = Math.max(...parts.map((part) => part.width));
  const height = parts.reduce((sum, part) => sum + part.height, 0);
  if (parts.length === 0 || width === 0 || height === 0) return false;
  return savePicture(width, height, devicePixelRatio, name, (context) => {
    let y = 0;
    for (const part of parts) {
      context.drawImage(part, 0, y);
      y += part.height;
    }
  });
}

/** Saves a drawing as PNG at twice its size. */
export async function saveSvgAsPng(svg: SVGSVGElement, name: string): Promise<boolean> {
  const { width, height } = svg.viewBox.baseVal;
  const scale = Math.min(2, MAX_CANVAS_PX / (width + 2 * PADDING_PX), MAX_CANVAS_PX / (height + 2 * PADDING_PX));
  const source = new XMLSerializer().serializeToString(standingAlone(svg));
  const url = URL.createObjectURL(new Blob([source], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width * scale, height * scale);
    image.src = url;
    await image.decode();
    return await savePicture(width * scale, height * scale, scale, name, (context) =>
      context.drawImage(image, 0, 0, width * scale, height * scale),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function savePicture(
  width: number,
  height: number,
  scale: number,
  name: string,
  draw: (context: CanvasRenderingContext2D) => void,
): Promise<boolean> {
  const padding = Math.round(PADDING_PX * scale);
  const picture = document.createElement('canvas');
  picture.width = Math.min(MAX_CANVAS_PX, width + 2 * padding);
  picture.height = Math.min(MAX_CANVAS_PX, height + 2 * padding);
  const context = picture.getContext('2d');
  if (context === null) return false;
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, picture.width, picture.height);
  context.translate(padding, padding);
  draw(context);
  const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, 'image/png'));
  if (blob === null) return false;
  saveBlob(blob, `${name}.png`);
  return true;
}

/** A copy with its look written into it, as attributes: a picture has no style sheet, and the page allows no inline one. */
function standingAlone(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((element, index) => {
    const style = getComputedStyle(originals[index]);
    for (const property of DRAWN_PROPERTIES) element.setAttribute(property, style.getPropertyValue(property));
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return copy;
}

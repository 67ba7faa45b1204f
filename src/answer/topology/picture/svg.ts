/** Elements of a drawing. */
import { escapeXml } from "../../text/xml.js";

export interface TextLooks {
  readonly size: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly bold?: boolean;
  readonly fill: string;
  /** Widest that it may be; longer texts become smaller, then lose their middle. */
  readonly width?: number;
}

const FONT = "Helvetica, Arial, DejaVu Sans, sans-serif";
/** Mean width of a character, by its height. */
const ASPECT = 0.58;
const SMALLEST = 8;

export function text(x: number, y: number, content: string, looks: TextLooks): string {
  const { anchor = "start", bold = false, fill, width = Number.POSITIVE_INFINITY } = looks;
  const size = Math.min(looks.size, Math.max(SMALLEST, width / (content.length * ASPECT)));
  const most = Math.max(3, Math.floor(width / (size * ASPECT)));
  const weight = bold ? ' font-weight="bold"' : "";
  const attributes = `x="${at(x)}" y="${at(y)}" font-size="${at(size)}" text-anchor="${anchor}" fill="${fill}"${weight}`;
  return `<text ${attributes}>${escapeXml(shortened(content, most))}</text>`;
}

function shortened(content: string, most: number): string {
  if (content.length <= most) return content;
  const half = Math.floor((most - 1) / 2);
  return `${content.slice(0, most - 1 - half)}…${content.slice(content.length - half)}`;
}

export function box(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  { fill, stroke, radius = 4, title }: { fill: string; stroke: string; radius?: number; title?: string },
): string {
  const shape = `<rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" rx="${radius}" fill="${fill}" stroke="${stroke}"`;
  return title === undefined ? `${shape}/>` : `${shape}><title>${escapeXml(title)}</title></rect>`;
}

export interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly opacity?: number;
  readonly isDashed?: boolean;
  readonly title?: string;
}

/** From one point to another; bent upwards by `rise`. */
export function line(from: Point, to: Point, stroke: Stroke, rise = 0): string {
  const path =
    rise === 0
      ? `M${at(from.x)} ${at(from.y)}L${at(to.x)} ${at(to.y)}`
      : `M${at(from.x)} ${at(from.y)}Q${at((from.x + to.x) / 2)} ${at(Math.min(from.y, to.y) - rise)} ${at(to.x)} ${at(to.y)}`;
  const { colour, width, opacity = 0.7, isDashed = false, title } = stroke;
  const dash = isDashed ? ' stroke-dasharray="6 3"' : "";
  const shape = `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${at(width)}" stroke-opacity="${opacity}"${dash}`;
  return title === undefined ? `${shape}/>` : `${shape}><title>${escapeXml(title)}</title></path>`;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function drawing(width: number, height: number, elements: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${at(width)}" height="${at(height)}" viewBox="0 0 ${at(width)} ${at(height)}" font-family="${FONT}">`;
  return `${head}\n<rect width="100%" height="100%" fill="#ffffff"/>\n${elements.join("\n")}\n</svg>\n`;
}

/** A coordinate: two decimals are finer than any screen. */
function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}

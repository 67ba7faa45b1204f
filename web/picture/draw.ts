/** Draws a fabric at an instant on a canvas. */
import type { Frame, Picture } from "../worker/protocol.js";
import { type Layout, type Line, pointOn } from "./layout.js";
import type { Theme } from "./theme.js";

/** Edges up to which each direction is drawn by itself, and moves. */
export const MAX_MOVING = 700;
const LARGEST_QUEUE = 11;
/** heddle's `LinkState`s. The page does not load heddle itself. */
const [PAUSED, CREDIT, DOWN] = [1, 2, 4];

export interface Scene {
  readonly picture: Picture;
  readonly layout: Layout;
  readonly theme: Theme;
  /** Queue that is drawn largest, in bytes. */
  readonly queueBytes: number;
  /** Edges that are looked at; -1 for none. */
  readonly chosen: number;
  readonly hovered: number;
}

type Canvas = CanvasRenderingContext2D;

/** All that does not change from frame to frame. */
export function drawGround(canvas: Canvas, { picture, layout, theme }: Scene): void {
  canvas.clearRect(0, 0, layout.width, layout.height);
  canvas.lineWidth = layout.lines.length > MAX_MOVING ? 0.5 : 1;
  canvas.strokeStyle = theme.idle;
  canvas.beginPath();
  for (const line of layout.lines) trace(canvas, line, 0);
  canvas.stroke();
  canvas.fillStyle = theme.body;
  canvas.strokeStyle = theme.bodyLine;
  canvas.lineWidth = 1;
  for (const { x, y, width, height } of layout.boxes) {
    canvas.beginPath();
    canvas.roundRect(x, y, width, height, 3);
    canvas.fill();
    canvas.stroke();
  }
  picture.nodes.forEach(({ kind, box }, node) => {
    const { x, y, width, height } = layout.nodes[node]!;
    canvas.beginPath();
    canvas.roundRect(x, y, width, height, Math.min(3, width / 4));
    canvas.fillStyle = kind === "gpu" && box >= 0 ? theme.idle : theme.body;
    canvas.fill();
    if (kind !== "gpu" || box < 0) canvas.stroke();
  });
}

/** What happens at an instant, over the ground. `phase` moves what flows, in px. */
export function drawFrame(canvas: Canvas, scene: Scene, frame: Frame, phase: number): void {
  const isMoving = scene.layout.lines.length <= MAX_MOVING;
  drawChosen(canvas, scene);
  drawLoads(canvas, scene, frame, isMoving ? phase : undefined);
  drawStates(canvas, scene, frame, isMoving);
  drawQueues(canvas, scene, frame);
  drawInsides(canvas, scene, frame);
}

/** A broad line behind the edges that are looked at. */
function drawChosen(canvas: Canvas, { layout, theme, hovered, chosen }: Scene): void {
  canvas.globalAlpha = 0.5;
  for (const [edge, color] of [
    [hovered, theme.faint],
    [chosen, theme.chosen],
  ] as const) {
    const line = layout.lines[edge];
    if (line === undefined) continue;
    canvas.strokeStyle = color;
    canvas.lineWidth = 9;
    canvas.beginPath();
    trace(canvas, line, 0);
    canvas.stroke();
  }
  canvas.globalAlpha = 1;
}

/** Names, over everything. */
export function drawNames(canvas: Canvas, { picture, layout, theme }: Scene): void {
  canvas.font = "11px system-ui, sans-serif";
  canvas.textAlign = "center";
  canvas.textBaseline = "middle";
  picture.nodes.forEach(({ name, kind, count, box }, node) => {
    if (!layout.hasNames[node]) return;
    const { x, y, width, height } = layout.nodes[node]!;
    const isInBox = kind === "gpu" && box >= 0;
    canvas.fillStyle = theme.ink;
    const middle = isInBox ? y + height + 12 : y + height / 2;
    if (count === 1) {
      canvas.fillText(name, x + width / 2, middle, Math.max(width, LABEL_WIDTH));
      return;
    }
    canvas.fillText(name, x + width / 2, middle - 7, width - 4);
    canvas.fillStyle = theme.faint;
    canvas.fillText(
      `${count.toLocaleString("en-US")} ${kind === "gpu" ? "GPUs" : "switches"}`,
      x + width / 2,
      middle + 8,
      width - 4,
    );
  });
}

const LABEL_WIDTH = 44;

/** A line, moved sideways so that both directions are seen. */
function trace(canvas: Canvas, { x1, y1, x2, y2, bend }: Line, aside: number): void {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [(-(y2 - y1) / length) * aside, ((x2 - x1) / length) * aside];
  canvas.moveTo(x1 + dx, y1 + dy);
  if (bend === undefined) canvas.lineTo(x2 + dx, y2 + dy);
  else canvas.quadraticCurveTo(bend.x + dx, bend.y + dy, x2 + dx, y2 + dy);
}

/** A line of the given direction, so that dashes run the way that packets do. */
function traceWay(canvas: Canvas, line: Line, way: number, aside: number): void {
  const { x1, y1, x2, y2 } = line;
  trace(canvas, way === 0 ? line : { ...line, x1: x2, y1: y2, x2: x1, y2: y1 }, aside);
}

/** One path for each step of load. With a phase, dashes that run along. */
function drawLoads(canvas: Canvas, { layout, theme }: Scene, { load }: Frame, phase: number | undefined): void {
  const thin = Math.min(1, Math.max(0.6, Math.sqrt(120 / layout.lines.length)));
  const steps: number[][] = theme.load.map(() => []);
  for (let at = 0; at < load.length; at++) {
    if (load[at]! === 0) continue;
    // Of both directions of a line that is not drawn twice, the busier one counts.
    if (phase === undefined && load[at]! < load[at ^ 1]!) continue;
    steps[Math.min(steps.length - 1, (load[at]! * steps.length) >> 8)]!.push(at);
  }
  steps.forEach((ways, step) => {
    if (ways.length === 0) return;
    canvas.strokeStyle = theme.load[step]!;
    canvas.lineWidth = phase === undefined ? 0.6 + 0.25 * step : thin * (1.2 + 0.45 * step);
    if (phase !== undefined) {
      canvas.setLineDash([7, 4]);
      canvas.lineDashOffset = -phase * (0.35 + 0.2 * step);
    }
    canvas.beginPath();
    for (const at of ways) traceWay(canvas, layout.lines[at >> 1]!, at & 1, phase === undefined ? 0 : 1.8 * thin);
    canvas.stroke();
  });
  canvas.setLineDash([]);
}

function drawStates(canvas: Canvas, { layout, theme }: Scene, { state }: Frame, isMoving: boolean): void {
  for (const [mask, color] of [
    [CREDIT, theme.credit],
    [PAUSED, theme.paused],
    [DOWN, theme.down],
  ] as const) {
    const ways: number[] = [];
    for (let at = 0; at < state.length; at++) if ((state[at]! & mask!) !== 0) ways.push(at);
    if (ways.length === 0) continue;
    canvas.strokeStyle = color;
    canvas.lineWidth = isMoving ? 2.6 : 1.6;
    if (mask === DOWN) canvas.setLineDash([2, 4]);
    canvas.beginPath();
    for (const at of ways) traceWay(canvas, layout.lines[at >> 1]!, at & 1, isMoving ? 1.8 : 0);
    canvas.stroke();
    canvas.setLineDash([]);
    canvas.beginPath();
    for (const at of ways) drawMark(canvas, layout.lines[at >> 1]!, at & 1, mask === DOWN);
    canvas.lineWidth = 2;
    canvas.stroke();
  }
}

/** A cross in the middle of what is down, a bar at the sender of what is held. */
function drawMark(canvas: Canvas, line: Line, way: number, isDown: boolean): void {
  if (isDown) {
    if (way === 1) return;
    const { x, y } = pointOn(line, 0.5);
    for (const sign of [-1, 1]) {
      canvas.moveTo(x - 5, y - 5 * sign);
      canvas.lineTo(x + 5, y + 5 * sign);
    }
    return;
  }
  const from = pointOn(line, way === 0 ? 0.06 : 0.94);
  const to = pointOn(line, way === 0 ? 0.12 : 0.88);
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(-(to.y - from.y) / length) * 4, ((to.x - from.x) / length) * 4];
  canvas.moveTo(from.x - dx, from.y - dy);
  canvas.lineTo(from.x + dx, from.y + dy);
}

/** A disc at the sending end, its area in proportion to what waits. */
function drawQueues(canvas: Canvas, { layout, theme, queueBytes }: Scene, { queued }: Frame): void {
  canvas.fillStyle = theme.queue;
  canvas.beginPath();
  for (let at = 0; at < queued.length; at++) {
    const radius = LARGEST_QUEUE * Math.sqrt(queued[at]! / queueBytes);
    if (radius < 1.2) continue;
    const { x, y } = pointOn(layout.lines[at >> 1]!, (at & 1) === 0 ? 0.1 : 0.9);
    canvas.moveTo(x + radius, y);
    canvas.arc(x, y, radius, 0, 2 * Math.PI);
  }
  canvas.fill();
}

/** GPUs shine as their scale-up links work. */
function drawInsides(canvas: Canvas, { picture, layout, theme }: Scene, { inside }: Frame): void {
  theme.load.forEach((color, step) => {
    canvas.fillStyle = color;
    canvas.beginPath();
    picture.nodes.forEach(({ kind }, node) => {
      const level = inside[node]!;
      if (kind !== "gpu" || level === 0) return;
      if (Math.min(theme.load.length - 1, (level * theme.load.length) >> 8) !== step) return;
      const { x, y, width, height } = layout.nodes[node]!;
      // Names stand in what is large.
      if (height > 20) canvas.rect(x, y + height - 4, width, 4);
      else canvas.rect(x, y, width, height);
    });
    canvas.fill();
  });
}

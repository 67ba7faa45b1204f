/** The strip below the panes: what happened over time, and the slider that goes through it. */
import { el } from "./dom.js";
import type { Clock } from "./model/clock.js";
import type { Run } from "./model/run.js";
import { timeText } from "./model/words.js";
import { readTheme, type Theme } from "./picture/theme.js";

const STEPS = 1000;

export class Timeline {
  readonly element: HTMLElement;
  readonly #canvas = el("canvas", { "aria-hidden": "true" });
  readonly #slider = el("input", {
    type: "range",
    min: 0,
    max: STEPS,
    step: 1,
    value: 0,
    "aria-label": "Simulated time",
  });
  #theme: Theme | undefined;

  constructor(
    private readonly clock: Clock,
    onSeek: () => void,
  ) {
    this.element = el("div", { class: "timeline" }, this.#canvas, this.#slider);
    this.#slider.addEventListener("input", () => {
      clock.seek((this.#slider.valueAsNumber / STEPS) * clock.spanNs);
      onSeek();
    });
  }

  reset(): void {
    this.#theme = undefined;
  }

  draw(runs: readonly Run[]): void {
    const { clock } = this;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const scale = Math.min(2, devicePixelRatio || 1);
    if (this.#canvas.width !== Math.round(width * scale)) {
      this.#canvas.width = Math.round(width * scale);
      this.#canvas.height = Math.round(height * scale);
    }
    this.#theme ??= readTheme(this.element);
    const canvas = this.#canvas.getContext("2d")!;
    canvas.setTransform(scale, 0, 0, scale, 0, 0);
    canvas.clearRect(0, 0, width, height);
    const most = Math.max(1, ...runs.map((run) => peak(run, "bytesPerSecond")));
    const mostQueued = Math.max(1, ...runs.map((run) => peak(run, "queuedBytes")));
    for (const run of runs) this.#drawRun(canvas, { run, isBase: run === runs[0], most, mostQueued, width, height });
    const x = (clock.ns / clock.spanNs) * width;
    canvas.fillStyle = this.#theme.ink;
    canvas.fillRect(Math.min(width - 1.5, x), 0, 1.5, height);
    const value = `${Math.round((clock.ns / clock.spanNs) * STEPS)}`;
    if (this.#slider.value !== value) this.#slider.value = value;
    this.#slider.setAttribute("aria-valuetext", timeText(clock.ns));
  }

  #drawRun(
    canvas: CanvasRenderingContext2D,
    of: { run: Run; isBase: boolean; most: number; mostQueued: number; width: number; height: number },
  ): void {
    const { run, isBase, most, mostQueued, width, height } = of;
    const theme = this.#theme!;
    const frames = run.frames.all;
    if (frames.length === 0) return;
    const x = (ns: number) => (ns / this.clock.spanNs) * width;
    const room = height - 8;
    const curve = (value: (at: number) => number) => {
      for (const [i, { ns }] of frames.entries()) canvas.lineTo(x(ns), room - room * 0.94 * value(i));
    };
    canvas.beginPath();
    canvas.moveTo(0, room);
    curve((i) => frames[i]!.totals.bytesPerSecond / most);
    if (isBase) {
      canvas.lineTo(x(frames.at(-1)!.ns), room);
      canvas.fillStyle = theme.load[1]!;
      canvas.globalAlpha = 0.35;
      canvas.fill();
      canvas.globalAlpha = 1;
    } else {
      canvas.strokeStyle = theme.load[4]!;
      canvas.lineWidth = 1.2;
      canvas.stroke();
    }
    canvas.beginPath();
    curve((i) => frames[i]!.totals.queuedBytes / mostQueued);
    canvas.strokeStyle = theme.queue;
    canvas.lineWidth = isBase ? 1 : 1.6;
    canvas.setLineDash(isBase ? [3, 3] : []);
    canvas.stroke();
    canvas.setLineDash([]);
    // Where links were held back, of the last run.
    canvas.fillStyle = theme.paused;
    frames.forEach(({ ns, totals }, i) => {
      if (totals.held > 0)
        canvas.fillRect(
          x(frames[i - 1]?.ns ?? 0),
          height - (isBase ? 3 : 7),
          Math.max(1, x(ns - (frames[i - 1]?.ns ?? 0))),
          3,
        );
    });
  }
}

function peak(run: Run, name: "bytesPerSecond" | "queuedBytes"): number {
  return run.frames.all.reduce((most, { totals }) => Math.max(most, totals[name]), 0);
}

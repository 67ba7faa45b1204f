/** A pane: the picture of one run, what it says of itself, and what may be changed in it. */
import { choice, el, fill } from "./dom.js";
import type { Clock } from "./model/clock.js";
import { type Setting, settingOf } from "./model/edit.js";
import type { Run } from "./model/run.js";
import { bytesText, percentText, rateText, timeText } from "./model/words.js";
import { drawFrame, drawGround, drawNames, MAX_MOVING, type Scene } from "./picture/draw.js";
import { layOut } from "./picture/layout.js";
import { edgeAt, edgeName, nodeAt } from "./picture/pick.js";
import { readTheme, type Theme } from "./picture/theme.js";
import type { Frame, LinkName } from "./worker/protocol.js";

/** Values of the choices; the schema has them. */
export type Choices = Readonly<Record<Setting, readonly string[]>>;

/** What a person may do in a pane. */
export interface PaneActions {
  onSetting(setting: Setting, value: string): void;
  onChoose(edge: number): void;
}

/** Pixels that a dash runs in a second. */
const FLOW_PX = 60;
/** Asked for by people whom movement troubles: then only figures and colours change. */
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

/** What all pictures have in common: the queue that is drawn largest, in bytes. */
export interface Scale {
  queueBytes: number;
}

export class Pane {
  readonly element: HTMLElement;
  readonly canvas = el("canvas", { tabindex: 0, role: "img" });
  #ground = document.createElement("canvas");
  #names = document.createElement("canvas");
  #theme: Theme | undefined;
  #scene: Scene | undefined;
  #hovered = -1;
  #chosen = -1;
  #phase = 0;
  /** What the canvas shows: it is drawn again when that changes. */
  #shown: readonly unknown[] = [];
  readonly #status = el("span", { class: "status", role: "status" });
  readonly #figures = el("p", { class: "figures" });
  readonly #settings = el("span", { class: "settings" });
  readonly #tip = el("div", { class: "tip", hidden: true });

  constructor(
    readonly run: Run,
    readonly title: string,
    private readonly actions: PaneActions,
  ) {
    this.element = el(
      "section",
      { class: "pane", "aria-label": title },
      el("header", {}, el("h2", {}, title), this.#status, this.#settings),
      el("div", { class: "stage" }, this.canvas, this.#tip),
      this.#figures,
    );
    this.canvas.addEventListener("pointermove", (event) => this.#hover(event));
    this.canvas.addEventListener("pointerleave", () => this.#leave());
    this.canvas.addEventListener("click", (event) => this.actions.onChoose(this.#edgeAt(event)));
    this.canvas.addEventListener("keydown", (event) => this.#onKey(event));
    new ResizeObserver(() => this.reset()).observe(this.canvas);
  }

  get chosen(): number {
    return this.#chosen;
  }

  choose(edge: number): void {
    this.#chosen = edge;
  }

  /** The links that the chosen edge stands for. */
  get chosenLinks(): readonly LinkName[] {
    return this.run.started?.picture.edges[this.#chosen]?.links ?? [];
  }

  /** The size or the colours have changed. */
  reset(): void {
    this.#scene = undefined;
    this.#theme = undefined;
  }

  showSettings(choices: Choices): void {
    const one = (setting: Setting, label: string) => {
      const values = choices[setting].map((value) => [value, `${label}: ${value}`] as const);
      const set = settingOf(this.run.text, setting);
      const shown = set === undefined ? ([["", `${label}: as preset`]] as const) : [];
      return choice(label, [...shown, ...values], set ?? "", (value) => {
        if (value !== "") this.actions.onSetting(setting, value);
      });
    };
    fill(this.#settings, one("routing", "Routing"), one("flowControl", "Flow control"));
  }

  /** Draws the instant of the clock; `ms` have passed since the last time. */
  draw(clock: Clock, ms: number, scale: Scale): void {
    const { run } = this;
    if (run.started === undefined) return;
    const frame = run.frameAt(clock.ns);
    for (const bytes of frame?.queued ?? []) scale.queueBytes = Math.max(scale.queueBytes, bytes);
    const { queueBytes } = scale;
    const scene = this.#sceneNow();
    this.#tell(frame);
    const { width, lines } = scene.layout;
    const isFlowing = clock.isPlaying && !STILL.matches && lines.length <= MAX_MOVING;
    if (isFlowing) this.#phase += (FLOW_PX * ms) / 1000;
    const shown = [scene, frame, queueBytes, this.#hovered, this.#chosen, this.#phase];
    if (shown.every((part, i) => part === this.#shown[i])) return;
    this.#shown = shown;
    const canvas = this.canvas.getContext("2d")!;
    const ratio = this.canvas.width / width;
    canvas.setTransform(1, 0, 0, 1, 0, 0);
    canvas.clearRect(0, 0, this.canvas.width, this.canvas.height);
    canvas.drawImage(this.#ground, 0, 0);
    canvas.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (frame !== undefined) {
      drawFrame(canvas, { ...scene, queueBytes, chosen: this.#chosen, hovered: this.#hovered }, frame, this.#phase);
    }
    canvas.setTransform(1, 0, 0, 1, 0, 0);
    canvas.drawImage(this.#names, 0, 0);
  }

  #sceneNow(): Scene {
    if (this.#scene !== undefined) return this.#scene;
    const { picture } = this.run.started!;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const scale = Math.min(2, devicePixelRatio || 1);
    for (const canvas of [this.canvas, this.#ground, this.#names]) {
      canvas.width = Math.max(1, Math.round(width * scale));
      canvas.height = Math.max(1, Math.round(height * scale));
    }
    this.#theme ??= readTheme(this.element);
    const layout = layOut(picture, width, height);
    const scene = { picture, layout, theme: this.#theme, queueBytes: 1, chosen: -1, hovered: -1 };
    for (const [canvas, draw] of [
      [this.#ground, drawGround],
      [this.#names, drawNames],
    ] as const) {
      const context = canvas.getContext("2d")!;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      draw(context, scene);
    }
    this.#scene = scene;
    const { gpus, switches, links } = picture;
    this.canvas.setAttribute(
      "aria-label",
      `${gpus} GPUs, ${switches} switches, ${links} links. Arrow keys choose a link.`,
    );
    return scene;
  }

  /** Figures of the instant. */
  #tell(frame: Frame | undefined): void {
    const totals = frame?.totals;
    if (totals !== undefined) {
      const lost = totals.dropped > 0 ? ` · ${totals.dropped.toLocaleString("en-US")} packets lost` : "";
      const text = `${rateText(8 * totals.bytesPerSecond)} on all links · ${bytesText(totals.queuedBytes)} waiting · ${totals.held} held back${lost} · ${percentText(totals.done)} delivered`;
      if (this.#figures.textContent !== text) this.#figures.textContent = text;
    }
  }

  /** How far the run is, or what came of it; beside another run, the difference. */
  showStatus(base: Run | undefined): void {
    this.#status.textContent = statusText(this.run, base);
    this.#status.classList.toggle(
      "bad",
      this.run.failure !== undefined || (this.run.result?.status ?? "finished") !== "finished",
    );
  }

  #edgeAt({ offsetX, offsetY }: MouseEvent): number {
    if (this.#scene === undefined || nodeAt(this.#scene.layout, offsetX, offsetY) >= 0) return -1;
    return edgeAt(this.#scene.layout, offsetX, offsetY);
  }

  #hover(event: PointerEvent): void {
    this.#hovered = this.#edgeAt(event);
    const picture = this.run.started?.picture;
    if (picture === undefined || this.#scene === undefined) return;
    const node = nodeAt(this.#scene.layout, event.offsetX, event.offsetY);
    const name =
      this.#hovered >= 0 ? edgeName(picture, this.#hovered) : node >= 0 ? picture.nodes[node]!.name : undefined;
    this.#tip.hidden = name === undefined;
    if (name === undefined) return;
    this.#tip.textContent = name;
    this.#tip.style.left = `${Math.min(event.offsetX + 12, this.canvas.clientWidth - 140)}px`;
    this.#tip.style.top = `${event.offsetY + 12}px`;
  }

  #leave(): void {
    this.#hovered = -1;
    this.#tip.hidden = true;
  }

  #onKey(event: KeyboardEvent): void {
    const count = this.run.started?.picture.edges.length ?? 0;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.actions.onChoose(-1);
    if (step === undefined || count === 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.actions.onChoose(this.#chosen < 0 ? 0 : (this.#chosen + step + count) % count);
  }
}

function statusText(run: Run, base: Run | undefined): string {
  if (run.failure !== undefined) return "refused";
  const { result } = run;
  if (result === undefined) {
    const done = run.frames.all.at(-1)?.totals.done ?? 0;
    return run.started === undefined ? "building …" : `simulating, ${percentText(done)}`;
  }
  if (result.jctNs === null) return result.status === "qp-failed" ? "a queue pair failed" : result.status;
  const other = base?.result?.jctNs;
  const change =
    other == null ? "" : ` (${result.jctNs >= other ? "+" : "−"}${percentText(Math.abs(result.jctNs / other - 1))})`;
  return `done in ${timeText(result.jctNs)}${change}`;
}

/** The page as a whole: which runs there are, and what becomes of what a person does. */
import type { ScenarioIssue } from "heddle";
import { el, fill } from "./dom.js";
import type { Editor } from "./editor/editor.js";
import { gallery, type Preset } from "./gallery.js";
import { Inspector, type LinkAction } from "./inspector.js";
import { Clock } from "./model/clock.js";
import { type Setting, withFault, withoutFaults, withSetting } from "./model/edit.js";
import { encodeLink, type Flags, type LinkState } from "./model/link.js";
import { Run, type RunEvent } from "./model/run.js";
import { timeText } from "./model/words.js";
import { type Choices, Pane, type Scale } from "./pane.js";
import { Results } from "./results.js";
import { Timeline } from "./timeline.js";
import { type Toolbar, toolbar } from "./toolbar.js";
import type { LinkName } from "./worker/protocol.js";

const DARK = matchMedia("(prefers-color-scheme: dark)");
/** Share of the run that a link is down for a while. */
const FLAP_SHARE = 0.15;
/** A frame that is shown for longer than this, in ms, is looked at closer. */
const CLOSER_MS = 120;
/**
 * Of a changed run no more is shown than so many times the unbroken one. A sender that resends into
 * a broken link gives up after hundreds of times that.
 */
const MAX_TIMES_BASE = 5;
/** The least queue that is drawn at full size, in bytes. */
const MIN_QUEUE = 64 * 1024;

export class App {
  readonly clock = new Clock();
  #base: Pane | undefined;
  #changed: Pane | undefined;
  #link: LinkState | undefined;
  #editor: Editor | undefined;
  #choices: Choices = { routing: [], flowControl: [] };
  #lastMs = 0;
  #scale: Scale = { queueBytes: MIN_QUEUE };
  readonly #panes = el("main", { class: "panes" });
  readonly #timeline = new Timeline(this.clock, () => this.#seeked());
  readonly #inspector = new Inspector((action, link, rateBps) => this.#onLink(action, link, rateBps));
  readonly #results = new Results();
  readonly #notice = el("p", { class: "notice", role: "alert", hidden: true });
  readonly #drawer = el("aside", { class: "drawer", "aria-label": "Scenario and results", hidden: true });
  readonly #editorPlace = el("div", { class: "editor-place" });
  readonly #toolbar: Toolbar;
  readonly #gallery: HTMLDialogElement;

  constructor(
    root: HTMLElement,
    private readonly flags: Flags,
    private readonly loadEditor: (app: App) => Promise<Editor>,
  ) {
    this.clock.speed = flags.speed;
    this.clock.isPlaying = flags.autoplay;
    this.#gallery = gallery((preset) => this.openPreset(preset));
    this.#toolbar = toolbar(this.clock, {
      onGallery: () => this.#gallery.showModal(),
      onDrawer: () => this.toggleDrawer(),
      onShare: () => this.#share(),
      onTheme: () => this.#switchTheme(),
      onReset: () => this.#dropChanges(),
      onPlay: () => this.#play(),
    });
    document.documentElement.classList.toggle("embed", flags.embed);
    document.documentElement.dataset.theme = flags.theme ?? (DARK.matches ? "dark" : "light");
    this.#drawer.append(this.#editorPlace, this.#results.element);
    root.append(
      this.#toolbar.head,
      this.#notice,
      el("div", { class: "body" }, el("div", { class: "show" }, this.#panes, this.#inspector.element), this.#drawer),
      this.#timeline.element,
      this.#toolbar.foot,
      this.#gallery,
    );
    document.addEventListener("keydown", (event) => this.#onKey(event));
    if (flags.theme === undefined) DARK.addEventListener("change", () => this.#setTheme(DARK.matches));
    requestAnimationFrame((ms) => this.#draw(ms));
  }

  /** Shows what a link says. */
  open(link: LinkState): void {
    this.#link = link;
    this.#notice.hidden = true;
    this.#begin(link.text, link.changed);
  }

  openPreset(preset: Preset): void {
    history.replaceState(null, "", `#preset=${preset.name}`);
    this.open({ text: preset.text });
  }

  /** Something that the person should know. */
  tell(text: string): void {
    this.#notice.textContent = text;
    this.#notice.hidden = false;
  }

  setChoices(choices: Choices): void {
    this.#choices = choices;
    for (const pane of this.#shown) pane.showSettings(choices);
  }

  /** A text of the editor that was checked. */
  onChecked(text: string, errors: readonly ScenarioIssue[]): void {
    const pane = this.#changed ?? this.#base;
    if (errors.length > 0 || pane === undefined || pane.run.text === text) return;
    this.#link = undefined;
    if (this.#changed === undefined) this.#begin(text, undefined);
    else this.#change(text);
  }

  async toggleDrawer(): Promise<void> {
    this.#drawer.hidden = !this.#drawer.hidden;
    this.#toolbar.showDrawer(!this.#drawer.hidden);
    if (this.#drawer.hidden || this.#editor !== undefined) return;
    this.#editor = await this.loadEditor(this);
    this.#editorPlace.append(this.#editor.element);
    this.#fillEditor();
  }

  get #shown(): readonly Pane[] {
    return [this.#base, this.#changed].filter((pane) => pane !== undefined);
  }

  #begin(text: string, changed: string | undefined): void {
    for (const pane of this.#shown) pane.run.close();
    this.#changed = undefined;
    this.clock.ns = 0;
    this.#scale = { queueBytes: MIN_QUEUE };
    this.clock.isPlaying = this.flags.autoplay;
    this.#base = this.#paneOf(text, "As written");
    if (changed !== undefined) this.#changed = this.#paneOf(changed, "Changed");
    this.#show();
  }

  /** Runs a changed text beside the one that stays, from the instant that is shown. */
  #change(text: string): void {
    const chosen = (this.#changed ?? this.#base)?.chosen ?? -1;
    this.#changed?.run.close();
    this.#changed = this.#paneOf(text, "Changed");
    this.#changed.choose(chosen);
    this.#show();
    this.#writeLink();
  }

  #dropChanges(): void {
    this.#changed?.run.close();
    this.#changed = undefined;
    this.#show();
    this.#writeLink();
  }

  #paneOf(text: string, title: string): Pane {
    const run = new Run(text, (event, of) => this.#onRun(event, of));
    const pane: Pane = new Pane(run, title, {
      onSetting: (setting: Setting, value: string) => {
        this.#change(withSetting(this.#changed?.run.text ?? text, setting, value));
      },
      onChoose: (edge) => this.#choose(pane, edge),
    });
    pane.showSettings(this.#choices);
    return pane;
  }

  /** One picture shows what is chosen; both do, for the links are the same. */
  #choose(of: Pane, edge: number): void {
    for (const pane of this.#shown) pane.choose(edge);
    this.#inspector.show(of);
  }

  #show(): void {
    fill(this.#panes, ...this.#shown.map(({ element }) => element));
    this.#toolbar.showChanged(this.#changed !== undefined);
    this.#inspector.show(this.#changed ?? this.#base);
    for (const pane of this.#shown) pane.reset();
    this.#update();
    this.#fillEditor();
  }

  #fillEditor(): void {
    const pane = this.#changed ?? this.#base;
    if (this.#editor !== undefined && pane !== undefined) this.#editor.text = pane.run.text;
  }

  #onRun(event: RunEvent, run: Run): void {
    if (!this.#shown.some((pane) => pane.run === run)) return;
    this.#update();
    if (event === "frame") return;
    if (event === "failed") this.tell(run.failure!.message);
    if (event === "started") {
      this.#compareMeaning(run);
      this.#inspector.show(this.#changed ?? this.#base);
    }
    if (event === "ended") this.#compareOutcome(run);
    this.#showResults();
  }

  /** A link tells what its scenario meant to the version that made it. */
  #compareMeaning(run: Run): void {
    const { started } = run;
    if (run !== this.#base?.run || started === undefined) return;
    document.title = `${started.name} – heddle`;
    this.#toolbar.showName(started.name);
    const link = this.#link;
    if (link?.digest === undefined || link.digest === started.digest) return;
    this.tell(
      `The link was made by heddle ${link.version}. To this one, ${started.version}, its scenario means something else.`,
    );
  }

  #compareOutcome(run: Run): void {
    const expected = this.#link?.outcome;
    if (run !== this.#base?.run || expected === undefined || run.result?.engine.digest === expected) return;
    this.tell(
      `The run differs from the one that the link was made of: ${run.result?.engine.digest} instead of ${expected}.`,
    );
  }

  #showResults(): void {
    this.#results.show(this.#shown.map(({ run, title }) => ({ run, title })));
  }

  /** What follows from how far the runs are. */
  #update(): void {
    const panes = this.#shown;
    const base = this.#changed === undefined ? undefined : this.#base?.run;
    for (const pane of panes) pane.showStatus(pane === this.#changed ? base : undefined);
    const running = panes.map(({ run }) => run).filter(({ failure }) => failure === undefined);
    const { clock } = this;
    clock.isComplete = running.every(({ isOver }) => isOver);
    const ends = running.map(({ frames }) => frames.endNs);
    // Of runs that have ended, the longest is seen to its end.
    const open = running.filter(({ isOver }) => !isOver).map(({ frames }) => frames.endNs);
    const baseNs = base?.isOver === true ? base.frames.endNs : Number.POSITIVE_INFINITY;
    const mostNs = MAX_TIMES_BASE * baseNs;
    const availableNs = open.length > 0 ? Math.min(...open) : Math.max(0, ...ends);
    const expected = clock.isComplete ? 0 : Math.max(0, ...running.map(({ started }) => 1.1 * (started?.idealNs ?? 0)));
    clock.availableNs = Math.min(mostNs, availableNs);
    clock.spanNs = Math.max(1, Math.min(mostNs, Math.max(expected, ...ends)));
    clock.isComplete ||= clock.availableNs >= mostNs;
    this.#toolbar.showClock();
  }

  #onLink(action: LinkAction, link: LinkName, rateBps: number): void {
    const text = (this.#changed ?? this.#base)?.run.text;
    if (text === undefined) return;
    this.#change(this.#textAfter(text, action, link, rateBps));
  }

  #textAfter(text: string, action: LinkAction, link: LinkName, rateBps: number): string {
    const { ns: atNs, spanNs } = this.clock;
    switch (action) {
      case "mend":
        return withoutFaults(text, link);
      case "degrade":
        return withFault(text, link, { kind: "degrade", atNs, rateBps: rateBps / 4 });
      case "flap":
        return withFault(text, link, { kind: "break", atNs, untilNs: atNs + FLAP_SHARE * spanNs });
      case "break":
        return withFault(text, link, { kind: "break", atNs });
    }
  }

  #play(): void {
    this.clock.toggle();
    this.#toolbar.showClock();
  }

  #seeked(): void {
    this.#toolbar.showClock();
  }

  #draw(ms: number): void {
    const passed = ms - this.#lastMs;
    this.#lastMs = ms;
    const { clock } = this;
    const runs = this.#shown.map(({ run }) => run);
    if (clock.tick(passed)) {
      if (this.flags.loop) this.#play();
      this.#toolbar.showClock();
    }
    if (clock.isPlaying) this.#toolbar.showClock();
    for (const run of runs) {
      const shownNs = clock.pace * CLOSER_MS;
      if (run.stepNs > shownNs) run.lookCloser(clock.ns, clock.ns + 120 * shownNs);
    }
    for (const pane of this.#shown) pane.draw(clock, passed, this.#scale);
    this.#timeline.draw(runs);
    this.#inspector.tell(clock);
    requestAnimationFrame((next) => this.#draw(next));
  }

  #switchTheme(): void {
    this.#setTheme(document.documentElement.dataset.theme !== "dark");
  }

  #setTheme(isDark: boolean): void {
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
    for (const pane of this.#shown) pane.reset();
    this.#timeline.reset();
  }

  /** The link that shows what is shown now. */
  async #linkNow(): Promise<string> {
    const base = this.#base!.run;
    const { started, result } = base;
    const state: LinkState = {
      text: base.text,
      ...(this.#changed !== undefined && { changed: this.#changed.run.text }),
      ...(started !== undefined && { version: started.version, digest: started.digest }),
      ...(result !== undefined && { outcome: result.engine.digest }),
    };
    return encodeLink(state, this.flags);
  }

  async #writeLink(): Promise<void> {
    if (this.#base !== undefined) history.replaceState(null, "", await this.#linkNow());
  }

  async #share(): Promise<void> {
    await this.#writeLink();
    const isCopied = await navigator.clipboard.writeText(location.href).then(
      () => true,
      () => false,
    );
    this.tell(isCopied ? "The link is copied. It holds the whole scenario." : "The link stands in the address bar.");
  }

  #onKey(event: KeyboardEvent): void {
    const target = event.composedPath()[0] as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || this.#gallery.open) return;
    if (target.isContentEditable || /^(input|select|textarea)$/i.test(target.tagName)) return;
    const isButton = target.tagName === "BUTTON";
    const act = (action: LinkAction) => this.#inspector.act(action);
    const actions: Record<string, () => void> = {
      ...(!isButton && { " ": () => this.#play() }),
      Home: () => this.clock.seek(0),
      End: () => this.clock.seek(this.clock.availableNs),
      ",": () => this.clock.seek(this.clock.ns - this.clock.spanNs / 100),
      ".": () => this.clock.seek(this.clock.ns + this.clock.spanNs / 100),
      b: () => act("break"),
      f: () => act("flap"),
      d: () => act("degrade"),
      m: () => act("mend"),
      e: () => void this.toggleDrawer(),
      g: () => this.#gallery.showModal(),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
    this.#toolbar.showClock();
  }

  /** Time that is shown, for tests and readers of the page. */
  get time(): string {
    return timeText(this.clock.ns);
  }
}

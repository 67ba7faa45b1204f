/** What stands above and below the panes: name, buttons, play, speed and time. */
import { choice, el } from "./dom.js";
import type { Clock } from "./model/clock.js";
import { timeText } from "./model/words.js";

export interface ToolbarActions {
  onGallery(): void;
  onDrawer(): void;
  onShare(): void;
  onTheme(): void;
  onReset(): void;
  onPlay(): void;
}

export interface Toolbar {
  readonly head: HTMLElement;
  readonly foot: HTMLElement;
  showName(name: string): void;
  /** Whether a changed run is beside the first. */
  showChanged(isChanged: boolean): void;
  showDrawer(isOpen: boolean): void;
  showClock(): void;
}

const SPEEDS = [0.02, 0.1, 0.25, 0.5, 1, 2, 4];

export function toolbar(clock: Clock, actions: ToolbarActions): Toolbar {
  const button = (label: string, title: string, onclick: () => void, attributes = {}) =>
    el("button", { type: "button", title, onclick, ...attributes }, label);
  const name = el("span", { class: "name" });
  const reset = button("Drop changes", "Shows the run as written alone", actions.onReset, { hidden: true });
  const drawer = button("Scenario & results", "Text and figures (key E)", actions.onDrawer, {
    "aria-expanded": "false",
  });
  const play = button("", "Plays or stops (space)", actions.onPlay, { class: "play" });
  const time = el("output", { class: "time" });
  const speeds = SPEEDS.includes(clock.speed) ? SPEEDS : [...SPEEDS, clock.speed];
  const speed = choice(
    "Speed",
    speeds.map((value) => [`${value}`, `${value}×`] as const),
    `${clock.speed}`,
    (value) => {
      clock.speed = Number(value);
    },
  );
  const head = el(
    "header",
    { class: "head" },
    el("h1", {}, "heddle"),
    name,
    el("span", { class: "space" }),
    button("Gallery", "Scenarios to begin with (key G)", actions.onGallery),
    drawer,
    reset,
    button("Copy link", "The link is the scenario; nothing is sent anywhere", actions.onShare),
    button("◐", "Dark or light", actions.onTheme, { "aria-label": "Dark or light" }),
  );
  const legend = el(
    "span",
    { class: "legend" },
    ...(["load", "queue", "paused", "down"] as const).map((kind) => el("span", { class: `key ${kind}` }, NAMES[kind])),
  );
  return {
    head,
    foot: el("footer", { class: "foot" }, play, time, speed, el("span", { class: "space" }), legend),
    showName: (text) => {
      name.textContent = text;
    },
    showChanged: (isChanged) => {
      reset.hidden = !isChanged;
    },
    showDrawer: (isOpen) => drawer.setAttribute("aria-expanded", `${isOpen}`),
    showClock: () => {
      play.textContent = clock.isPlaying ? "❚❚" : "▶";
      play.setAttribute("aria-label", clock.isPlaying ? "Stop" : "Play");
      time.textContent = `${timeText(clock.ns)} of ${timeText(clock.spanNs)}`;
    },
  };
}

const NAMES = { load: "traffic", queue: "waiting bytes", paused: "paused", down: "down" };

/** The chosen link: what it does now, and what may be done to it. */
import { choice, el, fill } from "./dom.js";
import type { Clock } from "./model/clock.js";
import { bytesText, percentText, rateText } from "./model/words.js";
import type { Pane } from "./pane.js";
import { edgeName } from "./picture/pick.js";
import type { LinkName } from "./worker/protocol.js";

/** What a button does to a link. */
export type LinkAction = "break" | "flap" | "degrade" | "mend";

const BUTTONS: readonly (readonly [action: LinkAction, label: string, title: string])[] = [
  ["break", "Break", "The link goes down at this instant and stays down (key B)"],
  ["flap", "Break for a while", "The link goes down at this instant and comes back (key F)"],
  ["degrade", "Degrade to ¼", "The link has a quarter of its rate from this instant on (key D)"],
  ["mend", "Mend", "Takes back what was done to this link (key M)"],
];

export class Inspector {
  readonly element = el("aside", { class: "inspector", hidden: true, "aria-label": "Chosen link" });
  readonly #figures = el("p");
  #pane: Pane | undefined;
  #shown = "";
  #place = 0;

  constructor(private readonly onAction: (action: LinkAction, link: LinkName, rateBps: number) => void) {}

  /** Shows the chosen link of a pane. */
  show(pane: Pane | undefined): void {
    this.#pane = pane;
    const picture = pane?.run.started?.picture;
    const edge = picture?.edges[pane?.chosen ?? -1];
    this.element.hidden = edge === undefined;
    if (pane === undefined || picture === undefined || edge === undefined) return;
    this.#place = 0;
    const { links } = edge;
    const names = links.map(
      ({ from, to, index }, i) => [`${i}`, `${from} – ${to}${index > 0 ? ` #${index}` : ""}`] as const,
    );
    fill(
      this.element,
      el("h3", {}, edgeName(picture, pane.chosen)),
      links.length > 1 &&
        choice("Which of the links", names, "0", (value) => {
          this.#place = Number(value);
        }),
      this.#figures,
      el(
        "div",
        { class: "buttons" },
        ...BUTTONS.map(([action, label, title]) =>
          el("button", { type: "button", title, "data-action": action, onclick: () => this.act(action) }, label),
        ),
      ),
    );
  }

  /** As if a button was pressed. */
  act(action: LinkAction): void {
    const edge = this.#pane?.run.started?.picture.edges[this.#pane.chosen];
    const link = edge?.links[this.#place];
    if (edge !== undefined && link !== undefined) this.onAction(action, link, edge.rateBps / edge.count);
  }

  /** Figures of the instant. */
  tell({ ns }: Clock): void {
    const frame = this.#pane?.run.frameAt(ns);
    const edge = this.#pane?.run.started?.picture.edges[this.#pane.chosen];
    if (frame === undefined || edge === undefined || this.element.hidden) return;
    const at = 2 * this.#pane!.chosen;
    const way = (place: number) => {
      const state = frame.state[place]!;
      const words = [
        (state & 4) !== 0 && "down",
        (state & 1) !== 0 && "paused",
        (state & 2) !== 0 && "waits for credit",
      ];
      return `${percentText(frame.load[place]! / 255)}, ${bytesText(frame.queued[place]!)} waiting${words
        .filter((word) => word !== false)
        .map((word) => `, ${word}`)
        .join("")}`;
    };
    const text = `${rateText(edge.rateBps)}. There: ${way(at)}. Back: ${way(at + 1)}.`;
    if (text !== this.#shown) this.#figures.textContent = text;
    this.#shown = text;
  }
}

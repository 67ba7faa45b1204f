/** Scenarios to begin with: examples of the package, and larger ones. */

import { el } from "./dom.js";
import { examples } from "./examples.js";

export interface Preset {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly text: string;
}

/** In the order in which they are shown. */
export const PRESETS: readonly Preset[] = [
  ["hello", "Rings whose paths collide", "An all-reduce over 64 GPUs; hashed paths meet on few links."],
  ["pfc-victim", "Pauses and a victim", "An incast pauses the trunk, and a flow that has nothing to do with it waits."],
  ["pause-storm", "A pause storm", "One NIC stalls. Its pauses spread through the fabric."],
  ["link-flap", "A link that flaps", "It goes down and comes back four times under an all-reduce."],
  ["slow-link", "A slow link", "One of 64 access links falls to a quarter of its rate, and recovers."],
  ["switch-down", "A switch that dies", "A spine goes down in the middle of a run, and routing follows."],
  ["two-jobs", "Two jobs on one fabric", "They share leaves, beside background traffic."],
  ["credit-two-halls", "Credit over two kilometres", "InfiniBand links whose buffers are too small for the distance."],
  ["dragonfly", "A dragonfly", "An all-to-all over nine groups of routers."],
  ["llama-3-8b-16", "A training step", "Llama 3 8B on 16 GPUs: computation, tensor and data parallelism."],
  ["ecmp-vs-adaptive", "1,024 GPUs at random", "A permutation over a non-blocking fabric. Change the routing."],
  ["allreduce-32k", "32,768 GPUs", "Drawn by pod and rail. Every packet is simulated: it takes a while."],
].map(([name, title, about]) => ({ name: name!, title: title!, about: about!, text: examples[name!]! }));

export function presetOf(name: string): Preset | undefined {
  return PRESETS.find((preset) => preset.name === name);
}

/** A dialog with a card for each. */
export function gallery(onChoice: (preset: Preset) => void): HTMLDialogElement {
  const dialog = el("dialog", { class: "gallery", "aria-label": "Gallery" });
  const cards = PRESETS.map((preset) =>
    el(
      "button",
      {
        type: "button",
        class: "card",
        "data-preset": preset.name,
        onclick: () => {
          dialog.close();
          onChoice(preset);
        },
      },
      el("b", {}, preset.title),
      el("span", {}, preset.about),
    ),
  );
  const close = el(
    "button",
    { type: "button", class: "close", "aria-label": "Close", onclick: () => dialog.close() },
    "×",
  );
  dialog.append(el("header", {}, el("h2", {}, "Gallery"), close), el("div", { class: "cards" }, ...cards));
  return dialog;
}

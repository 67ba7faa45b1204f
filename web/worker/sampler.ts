/** Makes frames of what all links do at an instant. */
import { type FabricView, type LinkLoads, LinkState } from "heddle";
import type { Grouping } from "./group.js";
import type { Frame } from "./protocol.js";

const HELD = LinkState.paused | LinkState.waitsForCredit;

/** What a link may carry in the time between two frames, beyond which its load is drawn as full. */
const FULL = 255;

export class Sampler {
  #beforeNs = 0;
  #before: Float64Array;

  constructor(
    private readonly fabric: FabricView,
    private readonly grouping: Grouping,
  ) {
    this.#before = new Float64Array(2 * fabric.links.length);
  }

  /** Later frames tell loads since this instant. */
  begin({ simulatedNs, txBytes }: LinkLoads): void {
    this.#beforeNs = simulatedNs;
    this.#before = txBytes;
  }

  /** @param done share of the data that has arrived */
  frame(loads: LinkLoads, done: number): Frame {
    const { edgeOf, isTurned, insideOf, picture } = this.grouping;
    const edges = 2 * picture.edges.length;
    const bytes = new Float64Array(edges);
    const inside = new Float64Array(picture.nodes.length);
    const insideRate = new Float64Array(picture.nodes.length);
    const frame = { queued: new Float32Array(edges), state: new Uint8Array(edges) };
    const totals = { bytes: 0, queuedBytes: 0, held: 0, dropped: 0 };
    this.fabric.links.forEach(({ rateBps, rateBackBps }, l) => {
      for (const way of [0, 1]) {
        const at = 2 * l + way;
        const sent = loads.txBytes[at]! - this.#before[at]!;
        totals.dropped += loads.dropped[at]!;
        if (edgeOf[l]! < 0) {
          const node = insideOf[l]!;
          if (node < 0) continue;
          inside[node]! += sent;
          insideRate[node]! += way === 0 ? rateBps : rateBackBps;
          continue;
        }
        const to = 2 * edgeOf[l]! + (way ^ isTurned[l]!);
        bytes[to]! += sent;
        totals.bytes += sent;
        totals.queuedBytes += loads.queuedBytes[at]!;
        if ((loads.state[at]! & HELD) !== 0) totals.held++;
        frame.queued[to] = Math.max(frame.queued[to]!, loads.queuedBytes[at]!);
        frame.state[to]! |= loads.state[at]!;
      }
    });
    const ns = loads.simulatedNs - this.#beforeNs;
    const share = (sent: number, rateBps: number) =>
      ns <= 0 || rateBps === 0 ? 0 : Math.min(FULL, Math.ceil((sent * 8e9 * FULL) / (rateBps * ns)));
    this.begin(loads);
    return {
      ns: loads.simulatedNs,
      ...frame,
      load: Uint8Array.from(bytes, (sent, at) => share(sent, picture.edges[at >> 1]!.rateBps)),
      inside: Uint8Array.from(inside, (sent, node) => share(sent, insideRate[node]!)),
      totals: {
        ...{ queuedBytes: totals.queuedBytes, held: totals.held, dropped: totals.dropped, done },
        bytesPerSecond: ns <= 0 ? 0 : (totals.bytes * 1e9) / ns,
      },
    };
  }
}

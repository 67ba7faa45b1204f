import type { Outcome } from "../../plan/outcome.js";
import type { PlanView } from "../ideal/view.js";
import type { CreditSummary } from "./document-network.js";
import { cascadesOf } from "./pauses.js";

const CASCADES_MAX = 10;

/** Empty where no link is on credit. */
export function creditSummary(view: PlanView, { totals, ports }: Outcome): { readonly credit?: CreditSummary } {
  if (view.plan.flowControl.credit === null) return {};
  const { creditWaitPs, longestCreditWaitPs } = ports;
  const cascades = cascadesOf(view, creditWaitPs).slice(0, CASCADES_MAX);
  return {
    credit: {
      updates: totals.creditUpdatesSent,
      waitedNs: creditWaitPs.reduce((sum, ps) => sum + ps, 0) / 1000,
      longestWaitNs: longestCreditWaitPs.reduce((most, ps) => Math.max(most, ps), 0) / 1000,
      cascades: cascades.map(({ pausedNs, ...cascade }) => ({ ...cascade, waitedNs: pausedNs })),
      buffers: receiveBuffers(view),
    },
  };
}

/**
 * Receive buffers of the links on credit, by level in order of the ports; empty where there are
 * none.
 */
export function receiveBuffers({ plan, fabric }: PlanView): CreditSummary["buffers"] {
  const { credit } = plan.flowControl;
  const levels = new Map<string, { level: string; leastBytes: number; mostBytes: number }>();
  credit?.bufferBlocks.forEach((blocks, port) => {
    if (blocks === 0) return;
    const { level } = fabric.linkClasses[fabric.portClass[port]!]!;
    const size = blocks * credit.blockBytes;
    const entry = levels.get(level) ?? { level, leastBytes: size, mostBytes: size };
    entry.leastBytes = Math.min(entry.leastBytes, size);
    entry.mostBytes = Math.max(entry.mostBytes, size);
    levels.set(level, entry);
  });
  return [...levels.values()];
}

/** Bytes of the receive buffer at the other end of a port's link; 0 where there is none. */
export function bufferAhead({ plan, fabric }: PlanView, port: number): number {
  const { credit } = plan.flowControl;
  return credit === null ? 0 : credit.bufferBlocks[fabric.peerPort[port]!]! * credit.blockBytes;
}

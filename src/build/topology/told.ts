import { PlanError } from "../../plan/plan-error.js";
import type { LinkFault, Span } from "../../scenario/types/faults.js";
import type { LocatedFault } from "./located-fault.js";

type Statement = "rate" | "ber" | "frameLossRatio" | "start" | "mtu";

const ALWAYS: Span = { startPs: 0, untilPs: Number.POSITIVE_INFINITY };

/** What a fault says of its link, and for which times. */
function statements(fault: LinkFault): readonly (readonly [Statement, readonly Span[]])[] {
  switch (fault.kind) {
    case "link-down":
      return [["start", [{ startPs: fault.startPs, untilPs: fault.untilPs ?? Number.POSITIVE_INFINITY }]]];
    case "link-flap":
      return [["start", fault.outages]];
    case "optic-drift":
      return [["ber", [ALWAYS]]];
    case "mtu-mismatch":
      return [["mtu", [fault]]];
    case "degraded-link": {
      const { rateBps, ber, frameLossRatio, span = ALWAYS } = fault;
      const stated = [
        ["rate", rateBps],
        ["ber", ber],
        ["frameLossRatio", frameLossRatio],
      ] as const;
      return stated.filter(([, value]) => value !== null).map(([what]) => [what, [span]] as const);
    }
  }
}

/** What faults have said so far of links and NICs, each of which may be said once for a time. */
export class Told {
  readonly #ofPorts = new Map<string, Span[]>();
  readonly #ofNics = new Set<number>();
  readonly #ofSwitches = new Set<string>();

  /** @throws PlanError where the fault says what another one has said */
  check(located: LocatedFault): void {
    if ("nics" in located) {
      const { nics, fault } = located;
      const nic = nics[0]!;
      if (this.#ofNics.has(nic)) {
        throw new PlanError(`two nic-stall faults are at ${fault.host}; a NIC stalls once: write one of them`);
      }
      this.#ofNics.add(nic);
    } else if ("switchNumber" in located) this.#checkSwitch(located.fault.kind, located.fault.switch);
    else if ("link" in located) this.#checkLink(located.fault, located.ports);
  }

  #checkSwitch(kind: string, name: string): void {
    if (kind !== "pfc-off" && kind !== "wrong-headroom") return;
    if (this.#ofSwitches.has(`${kind} ${name}`)) {
      throw new PlanError(`two ${kind} faults are at ${name}, for the whole run; write one of them`);
    }
    this.#ofSwitches.add(`${kind} ${name}`);
  }

  #checkLink(fault: LinkFault, ports: readonly number[]): void {
    for (const [what, spans] of statements(fault)) {
      for (const port of ports) {
        const known = this.#ofPorts.get(`${port} ${what}`) ?? [];
        if (spans.some((span) => known.some((other) => overlap(span, other)))) throw saidTwice(fault, what);
        this.#ofPorts.set(`${port} ${what}`, [...known, ...spans]);
      }
    }
  }
}

function overlap(a: Span, b: Span): boolean {
  return a.startPs < b.untilPs && b.startPs < a.untilPs;
}

function saidTwice({ kind, from, to }: LinkFault, what: Statement): PlanError {
  return new PlanError(
    `two ${kind} faults state the ${what} of the link between ${from} and ${to}; ` +
      "faults of one link add up only where they state different things: write one of them",
    [[what]],
  );
}

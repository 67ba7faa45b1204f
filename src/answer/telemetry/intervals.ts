/** Makes rows of what ports and queue pairs show at the ends of intervals. */
import type { Gauges, PortGauges } from "../../plan/gauges.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import type { PlanView } from "../ideal/view.js";
import type { TelemetryRow } from "./columns.js";
import { LineErrors } from "./line-errors.js";
import { type TelemetryNames, telemetryNames } from "./names.js";
import { OpticRows } from "./optic-rows.js";

/** Kinds of what telemetry tells of. */
export const TELEMETRY_KINDS = ["port", "switch", "nic", "qp", "optic"] as const;
export type TelemetryKind = (typeof TELEMETRY_KINDS)[number];
/** Those told of where nothing is said. */
export const USUAL_KINDS: readonly TelemetryKind[] = TELEMETRY_KINDS.filter((kind) => kind !== "optic");

const NOTHING: TelemetryRow = {
  ...{ fromNs: 0, toNs: 0, kind: "", name: "", flow: null, txBytes: null, rxBytes: null },
  ...{ utilisation: null, rateBps: null, queueBytes: null, maxQueueBytes: null, pausedNs: null },
  ...{ creditWaitNs: null, pausesSent: null, ecnMarked: null, droppedCongestion: null },
  ...{ droppedCrc: null, droppedLinkDown: null, droppedWatchdog: null, fecSymbolErrors: null },
  ...{ fecUncorrectable: null, windowBytes: null, outstandingBytes: null, ackedBytes: null },
  retransmitted: null,
};

/** The counters that rows of ports, NICs and switches have alike. */
const COUNTERS = [
  "pausesSent",
  "ecnMarked",
  "droppedCrc",
  "droppedLinkDown",
  "droppedWatchdog",
] as const satisfies readonly (keyof PortGauges)[];

/**
 * Turns what is read at one instant after another into rows. A row is left out where nothing was
 * sent, nothing waited, nothing was paused and nothing was lost.
 */
export class Intervals {
  readonly #names: TelemetryNames;
  readonly #lineErrors: LineErrors;
  #before: Gauges | undefined;
  /** By port: bytes that have left by now, and by the interval before. */
  #left: Float64Array;
  #leftBefore: Float64Array;
  readonly #flowsOfNic: readonly (readonly number[])[];
  readonly #optics: OpticRows | undefined;

  constructor(
    private readonly view: PlanView,
    private readonly logicalOf: ArrayLike<number> | undefined,
    private readonly kinds: ReadonlySet<TelemetryKind>,
    /** Left out: nothing is told of optics. */
    scenario?: Scenario,
  ) {
    const { fabric, plan } = view;
    this.#names = telemetryNames(view);
    this.#lineErrors = new LineErrors(plan);
    this.#left = new Float64Array(fabric.peerPort.length);
    this.#leftBefore = new Float64Array(fabric.peerPort.length);
    const flowsOfNic: number[][] = Array.from({ length: fabric.nics.count }, () => []);
    for (let flow = 0; flow < plan.flows.count; flow++) flowsOfNic[plan.flows.srcNic[flow]!]!.push(flow);
    this.#flowsOfNic = flowsOfNic;
    this.#optics =
      kinds.has("optic") && scenario !== undefined ? new OpticRows(view, this.#names, scenario) : undefined;
  }

  /**
   * The rows of the interval that ends now. The first one begins at 0.
   * @param isEnd nothing is on the wire any more
   */
  *rows(now: Gauges, isEnd: boolean): Generator<TelemetryRow> {
    const { txBytes, leavingBytes } = now.ports;
    [this.#leftBefore, this.#left] = [this.#left, this.#leftBefore];
    for (let port = 0; port < txBytes.length; port++) {
      const left = isEnd ? txBytes[port]! : txBytes[port]! - leavingBytes[port]!;
      this.#left[port] = Math.max(this.#leftBefore[port]!, Math.round(left));
    }
    this.#lineErrors.goTo(now.nowPs);
    if (this.kinds.has("port")) yield* this.#ports(now);
    if (this.kinds.has("switch")) yield* this.#switches(now);
    if (this.kinds.has("nic")) yield* this.#nics(now);
    if (this.kinds.has("qp")) yield* this.#qps(now);
    for (const row of this.#optics?.rows(now, this.#before) ?? []) yield { ...NOTHING, ...row };
    this.#before = now;
  }

  #head(now: Gauges, kind: TelemetryKind, name: string) {
    return { fromNs: (this.#before?.nowPs ?? 0) / 1000, toNs: now.nowPs / 1000, kind, name };
  }

  *#ports(now: Gauges): Generator<TelemetryRow> {
    for (let port = 0; port < this.#left.length; port++) {
      const facts = this.#portFacts(now, port);
      if (facts === undefined) continue;
      yield { ...NOTHING, ...this.#head(now, "port", this.#names.port(port)), ...facts };
    }
  }

  *#nics(now: Gauges): Generator<TelemetryRow> {
    const { nics, peerPort } = this.view.fabric;
    for (let nic = 0; nic < nics.count; nic++) {
      const port = nics.port[nic]!;
      const facts = this.#portFacts(now, port);
      const rxBytes = this.#sent(peerPort[port]!);
      const flows = this.#flowsOfNic[nic]!;
      const sum = (read: (flow: number) => number) => flows.reduce((total, flow) => total + read(flow), 0);
      const outstandingBytes = sum((flow) => now.qps.outstandingBytes[flow]!);
      const ackedBytes = sum((flow) => this.#qpStep(now, "ackedBytes", flow));
      const retransmitted = sum((flow) => this.#qpStep(now, "retransmitted", flow));
      if (facts === undefined && rxBytes === 0 && outstandingBytes === 0 && ackedBytes === 0) continue;
      const head = this.#head(now, "nic", this.#names.nic(nic));
      yield { ...NOTHING, ...head, ...facts, rxBytes, outstandingBytes, ackedBytes, retransmitted };
    }
  }

  *#switches(now: Gauges): Generator<TelemetryRow> {
    const { switches, firstPort, peerPort } = this.view.fabric;
    const { waitingBytes } = now.ports;
    for (const { device, name } of switches) {
      const ports = Array.from(
        { length: firstPort[device + 1]! - firstPort[device]! },
        (_, i) => firstPort[device]! + i,
      );
      const sum = (read: (port: number) => number) => ports.reduce((total, port) => total + read(port), 0);
      const facts = {
        txBytes: sum((port) => this.#sent(port)),
        rxBytes: sum((port) => this.#sent(peerPort[port]!)),
        queueBytes: sum((port) => Math.round(waitingBytes[port]!)),
        maxQueueBytes: ports.reduce((most, port) => Math.max(most, this.#mostWaiting(now, port)), 0),
        pausedNs: sum((port) => this.#step(now, "pausedPs", port)) / 1000,
        creditWaitNs: sum((port) => this.#step(now, "creditWaitPs", port)) / 1000,
        droppedCongestion: sum((port) => this.#step(now, "droppedCongestion", port)),
        ...this.#counters((name) => sum((port) => this.#step(now, name, port))),
      };
      if (Object.values(facts).every((value) => value === 0)) continue;
      yield { ...NOTHING, ...this.#head(now, "switch", name), ...facts };
    }
  }

  *#qps(now: Gauges): Generator<TelemetryRow> {
    const { qps } = now;
    for (let flow = 0; flow < qps.ackedBytes.length; flow++) {
      const outstandingBytes = qps.outstandingBytes[flow]!;
      const ackedBytes = this.#qpStep(now, "ackedBytes", flow);
      const retransmitted = this.#qpStep(now, "retransmitted", flow);
      if (outstandingBytes === 0 && ackedBytes === 0 && retransmitted === 0) continue;
      const [rateBps, windowBytes] = [finite(qps.rateBps[flow]!), finite(qps.windowBytes[flow]!)];
      const head = { ...this.#head(now, "qp", this.#names.qp(flow)), flow: this.logicalOf?.[flow] ?? flow };
      yield { ...NOTHING, ...head, rateBps, windowBytes, outstandingBytes, ackedBytes, retransmitted };
    }
  }

  /** What rows of a port and of its NIC say; undefined where nothing happened. */
  #portFacts(now: Gauges, port: number) {
    const { fabric, nicOfPort } = this.view;
    const { peerPort } = fabric;
    const { waitingBytes, rateBps } = now.ports;
    const txBytes = this.#sent(port);
    const queueBytes = Math.round(waitingBytes[port]!);
    const told = {
      ...{ txBytes, queueBytes },
      pausedNs: this.#step(now, "pausedPs", port) / 1000,
      creditWaitNs: this.#step(now, "creditWaitPs", port) / 1000,
      // Counted where the packet arrives.
      droppedCongestion: this.#step(now, "droppedCongestion", peerPort[port]!),
      ...this.#counters((name) => this.#step(now, name, port)),
    };
    if (Object.values(told).every((value) => value === 0)) return undefined;
    const seconds = (now.nowPs - (this.#before?.nowPs ?? 0)) / 1e12;
    const share = seconds === 0 ? 0 : Math.min(1, (8 * txBytes) / (rateBps[port]! * seconds));
    const utilisation = Math.round(share * 1e6) / 1e6;
    // NICs hold data back until it can be sent: they have no queue of it.
    const maxQueueBytes = nicOfPort[port]! < 0 ? this.#mostWaiting(now, port) : null;
    return {
      ...told,
      maxQueueBytes,
      utilisation,
      rateBps: rateBps[port]!,
      ...this.#lineErrors.of(port),
    };
  }

  #counters(read: (name: (typeof COUNTERS)[number]) => number) {
    return Object.fromEntries(COUNTERS.map((name) => [name, read(name)])) as Record<(typeof COUNTERS)[number], number>;
  }

  /** Bytes that left a port in the interval. */
  #sent(port: number): number {
    return this.#left[port]! - this.#leftBefore[port]!;
  }

  /** The largest queue of the interval; what it began with counts. */
  #mostWaiting({ ports }: Gauges, port: number): number {
    const before = this.#before?.ports.waitingBytes[port] ?? 0;
    return Math.round(Math.max(ports.mostWaitingBytes[port]!, ports.waitingBytes[port]!, before));
  }

  #step({ ports }: Gauges, name: keyof PortGauges, port: number): number {
    return ports[name][port]! - (this.#before?.ports[name][port] ?? 0);
  }

  #qpStep({ qps }: Gauges, name: "ackedBytes" | "retransmitted", flow: number): number {
    return qps[name][flow]! - (this.#before?.qps[name][flow] ?? 0);
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

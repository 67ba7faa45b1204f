/** The columns of tables over time and of totals, whatever the format of the file. */

import { KP4 } from "../../build/physics/fec.js";

/** A cell of a row; null where the row has no such figure. */
export type Cell = string | number | null;

export interface TableColumn {
  readonly name: string;
  readonly kind: "text" | "number";
  /**
   * Labels say what a row is of; counters are sums over its interval, gauges hold at its end, as do
   * states, which are no numbers.
   */
  readonly role: "label" | "time" | "counter" | "gauge" | "state";
  /** One line, for docs and OpenMetrics. */
  readonly help: string;
}

const label = (name: string, help: string): TableColumn => ({ name, kind: "text", role: "label", help });
const number = (role: TableColumn["role"]) => (name: string, help: string) =>
  ({ name, kind: "number", role, help }) satisfies TableColumn;
const [numbered, time, counter, gauge] = (["label", "time", "counter", "gauge"] as const).map(number) as [
  ReturnType<typeof number>,
  ReturnType<typeof number>,
  ReturnType<typeof number>,
  ReturnType<typeof number>,
];

/** What links, and telemetry of ports, count alike. */
const LOSSES = [
  counter("ecnMarked", "packets that got a congestion mark"),
  counter("droppedCongestion", "packets dropped for lack of buffer; of a link: where it arrives"),
  counter("droppedCrc", "frames lost to bit errors that FEC did not correct, or to a dirty link"),
  counter("droppedLinkDown", "frames lost as the link was down"),
  counter("droppedWatchdog", "packets that the PFC watchdog dropped"),
] as const;

/** Rows of telemetry: an interval of a port, switch, NIC or queue pair. */
const TELEMETRY_COLUMNS = [
  time("fromNs", "start of the interval, on the clock of the simulation"),
  time("toNs", "its end, at which gauges hold"),
  label("kind", "port, switch, nic, qp or optic"),
  label("name", "of a port, and of a module in it, the link that leaves it; names are those of heddle topo"),
  numbered("flow", "of a queue pair: the number of its flow"),
  counter("txBytes", "wire bytes that left"),
  counter("rxBytes", "wire bytes that left towards it: of switches and NICs"),
  gauge("utilisation", "share of the interval in which the port sent"),
  gauge("rateBps", "of a port: its rate; of a queue pair: the rate that congestion control sets"),
  gauge("queueBytes", "wire bytes that wait, the rest of the packet in transmission included"),
  gauge("maxQueueBytes", "the largest such queue in the interval; of a switch: of any port"),
  counter("pausedNs", "time for which it was paused; of a switch: summed over its ports"),
  counter("creditWaitNs", "time for which it waited for credit of the link"),
  counter("pausesSent", "pause frames that it sent to the other end of its link"),
  ...LOSSES,
  counter("fecSymbolErrors", "symbols that FEC corrects: expected by the pre-FEC BER of the link"),
  counter("fecUncorrectable", "codewords that FEC cannot correct: expected, too"),
  gauge("windowBytes", "payload that a queue pair may have under way"),
  gauge("outstandingBytes", "payload that was sent and is not acknowledged"),
  counter("ackedBytes", "payload that was acknowledged"),
  counter("retransmitted", "data packets that were sent again"),
] as const;

const FEC_BINS = Array.from({ length: KP4.corrects + 1 }, (_, errors) => errors);

/** What modules tell of themselves, beside the columns that others have, too. */
const OPTIC_COLUMNS = [
  gauge("temperatureC", "of the case of a module, in degrees Celsius"),
  gauge("txBiasMa", "bias of its laser, in mA"),
  gauge("txPowerDbm", "light that it sends, average of a lane"),
  gauge("rxPowerDbm", "light that it receives, average of a lane"),
  gauge("rxLossDb", "light that dirt has taken of what it receives"),
  gauge("snrDb", "signal to noise of what it receives"),
  gauge("preFecBer", "bit error ratio of what it receives, before correction"),
  ...FEC_BINS.map((errors) =>
    counter(`fecBin${errors}`, `codewords received with ${errors} symbol errors: expected by preFecBer`),
  ),
  { name: "flags", kind: "text", role: "state", help: "lines that the module is beyond at the end of the interval" },
] as const satisfies readonly TableColumn[];

/** Rows of totals: a direction of a link. */
export const LINK_COLUMNS = [
  label("from", "the end that sends"),
  label("to", "the end that receives"),
  numbered("index", "which of several links between the two, from 0"),
  label("level", "scaleUp, access or a level of the fabric"),
  gauge("rateBps", "rate at the start of the run"),
  gauge("utilisation", "share of the observed time in which it sent"),
  counter("txBytes", "wire bytes sent"),
  gauge("maxQueueBytes", "largest queue; of switches"),
  counter("pausedNs", "time for which it was paused"),
  counter("creditWaitNs", "time for which it waited for credit"),
  ...LOSSES,
] as const;

/** A table that is written row by row. */
export interface TableShape {
  readonly columns: readonly TableColumn[];
  /** Prefix of its metrics in OpenMetrics. */
  readonly name: string;
}

/** @param withOptics there are rows of optical modules */
export function telemetryTable(withOptics: boolean): TableShape {
  return { columns: withOptics ? [...TELEMETRY_COLUMNS, ...OPTIC_COLUMNS] : TELEMETRY_COLUMNS, name: "heddle" };
}

export const LINK_TABLE: TableShape = { columns: LINK_COLUMNS, name: "heddle_link" };

/** Rows of modules have the columns of `OPTIC_COLUMNS`, too; others leave them out. */
export type TelemetryRow = Readonly<Record<(typeof TELEMETRY_COLUMNS)[number]["name"], Cell>>;

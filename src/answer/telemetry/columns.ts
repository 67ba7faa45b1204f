/** The columns of tables over time and of totals, whatever the format of the file. */

export type Cell = string | number | null;

export interface TableColumn {
  readonly name: string;
  readonly kind: "text" | "number";
  /** Labels say what a row is of; counters are sums over its interval, gauges hold at its end. */
  readonly role: "label" | "time" | "counter" | "gauge";
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
  label("kind", "port, switch, nic or qp"),
  label("name", "of a port the link that leaves it; names are those of heddle topo"),
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

export const TELEMETRY_TABLE: TableShape = { columns: TELEMETRY_COLUMNS, name: "heddle" };
export const LINK_TABLE: TableShape = { columns: LINK_COLUMNS, name: "heddle_link" };

export type TelemetryRow = Readonly<Record<(typeof TELEMETRY_COLUMNS)[number]["name"], Cell>>;

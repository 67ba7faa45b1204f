/** The bill of materials as a terminal shows it. */
import { columns } from "../text/layout-text.js";
import { count, digits } from "../text/units.js";
import type { BillLine, NetworkCost } from "./bill.js";

/**
 * A table of parts, then the sums.
 * @param scenario of which the network is
 */
export function formatCost(cost: NetworkCost, { name }: { name: string }): string {
  const { gpus, switches, optics, cables, fibres, breakouts, total, perGpu, missing } = cost;
  const rows = [["part", "where", "count", "price, USD", "power"], ...[...switches, ...optics, ...cables].map(row)];
  const table = columns(rows, ["left", "left", "right", "right", "right"])
    .map((line) => `${line}\n`)
    .join("");
  const sums = [
    `Total: ${money(total.lowUsd, total.highUsd)} USD, ${power(total.lowWatts, total.highWatts)}.`,
    `Per GPU: ${money(perGpu.lowUsd, perGpu.highUsd)} USD, ${digits(perGpu.watts)} W, ` +
      `${digits(perGpu.transceivers)} transceivers.`,
    ...(fibres > 0 ? [`Fibres: ${whole(fibres)}.`] : []),
    ...breakouts.map(({ split, ports }) => `Breakouts: ${whole(ports)} ports ${split}.`),
    ...missing.map((what) => `Not in the sums: ${what}.`),
  ];
  const scope = "GPUs, NICs and the inside of nodes are not counted. `heddle parts` has the sources.";
  return `${name}: network of ${whole(gpus)} ${gpus === 1 ? "GPU" : "GPUs"}\n\n${table}\n${sums.join("\n")}\n${scope}\n`;
}

function row({ part, level, count: pieces, lowUsd, highUsd, lowWatts, highWatts }: BillLine): string[] {
  return [part, level, whole(pieces), money(lowUsd, highUsd), highWatts === 0 ? "" : power(lowWatts, highWatts)];
}

/** `1.20 M to 3.40 M`. */
export function money(low: number, high: number): string {
  return low === high ? short(low) : `${short(low)} to ${short(high)}`;
}

/** `6.60 to 10.7 kW`. */
export function power(low: number, high: number): string {
  const unit = high >= 1e6 ? "MW" : high >= 1e3 ? "kW" : "W";
  const scale = unit === "MW" ? 1e6 : unit === "kW" ? 1e3 : 1;
  return low === high ? `${digits(low / scale)} ${unit}` : `${digits(low / scale)} to ${digits(high / scale)} ${unit}`;
}

/** `32,768`. */
function whole(value: number): string {
  return value.toLocaleString("en-US");
}

function short(value: number): string {
  return value < 10_000 ? `${Math.round(value)}` : count(value);
}

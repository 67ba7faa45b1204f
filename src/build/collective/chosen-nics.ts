/** Flows that take some of the NICs of their ranks: see `ChosenNics`. */
import type { Fabric, Way } from "../../plan/fabric.js";
import { PlanError } from "../../plan/plan-error.js";
import type { RankLayout } from "../ranks.js";
import type { Schedule } from "./schedule.js";
import { firstWay } from "./way.js";

/**
 * The ways of flows over the NICs that they take; undefined for one that takes all of them. Each
 * NIC has an equal part of the ports of its rank, in the order of the fabric.
 * @returns a function that throws PlanError where a rank has another number of ports, or no way
 * leads from NIC to NIC
 */
export function chosenWays(
  { src, dst, nics }: Schedule,
  layout: RankLayout,
  fabric: Fabric,
): (flow: number) => readonly Way[] | undefined {
  if (nics === undefined) return () => undefined;
  const hopsOf = firstWay(fabric);
  return (flow) => {
    const count = nics.of[flow]!;
    if (count === 0) return undefined;
    const [from, to] = [src[flow]!, dst[flow]!];
    const ports = Math.min(...[from, to].map((rank) => portsOfNic(rank, count, layout, fabric)));
    const [out, into] = [nics.src[flow]!, nics.dst[flow]!];
    return Array.from({ length: ports }, (_, port): Way => {
      const way = { src: layout.fabricNic(from, out * ports + port), dst: layout.fabricNic(to, into * ports + port) };
      // Between NICs of one number there is a way, unless faults have cut it.
      if (out === into || fabric.peerPort[hopsOf(way).at(-1)!.port] === fabric.nics.port[way.dst]) return way;
      const what = `NIC ${out} of ${fabric.rankName(from)} does not reach NIC ${into} of ${fabric.rankName(to)}`;
      throw new PlanError(`${what}, as the workload asks; write a fabric without planes, or with a way between these`, [
        ["topology"],
        ["workload"],
      ]);
    });
  };
}

/** Ports of each NIC, where a rank has `count` of them. */
function portsOfNic(rank: number, count: number, layout: RankLayout, { rankName }: Fabric): number {
  const ports = layout.fabricNicCount(rank);
  if (ports > 0 && ports % count === 0) return ports / count;
  const what = `the workload has ${count} NICs for each GPU, and ${rankName(rank)} has ${ports} in this fabric`;
  throw new PlanError(`${what}; write topology.planes: ${count}`, [["topology"], ["workload"]]);
}

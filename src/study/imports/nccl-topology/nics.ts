/** Which NICs of a node are whose, and what PCIe carries to them. */
import { type NcclGpu, type NcclNet, type NcclNode, pcieBps, shared } from "./node.js";

/** NICs of each GPU; `sharers` GPUs have the same ones. */
export interface Assignment {
  readonly nics: readonly (readonly NcclNet[])[];
  readonly sharers: number;
}

/**
 * Each GPU has the NICs that share most of the PCIe tree with it: as many as all others, or one
 * together with as many GPUs as all others. Null where numbers or the tree do not allow that.
 */
export function assignNics({ gpus, nets }: NcclNode): Assignment | null {
  const sharers = gpus.length / nets.length;
  const each = Math.max(1, nets.length / gpus.length);
  if (!Number.isInteger(each) || !Number.isInteger(Math.max(1, sharers))) return null;
  const room = new Map(nets.map((net) => [net, Math.max(1, sharers)]));
  const nics = gpus.map((gpu) => nearest(gpu, nets, room, each));
  return nics.includes(null) ? null : { nics: nics as NcclNet[][], sharers: Math.max(1, sharers) };
}

/** Of several equally near ones the first by number; null where those that are near are taken. */
function nearest(gpu: NcclGpu, nets: readonly NcclNet[], room: Map<NcclNet, number>, each: number): NcclNet[] | null {
  const depths = nets.map((net) => shared(gpu.place, net.place)).sort((a, b) => b - a);
  const near = nets.filter((net) => room.get(net)! > 0 && shared(gpu.place, net.place) >= depths[each - 1]!);
  if (near.length < each) return null;
  near.sort((a, b) => shared(gpu.place, b.place) - shared(gpu.place, a.place) || a.dev - b.dev);
  const own = near.slice(0, each).sort((a, b) => a.dev - b.dev);
  for (const net of own) room.set(net, room.get(net)! - 1);
  return own;
}

/** What PCIe carries between a GPU and its NICs: the ways to each, and the GPU's own link. */
export function pcieOf(gpu: NcclGpu, nics: readonly NcclNet[]): number {
  const ways = nics.reduce((sum, { place }) => sum + pcieBps(gpu.place, place), 0);
  const common = Math.max(...nics.map(({ place }) => shared(gpu.place, place)));
  return Math.min(ways, pcieBps(gpu.place, { path: gpu.place.path.slice(0, common) }));
}

/** Rails of each GPU: what the file says, else the place of the NIC in the order of numbers. */
export function railsOf({ nets }: NcclNode, { nics }: Assignment): readonly (readonly number[])[] {
  const areSaid = nets.every(({ rail }) => rail >= 0);
  const byNumber = [...nets].sort((a, b) => a.dev - b.dev);
  return nics.map((own) => own.map((net) => (areSaid ? net.rail : byNumber.indexOf(net))));
}

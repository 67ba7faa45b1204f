import type {
  LinkFault,
  NicSlow,
  NicStallFault,
  Straggler,
  SwappedCables,
  SwitchFault,
} from "../../scenario/types/faults.js";

/** A fault and what it is at: egress ports of the directions, a switch, a NIC, a rank. */
export type LocatedFault =
  | { readonly link: true; readonly fault: LinkFault; readonly ports: readonly number[] }
  | { readonly fault: SwitchFault; readonly switchNumber: number }
  | { readonly fault: NicStallFault; readonly nics: readonly number[] }
  | { readonly fault: NicSlow; readonly slowNics: readonly number[] }
  | { readonly fault: Straggler; readonly rank: number }
  | { readonly fault: SwappedCables; readonly swapped: readonly number[] };

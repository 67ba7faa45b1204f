import { Group } from "../memory/structs";

/** The candidates in turn, packet by packet. */
// @ts-ignore: decorator
@inline
export function chooseRoundRobin(group: Group): u32 {
  const turn = group.turn;
  group.turn = turn + 1;
  return turn % group.count;
}

import { Group } from "../memory/structs/switch";

/** The candidates in turn, packet by packet. */
@inline
export function chooseRoundRobin(group: Group): u32 {
  const turn = group.turn;
  group.turn = turn + 1;
  return turn % group.count;
}

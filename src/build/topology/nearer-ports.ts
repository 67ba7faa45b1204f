import { costOf, type SwitchGraph } from "./switch-graph.js";

/** Ports of a switch that lie on ways of the least cost to the destination. */
export function nearerPorts(graph: SwitchGraph, sw: number, costs: Int32Array): number[] {
  const peers = graph.neighbours[sw]!;
  const ports: number[] = [];
  for (let port = 0; port < peers.length; port++) {
    const peer = peers[port]!;
    if (peer >= 0 && costs[peer]! >= 0 && costs[peer]! + costOf(graph, sw, port) === costs[sw]) ports.push(port);
  }
  return ports;
}

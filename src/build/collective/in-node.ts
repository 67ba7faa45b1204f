/**
 * NVLS in the nodes of a cluster. The GPU that owns a part of the buffer gets the sum over the node
 * from the NVSwitch (`multimem.ld_reduce`). It sends the sum to all of them through the NVSwitch
 * (`multimem.st`). Each packet crosses the link of every GPU of the node, the owner's too.
 */
import type { OperationBuilder } from "./operations.js";

/** A part of the buffer as it goes over the NVSwitch of a node. */
export interface NodePart {
  readonly node: number;
  readonly gpusPerNode: number;
  /** Number of its owner in the node. */
  readonly owner: number;
  readonly chunks: number;
  readonly chunkBytes: number;
}

/** @returns The flow of the owner, which has each chunk of the sum when it is delivered. */
export function reduceToOwner(builder: OperationBuilder, part: NodePart): number {
  const { ranks, owner } = membersOf(part);
  return part.owner + builder.add({ ...over(part), ranks, receives: (rank) => rank === owner });
}

/**
 * @returns The flow of the owner, which may send a chunk when it has it; the first flow of the
 * operation is that of the node's first GPU.
 */
export function copyFromOwner(builder: OperationBuilder, part: NodePart): number {
  const { ranks, owner } = membersOf(part);
  return part.owner + builder.add({ ...over(part), ranks, contributes: (rank) => rank === owner });
}

function membersOf({ node, gpusPerNode, owner }: NodePart) {
  const first = node * gpusPerNode;
  return { ranks: Array.from({ length: gpusPerNode }, (_, local) => first + local), owner: first + owner };
}

function over({ chunks, chunkBytes, owner }: NodePart) {
  return { chunks, chunkBytes, network: "scale-up" as const, choice: owner };
}

/** Largest chunk of NCCL's NVLS (`NCCL_NVLS_CHUNKSIZE`). */
const NVLS_CHUNK_BYTES = 128 * 1024;

/** Equal chunks of a share of the buffer, of at most the size that was asked for. */
export function chunksOf(shareBytes: number, chunkBytes: number | null) {
  const chunks = Math.max(1, Math.ceil(shareBytes / (chunkBytes ?? NVLS_CHUNK_BYTES)));
  return { chunks, chunkBytes: Math.max(1, Math.ceil(shareBytes / chunks)) };
}

/** Which flows of the schedule the flows of a plan belong to. */
export interface LogicalFlows {
  readonly count: number;
  /** By flow of the plan. */
  readonly ofFlow: Uint32Array;
  /** Flows of logical flow `l` are `firstFlow[l] … firstFlow[l+1] - 1`. */
  readonly firstFlow: Uint32Array;
}

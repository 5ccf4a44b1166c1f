/** A business unit, whose calls are counted together: MCE limits those, not our runs. */
export type Unit = { tenantId: string; mid: number };

/** Whose calls are counted together: MCE limits its tenants, not our runs. */
export type Unit = { tenantId: string; mid: number };

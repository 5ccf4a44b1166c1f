import { Counter, type Registry } from "prom-client";

/** The sweep of one business unit: the assets deleted, and why it could not be swept, if so. */
type SweptUnit = { deleted: number; error?: string };

/** Counts what the sweeper does. */
export type SweepMetrics = {
  /** The business units of a sweep are known, and each has its job. A dry run does not count. */
  started: () => void;
  swept: (unit: SweptUnit) => void;
};

/** Registers the series of the sweeper. */
export function openSweepMetrics(registry: Registry): SweepMetrics {
  const registers = [registry];
  const sweeps = new Counter({ name: "sqe_sweeps_total", help: "Sweeps that this bridge has started", registers });
  const units = new Counter({
    name: "sqe_sweep_units_total",
    help: "Business units swept, by what came of it",
    labelNames: ["outcome"],
    registers,
  });
  const deleted = new Counter({
    name: "sqe_sweep_deleted_total",
    help: "Data Extensions and Query Activities that sweeps have deleted",
    registers,
  });
  return {
    started: () => sweeps.inc(),
    swept(unit) {
      units.inc({ outcome: unit.error ?? "ok" });
      deleted.inc(unit.deleted);
    },
  };
}

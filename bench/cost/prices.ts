/**
 * Prices in US dollars, as the services' own pages listed them on 2026-11-30 (Upstash: 2026-11-09), without taxes, discounts
 * and free plans. `included` comes with the plan each month.
 */
export const prices = {
  /** developers.cloudflare.com/workers/platform/pricing */
  workers: {
    plan: 5,
    requests: { included: 10e6, each: 0.3 / 1e6 },
    cpuMs: { included: 30e6, each: 0.02 / 1e6 },
  },
  /** developers.cloudflare.com/durable-objects/platform/pricing; an object counts as 128 MB whatever it uses. */
  objects: {
    memoryGb: 0.128,
    requests: { included: 1e6, each: 0.15 / 1e6 },
    gbSeconds: { included: 400e3, each: 12.5 / 1e6 },
    rowsWritten: { included: 50e6, each: 1 / 1e6 },
  },
  /** upstash.com/pricing/redis: pay as you go, or a fixed 250 MB; the cheaper one is taken. */
  upstash: { command: 0.2 / 100e3, fixed: 10 },
  /** neon.com/docs/introduction/plans, plan Launch */
  neon: { cuHour: 0.106, gbMonth: 0.35 },
  /** developers.cloudflare.com/containers/pricing, as a price for a small host that is paid by use: type basic */
  bridge: {
    memoryGib: 1,
    gibSeconds: { included: 25 * 3600, each: 0.0000025 },
    diskGb: 4,
    gbSeconds: { included: 200 * 3600, each: 0.00000007 },
    cpuSeconds: { included: 375 * 60, each: 0.00002 },
  },
} as const;

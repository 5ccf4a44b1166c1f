import { Counter, type Registry } from "prom-client";

/** Counts what goes wrong with Redis. */
export type RedisMetrics = {
  /** @param connection its name in the log */
  failed: (connection: string) => void;
};

/** Registers the series of Redis. */
export function openRedisMetrics(registry: Registry): RedisMetrics {
  const errors = new Counter({
    name: "sqe_redis_errors_total",
    help: "Errors of a connection to Redis, failed tries to reconnect included",
    labelNames: ["connection"],
    registers: [registry],
  });
  return { failed: (connection) => errors.inc({ connection }) };
}

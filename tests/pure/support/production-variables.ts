/** What a bridge in production has. */
export const productionVariables = {
  SQE_ENV: "production",
  EDGE_URL: "https://sqe.example",
  REDIS_URL: "rediss://redis.example:6379",
  BRIDGE_SECRET: "s".repeat(32),
  DATABASE_URL: "postgres://sqe_app:x@db.example/sqe",
  DATABASE_SWEEPER_URL: "postgres://sqe_sweeper:x@db.example/sqe",
  VAULT_KEYS: `kid1:${"k".repeat(43)}=`,
};

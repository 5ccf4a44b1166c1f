import type { Random } from "../../sandbox/random.ts";

/** What a user asks for, and whether they change their mind, and after how long. */
export type Order = {
  body: { sql: string; target?: { customerKey: string; mode: "append" | "overwrite" | "update" } };
  cancelAfterMs?: number;
};

const cancelShare = 0.12;
const cancelMaxMs = 4000;

/**
 * Draws an order: half are looks at rows, the others write into a table of the user's, most of them by append.
 *
 * @param name what is appended, so that each order's row can be told
 */
export function drawOrder(random: Random, name: string): Order {
  const kind = random.next();
  const body =
    kind < 0.5 ? look : kind < 0.85 ? into("append", name) : kind < 0.93 ? into("update", name) : overwriting(name);
  const isCanceled = random.next() < cancelShare;
  return { body, ...(isCanceled && { cancelAfterMs: random.between(0, cancelMaxMs) }) };
}

const look = { sql: "SELECT TOP 20 CustomerKey, FirstName, Country FROM Customers ORDER BY CustomerKey" };

function into(mode: "append" | "update", name: string): Order["body"] {
  return {
    sql: `SELECT TOP 1 '${name}' AS CustomerKey FROM Customers`,
    target: { customerKey: "VIP Audience", mode },
  };
}

/** Into another table, whose rows no append of the others is among. */
function overwriting(name: string): Order["body"] {
  return { sql: `SELECT 1 AS Id, '${name}' AS Name`, target: { customerKey: "No Rows", mode: "overwrite" } };
}

import { openLoopbackServer, type Answer, type Server } from "./loopback-server.ts";
import { readNeonRequest, type NeonQuery, type NeonRequest } from "./neon-request.ts";

/** What any Postgres driver tells of a result whose rows are lists of texts. */
export type TextResult = {
  command: string;
  rowCount: number | null;
  fields: readonly { name: string; dataTypeID: number }[];
  rows: unknown[];
};

// Every field the driver copies from an error's JSON to its NeonDbError.
const errorFields = [
  "code", "severity", "detail", "hint", "position", "internalPosition", "internalQuery", "where", "schema", "table",
  "column", "dataType", "constraint", "file", "line", "routine",
] as const; // prettier-ignore

/**
 * Opens Neon's SQL-over-HTTP protocol over a Postgres.
 *
 * @param run runs all queries of a request in one transaction as the user of its connection string; throws what Postgres
 *   says, with its `severity`, or anything else when Postgres did not answer
 * @throws when the port is taken
 */
export function openNeonDoor(port: number, run: (request: NeonRequest) => Promise<TextResult[]>): Promise<Server> {
  return openLoopbackServer(port, async (question) => {
    const request = readNeonRequest(question);
    if (request === undefined)
      return { status: 400, body: { message: "Not a request of Neon's SQL-over-HTTP protocol" } };
    return answer(request, run);
  });
}

async function answer(request: NeonRequest, run: (request: NeonRequest) => Promise<TextResult[]>): Promise<Answer> {
  if (request.queries.some(leavesTransaction)) {
    const message = "The stand-in for Neon runs no transaction control and no change of user; use a batch";
    return { status: 400, body: { message, code: "0A000", severity: "ERROR" } };
  }
  try {
    const results = (await run(request)).map(resultBody);
    return { status: 200, body: request.isBatch ? { results } : results[0] };
  } catch (error) {
    return errorAnswer(error);
  }
}

/** Requests share sessions, so a statement that ends our transaction would run the next one as another user. */
function leavesTransaction({ query }: NeonQuery): boolean {
  return /^\s*(begin|start|commit|end|rollback|abort|prepare\s+transaction|(re)?set\s+(local\s+|session\s+)?(role|session\s+authorization|all))\b/i.test(
    query,
  );
}

function resultBody({ command, rowCount, fields, rows }: TextResult): unknown {
  const columns = fields.map(({ name, dataTypeID }, index) => {
    return { name, dataTypeID, tableID: 0, columnID: index, dataTypeSize: -1, dataTypeModifier: -1, format: "text" };
  });
  return { command, rowCount, rowAsArray: true, fields: columns, rows };
}

/** Postgres' own errors are the caller's (400); anything else means that it cannot be reached (503). */
function errorAnswer(error: unknown): Answer {
  const facts: Record<string, unknown> = error instanceof Error ? Object.fromEntries(Object.entries(error)) : {};
  const message = error instanceof Error ? error.message : String(error);
  if (facts["severity"] === undefined) return { status: 503, body: { message } };
  return { status: 400, body: { message, ...Object.fromEntries(errorFields.map((name) => [name, facts[name]])) } };
}

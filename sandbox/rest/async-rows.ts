import { randomUUID } from "node:crypto";
import { z } from "zod";
import { serverIso } from "../dates.ts";
import { json, parseJson, type Reply } from "../http.ts";
import type { Grant } from "../tokens.ts";
import type { World } from "../world.ts";
import { restError } from "./errors.ts";
import { rowset, writeRows } from "./row-writes.ts";

const items = z.object({ items: z.array(z.record(z.string(), z.unknown())) });

/** Takes rows as `{items:[…]}`, answers 202 and a request id (MCE 7.3); an unknown data extension is refused at once. */
export function writeRowsLater(world: World, grant: Grant, key: string, body: string): Reply {
  const parsed = items.safeParse(parseJson(body));
  if (!parsed.success) return restError(400, "The request body is invalid.", 10_001);
  return accept(world, grant, key, JSON.stringify(parsed.data.items.map((values) => ({ keys: {}, values }))));
}

/** The asynchronous twin of the row write: the same body, a list with keys and values, and no `items` (MCE 7.3). */
export function writeEventsLater(world: World, grant: Grant, key: string, body: string): Reply {
  if (!rowset.safeParse(parseJson(body)).success) return restError(400, "The request body is invalid.", 10_001);
  return accept(world, grant, key, body);
}

function accept(world: World, grant: Grant, key: string, rows: string): Reply {
  const written = writeRows(world, grant, key, rows);
  if (written.status === 404) return written;
  const requestId = randomUUID();
  const hasErrors = written.status !== 200;
  const message = hasErrors ? written.body : "";
  world.asyncWrites.set(requestId, { mid: grant.mid, at: world.clock.now(), hasErrors, message });
  return json(202, { requestId, resultMessages: [] });
}

/** What became of an asynchronous write: GET /data/v1/async/{id}/status (MCE 7.3). */
export function asyncStatus(world: World, grant: Grant, requestId: string): Reply {
  const found = world.asyncWrites.get(requestId);
  if (found?.mid !== grant.mid) return restError(404, `Unable to find the request ${requestId}.`);
  const at = serverIso(found.at);
  return json(200, {
    requestId,
    status: {
      callDateTime: at,
      completionDateTime: at,
      hasErrors: found.hasErrors,
      pickupDateTime: at,
      requestStatus: "Complete",
      resultStatus: found.hasErrors ? "Error" : "OK",
    },
    resultMessages: found.hasErrors ? [{ resultType: "Error", message: found.message }] : [],
  });
}

import { ok } from "#lang/result.ts";
import { unavailable, type Answer } from "../failure.ts";
import { textAt, type XmlElement } from "./parse.ts";

/** Reads the GUID of a created object. `NewID` is 0 for Data Extensions and queries (MCE 2.4). */
export function objectIdOf(name: string, result: XmlElement): Answer<{ objectId: string }> {
  const objectId = textAt(result, "NewObjectID")?.trim();
  if (objectId === undefined || objectId === "")
    return unavailable("unknown", `Cannot read ${name}: the answer has no object id`);
  return ok({ objectId });
}

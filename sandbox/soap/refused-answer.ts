import type { Reply } from "../http.ts";
import { answer, type SoapVersion } from "./envelope.ts";
import { performResponse, refusedPerform } from "./perform.ts";
import { outcomesResponse } from "./results.ts";
import { refusedRetrieve } from "./retrieve.ts";

/** A whole answer that refuses a call for lack of a permission, in the form of its method: it is not a fault (MCE 2.3). */
export function refusedAnswer(call: string, version: SoapVersion, message: string, now: number): Reply {
  const [, method = "", type = ""] = call.split(" ");
  const done = (body: string) => answer(version, `${method}Response`, body, now);
  switch (method) {
    case "Create":
    case "Update":
    case "Delete":
      return done(outcomesResponse(method, [{ kind: "refused", code: 11, message }]));
    case "Perform":
      return done(performResponse([refusedPerform(type || "QueryDefinition", message)]));
    default:
      return done(refusedRetrieve(`Error: ${message}`));
  }
}

import { authCall } from "./auth/routes.ts";
import { type Call, plain, type Request } from "./http.ts";
import { keysNamed } from "./keys-named.ts";
import { restCall } from "./rest/routes.ts";
import { soapCall } from "./soap/routes.ts";
import type { World } from "./world.ts";

/** Understands a request as one call of Marketing Cloud. */
export function route(world: World, request: Request): Call {
  const keys = keysNamed(request);
  const call = callOf(world, request);
  return keys.length === 0 ? call : { ...call, keys };
}

function callOf(world: World, request: Request): Call {
  if (request.path.toLowerCase() === "/service.asmx") {
    if (request.method === "POST") return soapCall(world, request);
    return { name: "SOAP malformed", run: () => plain(405, "Method Not Allowed") };
  }
  return authCall(world, request) ?? restCall(world, request);
}

import { randomUUID } from "node:crypto";
import { type Call, plain, type Reply, type Request } from "../http.ts";
import type { Grant } from "../tokens.ts";
import type { World } from "../world.ts";
import { updateDataExtension } from "./data-extension-changes.ts";
import { createDataExtension, deleteDataExtension } from "./data-extension-writes.ts";
import { createFolder, deleteFolder, updateFolder } from "./data-folder.ts";
import { answer, type Envelope, faultAnswer, type FaultKind, readEnvelope, response } from "./envelope.ts";
import type { Context } from "./object-kind.ts";
import { perform } from "./perform.ts";
import { createQueryDefinition, deleteQueryDefinition, updateQueryDefinition } from "./query-definition.ts";
import { type Outcome, outcomesResponse } from "./results.ts";
import { answerRetrieve } from "./retrieve-call.ts";
import { mayWrite, permissionFailed } from "./scopes.ts";
import { strictProblem } from "./strict.ts";
import { child, childrenOf, localName, textAt, type XmlElement } from "./xml.ts";
import { text } from "./xml-write.ts";

type Write = (object: XmlElement, context: Context) => Outcome;
type Method = "Create" | "Update" | "Delete";

const writes: Record<Method, Record<string, Write>> = {
  Create: { DataFolder: createFolder, DataExtension: createDataExtension, QueryDefinition: createQueryDefinition },
  Update: { DataFolder: updateFolder, DataExtension: updateDataExtension, QueryDefinition: updateQueryDefinition },
  Delete: { DataFolder: deleteFolder, DataExtension: deleteDataExtension, QueryDefinition: deleteQueryDefinition },
};
const methods: Record<string, Method | "Retrieve" | "Perform" | "Describe"> = {
  CreateRequest: "Create",
  UpdateRequest: "Update",
  DeleteRequest: "Delete",
  RetrieveRequestMsg: "Retrieve",
  PerformRequestMsg: "Perform",
  DefinitionRequestMsg: "Describe",
};
const soapActions: ReadonlySet<string> = new Set([
  "",
  "Create",
  "Retrieve",
  "Update",
  "Delete",
  "Query",
  "Describe",
  "Execute",
  "Perform",
  "Configure",
  "Schedule",
  "VersionInfo",
  "Extract",
  "GetSystemStatus",
]);

/** The call that a POST to /Service.asmx means. */
export function soapCall(world: World, request: Request): Call {
  const envelope = readEnvelope(request.body);
  if (envelope === undefined) return { name: "SOAP malformed", run: () => plain(400, "Bad Request") };
  const method = methods[envelope.body.name];
  const known = world.tokens.check(envelope.token, world.clock.now());
  const fail = (fault: FaultKind, status: number) =>
    faultAnswer(envelope.version, world.url, fault, world.clock.now(), status);
  const security = (message: string) => fail({ code: "security", message }, world.behaviours.soapFaultStatus);
  return {
    name: callName(envelope, method),
    soapVersion: envelope.version,
    ...(known.kind === "good" ? { mid: known.grant.mid, clientId: known.grant.clientId } : {}),
    run: () => {
      // A fault may have ended the token since.
      const checked = world.tokens.check(envelope.token, world.clock.now());
      if (checked.kind === "expired") return security("Token Expired");
      if (envelope.token === "") return security("Security header is not present.");
      if (checked.kind === "unknown") return security("Login Failed");
      const action = (request.headers["soapaction"] ?? "").replaceAll('"', "").trim();
      if (envelope.version === "1.1" && !soapActions.has(action)) {
        return fail(
          { code: "client", message: `Server did not recognize the value of HTTP Header SOAPAction: ${action}.` },
          500,
        );
      }
      if (method === undefined) {
        return fail({ code: "client", message: `Server was unable to read request: ${envelope.body.name}.` }, 500);
      }
      const problem = world.behaviours.strictParser ? strictProblem(envelope.body) : undefined;
      if (problem !== undefined)
        return fail({ code: "client", message: `Server was unable to read request. ${problem}.` }, 500);
      return handle(world, envelope, method, checked.grant, fail);
    },
  };
}

function callName(envelope: Envelope, method: string | undefined): string {
  if (method === undefined) return `SOAP ${envelope.body.name}`;
  if (method === "Perform") return "SOAP Perform";
  const type =
    method === "Retrieve"
      ? (textAt(envelope.body, "RetrieveRequest.ObjectType")?.trim() ?? "")
      : localName(child(envelope.body, "Objects")?.attributes.get("type") ?? "");
  return `SOAP ${method} ${type.replace(/\[.*$/, "")}`.trim();
}

function handle(
  world: World,
  envelope: Envelope,
  method: Method | "Retrieve" | "Perform" | "Describe",
  grant: Grant,
  fail: (fault: FaultKind, status: number) => Reply,
): Reply {
  const now = world.clock.now();
  const clients = childrenOf(child(envelope.body, "RetrieveRequest"), "ClientIDs");
  const mid = visibleMid(world, clients[0], grant);
  const onlyShared = grant.mid !== grant.eid;
  const all = textAt(envelope.body, "RetrieveRequest.QueryAllAccounts")?.trim() === "true";
  const named = clients.length > 1 ? [...new Set(clients.map((it) => visibleMid(world, it, grant)))] : [mid];
  const family = onlyShared ? [mid, grant.eid] : (world.accounts.find((it) => it.eid === grant.eid)?.mids ?? [mid]);
  const mids = all ? family : named;
  const context: Context = { world, grant, mid, mids, eid: grant.eid, now, onlyShared };
  const done = (body: string) => answer(envelope.version, `${method}Response`, body, now);
  if (method === "Retrieve") return done(answerRetrieve(envelope.body, context));
  if (method === "Perform") return done(perform(envelope.body, context));
  // What the probed org answers to any Describe (MCE 10, quirk 24).
  if (method === "Describe") return done(response("DefinitionResponseMsg", text("RequestID", randomUUID())));
  const objects = childrenOf(envelope.body, "Objects");
  if (objects.length === 0)
    return fail({ code: "server", serverCode: 6, message: "No object specified at 0-based index 0" }, 500);
  return done(
    outcomesResponse(
      method,
      objects.map((object) => write(method, object, context)),
    ),
  );
}

function write(method: Method, object: XmlElement, context: Context): Outcome {
  const type = localName(object.attributes.get("type") ?? "");
  const run = writes[method][type];
  if (!mayWrite(context.grant, type)) {
    return { kind: "refused", code: 11, message: permissionFailed };
  }
  if (run === undefined)
    return { kind: "refused", code: 5, message: `Cannot perform ${method} on objects of type ${type}` };
  const client = child(object, "Client");
  // Only the parent may create things in another business unit; a child creates them in its own, whatever it asks for.
  const isParent = context.grant.mid === context.eid;
  return run(
    object,
    client === undefined || !isParent ? context : inUnit(context, visibleMid(context.world, client, context.grant)),
  );
}

function inUnit(context: Context, mid: number): Context {
  return { ...context, mid, mids: [mid] };
}

/** ClientIDs may select another business unit for a token of the enterprise, and the enterprise for any (MCE 2.3, 4.7). */
function visibleMid({ accounts }: World, clientIds: XmlElement | undefined, grant: Grant): number {
  const asked = Number(textAt(clientIds, "ID") ?? textAt(clientIds, "ClientID") ?? grant.mid);
  const siblings = accounts.find((it) => it.eid === grant.eid)?.mids ?? [];
  const isVisible = asked === grant.eid || (grant.mid === grant.eid && siblings.includes(asked));
  return isVisible ? asked : grant.mid;
}

import { env } from "cloudflare:workers";
import { openContract, type ApiDocument, type Contract } from "../../support/contract.ts";
import { countAnswer } from "../../support/counted-answers.ts";

let opened: Promise<Contract> | undefined;

/** The OpenAPI document, as the static file that everybody gets. */
export async function readDocument(): Promise<ApiDocument> {
  return (await env.ASSETS.fetch("https://edge.example/openapi.json")).json();
}

/** The contract that every answer in these tests is held against. */
export function contract(): Promise<Contract> {
  opened ??= readDocument().then((document) => openContract(document, countAnswer));
  return opened;
}

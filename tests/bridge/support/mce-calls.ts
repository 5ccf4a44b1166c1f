import { onTestFinished, vi } from "vitest";

/** Every kind of call of a run-to-temp run, in order, with a pattern that only its request matches. */
export const mceCalls = {
  "AUTH token": /\/v2\/token/,
  "SOAP Retrieve DataFolder": /<ObjectType>DataFolder</,
  "SOAP Retrieve DataExtensionField": /<ObjectType>DataExtensionField</,
  "SOAP Create DataExtension": /<CreateRequest[\s\S]*xsi:type="DataExtension"/,
  "SOAP Create QueryDefinition": /<CreateRequest[\s\S]*xsi:type="QueryDefinition"/,
  "SOAP Perform": /<PerformRequestMsg/,
  "SOAP Retrieve AsyncActivityStatus": /<ObjectType>AsyncActivityStatus</,
  "REST isrunning": /\/isrunning/i,
  "REST rowset": /\/rowset/,
} as const;
export type MceCall = keyof typeof mceCalls;

/**
 * Watches what bridges of this process send, without changing it; call it before a bridge is started.
 *
 * @returns resolves when the first such call has been sent
 */
export function watchFor(call: MceCall): { sent: Promise<void> } {
  const real = globalThis.fetch;
  const { promise, resolve } = Promise.withResolvers<void>();
  const watching = vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const body = typeof init?.body === "string" ? init.body : "";
    if (mceCalls[call].test(`${url}\n${body}`)) resolve();
    return real(input, init);
  });
  onTestFinished(() => watching.mockRestore());
  return { sent: promise };
}

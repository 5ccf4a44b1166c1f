import { openPlatform, type Platform } from "#async/platform.ts";
import type { MceDeps } from "#mce/session.ts";
import { openTokenCache } from "#mce/client.ts";
import type { Gate } from "#mce/gate.ts";

/** This machine, except for what a test overrides. */
export function platformWith(overrides: Partial<Platform> = {}): Platform {
  return { ...openPlatform(), ...overrides };
}

/** Lets every call through. */
const openGate: Gate = { enter: () => Promise.resolve({ ok: true, value: () => {} }) };

/** What a client of MCE needs without a budget; a call may take 5 s. */
export function mceDeps({ fetch, now, ...rest }: Partial<MceDeps & Pick<Platform, "fetch" | "now">> = {}): MceDeps {
  const platform = platformWith({ ...(fetch && { fetch }), ...(now && { now }) });
  return { platform, gate: openGate, tokens: openTokenCache(), readTimeoutMs: 5000, effectTimeoutMs: 5000, ...rest };
}

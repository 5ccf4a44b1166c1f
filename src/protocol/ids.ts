import { z } from "zod";
import { StorableText } from "./storable-text.ts";

/** 30 lower-case hex characters: with prefix and attempt exactly the 36 characters of MCE's CustomerKey. */
export const RunId = z
  .string()
  .regex(/^[0-9a-f]{30}$/)
  .brand<"RunId">();
export type RunId = z.infer<typeof RunId>;

export const TenantId = z.uuid().brand<"TenantId">();
export type TenantId = z.infer<typeof TenantId>;

export const UserId = StorableText.min(1).max(200).brand<"UserId">();
export type UserId = z.infer<typeof UserId>;

export const ConnectionId = z.uuid().brand<"ConnectionId">();
export type ConnectionId = z.infer<typeof ConnectionId>;

/** A business unit's member id (MID); MCE's own are integers below 2^31. */
export const Mid = z.int().positive().brand<"Mid">();
export type Mid = z.infer<typeof Mid>;

/** The enterprise's member id (EID): the parent of its business units. */
export const Eid = z.int().positive().brand<"Eid">();
export type Eid = z.infer<typeof Eid>;

/**
 * Makes a run id from any bytes.
 *
 * @param bytes at least 15; the first 15 are used
 */
export function runIdOf(bytes: Uint8Array): RunId {
  const hex = Array.from(bytes.subarray(0, 15), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return RunId.parse(hex);
}

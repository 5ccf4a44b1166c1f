import { z } from "zod";
import { Scope } from "#protocol/scope.ts";
import { RunId } from "#protocol/ids.ts";
import { StorableText } from "#protocol/storable-text.ts";
import { call } from "./call.ts";

/** A key lives this long unless its maker says otherwise. */
const keyDays = 90;

const Key = {
  id: z.string().meta({ description: "The eight characters after the environment in the key itself" }),
  name: z.string(),
  scopes: z.array(z.string()),
};
const moment = z.iso.datetime();

/** A key in a list: never its secret. */
export const ApiKeyShape = z
  .object({ ...Key, createdAt: moment, lastUsedAt: moment.optional(), expiresAt: moment.optional() })
  .meta({ id: "ApiKey" });

/** A key that was just made. */
export const NewApiKeyShape = z.object({ ...Key, key: z.string(), expiresAt: moment }).meta({ id: "NewApiKey" });

/** A bearer token that was just made. */
export const ShortLivedTokenShape = z
  .object({ token: z.string(), scopes: z.array(Scope), runId: z.string().optional(), expiresAt: moment })
  .meta({ id: "ShortLivedToken" });

/** `GET /v1/keys`. */
export const listKeys = call({
  method: "get",
  path: "/v1/keys",
  tag: "Account",
  summary: "List your own API keys, newest first",
  access: "own-credential",
  answers: {
    200: {
      description: "All that were not revoked; those that have expired, too",
      body: z.object({
        keys: z.array(ApiKeyShape),
      }),
    },
  },
  problems: {},
});

/** `POST /v1/keys`. */
export const createKey = call({
  method: "post",
  path: "/v1/keys",
  tag: "Account",
  summary: "Make an API key for yourself in this business unit",
  description:
    "The key is shown this once. A key that is made with another key has no more scopes and no longer life than that one.",
  access: "own-credential",
  body: z.strictObject({
    name: StorableText.min(1).max(200),
    scopes: z
      .array(Scope)
      .min(1)
      .optional()
      .meta({ description: "Absent: `runs:read`, `runs:write` and `tables:read`, as far as the caller has them" }),
    expiresInDays: z.int().min(1).max(365).default(keyDays),
  }),
  answers: {
    201: {
      description: "The key, which nobody can read again",
      body: NewApiKeyShape,
    },
  },
  problems: {
    INVALID_JSON: true,
    TOO_LARGE: true,
    INVALID_BODY: true,
    FORBIDDEN: "a scope that the caller does not have",
    TOO_MANY_KEYS: true,
  },
});

/** `DELETE /v1/keys/{id}`. */
export const revokeKey = call({
  method: "delete",
  path: "/v1/keys/{id}",
  tag: "Account",
  summary: "Revoke a key. It ends within half a minute everywhere",
  access: "own-credential",
  params: z.object({ id: z.string() }),
  answers: { 204: { description: "It is revoked" } },
  problems: { KEY_NOT_FOUND: "another user's, too, unless the caller is an administrator" },
});

/** How long a short-lived token lives, in minutes. */
export const tokenMinutes = 15;

/** `POST /v1/tokens`. */
export const createToken = call({
  method: "post",
  path: "/v1/tokens",
  tag: "Account",
  summary: "Make a bearer token of 15 minutes, never wider than its caller: for a page of somebody else's",
  access: "user",
  body: z.strictObject({
    scopes: z
      .array(Scope)
      .min(1)
      .optional()
      .meta({ description: "Absent: those of the caller; with `runId`, `runs:read` only" }),
    runId: RunId.optional().meta({ description: "The one run that the token is for" }),
  }),
  answers: {
    201: {
      description: "The token. It ends early with its person alone",
      body: ShortLivedTokenShape,
    },
  },
  problems: {
    INVALID_JSON: true,
    TOO_LARGE: true,
    INVALID_BODY: true,
    FORBIDDEN: "a scope that the caller does not have",
  },
});

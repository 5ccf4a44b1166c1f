import { z } from "zod";
import { call } from "./call.ts";

/** Where a page goes on. */
const next = z.string().meta({ description: "The page to go on with" });
const otherPages = "a page of another origin, or a body that is not JSON";
const signInAgain = "no session, or it has ended";
const ofAddress = "60 steps of signing in a minute from one address";

/** `POST /auth/logout`. */
export const signOut = call({
  method: "post",
  path: "/auth/logout",
  tag: "Signing in",
  summary: "End the session of the cookie",
  access: "everybody",
  answers: { 200: { description: "It is over, if there was one", body: z.object({ next }) } },
  problems: { FORBIDDEN: otherPages, RATE_LIMITED: ofAddress },
});

/** `POST /auth/business-unit`. */
export const switchUnit = call({
  method: "post",
  path: "/auth/business-unit",
  tag: "Signing in",
  summary: "Move the session to another business unit",
  description: "Marketing Cloud decides whether the person may work there. Nobody has to sign in again.",
  access: "everybody",
  body: z.object({
    // A page's field is a text.
    mid: z
      .union([
        z.int(),
        z
          .string()
          .regex(/^\d{1,15}$/)
          .transform(Number),
      ])
      .pipe(z.int().positive()),
  }),
  answers: { 200: { description: "The session is there", body: z.object({ mid: z.int(), next }) } },
  problems: {
    INVALID_BODY: true,
    UNAUTHENTICATED: signInAgain,
    FORBIDDEN: `${otherPages}; Marketing Cloud does not let the person into this business unit`,
    RATE_LIMITED: ofAddress,
    MCE_BUSY: true,
    MCE_ERROR: true,
  },
});

/** `POST /auth/handoffs`. */
export const openHandoff = call({
  method: "post",
  path: "/auth/handoffs",
  tag: "Signing in",
  summary: "Begin to sign in a window or a program that cannot show Marketing Cloud's page",
  description:
    "Show `userCode` and open `verificationUrl` in a browser. Its page asks the person to compare the code. Poll with the secret meanwhile, at most five times a minute. In the shape of RFC 8628.",
  access: "everybody",
  body: z.object({ kind: z.enum(["frame", "cli"]).default("frame") }),
  answers: {
    201: {
      description: "It waits for ten minutes",
      body: z.object({
        id: z.string(),
        secret: z.string(),
        userCode: z.string(),
        verificationUrl: z.string(),
        expiresAt: z.string(),
        interval: z.int().meta({ description: "Seconds between two polls" }),
      }),
    },
  },
  problems: { INVALID_BODY: true, RATE_LIMITED: "20 a minute from one address" },
});

/** `POST /auth/handoffs/{id}`. */
export const pollHandoff = call({
  method: "post",
  path: "/auth/handoffs/{id}",
  tag: "Signing in",
  summary: "Ask whether the person has confirmed",
  access: "everybody",
  params: z.object({ id: z.string() }),
  body: z.object({ secret: z.string().min(1).max(200) }),
  answers: {
    200: {
      description: "Confirmed, once. A frame has its cookie; a program has a key of 30 days, shown only here",
      body: z.object({
        status: z.literal("signed-in"),
        mid: z.int(),
        keyId: z.string().optional(),
        key: z.string().optional(),
        expiresAt: z.string().optional(),
      }),
    },
    202: { description: "Not yet", body: z.object({ status: z.literal("pending") }) },
  },
  problems: {
    INVALID_BODY: true,
    FORBIDDEN: "a page of another origin: it could sign its visitor in as somebody else",
    NOT_FOUND: "no such request, or another secret",
    HANDOFF_OVER: "denied, used before, or older than ten minutes",
    TOO_MANY_KEYS: true,
    RATE_LIMITED: "more than five polls a minute",
  },
});

/** `POST /auth/handoffs/{id}/decision`. */
export const decideHandoff = call({
  method: "post",
  path: "/auth/handoffs/{id}/decision",
  tag: "Signing in",
  summary: "Confirm or deny, as the page that shows the code does",
  access: "everybody",
  params: z.object({ id: z.string() }),
  body: z.object({ confirm: z.enum(["yes", "no"]) }),
  answers: { 200: { description: "Decided", body: z.object({ next }) } },
  problems: {
    INVALID_BODY: true,
    UNAUTHENTICATED: signInAgain,
    FORBIDDEN: otherPages,
    HANDOFF_OVER: "decided before, or older than ten minutes",
    RATE_LIMITED: ofAddress,
  },
});

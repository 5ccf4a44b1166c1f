import { z } from "zod";
import { call } from "./call.ts";

/** `GET /healthz`. */
export const readHealth = call({
  method: "get",
  path: "/healthz",
  tag: "Service",
  summary: "Whether the service is up",
  access: "everybody",
  answers: { 200: { description: "It is up", body: z.object({ ok: z.literal(true) }) } },
  problems: { UNAVAILABLE: "the database schema is too old; `detail` says what to do" },
});

/** `GET /openapi.json`, a static file. */
export const readDocument = call({
  method: "get",
  path: "/openapi.json",
  tag: "Service",
  summary: "This document",
  access: "everybody",
  answers: { 200: { description: "OpenAPI 3.1", body: z.looseObject({ openapi: z.string() }) } },
  problems: {},
});

/** One request with its whole body. */
export type Request = {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Record<string, string | undefined>;
  body: string;
};

export type Reply = { status: number; headers: Record<string, string>; body: string };

/** A request that was understood: its name in the ledger, whose business unit and package it concerns, and what it does. */
export type Call = {
  name: string;
  mid?: number;
  clientId?: string;
  /** The CustomerKeys it names. */
  keys?: readonly string[];
  /** Of a SOAP request; faults are answered in the same version. */
  soapVersion?: "1.1" | "1.2";
  run(): Reply | Promise<Reply>;
};

/** A JSON answer. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

/** A plain text answer. */
export function plain(status: number, body: string): Reply {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}

/** The token of an Authorization header, empty when there is none. */
export function bearer(request: Request): string {
  return /^Bearer\s+(\S+)\s*$/i.exec(request.headers["authorization"] ?? "")?.[1] ?? "";
}

/** The body as JSON; undefined when it is not JSON. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

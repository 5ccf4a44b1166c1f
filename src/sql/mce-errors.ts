import type { Entry } from "./error-entry.ts";

/**
 * What MCE says of itself, of the connection or of a call of ours: nothing in it speaks of the query, which is never to
 * blame (MCE 1.4, 2.3, 2.5, 2.6, 3.3, 4.4, 5.4, 7).
 */
export const mceErrors: readonly Entry[] = [
  {
    code: "MCE_EXCEPTION",
    pattern:
      /Exception occurred during \[|\bErrorID\s*[:=]|\bsystem error\b|object reference not set|^\W*(?:error: )?internal server error\W*$/i,
    title: "Marketing Cloud met an error of its own",
    meaning: "Marketing Cloud broke off and names no reason: nothing in its message speaks of the query",
    advice: "Run the query again; if it happens again, give the message with its ErrorID to Marketing Cloud's support",
  },
  {
    code: "MCE_BUSY",
    pattern: /rate limited|rate limit exceeded|spike in your call volume|requests are temporarily blocked/i,
    title: "Marketing Cloud is busy",
    meaning: "Marketing Cloud got more calls than it takes at once, and did nothing",
    advice: "Run the query again in a few minutes",
  },
  {
    code: "MCE_DOWN",
    pattern: /request was not processed|is in maintenance|database synchroni[sz]ation problem/i,
    title: "Marketing Cloud cannot work now",
    meaning: "Marketing Cloud is in maintenance or its database does not answer, and it did nothing",
    advice: "Run the query again later; trust.salesforce.com shows Marketing Cloud's status",
  },
  {
    code: "NO_PERMISSION",
    pattern: /API Permission Failed|insufficient (?:privileges|permissions?)|does not have\b.*\bauthori[sz]ation/is,
    title: "The connection lacks a permission",
    meaning: "Marketing Cloud does not let this connection do what the run needs",
    advice: "Give the connection's installed package the missing permission, then connect again",
  },
  {
    code: "SIGN_IN",
    pattern:
      /login failed|token expired|client authentication failed|invalid client id|\b(?:invalid_client|unauthorized_client|invalid_grant|invalid_token)\b|not authorized to request an authorization code|^\W*(?:not authorized|unauthorized)\W*$/i,
    title: "Marketing Cloud refuses the connection",
    meaning: "Marketing Cloud does not accept the connection's sign-in",
    advice: "Renew the connection to Marketing Cloud, then run the query again",
  },
  {
    code: "NAME_TAKEN",
    pattern:
      /doing an add-only operation|data extension named .{1,200} already exists|select a unique folder name|select a different name/i,
    title: "A name or key is taken",
    meaning: "Marketing Cloud has something of the name or key that this service wanted to use",
    advice: "Run the query again: it gets another name",
  },
  {
    code: "OWN_REQUEST",
    pattern:
      /unable to find a handler for object type|request propert(?:y|ies)\S* .{0,400}do(?:es)? not match|sent through ContinueRequest does not exist|unknown filter of type|invalid argument for the \w+ operator|cannot perform \w+ on objects of type|no object specified at|did not recognize the value of HTTP header|^\W*bad request\W*$/is,
    title: "Marketing Cloud does not take this service's call",
    meaning: "A call that this service makes for every run was refused: nothing in the message speaks of the query",
    advice: "Run the query again; if it happens again, tell the operator the run's id",
  },
  {
    code: "ROWS_NOT_THERE",
    pattern: /cannot be retrieved for key|^\W*not found\W*$/i,
    title: "Marketing Cloud does not find the Data Extension",
    meaning: "Marketing Cloud has no rows to give for the Data Extension's key: it is deleted, or not ready yet",
    advice: "Run the query again",
  },
];

/** What the bridge was doing when MCE failed, in words that fit "while …". */
export type Doing =
  | "reading the tables' fields"
  | "looking for the target"
  | "looking for the folder"
  | "creating the folder"
  | "creating the result table"
  | "creating the query"
  | "starting the query"
  | "following the query"
  | "reading the result";

type Words = { title: string; why: string; fix: string };
type Refusals = Partial<Record<Doing, Words>> & { other: Words };

const again = "Run the query again; if it is refused again,";
const notTheQuery = ": that is this service's own call, nothing of it is in the query's text";

const refusals: Refusals = {
  "creating the query": {
    title: "Marketing Cloud refuses the query",
    why: "",
    fix: "Change the query as Marketing Cloud's message says",
  },
  // SQL Server's complaints are about the CREATE TABLE that MCE made of the columns (code 310006).
  "creating the result table": {
    title: "Marketing Cloud does not make the result table",
    why: ": its message is about the table for the result, not about the query's text",
    fix: `${again} give each column a plain name with AS (letters, digits, _), and tell the operator the run's id`,
  },
  other: {
    title: "Marketing Cloud refuses the run",
    why: notTheQuery,
    fix: `${again} tell the operator the run's id`,
  },
};

/** Nothing, or an exception with an ErrorID. */
const muteRefusals: Refusals = {
  "creating the query": {
    title: "Marketing Cloud refuses without a reason",
    why: " and does not say why: the reason may be the query, its target or Marketing Cloud itself",
    fix: `${again} save it in Automation Studio, which may show the reason, or give the ErrorID of the message to Salesforce Support`,
  },
  other: {
    title: "Marketing Cloud refuses without a reason",
    why: notTheQuery,
    fix: `${again} tell the operator the run's id`,
  },
};

/** How a refusal is told whose own words are not known: only the query's own create may be about the query. */
export function refusalWords(doing: Doing, isMute: boolean): Words {
  const told = isMute ? muteRefusals : refusals;
  return told[doing] ?? told.other;
}

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
const notTheQuery = ": that call is this service's own and does not depend on the query's text";

const refusals: Refusals = {
  "creating the query": {
    title: "Marketing Cloud refuses the query",
    why: "",
    fix: "Change the query as Marketing Cloud's message says",
  },
  // SQL Server's complaints are about the CREATE TABLE that MCE builds from the columns (code 310006).
  "creating the result table": {
    title: "Marketing Cloud does not create the result table",
    why: ": its message is about the table for the result, not about the query's text",
    fix: `${again} give each column a plain name with AS (letters, digits, _), and give the operator the run's id`,
  },
  other: {
    title: "Marketing Cloud refuses the run",
    why: notTheQuery,
    fix: `${again} give the operator the run's id`,
  },
};

/** For a refusal without a reason: no message, or an exception with an ErrorID. */
const muteRefusals: Refusals = {
  "creating the query": {
    title: "Marketing Cloud refuses without a reason",
    why: " and does not say why: the reason may be the query, its target or Marketing Cloud itself",
    fix: `${again} save it in Automation Studio, which may show the reason, or give the ErrorID of the message to Salesforce Support`,
  },
  other: {
    title: "Marketing Cloud refuses without a reason",
    why: notTheQuery,
    fix: `${again} give the operator the run's id`,
  },
};

/** The words for a refusal that the catalogue does not explain: only the create of the query itself may blame the query. */
export function refusalWords(doing: Doing, isMute: boolean): Words {
  const told = isMute ? muteRefusals : refusals;
  return told[doing] ?? told.other;
}

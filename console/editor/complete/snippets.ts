import { snippetCompletion, type Completion } from "@codemirror/autocomplete";
import { ownSnippets } from "../../state/own-snippets.ts";
import { words } from "../../words/en.ts";

/** A pattern that people write again and again in Marketing Cloud. */
type Pattern = { name: string; detail: string; text: string };

/** The patterns; `${…}` are the stops that Tab goes through. */
export const patterns: readonly Pattern[] = [
  {
    name: "sent last days",
    detail: "who was sent something",
    text: "SELECT s.SubscriberKey, s.JobID, s.EventDate\nFROM _Sent s\nWHERE s.EventDate >= DATEADD(day, -${7}, GETDATE())",
  },
  {
    name: "opens with job",
    detail: "opens and the email they belong to",
    text: "SELECT o.SubscriberKey, o.EventDate, j.EmailName\nFROM _Open o\nINNER JOIN _Job j ON j.JobID = o.JobID\nWHERE o.IsUnique = 1\n  AND o.EventDate >= DATEADD(day, -${7}, GETDATE())",
  },
  {
    name: "sent but not opened",
    detail: "no open for a send",
    text: "SELECT s.SubscriberKey, s.JobID\nFROM _Sent s\nLEFT JOIN _Open o ON o.JobID = s.JobID AND o.ListID = s.ListID AND o.BatchID = s.BatchID AND o.SubscriberID = s.SubscriberID\nWHERE o.SubscriberID IS NULL\n  AND s.EventDate >= DATEADD(day, -${7}, GETDATE())",
  },
  {
    name: "clicks by link",
    detail: "how often each link was clicked",
    text: "SELECT c.URL, COUNT(*) AS Clicks, COUNT(DISTINCT c.SubscriberKey) AS People\nFROM _Click c\nWHERE c.EventDate >= DATEADD(day, -${30}, GETDATE())\nGROUP BY c.URL",
  },
  {
    name: "bounces",
    detail: "bounces with their reason",
    text: "SELECT b.SubscriberKey, b.BounceCategory, b.SMTPBounceReason, b.EventDate\nFROM _Bounce b\nWHERE b.EventDate >= DATEADD(day, -${7}, GETDATE())",
  },
  {
    name: "newest row per key",
    detail: "one row for each key, the newest",
    text: "SELECT x.${Key}, x.${Date}\nFROM (\n  SELECT t.${Key}, t.${Date}, ROW_NUMBER() OVER (PARTITION BY t.${Key} ORDER BY t.${Date} DESC) AS Place\n  FROM ${Table} t\n) x\nWHERE x.Place = 1",
  },
  {
    name: "duplicates",
    detail: "values that stand more than once",
    text: "SELECT t.${EmailAddress}, COUNT(*) AS Times\nFROM ${Table} t\nGROUP BY t.${EmailAddress}\nHAVING COUNT(*) > 1",
  },
  {
    name: "not in the other table",
    detail: "rows without a partner",
    text: "SELECT a.${Key}\nFROM ${Table} a\nLEFT JOIN ${Other} b ON b.${Key} = a.${Key}\nWHERE b.${Key} IS NULL",
  },
  {
    name: "active subscribers",
    detail: "of All Subscribers",
    text: "SELECT s.SubscriberKey, s.EmailAddress, s.DateJoined\nFROM _Subscribers s\nWHERE s.Status = '${active}'",
  },
  {
    name: "yesterday",
    detail: "a whole day of the server's time",
    text: "${EventDate} >= CAST(DATEADD(day, -1, GETDATE()) AS date) AND ${EventDate} < CAST(GETDATE() AS date)",
  },
  {
    name: "local time",
    detail: "the server's time in a zone of people",
    text: "${EventDate} AT TIME ZONE 'Central America Standard Time' AT TIME ZONE '${W. Europe Standard Time}'",
  },
  {
    name: "case when",
    detail: "one value or another",
    text: "CASE WHEN ${condition} THEN ${value} ELSE ${other} END AS ${Name}",
  },
];

/** The patterns, and a person's own, as completions; whole queries only where none has begun. */
export function patternOptions(isEmpty: boolean): Completion[] {
  const own = ownSnippets().map(({ name, text }) => ({ name, text, detail: words.editor.ownSnippet, boost: 1 }));
  return [...own, ...patterns.map((pattern) => ({ ...pattern, boost: isEmpty ? 0 : -20 }))]
    .filter(({ text }) => isEmpty || !/^\s*(?:SELECT|WITH)\b/i.test(text))
    .map(({ name, detail, text, boost }) => snippetCompletion(text, { label: name, detail, type: "text", boost }));
}

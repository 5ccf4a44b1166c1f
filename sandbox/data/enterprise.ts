import { columnsOf, type Facts } from "./columns.ts";
import { flag, type Ground } from "./people.ts";

/** Data extensions of the parent that all business units see by `Ent.`: a shared one, and a copy of a CRM's object. */
export const enterpriseTables = {
  "Shared Suppression": {
    contentType: "shared_dataextension",
    fields: columnsOf("SubscriberKey Text(50)!; EmailAddress EmailAddress(254); Reason Text(50)?; AddedDate Date?"),
  },
  Contact_Salesforce: {
    contentType: "synchronizeddataextension",
    fields: columnsOf(
      "Id Text(18)!; FirstName Text(40)?; LastName Text(80)?; Email EmailAddress(80)?; HasOptedOutOfEmail Boolean?; CreatedDate Date?",
    ),
  },
} as const;

type EnterpriseTable = keyof typeof enterpriseTables;

/** How many rows such a table has: everyone who left, or everyone. */
export function enterpriseCount(ground: Ground, table: EnterpriseTable): number {
  const people = ground.people();
  return table === "Contact_Salesforce" ? people.length : people.filter((it) => it.leftAt !== null).length;
}

/** The rows of one such table. */
export function* enterpriseRows(ground: Ground, table: EnterpriseTable): Generator<Facts> {
  for (const person of ground.people()) {
    if (table === "Contact_Salesforce") {
      yield {
        Id: `003${String(person.id).padStart(15, "0")}`,
        FirstName: person.first,
        LastName: person.last,
        Email: person.email,
        HasOptedOutOfEmail: flag(person.status === "unsubscribed"),
        CreatedDate: person.joined,
      };
    } else if (person.leftAt !== null) {
      yield { SubscriberKey: person.key, EmailAddress: person.email, Reason: person.status, AddedDate: person.leftAt };
    }
  }
}

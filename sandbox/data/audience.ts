import { columnsOf, type Facts } from "./columns.ts";
import { membersOf, type Ground } from "./people.ts";
import { openChance } from "./random.ts";

/** The views about who is subscribed, as FACTS 8.7 lists their columns. */
export const audienceViews = {
  _Subscribers: columnsOf(
    "SubscriberID Number!; DateUndeliverable Date?; DateJoined Date?; DateUnsubscribed Date?; Domain Text(254)?; EmailAddress EmailAddress(254); BounceCount Number; SubscriberKey Text(254); SubscriberType Text(100); Status Text(12)?; Locale Text? NS",
  ),
  // The columns after the first are this account's own attributes, as every account has its own.
  _EnterpriseAttribute: columnsOf(
    "_SubscriberID Number!; First Name Text(100)?; Last Name Text(100)?; Country Text(2)?; VIP Boolean?",
  ),
  _ListSubscribers: columnsOf(
    "AddedBy Number; AddMethod Text(17); CreatedDate Date?; DateUnsubscribed Date?; EmailAddress Text(254)?; ListID Number!; ListName Text(50)?; ListType Text(16); Status Text(12)?; SubscriberID Number!; SubscriberKey Text(254)?; SubscriberType Text(100)?",
  ),
  _BusinessUnitUnsubscribes: columnsOf(
    "BusinessUnitID Number!; SubscriberID Number!; SubscriberKey Text(254); UnsubDateUTC Date?; UnsubReason Text(100)?",
  ),
} as const;

/** Views that belong to the enterprise: a child business unit reaches them with `Ent.` only (FACTS 8.5). */
export const enterpriseViews: ReadonlySet<string> = new Set(["_Subscribers", "_EnterpriseAttribute"]);

const utcLead = 6 * 3_600_000;

/** The rows of one audience view of one business unit. */
export function* audienceRows(ground: Ground, mid: number, view: keyof typeof audienceViews): Generator<Facts> {
  const people = enterpriseViews.has(view) ? ground.people() : membersOf(ground, mid);
  for (const person of people) {
    const unsubscribed = person.status === "unsubscribed" ? person.leftAt : null;
    const shared = {
      SubscriberID: person.id,
      SubscriberKey: person.key,
      EmailAddress: person.email,
      Status: person.status,
      DateUnsubscribed: unsubscribed,
      SubscriberType: "ExactTarget",
    };
    switch (view) {
      case "_Subscribers":
        yield {
          ...shared,
          DateUndeliverable: person.status === "held" ? person.leftAt : null,
          DateJoined: person.joined,
          Domain: person.domain,
          BounceCount: person.bounces,
          Locale: person.locale,
        };
        break;
      case "_EnterpriseAttribute":
        yield {
          _SubscriberID: person.id,
          "First Name": person.first,
          "Last Name": person.last,
          Country: person.country,
          VIP: person.isVip ? 1 : 0,
        };
        break;
      case "_ListSubscribers": {
        const chance = openChance(`list ${mid} ${person.id}`);
        yield {
          ...shared,
          AddedBy: 42,
          AddMethod: chance.pick(["API", "Imported", "WebApplication", "DataExtensionSend"]),
          CreatedDate: person.joined,
          ListID: 500 + (mid % 100),
          ListName: "All Subscribers",
          ListType: "List",
        };
        break;
      }
      case "_BusinessUnitUnsubscribes":
        if (unsubscribed !== null)
          yield {
            ...shared,
            BusinessUnitID: mid,
            UnsubDateUTC: unsubscribed + utcLead,
            UnsubReason: "Unsubscribed via Import",
          };
    }
  }
}

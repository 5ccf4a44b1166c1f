import { columnsOf, type Facts } from "./columns.ts";
import { membersOf, type Ground, type Person } from "./people.ts";
import { openChance } from "./random.ts";

/** The views about who is subscribed, as MCE 8.7 lists their columns. */
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

/** Views that only the parent has: a child business unit can read them only with `Ent.` (MCE 8.5, 8.7). */
export const enterpriseViews: ReadonlySet<string> = new Set([
  "_Subscribers",
  "_EnterpriseAttribute",
  "_BusinessUnitUnsubscribes",
]);

const utcLead = 6 * 3_600_000;

/** As smalldatetime keeps it. */
function wholeMinute(at: number): number {
  return at - (at % 60_000);
}

function unsubscribedAt({ status, leftAt }: Person): number | null {
  return status === "unsubscribed" ? leftAt : null;
}

function identityOf(person: Person): Facts {
  return {
    SubscriberID: person.id,
    SubscriberKey: person.key,
    EmailAddress: person.email,
    Status: person.status,
    SubscriberType: "ExactTarget",
  };
}

/** The rows of one audience view of one business unit. */
export function* audienceRows(ground: Ground, mid: number, view: keyof typeof audienceViews): Generator<Facts> {
  switch (view) {
    case "_Subscribers":
      yield* subscribers(ground);
      break;
    case "_EnterpriseAttribute":
      yield* attributes(ground);
      break;
    case "_ListSubscribers":
      yield* listSubscribers(ground, mid);
      break;
    case "_BusinessUnitUnsubscribes":
      for (const unit of ground.mids) yield* unsubscribes(ground, unit);
  }
}

function* subscribers(ground: Ground): Generator<Facts> {
  for (const person of ground.people()) {
    const left = unsubscribedAt(person);
    yield {
      ...identityOf(person),
      DateUnsubscribed: left === null ? null : wholeMinute(left),
      DateUndeliverable: person.status === "held" && person.leftAt !== null ? wholeMinute(person.leftAt) : null,
      DateJoined: wholeMinute(person.joined),
      Domain: person.domain,
      BounceCount: person.bounces,
      Locale: person.locale,
    };
  }
}

function* attributes(ground: Ground): Generator<Facts> {
  for (const person of ground.people()) {
    yield {
      _SubscriberID: person.id,
      "First Name": person.first,
      "Last Name": person.last,
      Country: person.country,
      VIP: person.isVip ? 1 : 0,
    };
  }
}

/** All Subscribers, which every business unit sees, and the list that the unit's own sends go to. */
function* listSubscribers(ground: Ground, mid: number): Generator<Facts> {
  const everybody = { ListID: 1, ListName: "All Subscribers", ListType: "List" };
  const own = { ListID: 500 + (mid % 100), ListName: "Newsletter", ListType: "Publication List" };
  for (const [list, people] of [
    [everybody, ground.people()],
    [own, membersOf(ground, mid)],
  ] as const) {
    for (const person of people) {
      yield {
        ...identityOf(person),
        ...list,
        DateUnsubscribed: unsubscribedAt(person),
        AddedBy: 42,
        AddMethod: openChance(`list ${list.ListID} ${person.id}`).pick([
          "API",
          "Import",
          "Webcollect",
          "Generic Extension",
        ]),
        CreatedDate: person.joined,
      };
    }
  }
}

function* unsubscribes(ground: Ground, mid: number): Generator<Facts> {
  for (const person of membersOf(ground, mid)) {
    const left = unsubscribedAt(person);
    if (left === null) continue;
    yield {
      BusinessUnitID: mid,
      SubscriberID: person.id,
      SubscriberKey: person.key,
      UnsubDateUTC: left + utcLead,
      UnsubReason: "Unsubscribed via Import",
    };
  }
}

import { columnsOf, type Facts } from "./columns.ts";
import { dayMs, flag, hourMs, membersOf, type Ground, type Person } from "./people.ts";
import { guid, openChance, type Chance } from "./random.ts";

/** The first columns of every tracking view about sends: T of MCE 8.7. */
export const sentColumns =
  "AccountID Number; OYBAccountID Number?; JobID Number!; ListID Number!; BatchID Number!; SubscriberID Number!; SubscriberKey Text(254); EventDate Date";
const trigger = "TriggererSendDefinitionObjectID Text(36)?; TriggeredSendCustomerKey Text(36)?";
/** The same where not every source lists them. */
export const unlistedTrigger = "TriggererSendDefinitionObjectID Text(36)? NS; TriggeredSendCustomerKey Text(36)? NS";

/** The tracking views and `_Job`, as MCE 8.7 lists their columns. */
export const trackingViews = {
  _Job: columnsOf(
    "JobID Number!; EmailID Number?; AccountID Number?; AccountUserID Number?; FromName Text(130)?; FromEmail Text(100)?; SchedTime Date?; PickupTime Date?; DeliveredTime Date?; EventID Text(50)?; IsMultipart Boolean; JobType Text(50)?; JobStatus Text(50)?; ModifiedBy Number?; ModifiedDate Date?; EmailName Text(100)?; EmailSubject Text(200)?; IsWrapped Boolean; TestEmailAddr EmailAddress(254)?; Category Text(100); BccEmail Text(100)?; OriginalSchedTime Date?; CreatedDate Date; CharacterSet Text(30)?; IPAddress Text(50)?; SalesForceTotalSubscriberCount Number; SalesForceErrorSubscriberCount Number; SendType Text(128); DynamicEmailSubject Text?; SuppressTracking Boolean; SendClassificationType Text(32)?; SendClassification Text(36)?; ResolveLinksWithCurrentData Boolean; EmailSendDefinition Text(36)?; DeduplicateByEmail Boolean; TriggererSendDefinitionObjectID Text(36)?; TriggeredSendCustomerKey Text(36)?",
  ),
  _Sent: columnsOf(`${sentColumns}; Domain Text(128); ${trigger}`),
  _Open: columnsOf(`${sentColumns}; Domain Text(128); IsUnique Boolean?; ${trigger}`),
  _Click: columnsOf(
    `${sentColumns}; Domain Text(128); URL Text(900)?; LinkName Text(1024)?; LinkContent Text?; IsUnique Boolean; ${trigger}`,
  ),
  _Bounce: columnsOf(
    `${sentColumns}; IsUnique Boolean; Domain Text(128); BounceCategoryID Number; BounceCategory Text(50)?; BounceSubcategoryID Number?; BounceSubcategory Text(50)?; BounceTypeID Number; BounceType Text(50)?; SMTPBounceReason Text?; SMTPMessage Text?; SMTPCode Number?; ${trigger}; IsFalseBounce Boolean?`,
  ),
  _Complaint: columnsOf(`${sentColumns}; IsUnique Boolean; Domain Text(128); ${unlistedTrigger}`),
  _Unsubscribe: columnsOf(`${sentColumns}; IsUnique Boolean; Domain Text(128); ${unlistedTrigger}`),
  _FTAF: columnsOf(
    "AccountID Number; OYBAccountID Number?; JobID Number!; ListID Number!; BatchID Number!; SubscriberID Number!; SubscriberKey Text(254); TransactionTime Date; Domain Text(128); IsUnique Boolean; TriggererSendDefinitionObjectID Text(36)?; TriggeredSendCustomerKey Text(36)?",
  ),
} as const;

type Job = { id: number; at: number; email: string; subject: string; trigger: string | null };
type Send = { job: Job; person: Person; at: number; chance: Chance };

const campaigns = ["Newsletter", "Spring Sale", "Welcome", "Abandoned Cart", "Birthday", "Win-back"] as const;

/** The jobs of one business unit over the last 170 days, oldest first. */
function jobsOf(ground: Ground, mid: number): Job[] {
  const count = Math.max(24, Math.round(ground.rows / 500));
  return Array.from({ length: count }, (_, at) => {
    const chance = openChance(`job ${mid} ${at}`);
    const campaign = chance.pick(campaigns);
    const sent = ground.now - (170 - Math.floor((at * 169) / count)) * dayMs + chance.between(0, 8 * hourMs);
    return {
      id: 1_000_000 + (mid % 1000) * 10_000 + at,
      at: Math.min(sent - (sent % 1000), ground.now - hourMs),
      email: `${campaign} ${String(at + 1).padStart(3, "0")}`,
      subject: `${campaign}: news for %%FirstName%%`,
      trigger: campaign === "Welcome" || campaign === "Abandoned Cart" ? guid(chance) : null,
    };
  });
}

/** Every send of one business unit, in order of time; nobody gets mail after leaving. */
export function* sends(ground: Ground, mid: number): Generator<Send> {
  const members = membersOf(ground, mid);
  const jobs = jobsOf(ground, mid);
  const perJob = Math.max(5, Math.round(ground.rows / 5 / jobs.length));
  for (const job of jobs) {
    const chance = openChance(`sends ${job.id}`);
    const start = chance.between(0, members.length - 1);
    for (let at = 0; at < Math.min(perJob, members.length); at += 1) {
      const person = members[(start + at) % members.length];
      if (person === undefined || (person.leftAt !== null && person.leftAt < job.at)) continue;
      yield { job, person, at: job.at + at * 37, chance: openChance(`send ${job.id} ${person.id}`) };
    }
  }
}

/** The first columns of every tracking view, for an event of this send at `at`. */
export function trackedFacts(ground: Ground, mid: number, { job, person }: Send, at: number): Facts {
  return {
    AccountID: mid,
    OYBAccountID: mid === ground.eid ? null : mid,
    JobID: job.id,
    ListID: 500 + (mid % 100),
    BatchID: 1,
    SubscriberID: person.id,
    SubscriberKey: person.key,
    EventDate: at - (at % 10),
    TransactionTime: at - (at % 10),
    Domain: person.domain,
    TriggererSendDefinitionObjectID: job.trigger,
    TriggeredSendCustomerKey: job.trigger === null ? null : `TS-${job.id}`,
  };
}

/** What became of one send: opens, clicks, a bounce, leaving; always after the send and never after now. */
type Fate = {
  opens: number[];
  clicks: { at: number; link: number }[];
  bounce?: number;
  unsubscribed?: number;
  complained?: number;
  forwarded?: number;
};

function fateOf(ground: Ground, { at, chance }: Send): Fate {
  const later = (from: number, mostHours: number): number =>
    Math.min(ground.now - 1000, from + 60_000 + Math.floor(chance.next() * mostHours * hourMs));
  if (chance.happens(0.03)) return { opens: [], clicks: [], bounce: later(at, 2) };
  const opens: number[] = [];
  for (let n = chance.happens(0.4) ? chance.between(1, 3) : 0; n > 0; n -= 1) opens.push(later(opens.at(-1) ?? at, 72));
  const first = opens[0];
  if (first === undefined) return { opens, clicks: [] };
  const clicks = chance.happens(0.3)
    ? Array.from({ length: chance.between(1, 2) }, () => ({ at: later(first, 12), link: chance.between(1, 4) }))
    : [];
  const fate: Fate = { opens, clicks };
  if (chance.happens(0.01)) fate.unsubscribed = later(first, 24);
  if (chance.happens(0.004)) fate.complained = later(first, 24);
  if (chance.happens(0.01)) fate.forwarded = later(first, 24);
  return fate;
}

const bounces = [
  [1, "Hard bounce", 2001, "User Unknown", 550],
  [2, "Soft bounce", 3001, "Mailbox Full", 452],
  [3, "Block bounce", 1004, "Content", 554],
  [5, "Technical bounce", 4003, "Network", 421],
] as const;

function bounceFacts(chance: Chance): Facts {
  const [category, name, subcategory, subName, code] = chance.pick(bounces);
  return {
    IsUnique: 1,
    BounceCategoryID: category,
    BounceCategory: name,
    BounceSubcategoryID: subcategory,
    BounceSubcategory: subName,
    BounceTypeID: 0,
    BounceType: "immediate",
    SMTPBounceReason: `${code} ${subName}`,
    SMTPMessage: `${code} 5.1.1 message refused`,
    SMTPCode: code,
    IsFalseBounce: 0,
  };
}

/** The rows of one tracking view of one business unit; the parent sees its children's too, but not their jobs (MCE 8.7). */
export function* trackingRows(ground: Ground, mid: number, view: keyof typeof trackingViews): Generator<Facts> {
  if (view === "_Job") {
    yield* jobRows(ground, mid);
    return;
  }
  for (const unit of mid === ground.eid ? ground.mids : [mid]) yield* unitRows(ground, unit, view);
}

function* unitRows(ground: Ground, mid: number, view: keyof typeof trackingViews): Generator<Facts> {
  for (const send of sends(ground, mid)) {
    if (view === "_Sent") {
      yield trackedFacts(ground, mid, send, send.at);
      continue;
    }
    const fate = fateOf(ground, send);
    for (const row of eventsOf(view, fate, send.chance))
      yield { ...trackedFacts(ground, mid, send, row.at), ...row.facts };
  }
}

function eventsOf(view: keyof typeof trackingViews, fate: Fate, chance: Chance): { at: number; facts: Facts }[] {
  const one = (at: number | undefined, facts: Facts = { IsUnique: 1 }): { at: number; facts: Facts }[] =>
    at === undefined ? [] : [{ at, facts }];
  switch (view) {
    case "_Open":
      return fate.opens.map((at, n) => ({ at, facts: { IsUnique: flag(n === 0) } }));
    case "_Click":
      return fate.clicks.map(({ at, link }, n) => ({
        at,
        facts: {
          IsUnique: flag(n === 0),
          URL: `https://www.example.com/link/${link}?utm=mail`,
          LinkName: `Link ${link}`,
          LinkContent: `https://www.example.com/link/${link}`,
        },
      }));
    case "_Bounce":
      return one(fate.bounce, bounceFacts(chance));
    case "_Unsubscribe":
      return one(fate.unsubscribed);
    case "_Complaint":
      return one(fate.complained);
    case "_FTAF":
      return one(fate.forwarded);
    case "_Job":
    case "_Sent":
      return [];
  }
}

function* jobRows(ground: Ground, mid: number): Generator<Facts> {
  for (const job of jobsOf(ground, mid)) {
    yield {
      JobID: job.id,
      EmailID: job.id - 900_000,
      AccountID: mid,
      AccountUserID: 42,
      FromName: "Example Shop",
      FromEmail: "news@example.com",
      SchedTime: job.at,
      PickupTime: job.at + 1000,
      DeliveredTime: job.at + 600_000,
      EventID: String(job.id),
      IsMultipart: 1,
      JobType: job.trigger === null ? "Batch" : "Triggered",
      JobStatus: "New",
      ModifiedBy: 42,
      ModifiedDate: job.at,
      EmailName: job.email,
      EmailSubject: job.subject,
      IsWrapped: 1,
      Category: job.trigger === null ? "Version 1" : "Triggered Sends",
      OriginalSchedTime: job.at,
      CreatedDate: job.at - hourMs,
      CharacterSet: "UTF-8",
      SendType: "ExactTargetSend",
      DynamicEmailSubject: job.subject,
      SendClassificationType: "Default Commercial",
      SendClassification: "Default Commercial",
      TriggererSendDefinitionObjectID: job.trigger,
      TriggeredSendCustomerKey: job.trigger === null ? null : `TS-${job.id}`,
    };
  }
}

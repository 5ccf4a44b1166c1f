import type { Facts } from "./columns.ts";
import { flag, hourMs, type Ground } from "./people.ts";
import type { Chance } from "./random.ts";
import { jobsOf, sends, trackedFacts, type Send } from "./sends.ts";
import type { trackingViews } from "./tracking-views.ts";

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

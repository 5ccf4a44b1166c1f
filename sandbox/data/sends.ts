import type { Facts } from "./columns.ts";
import { dayMs, hourMs, membersOf, type Ground, type Person } from "./people.ts";
import { guid, openChance, type Chance } from "./random.ts";

type Job = { id: number; at: number; email: string; subject: string; trigger: string | null };
export type Send = { job: Job; person: Person; at: number; chance: Chance };

const campaigns = ["Newsletter", "Spring Sale", "Welcome", "Abandoned Cart", "Birthday", "Win-back"] as const;

/** The jobs of one business unit over the last 170 days, oldest first. */
export function jobsOf(ground: Ground, mid: number): Job[] {
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

/** Every send of one business unit, in order of time; people who left get no mail. */
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

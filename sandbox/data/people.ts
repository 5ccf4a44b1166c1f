import type { Stored } from "../engine/types.ts";
import { openChance } from "./random.ts";

/** Milliseconds of a day. All times in the data are local wall-clock milliseconds of the server zone (UTC-6). */
export const dayMs = 86_400_000;
export const hourMs = 3_600_000;

/** What the data of one enterprise is generated from. */
export type Ground = {
  eid: number;
  mids: readonly number[];
  /** How many rows the business tables scale with. */
  rows: number;
  /** The start of the sandbox's clock, local. */
  now: number;
  people: () => readonly Person[];
};

/** One contact of an enterprise. */
export type Person = {
  id: number;
  key: string;
  first: string;
  last: string;
  email: string;
  domain: string;
  phone: string | null;
  country: string;
  locale: string;
  joined: number;
  birth: number;
  status: "active" | "held" | "unsubscribed" | "bounced";
  /** When the status stopped being active, local. */
  leftAt: number | null;
  bounces: number;
  isVip: boolean;
};

const firsts = [
  "Anna",
  "Ben",
  "Carla",
  "David",
  "Élodie",
  "Frank",
  "Grace",
  "Hugo",
  "Inés",
  "Jürgen",
  "Kim",
  "Liam",
  "Maya",
  "Noor",
  "Olga",
  "Pedro",
] as const;
const lasts = [
  "Smith",
  "Müller",
  "O'Brien",
  "García",
  "Nowak",
  "Rossi",
  "Dubois",
  "Jensen",
  "Silva",
  "Kovács",
  "van Dijk",
  "Yılmaz",
  "Lee",
  "Brown",
] as const;
const domains = ["example.com", "example.org", "mail.example.net", "Example.COM", "post.example"] as const;
const places = [
  ["US", "en-US"],
  ["DE", "de-DE"],
  ["FR", "fr-FR"],
  ["ES", "es-ES"],
  ["GB", "en-GB"],
  ["BR", "pt-BR"],
] as const;

function plain(name: string): string {
  return name
    .normalize("NFD")
    .replaceAll(/[^A-Za-z]/g, "")
    .toLowerCase();
}

function person(eid: number, at: number, now: number): Person {
  const chance = openChance(`person ${eid} ${at}`);
  const [first, last, domain] = [chance.pick(firsts), chance.pick(lasts), chance.pick(domains)];
  const [country, locale] = chance.pick(places);
  const fate = chance.next();
  const status = fate < 0.88 ? "active" : fate < 0.94 ? "unsubscribed" : fate < 0.98 ? "held" : "bounced";
  const joined = now - chance.between(200, 1500) * dayMs - chance.between(0, dayMs - 1);
  return {
    id: 100_000_000 + (eid % 1000) * 100_000 + at,
    key: `CK-${String(at + 1).padStart(6, "0")}`,
    first,
    last,
    email: `${plain(first)}.${plain(last)}.${at + 1}@${domain}`,
    domain: domain.toLowerCase(),
    phone: chance.happens(0.8) ? `1555${String(chance.between(0, 9_999_999)).padStart(7, "0")}` : null,
    country,
    locale,
    joined: joined - (joined % 1000),
    birth: Math.floor((now - chance.between(18 * 365, 80 * 365) * dayMs) / dayMs) * dayMs,
    status,
    leftAt: status === "active" ? null : now - chance.between(1, 180) * dayMs,
    bounces: status === "held" || status === "bounced" ? chance.between(1, 5) : 0,
    isVip: chance.happens(0.1),
  };
}

/** The ground of one enterprise; its people are generated once, at first use. */
export function openGround(account: { eid: number; mids: readonly number[] }, rows: number, now: number): Ground {
  let made: readonly Person[] | undefined;
  const count = Math.max(200, Math.round(rows / 20));
  return {
    ...account,
    rows,
    now,
    people: () => (made ??= Array.from({ length: count }, (_, at) => person(account.eid, at, now))),
  };
}

/** The people one business unit mails to: its own share, and some that all units have. */
export function membersOf(ground: Ground, mid: number): Person[] {
  const own = ground.mids.indexOf(mid);
  return ground.people().filter((_person, at) => at % ground.mids.length === own || at % 7 === 0);
}

/** A yes or no as the engine stores it. */
export function flag(isTrue: boolean): Stored {
  return isTrue ? 1 : 0;
}

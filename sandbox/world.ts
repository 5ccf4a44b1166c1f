import { accounts as usual, furtherAccount, type Account } from "./accounts.ts";
import { openUserGrants, type UserGrants } from "./auth/user-grants.ts";
import { type Behaviours, textRulesOf } from "./behaviours.ts";
import { type Clock, openClock, type SetTimer } from "./clock.ts";
import { queryActivities } from "./data/query-activities.ts";
import { seed } from "./data/seed.ts";
import { openEngine, type Engine } from "./engine/engine.ts";
import type { Scope } from "./engine/scope.ts";
import type { AsyncWrite, Item, Numbered } from "./entities.ts";
import { type Faults, openFaults } from "./faults.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { type ProfileName, profiles } from "./profiles.ts";
import { openRandom, type Random } from "./random.ts";
import {
  dataExtensionByKey,
  isShared as isSharedIn,
  nextDataExtensionId,
  openStore,
  rootFolder,
  type Store,
} from "./store.ts";
import { openTokens, type Tokens } from "./tokens.ts";

export type WorldOptions = {
  profile?: ProfileName;
  /** Changes of the profile. */
  switches?: Partial<Behaviours>;
  durationMs?: number;
  /** Rows of the seed over all tables. */
  rows?: number;
  /** How many enterprises there are beside the usual two. */
  moreEnterprises?: number;
  /** Whether the first enterprise has Query Activities from the start. */
  hasQueryActivities?: boolean;
  now?: () => number;
  setTimer?: SetTimer;
};

/** Everything the sandbox knows; routes read and change it, a reset replaces its parts. */
export type World = {
  readonly options: WorldOptions;
  readonly accounts: readonly Account[];
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly userGrants: UserGrants;
  readonly faults: Faults;
  /** Own base URL, without trailing slash. */
  url: string;
  behaviours: Behaviours;
  random: Random;
  engine: Engine;
  ledger: Ledger;
  store: Store;
  snapshots: Map<string, Snapshot>;
  /** Rendered results of a Retrieve that are still to be fetched, by RequestID. */
  continuations: Map<string, { type: string; mid: number; results: string[] }>;
  /** Accepted asynchronous row writes, by request id. */
  asyncWrites: Map<string, AsyncWrite>;
  /** When the last automation calls of each business unit came. */
  automationCalls: Map<number, number[]>;
};

/** The rows of one data extension as they were when a rowset was first asked for. */
export type Snapshot = {
  dataExtension: { objectId: string; customerKey: string };
  mid: number;
  expiresAt: number;
  rows: readonly Numbered[];
  print: (row: Numbered) => Item;
  pageSize: number;
};

type Fresh = Pick<
  World,
  | "behaviours"
  | "random"
  | "engine"
  | "ledger"
  | "store"
  | "snapshots"
  | "continuations"
  | "asyncWrites"
  | "automationCalls"
>;

/** Opens a sandbox world with seeded data. */
export function openWorld(options: WorldOptions): World {
  const clock = openClock(options.now ?? Date.now, options.setTimer);
  const further = Array.from({ length: options.moreEnterprises ?? 0 }, (_none, at) => furtherAccount(at + 1));
  const accounts = [...usual, ...further];
  return {
    options,
    accounts,
    clock,
    tokens: openTokens(),
    userGrants: openUserGrants(),
    faults: openFaults(),
    url: "",
    ...freshParts(options, accounts, clock.now()),
  };
}

/** Puts data, assets, ledger, faults, behaviours and clock back to the start; tokens stay valid. */
export function resetWorld(world: World): void {
  world.engine.close();
  world.clock.reset();
  world.faults.clear();
  Object.assign(world, freshParts(world.options, world.accounts, world.clock.now()));
}

/** Where and when a query of a business unit runs, and what of its enterprise it sees. */
export function scopeOf({ store }: World, { mid, eid }: { mid: number; eid: number }, now: number): Scope {
  const isShared = (name: string) =>
    store.dataExtensions.some(
      (it) => it.mid === eid && it.name.toLowerCase() === name.toLowerCase() && isSharedIn(store, it),
    );
  return { mid, eid, now, isShared };
}

/** Ends access tokens (`expire`), or the package's whole grant: refresh tokens and codes too (`revoke`); of all packages without an id. */
export function endTokens(world: World, how: "expire" | "revoke", clientId: string | undefined): void {
  if (how === "expire") {
    world.tokens.expire(clientId, world.clock.now());
    return;
  }
  world.tokens.revoke(clientId);
  world.userGrants.revoke(clientId);
}

function freshParts(options: WorldOptions, accounts: readonly Account[], now: number): Fresh {
  const random = openRandom(20_260_115);
  const engine = openEngine({ rules: "mce" });
  const store = openStore(accounts, random, now);
  for (const { mid, name, customerKey, fields, contentType } of seed(engine, accounts, options.rows, now)
    .dataExtensions) {
    store.dataExtensions.push({
      objectId: nextDataExtensionId(store),
      customerKey,
      name,
      description: "",
      folderId: rootFolder(store, mid, contentType ?? "dataextension")?.id ?? 0,
      mid,
      fields: fields.map((field) => ({ ...field, objectId: random.guid() })),
      isSendable: false,
      isTestable: false,
      sendableField: "",
      sendableSubscriberField: "",
      retention: { rowBased: false, resetOnImport: false, deleteAtEnd: false, retainUntil: "" },
      createdAt: now,
      modifiedAt: now,
      isFresh: false,
      isChanged: false,
    });
  }
  if (options.hasQueryActivities) addQueryActivities(store, accounts, random, now);
  const behaviours = { ...profiles[options.profile ?? "friendly"], ...options.switches };
  if (options.durationMs !== undefined) behaviours.durationMs = options.durationMs;
  engine.checkText(textRulesOf(behaviours));
  return {
    behaviours,
    random,
    engine,
    ledger: openLedger(),
    store,
    snapshots: new Map(),
    continuations: new Map(),
    asyncWrites: new Map(),
    automationCalls: new Map(),
  };
}

function addQueryActivities(store: Store, accounts: readonly Account[], random: Random, now: number): void {
  for (const mid of accounts[0]?.mids ?? []) {
    for (const query of queryActivities) {
      const target = dataExtensionByKey(store, mid, query.targetKey);
      if (target === undefined) throw new Error(`no ${query.targetKey} in ${mid} for ${query.name}`);
      store.queries.push({
        ...query,
        objectId: random.guid(),
        targetName: target.name,
        targetObjectId: target.objectId,
        targetMid: mid,
        folderId: rootFolder(store, mid, "queryactivity")?.id ?? 0,
        mid,
        status: "Active",
        createdAt: now,
        modifiedAt: now,
      });
    }
  }
}

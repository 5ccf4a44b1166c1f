import type { Facts } from "./columns.ts";
import type { mobileViews } from "./mobile-views.ts";
import { dayMs, flag, hourMs, membersOf, type Ground, type Person } from "./people.ts";
import { guid, openChance, type Chance } from "./random.ts";

type Mobile = { person: Person; number: string; chance: Chance; optedIn: number; optedOut: number | null };

/** Everyone of a business unit who has a phone, and when they opted in and out. */
function* mobiles(ground: Ground, mid: number): Generator<Mobile> {
  for (const person of membersOf(ground, mid)) {
    if (person.phone === null) continue;
    const chance = openChance(`mobile ${mid} ${person.id}`);
    const optedIn = Math.min(person.joined + chance.between(1, 30) * dayMs, ground.now - hourMs);
    const optedOut = chance.happens(0.08)
      ? Math.min(optedIn + chance.between(1, 100) * dayMs, ground.now - 1000)
      : null;
    yield { person, number: person.phone, chance, optedIn, optedOut };
  }
}

const keyword = "0d9b3a54-7f0f-4e0a-9a37-5a1f6c7e8b10";

/** The rows of one mobile view of one business unit. */
export function* mobileRows(ground: Ground, mid: number, view: keyof typeof mobileViews): Generator<Facts> {
  for (const mobile of mobiles(ground, mid)) {
    switch (view) {
      case "_SMSMessageTracking":
        yield* messages(ground, mid, mobile);
        break;
      case "_UndeliverableSMS":
        if (mobile.chance.happens(0.03)) yield undeliverable(mobile);
        break;
      case "_MobileLineOrphanContactView":
        if (mobile.chance.happens(0.02)) yield lineOf(mobile);
        break;
      case "_MobileLineAddressContactSubscriptionView":
        yield { ...lineOf(mobile), ChannelID: "sandbox-line", IsActive: flag(mobile.optedOut === null) };
        break;
      case "_PushAddress":
      case "_PushTag":
        if (mobile.chance.happens(0.3)) yield deviceOf(mobile);
        break;
      case "_ChatMessagingSubscription":
        if (mobile.chance.happens(0.2))
          yield { ...subscription(mobile), _ChannelId: "sandbox-chat", _ChannelType: "WhatsApp" };
        break;
      case "_MobileAddress":
        yield addressOf(mobile);
        break;
      case "_MobileAddressApplication":
        yield { ...addressOf(mobile), _MobileApplicationID: keyword };
        break;
      case "_SMSSubscriptionLog":
      case "_MobileSubscription":
      case "_SubscriberSMS":
        yield subscription(mobile);
    }
  }
}

function addressOf({ person, number, optedIn }: Mobile): Facts {
  return {
    _MobileID: person.id,
    _ContactID: person.id,
    _MobileNumber: number,
    _Status: 1,
    _Source: 1,
    _Priority: 1,
    _Channel: "Mobile",
    _CarrierID: 310,
    _CountryCode: person.country,
    _CreatedDate: optedIn,
    _CreatedBy: 42,
    _FirstName: person.first,
    _LastName: person.last,
    _UTCOffset: "-6.00",
    _IsHonorDST: 0,
    _ModifiedDate: optedIn,
  };
}

/** One opt-in under the column names of each view that shows it. */
function subscription({ person, number, optedIn, optedOut }: Mobile): Facts {
  const changed = optedOut ?? optedIn;
  const isOut = optedOut !== null;
  return {
    LogDate: changed,
    SubscriberID: person.id,
    SubscriberKey: person.key,
    MobileSubscriptionID: person.id,
    SubscriptionDefinitionID: keyword,
    MobileNumber: number,
    OptOutStatusID: isOut ? 1 : null,
    OptOutDate: optedOut,
    OptInStatusID: isOut ? 0 : 2,
    OptInMethodID: 3,
    OptInDate: optedIn,
    CreatedDate: optedIn,
    ModifiedDate: changed,
    _MobileNumber: number,
    _SubscriptionDefinitionID: keyword,
    _OptOutStatusID: isOut ? 1 : null,
    _OptOutDate: optedOut,
    _OptInStatusID: isOut ? 0 : 2,
    _OptInMethodID: 3,
    _OptInDate: optedIn,
    _MobileSubscriptionID: person.id,
    _CreatedDate: optedIn,
    _ModifiedDate: changed,
    TransactionalOptIn: 1,
    TransactionalOptInDate: optedIn,
    MarketingOptIn: flag(!isOut),
    MarketingOptInDate: optedIn,
    MarketingOptOutDate: optedOut,
    SMSCarrierName: "Sandbox Mobile",
  };
}

function lineOf({ person, number, optedIn }: Mobile): Facts {
  return { ContactID: person.id, ContactKey: person.key, AddressID: number, CreatedDate: optedIn };
}

function deviceOf({ person, chance, optedIn }: Mobile): Facts {
  const platform = chance.pick(["iPhone OS", "Android"]);
  return {
    _DeviceID: guid(chance),
    _ContactID: person.id,
    _APID: guid(chance),
    _Status: 1,
    _Platform: platform,
    _PlatformVersion: platform === "Android" ? "14" : "17.2",
    _OptInStatusID: 2,
    _OptInDate: optedIn,
    _Channel: "Push",
    _Value: chance.pick(["beta", "vip", "store-12"]),
    _CreatedDate: optedIn,
    _ModifiedDate: optedIn,
    _FirstName: person.first,
    _LastName: person.last,
    _UTCOffset: "-6.00",
    _IsHonorDST: 0,
    _LocationEnabled: flag(chance.happens(0.5)),
    _TimeZone: "America/Belize",
    _DeviceType: "Phone",
  };
}

function undeliverable({ number, chance, optedIn }: Mobile): Facts {
  const isHeld = chance.happens(0.5);
  return {
    MobileNumber: number,
    Undeliverable: flag(isHeld),
    BounceCount: chance.between(1, 4),
    FirstBounceDate: optedIn + hourMs / 2,
    HoldDate: isHeld ? optedIn + hourMs : null,
  };
}

/** Messages go out only between opt-in and opt-out. */
function* messages(
  ground: Ground,
  mid: number,
  { person, number, chance, optedIn, optedOut }: Mobile,
): Generator<Facts> {
  const until = optedOut ?? ground.now - 1000;
  const from = Math.max(optedIn, ground.now - 170 * dayMs);
  if (from >= until) return;
  for (let at = 0; at < 2; at += 1) {
    const sent = from + Math.floor(chance.next() * (until - from));
    const isDelivered = chance.happens(0.95);
    yield {
      MobileMessageTrackingID: person.id * 10 + (mid % 10) * 2 + at - 1_000_000_000,
      EID: ground.eid,
      MID: mid,
      Mobile: number,
      MessageID: 501 + at,
      Sent: 1,
      Delivered: flag(isDelivered),
      Undelivered: flag(!isDelivered),
      Outbound: 1,
      Inbound: 0,
      CreateDateTime: sent,
      ModifiedDateTime: sent,
      ActionDateTime: sent,
      MessageText: `Hello ${person.first}, your code is ${chance.between(1000, 9999)}`,
      IsTest: 0,
      IsValid: 1,
      SubscriberID: person.id,
      SubscriberKey: person.key,
      SMSStandardStatusCodeId: isDelivered ? 4000 : 5000,
      Name: at === 0 ? "Welcome SMS" : "Code SMS",
      ShortCode: "55555",
      SharedKeyword: "SANDBOX",
      Ordinal: at,
      FromName: "Sandbox",
    };
  }
}

import { columnsOf, type Facts } from "./columns.ts";
import { dayMs, flag, type Ground } from "./people.ts";
import { openChance } from "./random.ts";
import { sends, trackedFacts } from "./sends.ts";
import { sentColumns, unlistedTrigger } from "./tracking-views.ts";

/** Rarely used views about sends, as MCE 8.7 lists their columns. */
export const rareTrackingViews = {
  _SurveyResponse: columnsOf(
    `${sentColumns}; Domain Text(128); SurveyID Number; SurveyName Text(100); IsUnique Number; QuestionID Number; QuestionName Text(50); Question Text(4000); AnswerID Number; AnswerName Text(4000)?; Answer Text(4000)?; AnswerData Text?; ${unlistedTrigger}`,
  ),
  _Coupon: columnsOf("Name Text(128)!; ExternalKey Text(36)!; Description Text?; BeginDate Date; ExpirationDate Date"),
  _SocialNetworkImpressions: columnsOf(
    "JobID Number!; ListID Number!; RegionTitle Text; RegionDescription Text?; RegionHTML Text; ContentRegionID Number; SocialSharingSiteID Number; SiteName Text; CountryCode Text(10); ReferringURL Text?; IPAddress Text(50)?; TransactionTime Date; PublishedSocialContentStatusID Text; ShortCode Text; PublishTime Date",
  ),
  _SocialNetworkTracking: columnsOf(
    "SubscriberID Number!; SubscriberKey Text(254); ListID Number!; BatchID Number!; SocialSharingSiteID Number; SiteName Text; CountryCode Text(10); PublishedSocialContentID Text; RegionTitle Text; RegionDescription Text?; RegionHTML Text?; ContentRegionID Text?; OYBMemberID Number?; TransactionTime Date; IsUnique Boolean; Domain Text; PublishedSocialContentStatusID Text; ShortCode Text; PublishTime Date",
  ),
  _ReconcilableDispositionView: columnsOf(
    "JobId Number!; Channel Number; Disposition Number; MessageKey Text(255)!; SubscriberKey Text(254); SubscriberID Number?; ErrorCodeID Number?; ErrorName Text(255)?; ErrorDescription Text(500)?; StartTime Date",
  ),
} as const;

const sites = ["Facebook", "X", "LinkedIn"] as const;

/** The rows of one of these views of one business unit; each follows a send, except the coupons. */
export function* rareTrackingRows(ground: Ground, mid: number, view: keyof typeof rareTrackingViews): Generator<Facts> {
  if (view === "_Coupon") {
    yield* coupons(ground);
    return;
  }
  for (const send of sends(ground, mid)) {
    const { job, person, at } = send;
    const chance = openChance(`${view} ${job.id} ${person.id}`);
    const after = Math.min(at + chance.between(1, 48) * 3_600_000, ground.now - 1000);
    if (view === "_ReconcilableDispositionView") {
      // The view keeps seven days.
      if (at > ground.now - 7 * dayMs) yield disposition(job.id, person, at, chance.happens(0.02));
      continue;
    }
    if (!chance.happens(0.01)) continue;
    const facts = trackedFacts(ground, mid, send, after);
    if (view === "_SurveyResponse") {
      yield {
        ...facts,
        SurveyID: 77,
        SurveyName: "Satisfaction",
        IsUnique: 1,
        QuestionID: 1,
        QuestionName: "Stars",
        Question: "How many stars do we deserve?",
        AnswerID: chance.between(1, 5),
        Answer: String(chance.between(1, 5)),
      };
      continue;
    }
    const site = chance.between(1, sites.length);
    yield {
      ...facts,
      RegionTitle: "Share this",
      RegionHTML: "<b>Share this</b>",
      ContentRegionID: view === "_SocialNetworkTracking" ? "1" : 1,
      SocialSharingSiteID: site,
      SiteName: sites[site - 1] ?? sites[0],
      CountryCode: person.country,
      PublishedSocialContentID: String(job.id),
      PublishedSocialContentStatusID: "1",
      ShortCode: `s${job.id}`,
      PublishTime: at,
      IsUnique: flag(true),
      OYBMemberID: mid === ground.eid ? null : mid,
    };
  }
}

function disposition(jobId: number, person: { id: number; key: string }, at: number, isLost: boolean): Facts {
  return {
    JobId: jobId,
    Channel: 0,
    Disposition: isLost ? 2 : 1,
    MessageKey: `${jobId}-${person.id}`,
    SubscriberKey: person.key,
    SubscriberID: person.id,
    ErrorCodeID: isLost ? 24 : null,
    ErrorName: isLost ? "HeldSubscriber" : null,
    ErrorDescription: isLost ? "The subscriber is held" : null,
    StartTime: at,
  };
}

function* coupons(ground: Ground): Generator<Facts> {
  const today = Math.floor(ground.now / dayMs) * dayMs;
  for (const [at, name] of ["Spring 10", "Summer 15", "Birthday"].entries()) {
    yield {
      Name: name,
      ExternalKey: `coupon-${at + 1}`,
      Description: `${name} percent off`,
      BeginDate: today - (at + 1) * 60 * dayMs,
      ExpirationDate: today + (at + 1) * 30 * dayMs,
    };
  }
}

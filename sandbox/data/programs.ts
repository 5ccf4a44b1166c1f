import { columnsOf, type Facts } from "./columns.ts";
import { dayMs, flag, hourMs, type Ground } from "./people.ts";
import { guid, openChance } from "./random.ts";

/** The views about journeys and automations, as MCE 8.7 lists their columns. */
export const programViews = {
  _Journey: columnsOf(
    "VersionID Text(36)!; JourneyID Text(36); JourneyName Text(200); VersionNumber Number; CreatedDate Date; LastPublishedDate Date?; ModifiedDate Date; JourneyStatus Text(100)",
  ),
  _JourneyActivity: columnsOf(
    "VersionID Text(36)!; ActivityID Text(36)!; ActivityName Text(200)?; ActivityExternalKey Text(200); JourneyActivityObjectID Text(36)?; ActivityType Text(512)?",
  ),
  _AutomationInstance: columnsOf(
    "MemberID Number; AutomationName Text(400); AutomationDescription Text(400)?; AutomationCustomerKey Text(400); AutomationInstanceID Text(36)!; AutomationType Text(9); AutomationNotificationRecipient_Complete Text(500)?; AutomationNotificationRecipient_Error Text(500)?; AutomationNotificationRecipient_Skip Text(500)?; AutomationStepCount Number; AutomationInstanceIsRunOnce Boolean; FilenameFromTrigger Text(4000)?; AutomationInstanceScheduledTime_UTC Date?; AutomationInstanceStartTime_UTC Date?; AutomationInstanceEndTime_UTC Date?; AutomationInstanceStatus Text(400); AutomationInstanceActivityErrorDetails Text(4000)?",
  ),
  _AutomationActivityInstance: columnsOf(
    "MemberID Number; JobID Number? NS; AutomationName Text(400); AutomationCustomerKey Text(400); AutomationInstanceID Text(36); ActivityCustomerKey Text(400); ActivityInstanceID Text(36)!; ActivityType Number; ActivityName Text(400); ActivityDescription Text(400)?; ActivityInstanceStep Text(25); ActivityInstanceStartTime_UTC Date?; ActivityInstanceEndTime_UTC Date?; ActivityInstanceStatus Text(256); ActivityInstanceStatusDetails Text(4000)?",
  ),
} as const;

const journeys = ["Welcome Series", "Abandoned Cart", "Birthday", "Win-back"] as const;
const journeyStatuses = ["Running", "Running", "Stopped", "Draft"] as const;
const activityTypes = ["EMAILV2", "WAIT", "MULTICRITERIADECISION", "UPDATECONTACTDATA"] as const;
const automations = ["Nightly Import", "Segment VIP", "Suppression Refresh"] as const;

/** 43 import, 300 SQL query, 303 filter (MCE 8.7). */
const steps = [
  [43, "Import Orders"],
  [300, "Query Buyers"],
  [303, "Filter VIP"],
] as const;

const utcLead = 6 * hourMs;

/** The rows of one view about journeys or automations of one business unit. */
export function* programRows(ground: Ground, mid: number, view: keyof typeof programViews): Generator<Facts> {
  if (view === "_Journey" || view === "_JourneyActivity") yield* journeyRows(ground, mid, view);
  else yield* automationRows(ground, mid, view);
}

function* journeyRows(ground: Ground, mid: number, view: "_Journey" | "_JourneyActivity"): Generator<Facts> {
  for (const [at, name] of journeys.entries()) {
    const chance = openChance(`journey ${mid} ${at}`);
    const [journeyId, created] = [guid(chance), ground.now - chance.between(200, 900) * dayMs];
    const status = journeyStatuses[at] ?? "Draft";
    const versions = chance.between(1, 3);
    for (let version = 1; version <= versions; version += 1) {
      // Its own random numbers: both views must give a version the same id.
      const inVersion = openChance(`journey ${mid} ${at} version ${version}`);
      const versionId = guid(inVersion);
      const changed = created + version * 30 * dayMs;
      if (view === "_Journey") {
        yield {
          VersionID: versionId,
          JourneyID: journeyId,
          JourneyName: name,
          VersionNumber: version,
          CreatedDate: created,
          LastPublishedDate: status === "Draft" ? null : changed,
          ModifiedDate: changed,
          JourneyStatus: status,
        };
        continue;
      }
      for (const [place, type] of activityTypes.entries()) {
        yield {
          VersionID: versionId,
          ActivityID: guid(inVersion),
          ActivityName: `${name} ${place + 1}`,
          ActivityExternalKey: `${type}-${place + 1}`,
          JourneyActivityObjectID: type === "EMAILV2" ? guid(inVersion) : null,
          ActivityType: type,
        };
      }
    }
  }
}

/** One run for each night and automation, over the 31 days that the views keep (MCE 8.7); one in twenty fails at its query. */
function* automationRows(
  ground: Ground,
  mid: number,
  view: "_AutomationInstance" | "_AutomationActivityInstance",
): Generator<Facts> {
  const today = Math.floor(ground.now / dayMs) * dayMs;
  for (const [at, name] of automations.entries()) {
    for (let day = 30; day >= 1; day -= 1) {
      const chance = openChance(`automation ${mid} ${at} ${day}`);
      const start = today - day * dayMs + at * hourMs + utcLead;
      const isFailed = chance.happens(0.05);
      const instance = {
        MemberID: mid,
        AutomationName: name,
        AutomationCustomerKey: `automation-${at + 1}`,
        AutomationInstanceID: guid(chance),
      };
      if (view === "_AutomationInstance") {
        yield {
          ...instance,
          AutomationType: "Schedule",
          AutomationStepCount: steps.length,
          AutomationInstanceIsRunOnce: flag(false),
          AutomationInstanceScheduledTime_UTC: start,
          AutomationInstanceStartTime_UTC: start + 3000,
          AutomationInstanceEndTime_UTC: start + 300_000,
          AutomationInstanceStatus: isFailed ? "Error" : "Complete",
          AutomationInstanceActivityErrorDetails: isFailed ? "Query Buyers failed" : null,
        };
        continue;
      }
      for (const [place, [type, activity]] of steps.entries()) {
        const isReached = !isFailed || place < 2;
        yield {
          ...instance,
          ActivityCustomerKey: `activity-${at + 1}-${place + 1}`,
          ActivityInstanceID: guid(chance),
          ActivityType: type,
          ActivityName: activity,
          ActivityInstanceStep: `${place + 1}.1`,
          ActivityInstanceStartTime_UTC: isReached ? start + 3000 + place * 60_000 : null,
          ActivityInstanceEndTime_UTC: isReached ? start + 50_000 + place * 60_000 : null,
          ActivityInstanceStatus: !isReached ? "Initialized" : isFailed && place === 1 ? "Error" : "Complete",
          ActivityInstanceStatusDetails: isFailed && place === 1 ? "Divide by zero error encountered." : null,
        };
      }
    }
  }
}

import { useEffect, useState } from "react";
import { isLive, type Job } from "../state/job.ts";
import css from "./result-pane.module.css";
import { spanWords } from "./times.ts";

/** How long a run has been going on, or took. It ticks by itself, so that nothing else renders. */
export function Clock({ job }: { job: Job }) {
  const live = isLive(job);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!live) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, [live]);
  const begun = job.request === undefined && job.run !== undefined ? Date.parse(job.run.createdAt) : job.sentAt;
  const total = job.run?.timings?.totalMs;
  const ms = live ? Math.max(0, now - begun) : (total ?? (job.endedAt ?? begun) - begun);
  if (!live && ms <= 0) return null;
  return (
    <span className={css["clock"]} role="timer" aria-live="off">
      {spanWords(ms)}
    </span>
  );
}

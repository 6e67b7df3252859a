// Times and distances in words. `now` is always given; moments are milliseconds since 1970, shown in the district's time.

import { t } from "./dom.js";

const ZONE = "Asia/Shanghai";
const LANGUAGE = document.documentElement.lang;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const format = (options) => new Intl.DateTimeFormat(LANGUAGE, { timeZone: ZONE, hourCycle: "h23", ...options });
const time = format({ hour: "2-digit", minute: "2-digit" });
const day = format({ month: "long", day: "numeric" });

// 10:02, or with the day when it is another one.
export function moment(at, now) {
  return day.format(at) === day.format(now) ? time.format(at) : `${day.format(at)} ${time.format(at)}`;
}

export function span(ms) {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (minutes < 1) return t("under_a_minute");
  if (minutes < 60) return t("minutes", { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 && hours < 5 ? t("hours_minutes", { h: hours, m: minutes % 60 }) : t("hours", { n: hours });
  const days = Math.floor(hours / 24);
  return hours % 24 && days < 3 ? t("days_hours", { d: days, h: hours % 24 }) : t("days", { n: days });
}

// {state, text}: held, overdue, soon (within four hours), running, none.
export function due(task, now) {
  if (task.held) return { state: "held", text: t("due_held") };
  if (!task.due_at) return { state: "none", text: t("due_none") };
  const left = Date.parse(task.due_at) - now;
  if (left < 0) return { state: "overdue", text: t("due_overdue", { span: span(left) }) };
  return { state: left < 4 * HOUR ? "soon" : "running", text: t("due_left", { span: span(left) }) };
}

export function metres(value) {
  return value < 1000 ? t("metres", { n: Math.round(value) }) : t("kilometres", { n: (value / 1000).toFixed(value < 10_000 ? 2 : 1) });
}

export { DAY };

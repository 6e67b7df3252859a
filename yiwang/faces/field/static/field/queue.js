// The rules of the queue, without storage and network: what is sent next, and what an answer makes of it.
// A thing is {n, group, state, tries, next_at}. `group` is the matter (or report, or patrol) that it belongs to:
// in a group everything goes in order; another group does not wait for one that is stuck.

export const FIRST_WAIT = 5_000; // milliseconds
export const LONGEST_WAIT = 300_000;
export const SENT_KEPT = 7 * 86_400_000;

// The first things of each group that are not sent yet.
export function heads(items) {
  const first = new Map();
  for (const item of [...items].sort((a, b) => a.n - b.n)) {
    if (item.state !== "sent" && !first.has(item.group)) first.set(item.group, item);
  }
  return [...first.values()];
}

// What to send now; null when there is nothing, or not yet.
export function ready(items, now) {
  return heads(items).find((item) => item.state === "waiting" && item.next_at <= now) ?? null;
}

// Milliseconds until something is to be sent; null when nothing waits by itself.
export function wake(items, now) {
  const times = heads(items).filter((item) => item.state === "waiting").map((item) => Math.max(0, item.next_at - now));
  return times.length ? Math.min(...times) : null;
}

// Whether it waits for an earlier one of its group.
export function behind(items, item) {
  return item.state !== "sent" && !heads(items).some((one) => one.n === item.n);
}

export function pause(tries) {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.max(0, tries - 1));
}

// What an answer means. status 0: no answer came.
//   sent     it is done
//   offline  no network: nothing else will go either
//   later    the server could not: try again after a while
//   signin   nobody, or somebody else, is signed in
//   token    the page's token is old: fetch a new one and try at once
//   photos   the server does not have the photos any more: send them again
//   refused  it will not be taken as it is
export function meaning(status, code = "") {
  if (status >= 200 && status < 300) return "sent";
  if (status === 0) return "offline";
  if (status === 401 || code === "other_user") return "signin";
  if (status === 403 && code === "page_too_old") return "token";
  if (code === "no_upload") return "photos";
  if (status === 408 || status === 425 || status === 429 || status >= 500) return "later";
  return "refused";
}

// The columns that change. `retry_after`: seconds that the server asked to wait.
export function after(item, means, now, retryAfter = 0) {
  if (means === "sent") return { state: "sent", next_at: 0, sent_at: now };
  if (means === "refused") return { state: "refused", next_at: 0 };
  if (means === "signin") return { state: "waiting", next_at: 0 };
  const tries = item.tries + 1;
  return { state: "waiting", tries, next_at: now + Math.max(pause(tries), retryAfter * 1000) };
}

// Sent things that need not be shown any more.
export function old(items, now) {
  return items.filter((item) => item.state === "sent" && now - (item.sent_at ?? 0) > SENT_KEPT);
}

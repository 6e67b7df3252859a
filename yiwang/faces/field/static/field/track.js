// Which positions of a patrol are believed, and how long the way is: the rules of domains/streets/track.py.
// A position is [t, lat, lon, accuracy]: seconds since 1970, degrees WGS 84, metres.

const WORST_ACCURACY = 50;
const FASTEST = 40;
const SHORTEST_STEP = 8;
export const LONGEST_GAP = 300;
const RADIUS = 6_371_008.8;

export function distance(a, b) {
  const rad = Math.PI / 180;
  const half = Math.sin(((b[1] - a[1]) * rad) / 2) ** 2
    + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(((b[2] - a[2]) * rad) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.sqrt(Math.min(1, half)));
}

export function takes(last, fix) {
  if (!(fix[3] >= 0 && fix[3] <= WORST_ACCURACY && Math.abs(fix[1]) <= 90 && Math.abs(fix[2]) <= 180)) return false;
  if (!last) return true;
  const seconds = fix[0] - last[0];
  if (seconds <= 0) return false;
  if (seconds > LONGEST_GAP) return true;
  const way = distance(last, fix);
  return way >= SHORTEST_STEP && way / seconds <= FASTEST;
}

export function believed(fixes) {
  const kept = [];
  for (const fix of fixes) if (takes(kept.at(-1), fix)) kept.push(fix);
  return kept;
}

export function length(line) {
  let total = 0;
  line.forEach((fix, n) => { if (n && fix[0] - line[n - 1][0] <= LONGEST_GAP) total += distance(line[n - 1], fix); });
  return total;
}

// The line in pieces without gaps, for the map.
export function stretches(line) {
  const found = [];
  line.forEach((fix, n) => {
    if (!n || fix[0] - line[n - 1][0] > LONGEST_GAP) found.push([]);
    found.at(-1).push(fix);
  });
  return found;
}

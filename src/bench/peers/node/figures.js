// Adds up an organisation's month: of its closed month, or of its days as they are. Sums are exact at any size.

const MAX_FIGURE = 2n ** 53n - 1n;
const COUNTED = 10n ** 6n;

export function figures({ closed, days, isPending }, now) {
  const levels = closed === undefined ? days.map(levelOfDay) : levelsOfMonth(closed);
  const reported = levels.filter((level) => level !== undefined);
  const byteDays = reported.reduce((sum, level) => sum + level, 0n);
  const requests = closed === undefined ? days.map(requestsOfDay) : Object.values(closed.requests).map(whole);
  return {
    isClosed: closed !== undefined,
    requests: Number(requests.reduce((sum, count) => sum + count, 0n)),
    averageBytes: levels.length === 0 ? 0 : Number(byteDays / BigInt(levels.length)),
    peakBytes: Number(reported.reduce((most, level) => (level > most ? level : most), 0n)),
    latestBytes: Number(reported.at(-1) ?? 0n),
    byteDays: Number(byteDays),
    days: levels.length,
    version: closed?.version ?? 0,
    isComplete: closed !== undefined && !isPending,
    asOf: closed?.closed_at ?? now,
  };
}

/** The levels of the recorded days, in order; undefined for a day that reported none. */
function levelsOfMonth(month) {
  return Object.keys(month.levels)
    .sort()
    .map((day) => whole(month.levels[day]))
    .map((digits) => (digits % COUNTED > 0n ? digits / COUNTED / COUNTED : undefined));
}

function levelOfDay({ sums }) {
  if (sums?.largest === undefined && sums?.corrections === undefined) {
    return undefined;
  }
  return bounded(BigInt(sums.largest ?? 0) + BigInt(sums.corrections ?? '0'));
}

function requestsOfDay({ sums, counts }) {
  return bounded(Object.values(counts ?? {}).reduce((sum, count) => sum + BigInt(count), BigInt(sums?.requests ?? '0')));
}

const whole = (decimal) => BigInt(decimal.toString());

const bounded = (sum) => (sum < 0n ? 0n : sum > MAX_FIGURE ? MAX_FIGURE : sum);

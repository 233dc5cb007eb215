// The Partner API's answers: their fields, in its order.

export const answer = (call, data) => ({ success: true, identifier: `${call}_successful`, data });

export const failure = (code, message, requestId) => ({
  success: false,
  identifier: code,
  error: { code, message, request_id: requestId },
});

/** The entity tag of the state that answers show. */
export const tag = (stored) => `"${stored._id.toHexString()}-${stored.shown ?? 0}"`;

export function organisation(stored, key) {
  const view = {
    organisation_id: stored._id.toHexString(),
    organisation_key: stored.organisation_key,
    organisation_name: stored.name,
    country: stored.country,
    division_key: stored.division.key,
    partner_external_id: stored.external_id ?? null,
    is_partner: stored.partner,
    deleted_at: stored.deleted_at?.toISOString() ?? null,
    created_at: stored.created_at.toISOString(),
    updated_at: stored.updated_at.toISOString(),
  };
  if (key !== undefined) {
    view.organisation_api_key = key;
  }
  return view;
}

export function page({ found, total }, { skip, limit }) {
  const shown = found.length > limit ? found.slice(0, limit) : found;
  const current = shown.length === 0 ? { from: 0, to: 0 } : { from: skip + 1, to: skip + shown.length };
  return {
    organisations: shown.map((stored) => organisation(stored)),
    pagination: { current_results: current, total_results: total },
  };
}

/** The link to the next page, where there is one: the same query, continued behind the last organisation of this one. */
export function nextLink({ found }, { limit }, search) {
  if (found.length <= limit) {
    return undefined;
  }
  const kept = search.split('&').filter((parameter) => !/^(after|skip)=/.test(parameter) && parameter !== '');
  return `<?${[...kept, `after=${found[limit - 1]._id}`].join('&')}>; rel="next"`;
}

export function verification(caller) {
  return {
    valid: caller !== undefined,
    code: caller === undefined ? 'unknown' : 'valid',
    organisation_id: caller?.root.toHexString() ?? null,
    organisation_key: caller?.organisationKey ?? null,
    key_id: caller?.key ?? null,
    roles: caller?.roles.map((role) => role.toLowerCase()) ?? null,
    expires_at: caller?.expiresAt?.toISOString() ?? null,
  };
}

export function usage(organisationId, month, figures) {
  return {
    organisation_id: organisationId.toHexString(),
    usage_month: month,
    source: figures.isClosed ? 'monthly' : 'daily',
    api_requests: { total: figures.requests },
    storage: {
      average_bytes: figures.averageBytes,
      peak_bytes: figures.peakBytes,
      latest_bytes: figures.latestBytes,
      byte_days: figures.byteDays,
    },
    days_recorded: figures.days,
    version: figures.version,
    complete: figures.isComplete,
    as_of: figures.asOf.toISOString(),
  };
}

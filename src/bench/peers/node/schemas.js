// Schemas of the answers of the calls.

const text = { type: 'string' };
const optionalText = { type: ['string', 'null'] };
const whole = { type: 'integer' };
const flag = { type: 'boolean' };
const object = (properties) => ({ type: 'object', properties });

const organisationView = object({
  organisation_id: text,
  organisation_key: text,
  organisation_name: text,
  country: text,
  division_key: text,
  partner_external_id: optionalText,
  is_partner: flag,
  deleted_at: optionalText,
  created_at: text,
  updated_at: text,
  organisation_api_key: text,
});

const answer = (data) => ({ 200: object({ success: flag, identifier: text, data: object(data) }) });

export const organisation = answer({ organisation: organisationView });

export const organisations = answer({
  organisations: { type: 'array', items: organisationView },
  pagination: object({ current_results: object({ from: whole, to: whole }), total_results: whole }),
});

export const verification = answer({
  verification: object({
    valid: flag,
    code: text,
    organisation_id: optionalText,
    organisation_key: optionalText,
    key_id: optionalText,
    roles: { type: ['array', 'null'], items: text },
    expires_at: optionalText,
  }),
});

export const usage = answer({
  usage: object({
    organisation_id: text,
    usage_month: text,
    source: text,
    api_requests: object({ total: whole }),
    storage: object({ average_bytes: whole, peak_bytes: whole, latest_bytes: whole, byte_days: whole }),
    days_recorded: whole,
    version: whole,
    complete: flag,
    as_of: text,
  }),
});

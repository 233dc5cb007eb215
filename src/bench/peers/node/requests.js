// Reads what a request asks for. What is not valid is an Invalid with the field's name.
import { ObjectId } from 'mongodb';

export class Invalid extends Error {
  constructor(field) {
    super(`not valid: ${field}`);
    this.field = field;
  }
}

const OBJECT_ID = /^[0-9a-f]{24}$/;
const INTEGER = /^(0|[1-9][0-9]{0,9})$/;
const MONTH = /^[0-9]{4}-(0[1-9]|1[0-2])$/;
const EXTERNAL_ID = /^[^\p{C}\p{Z}](?:[^\p{C}\p{Zl}\p{Zp}]{0,253}[^\p{C}\p{Z}])?$/u;
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
const VISIBLE = /[^\p{Z}\p{Cf}\p{Cn}\p{Mn}\p{Me}\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0]/u;
const SURROUNDING_SPACE = /^\p{Z}+|\p{Z}+$/gu;

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const timeZones = new Map();

/** The id in a path, or undefined: then there is no such organisation. */
export function organisationId(text) {
  return OBJECT_ID.test(text) ? ObjectId.createFromHexString(text) : undefined;
}

export function listing(query) {
  const limit = integer(query, 'limit', 50, 1, 100);
  const skip = integer(query, 'skip', 0, 0, 2 ** 31 - 1);
  const after = query.after === undefined ? undefined : organisationId(query.after);
  if (query.after !== undefined && (after === undefined || query.skip !== undefined)) {
    throw new Invalid('after');
  }
  return { limit, skip, after };
}

export function usageMonth(query) {
  if (typeof query.usage_month !== 'string' || !MONTH.test(query.usage_month)) {
    throw new Invalid('usage_month');
  }
  return query.usage_month;
}

export function newOrganisation(body) {
  only(body, 'organisation_name', 'country', 'division_timezone', 'division_name', 'partner_external_id', 'is_partner');
  const name = displayName(body.organisation_name, 'organisation_name');
  if (body.is_partner !== undefined && body.is_partner !== null && typeof body.is_partner !== 'boolean') {
    throw new Invalid('is_partner');
  }
  return {
    name,
    country: country(body.country),
    timeZone: timeZone(body.division_timezone),
    divisionName: body.division_name == null ? name : displayName(body.division_name, 'division_name'),
    externalId: body.partner_external_id == null ? undefined : externalId(body.partner_external_id),
    isPartner: body.is_partner === true,
  };
}

/** What an update changes: a field that is undefined stays. */
export function change(body) {
  only(body, 'organisation_name', 'partner_external_id');
  if (Object.keys(body).length === 0) {
    throw new Invalid('body');
  }
  const { organisation_name: name, partner_external_id: external } = body;
  return {
    name: name === undefined ? undefined : displayName(name, 'organisation_name'),
    externalId: external === undefined || external === null ? external : externalId(external),
  };
}

export function keyToVerify(body) {
  only(body, 'api_key', 'ip', 'count');
  if (typeof body.api_key !== 'string') {
    throw new Invalid('api_key');
  }
  const count = body.count ?? 1;
  if (!Number.isInteger(count) || count < 0 || count > 1_000_000) {
    throw new Invalid('count');
  }
  return { text: body.api_key, count, address: body.ip ?? null };
}

function only(body, ...fields) {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new Invalid('body');
  }
  const unknown = Object.keys(body).find((field) => !fields.includes(field));
  if (unknown !== undefined) {
    throw new Invalid(unknown);
  }
}

function integer(query, field, absent, least, most) {
  const text = query[field];
  if (text === undefined) {
    return absent;
  }
  const number = typeof text === 'string' && INTEGER.test(text) ? Number(text) : NaN;
  if (!(number >= least && number <= most)) {
    throw new Invalid(field);
  }
  return number;
}

function displayName(raw, field) {
  const text = typeof raw === 'string' ? raw.replace(SURROUNDING_SPACE, '').normalize('NFC') : '';
  if ([...text].length > 256 || FORBIDDEN.test(text) || !VISIBLE.test(text)) {
    throw new Invalid(field);
  }
  return text;
}

function externalId(raw) {
  if (typeof raw !== 'string' || !EXTERNAL_ID.test(raw) || /^[0-9a-fA-F]{24}$|^\.\.?$/.test(raw)) {
    throw new Invalid('partner_external_id');
  }
  return raw;
}

function country(raw) {
  const code = typeof raw === 'string' ? raw.toUpperCase() : '';
  if (!/^[A-Z]{2}$/.test(code) || COUNTRIES.of(code) === undefined) {
    throw new Invalid('country');
  }
  return code;
}

/** Whether a zone exists is remembered, for it takes long to find out. */
function timeZone(raw) {
  let isKnown = timeZones.get(raw);
  if (isKnown === undefined && typeof raw === 'string') {
    try {
      isKnown = new Intl.DateTimeFormat('en', { timeZone: raw }) !== undefined;
      timeZones.set(raw, isKnown);
    } catch {
      isKnown = false;
    }
  }
  if (!isKnown) {
    throw new Invalid('division_timezone');
  }
  return raw;
}

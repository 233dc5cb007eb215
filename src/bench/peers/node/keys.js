// API keys: their form, their checksum, their digest, and how a new one is stored (see the service's KeySecret).
import { createCipheriv, hash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Binary } from 'mongodb';

const FORM = /^osk_[a-z0-9]{12}_[0-9A-Za-z]{49}$/;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const CHECKSUM_DIGITS = 6;
const REALM = 'MMS Public API';

/** The id of a well-formed key whose checksum is right, or undefined. */
export function parse(text) {
  if (typeof text !== 'string' || !FORM.test(text)) {
    return undefined;
  }
  const checked = text.length - CHECKSUM_DIGITS;
  return checksum(text.slice(0, checked)) === text.slice(checked) ? text.slice(4, 16) : undefined;
}

export function matches(text, digest) {
  return timingSafeEqual(hash('sha256', text, 'buffer'), digest.buffer.subarray(0, digest.position));
}

export function mint() {
  const unchecked = `osk_${randomText(12)}_${base62(BigInt(`0x${randomBytes(32).toString('hex')}`), 43)}`;
  return unchecked + checksum(unchecked);
}

export function randomText(length) {
  let text = '';
  for (let i = 0; i < length; i++) {
    text += ID_DIGITS[randomInt(ID_DIGITS.length)];
  }
  return text;
}

/** What is stored of a key: its digest, its hint and its sealed HA1. */
export function stored(text, encryption) {
  const id = text.slice(4, 16);
  const end = text.length - CHECKSUM_DIGITS;
  return {
    digest: new Binary(hash('sha256', text, 'buffer')),
    hint: text.slice(end - 4, end),
    sealed_ha1: encryption.seal(id, hash('md5', `${id}:${REALM}:${text}`, 'buffer')),
  };
}

/** Seals under a key-encryption key, given as its id, a colon and 32 bytes in base 64. */
export class Encryption {
  constructor(text) {
    const colon = text.indexOf(':');
    this.id = text.slice(0, colon);
    this.key = Buffer.from(text.slice(colon + 1), 'base64');
  }

  seal(keyId, ha1) {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv);
    cipher.setAAD(Buffer.from(keyId, 'ascii'));
    const sealed = Buffer.concat([cipher.update(ha1), cipher.final(), cipher.getAuthTag()]);
    return { key: this.id, iv: new Binary(iv), text: new Binary(sealed) };
  }
}

function checksum(text) {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < CHECKSUM_DIGITS; i++) {
    digits = DIGITS[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

function base62(number, width) {
  let rest = number;
  let digits = '';
  for (let i = 0; i < width; i++) {
    digits = DIGITS[Number(rest % 62n)] + digits;
    rest /= 62n;
  }
  return digits;
}

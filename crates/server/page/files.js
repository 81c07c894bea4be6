// Which photos may be sent, told from their bytes and never from their name, at
// the moment they are chosen. The server checks again; the rules are the same as
// in the model's `media` and `policy`.

// The most photos in one message, and the most characters of its text.
export const FILES_MAX = 10;
export const TEXT_MAX = 10_000;

const HEIC_BRANDS = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'];

// The type of a picture by its first 32 bytes; undefined when they are none.
export function kindOf(head) {
  const text = String.fromCharCode(...head.subarray(0, 12));
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'gif';
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.slice(4, 8) === 'ftyp' && HEIC_BRANDS.includes(text.slice(8, 12))) return 'heic';
  return undefined;
}

// Why a file may not be sent: a problem {code, limit?}, or undefined when it may.
// `policy` is {types, file_max_bytes}, or null before the server told it.
export function problemOf(head, sizeBytes, policy) {
  const kind = kindOf(head);
  if (!kind) return { code: 'file_not_picture' };
  if (policy && !policy.types.includes(kind)) return { code: 'file_type_forbidden' };
  if (policy && sizeBytes > policy.file_max_bytes) return { code: 'file_too_large', limit: policy.file_max_bytes };
  return undefined;
}

// What the file dialog offers: only a hint, the bytes decide. Few systems know HEIC by its
// media type, so its endings stand beside it.
export function accepts(policy) {
  const kinds = policy?.types ?? ['jpeg', 'png', 'gif'];
  return kinds.map((kind) => (kind === 'heic' ? 'image/heic,.heic,.heif' : `image/${kind}`)).join(',');
}

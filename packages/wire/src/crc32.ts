/**
 * The checksum of a range of bytes, CRC-32 as gzip and AWS count it. Written here since `node:zlib` has one in Node alone.
 *
 * @param end - the place after the last byte
 */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  const known = (table ??= makeTable());
  let sum = -1;
  for (let place = start; place < end; place++) sum = (sum >>> 8) ^ known[(sum ^ bytes[place]!) & 0xff]!;
  return ~sum >>> 0;
}

let table: Int32Array | undefined;

/** What a byte does to the sum, for each byte. */
function makeTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    return sum;
  });
}

/** Whole numbers of −127 to 127 by one scale a target: a quarter of what floats take, and closer than what was learned is certain. */
export interface PackedColumns {
  /** What 1 stands for, of each target. */
  readonly scales: readonly number[];
  /** Base64 of signed bytes, `row × targets + target`. */
  readonly bytes: string;
}

/** Packs columns of several targets. */
export function packColumns(values: Float64Array, targets: number): PackedColumns {
  const scales = Array.from({ length: targets }, () => 0);
  for (let place = 0; place < values.length; place++)
    scales[place % targets] = Math.max(scales[place % targets]!, Math.abs(values[place]!) / 127);
  const bytes = new Int8Array(values.length);
  for (let place = 0; place < values.length; place++) {
    const scale = scales[place % targets]!;
    bytes[place] = scale === 0 ? 0 : Math.round(values[place]! / scale);
  }
  return { scales: scales.map((scale) => Number(scale.toPrecision(6))), bytes: packBytes(bytes) };
}

/** Reads {@link PackedColumns.bytes}. */
export function unpackSigned(text: string): Int8Array {
  return new Int8Array(unpackBytes(text).buffer);
}

/** Two bytes each, the lower first. */
export function packNumbers(values: Uint16Array): string {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [place, value] of values.entries()) view.setUint16(place * 2, value, true);
  return packBytes(bytes);
}

/** Reads what {@link packNumbers} wrote. */
export function unpackNumbers(text: string): Uint16Array {
  const bytes = unpackBytes(text);
  const view = new DataView(bytes.buffer);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, place) => view.getUint16(place * 2, true));
}

function packBytes(values: Int8Array | Uint8Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = "";
  // A piece at a time: arguments of a call are limited.
  for (let from = 0; from < bytes.length; from += 8192)
    text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  return btoa(text);
}

function unpackBytes(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let place = 0; place < characters.length; place++) bytes[place] = characters.charCodeAt(place);
  return bytes;
}

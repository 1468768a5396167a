/** Bytes as base64, in pieces that the call stack can take. */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(binary);
}

/** The bytes of a base64 text; `undefined` where it is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let place = 0; place < binary.length; place++) bytes[place] = binary.charCodeAt(place);
    return bytes;
  } catch {
    return undefined;
  }
}

/** The media type and bytes of a base64 data URL; `undefined` where it is none. */
export function fromDataURL(url: string): { readonly mediaType: string; readonly data: Uint8Array } | undefined {
  const match = /^data:([^;,]+)(?:;[^;,]+)*;base64,/.exec(url);
  const data = match && fromBase64(url.slice(match[0].length));
  return data ? { mediaType: match[1]!, data } : undefined;
}

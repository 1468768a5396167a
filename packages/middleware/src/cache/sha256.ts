type Hash = (data: string | Uint8Array) => string;

/** SHA-256 as 64 hex digits: the runtime's own, at once, where it has Node's; ours elsewhere, since the web's only comes with a promise. */
export const sha256: Hash = (data) => (native ?? portable)(data);

// A look-up, not an import: this module also loads where there is no `node:crypto`.
const { hash, createHash } = globalThis.process?.getBuiltinModule?.("node:crypto") ?? {};
const native: Hash | undefined = hash
  ? (data) => hash("sha256", data, "hex")
  : createHash && ((data) => createHash("sha256").update(data).digest("hex"));

/** FIPS 180-4, §6.2: https://doi.org/10.6028/NIST.FIPS.180-4 */
export function portable(data: string | Uint8Array): string {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);

  const state = Uint32Array.from(firstPrimes(8), (prime) => fraction(Math.sqrt(prime)));
  const constants = Uint32Array.from(firstPrimes(64), (prime) => fraction(Math.cbrt(prime)));
  const words = new Uint32Array(64);
  for (let block = 0; block < padded.length; block += 64) {
    for (let round = 0; round < 16; round++) words[round] = view.getUint32(block + 4 * round);
    for (let round = 16; round < 64; round++) {
      const [near, far] = [words[round - 2]!, words[round - 15]!];
      const s0 = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3);
      const s1 = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
      words[round] = words[round - 16]! + s0 + words[round - 7]! + s1;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let round = 0; round < 64; round++) {
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const first = (h + s1 + ((e & f) ^ (~e & g)) + constants[round]! + words[round]!) >>> 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) >>> 0, c, b, a, (first + second) >>> 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, place) => (state[place]! += word));
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, "0")).join("");
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits after the point. */
function fraction(value: number): number {
  return (value - Math.floor(value)) * 2 ** 32;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

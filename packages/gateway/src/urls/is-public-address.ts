/** Networks of IPv4 that are not the public internet: this machine, private ones, link-local ones with the clouds' metadata, reserved ones. */
const closed = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
].map((network) => {
  const [address = "", bits] = network.split("/");
  return { from: ipv4(address)!, size: 2 ** (32 - Number(bits)) };
});

/**
 * Whether an address is one of the public internet. Of IPv6 only global unicast is, without what has an address of IPv4 in it (6to4,
 * Teredo, mapped and translated ones) and what is for documents.
 *
 * @param address - as a URL or a resolver writes it: `203.0.113.9`, `[2606:4700::1111]`, `fe80::1%eth0`
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, "");
  const four = ipv4(bare);
  if (four !== undefined) return !closed.some(({ from, size }) => four >= from && four < from + size);
  const groups = ipv6(bare);
  if (!groups) return false;
  const [first = 0, second = 0] = groups;
  if (first < 0x20_00 || first > 0x3f_ff) return false;
  if (first === 0x20_01 && (second < 0x2_00 || second === 0xd_b8)) return false;
  return first !== 0x20_02 && first !== 0x3f_ff;
}

/** Whether a host in a URL is an address, and no name. */
export function isAddress(host: string): boolean {
  return host.startsWith("[") || ipv4(host) !== undefined;
}

function ipv4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Eight groups, or nothing for what is no address of IPv6 or ends in one of IPv4. */
function ipv6(text: string): readonly number[] | undefined {
  const [plain = ""] = text.split("%");
  const halves = plain.split("::");
  if (halves.length > 2 || !plain.includes(":")) return undefined;
  const [head = [], tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...(tail ?? [])];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? groups.map((group) => Number.parseInt(group, 16)) : undefined;
}

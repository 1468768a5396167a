import { BlockList } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isAddress, isPublicAddress } from "./is-public-address.ts";

test.each([
  ["8.8.8.8", true],
  ["93.184.216.34", true],
  ["[2606:4700:4700::1111]", true],
  ["2a00:1450:4001:830::200e", true],
  ["127.0.0.1", false],
  ["10.255.255.255", false],
  ["11.0.0.0", true],
  ["172.15.255.255", true],
  ["172.16.0.0", false],
  ["172.32.0.0", true],
  ["100.64.0.1", false],
  ["169.254.169.254", false],
  ["192.168.1.1", false],
  ["224.0.0.1", false],
  ["255.255.255.255", false],
  ["0.0.0.0", false],
  ["::", false],
  ["::1", false],
  ["[::ffff:8.8.8.8]", false],
  ["::ffff:7f00:1", false],
  ["fe80::1%eth0", false],
  ["fd00::1", false],
  ["ff02::1", false],
  ["64:ff9b::808:808", false],
  ["2002:808:808::", false],
  ["2001::1", false],
  ["2001:db8::1", false],
  ["1.2.3", false],
  ["256.1.1.1", false],
  ["example.com", false],
  ["", false],
  ["1:2:3:4:5:6:7:8:9", false],
  ["2606::1::2", false],
] as const)("%s is public: %s", (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});

test("knows addresses from names", () => {
  expect(["[::1]", "1.2.3.4", "a.b", "1.2.3.4.com", "127.1"].map(isAddress)).toEqual([true, true, false, false, false]);
});

test("says of private networks what the lists of Node say", () => {
  const list = new BlockList();
  for (const [address, bits] of [["10.0.0.0", 8], ["127.0.0.0", 8], ["169.254.0.0", 16], ["172.16.0.0", 12], ["192.168.0.0", 16], ["100.64.0.0", 10], ["224.0.0.0", 3], ["0.0.0.0", 8]] as const) {
    list.addSubnet(address, bits);
  }
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      if (list.check(address)) expect(isPublicAddress(address)).toBe(false);
      else if (!/^19[28]\.|^203\./.test(address)) expect(isPublicAddress(address)).toBe(true);
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { anyEntries, anyPath } from "../../test/support/any-entry.ts";
import { entryToJson } from "../../test/support/entry-json.ts";
import type { Entry } from "./entry.ts";
import { decodePage, encodeParent, LeafWriter, type PageChild, pageLinks } from "./page.ts";
import { comparePaths } from "./path-order.ts";

function encodeLeaf(entries: readonly Entry[]) {
  const leaf = new LeafWriter();
  for (const entry of entries) leaf.add(entry);
  return leaf.finish();
}

const anyChildren: fc.Arbitrary<PageChild[]> = fc
  .uniqueArray(
    fc.record({
      firstPath: anyPath,
      page: fc.integer({ min: 0, max: 9 }).map((number) => sha256(Buffer.of(number))),
      entries: fc.nat(),
      bytes: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    }),
    { minLength: 1, maxLength: 12, selector: ({ firstPath }) => firstPath.toString("latin1") },
  )
  .map((children) => children.sort((a, b) => comparePaths(a.firstPath, b.firstPath)));

test("any entries are read back as they were, and written again to the same bytes", () => {
  fc.assert(
    fc.property(anyEntries(20), (entries) => {
      const { plain, links, entries: count, bytes } = encodeLeaf(entries);
      const page = decodePage(plain);
      const read = "entries" in page ? page.entries : [];
      expect(read.map(entryToJson)).toEqual(entries.map(entryToJson));
      expect(encodeLeaf(read).plain.equals(plain)).toBe(true);
      expect(pageLinks(plain).equals(links)).toBe(true);
      expect(count).toBe(entries.length);
      expect(bytes).toBe(entries.reduce((sum, entry) => sum + (entry.type === "file" ? entry.sizeBytes : 0), 0));
    }),
    { numRuns: 300 },
  );
});

test("any children are read back as they were", () => {
  fc.assert(
    fc.property(anyChildren, fc.integer({ min: 1, max: 16 }), (children, level) => {
      const { plain, links } = encodeParent(level, children);
      expect(decodePage(plain)).toEqual({ level, children });
      expect(pageLinks(plain).equals(links)).toBe(true);
    }),
  );
});

test("a page that was altered anywhere is read as another page or refused, and never crashes", () => {
  fc.assert(
    fc.property(anyEntries(6), fc.nat(), fc.integer({ min: 1, max: 255 }), (entries, place, flip) => {
      const { plain } = encodeLeaf(entries);
      const altered = Buffer.from(plain);
      const at = place % altered.length;
      altered[at] = (altered[at] ?? 0) ^ flip;
      for (const bytes of [altered, altered.subarray(0, at)]) {
        try {
          decodePage(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(HoldfastError);
          expect(error).toMatchObject({ code: "format/malformed" });
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test("bytes of any kind behind the magic never crash a reader", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodePage(Buffer.concat([Buffer.from("HFPG\u0001"), bytes]));
      } catch (error) {
        expect(error).toMatchObject({ code: "format/malformed" });
      }
    }),
    { numRuns: 2000 },
  );
});

test("what is read does not change when the page's memory is used for something else", () => {
  const entry: Entry = {
    path: Buffer.from("a"),
    type: "symlink",
    target: Buffer.from("target"),
    mode: 0o777,
    owner: { uid: 0, gid: 0, user: "root", group: "root" },
    mtimeSeconds: 0,
    mtimeNanoseconds: 0,
    attributes: [{ name: Buffer.from("user.a"), value: Buffer.from("value") }],
    linkGroup: Buffer.alloc(8, 1),
  };
  const { plain } = encodeLeaf([entry]);
  const page = decodePage(plain);
  plain.fill(0);
  expect("entries" in page && page.entries).toEqual([entry]);
});

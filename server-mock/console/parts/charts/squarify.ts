/**
 * Squarified treemaps: areas in proportion to sizes, and near to squares. (Bruls, Huizing, van Wijk: Squarified Treemaps, 2000.) Pure.
 */
export interface Tile<Item> {
  readonly item: Item;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Room {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Largest first, from the top left; what has no size gets no tile. */
export function squarify<Item>(
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  { width, height }: { readonly width: number; readonly height: number },
): readonly Tile<Item>[] {
  const sorted = items.filter((item) => sizeOf(item) > 0).toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const total = sorted.reduce((sum, item) => sum + sizeOf(item), 0);
  if (total === 0 || width <= 0 || height <= 0) return [];
  const scale = (width * height) / total;
  const tiles: Tile<Item>[] = [];
  let room: Room = { left: 0, top: 0, width, height };
  for (let from = 0; from < sorted.length; ) {
    const side = Math.min(room.width, room.height);
    const areas = [scale * sizeAt(sorted, from, sizeOf)];
    // A row grows as long as its worst tile gets no worse.
    while (from + areas.length < sorted.length) {
      const wider = [...areas, scale * sizeAt(sorted, from + areas.length, sizeOf)];
      if (worst(wider, side) > worst(areas, side)) break;
      areas.push(wider.at(-1) ?? 0);
    }
    const { placed, left } = place(areas, room, restArea(sorted, from + areas.length, sizeOf) * scale);
    for (const [index, box] of placed.entries()) {
      const item = sorted[from + index];
      if (item !== undefined) tiles.push({ item, ...box });
    }
    room = left;
    from += areas.length;
  }
  return tiles;
}

const restArea = <Item>(items: readonly Item[], from: number, sizeOf: (item: Item) => number): number =>
  items.slice(from).reduce((sum, item) => sum + sizeOf(item), 0);

const sizeAt = <Item>(items: readonly Item[], index: number, sizeOf: (item: Item) => number): number => {
  const item = items[index];
  return item === undefined ? 0 : sizeOf(item);
};

/** The longest side in relation to the shortest, of a row along `side`. */
function worst(areas: readonly number[], side: number): number {
  const sum = areas.reduce((total, area) => total + area, 0);
  const [largest, smallest] = [Math.max(...areas), Math.min(...areas)];
  return Math.max((side ** 2 * largest) / sum ** 2, sum ** 2 / (side ** 2 * smallest));
}

/** Along the shorter side of the room, of which `restArea` is left: by subtraction nothing might be, for what is tiny. */
function place(
  areas: readonly number[],
  room: Room,
  restArea: number,
): { readonly placed: readonly Room[]; readonly left: Room } {
  const sum = areas.reduce((total, area) => total + area, 0);
  const isColumn = room.width >= room.height;
  const thickness = sum / (isColumn ? room.height : room.width);
  let offset = 0;
  const placed = areas.map((area): Room => {
    const length = area / thickness;
    const box = isColumn
      ? { left: room.left, top: room.top + offset, width: thickness, height: length }
      : { left: room.left + offset, top: room.top, width: length, height: thickness };
    offset += length;
    return box;
  });
  const left = isColumn
    ? { ...room, left: room.left + thickness, width: restArea / room.height }
    : { ...room, top: room.top + thickness, height: restArea / room.width };
  return { placed, left };
}

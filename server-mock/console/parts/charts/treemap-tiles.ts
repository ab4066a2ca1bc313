/** Which tiles a treemap shows: what would be too small to be hit or read is put together. Pure. */
import { squarify, type Tile } from "./squarify.ts";

/** The shortest side that a finger hits. */
export const TILE_MIN = 28;
const TILES_MAX = 60;

export interface Sized {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
}

export interface Others {
  readonly id: "";
  readonly sizeBytes: number;
  readonly count: number;
}

export type Shown<Item extends Sized> = Item | Others;

export const isOthers = <Item extends Sized>(shown: Shown<Item>): shown is Others => shown.id === "";

export function treemapTiles<Item extends Sized>(
  items: readonly Item[],
  room: { readonly width: number; readonly height: number },
): readonly Tile<Shown<Item>>[] {
  const sorted = items.filter(({ sizeBytes }) => sizeBytes > 0).toSorted((a, b) => b.sizeBytes - a.sizeBytes);
  for (let count = Math.min(sorted.length, TILES_MAX); count > 0; count--) {
    const rest = sorted.slice(count);
    const others: Others = {
      id: "",
      count: rest.length,
      sizeBytes: rest.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    };
    const shown: Shown<Item>[] = [...sorted.slice(0, count), ...(rest.length === 0 ? [] : [others])];
    const tiles = squarify(shown, ({ sizeBytes }) => sizeBytes, room);
    const fits = tiles.every(({ item, width, height }) => isOthers(item) || Math.min(width, height) >= TILE_MIN);
    if (fits || count === 1) return tiles;
  }
  return [];
}

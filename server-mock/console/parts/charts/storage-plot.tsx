/** The drawn part of a storage chart. Loaded when there is one to be drawn. */
import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatBytes } from "../../../../base/format-bytes.ts";
import { shortDay } from "./day-names.ts";
import type { StorageDay } from "./storage-chart.tsx";

export interface StoragePlotProps {
  readonly days: readonly StorageDay[];
  readonly height: number;
  /** Where the pointer is; undefined: nowhere. */
  readonly onPoint: (day: StorageDay | undefined) => void;
}

const COLORS = {
  light: { line: "#0b7a55", fill: "#0b7a5524", limit: "#a04100", grid: "#e5e8ec", text: "#545c66" },
  dark: { line: "#4fd1a5", fill: "#4fd1a52e", limit: "#ffb26b", grid: "#3a4048", text: "#a9b1bd" },
} as const;

/** A limit that is so many times what is used would press the curve flat: it is said, not drawn. */
const LIMIT_WITHIN = 4;
const ABOVE = 1.08;

export function StoragePlot({ days, height, onPoint }: StoragePlotProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const place = useRef<HTMLDivElement>(null);
  const colors = COLORS[useComputedColorScheme("light")];
  const told = useRef(onPoint);
  told.current = onPoint;
  useEffect(() => {
    if (place.current === null || width === 0) return;
    const used = days.map(({ usedBytes }) => usedBytes);
    const most = Math.max(1, ...used);
    const limits = days.map(({ limitBytes }) =>
      limitBytes === null || limitBytes > most * LIMIT_WITHIN ? null : limitBytes,
    );
    const top = Math.max(most, ...limits.map((limit) => limit ?? 0)) * ABOVE;
    const axis = { stroke: colors.text, font: "12px system-ui, sans-serif", ticks: { show: false } } as const;
    const plot = new uPlot(
      {
        width,
        height,
        legend: { show: false },
        padding: [12, 8, 0, 0],
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
        scales: { x: { time: true }, y: { range: [0, top] } },
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 28,
            splits: () => labelled(days),
            values: (_, splits) => splits.map((seconds) => shortDay(new Date(seconds * 1000).toISOString())),
          },
          {
            ...axis,
            size: 56,
            grid: { stroke: colors.grid, width: 1 },
            values: (_, splits) => splits.map((value) => (value === 0 ? "0" : formatBytes(value))),
          },
        ],
        series: [
          {},
          { stroke: colors.line, width: 2, fill: colors.fill, points: { show: days.length === 1 } },
          {
            stroke: colors.limit,
            width: 2,
            dash: [6, 4],
            points: { show: false },
            ...(uPlot.paths.stepped === undefined ? {} : { paths: uPlot.paths.stepped({ align: 1 }) }),
          },
        ],
        hooks: {
          setCursor: [({ cursor: { idx } }) => told.current(idx == null ? undefined : days[idx])],
        },
      },
      [days.map(({ day }) => Date.parse(day) / 1000), used, limits],
      place.current,
    );
    return () => plot.destroy();
  }, [days, height, width, colors]);
  return (
    <div ref={ref}>
      <div ref={place} />
    </div>
  );
}

const LABELS = 4;

/** Days that are named below, evenly spread, none at the very edge. */
function labelled(days: readonly StorageDay[]): number[] {
  const step = Math.max(1, days.length / LABELS);
  const places = Array.from({ length: Math.min(LABELS, days.length) }, (_, index) => Math.floor((index + 0.5) * step));
  return places.flatMap((place) => (days[place] === undefined ? [] : [Date.parse(days[place].day) / 1000]));
}

/** What keys make of a question: its answer, and whether a restore that was looked at first is made. */
import type { Key } from "./keys.ts";
import { type Browse, type Existing, type Mode, type RestoreWish, type Step, still } from "./model.ts";

const TEXT_MAX = 4096;

export function typed(state: Browse, mode: Mode & { kind: "ask" }, key: Key): Step {
  const said = (text: string): Step => still({ ...state, mode: { ...mode, text } });
  switch (key) {
    case "escape":
      return still({ ...state, mode: state.before });
    case "backspace":
      return mode.text === ""
        ? still({ ...state, mode: state.before })
        : said(Array.from(mode.text).slice(0, -1).join(""));
    case "ctrl-u":
      return said("");
    case "enter":
      return answered(state, mode);
    default:
      return Array.from(key).length === 1 && mode.text.length < TEXT_MAX ? said(mode.text + key) : still(state);
  }
}

function answered(state: Browse, { what, text }: Mode & { kind: "ask" }): Step {
  if (text.trim() === "") return still({ ...state, mode: state.before });
  switch (what) {
    case "date":
      return { state: { ...state, mode: state.before }, wishes: [{ kind: "date", text }] };
    case "name": {
      const { snapshot, withDeleted: everywhere } = state;
      const mode = { kind: "found", pattern: text, hits: [], isDone: false, cursor: 0, top: 0 } as const;
      const search = { kind: "search", snapshot, pattern: text, everywhere } as const;
      return { state: { ...state, mode, before: { kind: "tree" } }, wishes: [{ kind: "stop" }, search] };
    }
    case "target":
      return planned(state, { target: text.trim(), chosen: [...state.chosen.values()], existing: "rename" });
  }
}

function planned(state: Browse, wish: RestoreWish): Step {
  const mode = { kind: "plan", plan: undefined, ...wish } as const;
  return { state: { ...state, mode, before: { kind: "tree" } }, wishes: [{ kind: "stop" }, { kind: "plan", ...wish }] };
}

const NEXT_EXISTING: Readonly<Record<Existing, Existing>> = { rename: "keep", keep: "overwrite", overwrite: "rename" };

export function decided(state: Browse, mode: Mode & { kind: "plan" }, key: Key): Step {
  const { target, chosen, existing } = mode;
  switch (key) {
    case "e":
      return planned(state, { target, chosen, existing: NEXT_EXISTING[existing] });
    case "enter":
    case "y":
      if (mode.plan === undefined) return still(state);
      return {
        state: { ...state, mode: { kind: "restoring", target, progress: undefined } },
        wishes: [{ kind: "restore", target, chosen, existing }],
      };
    case "escape":
    case "q":
    case "n":
      return { state: { ...state, mode: { kind: "tree" }, note: "Nothing was restored." }, wishes: [{ kind: "stop" }] };
    default:
      return still(state);
  }
}

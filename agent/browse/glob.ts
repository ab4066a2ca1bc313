/**
 * Globs, matched by following all ways at once: no pattern takes more than its length times the text's. A regular expression that tries one way after the
 * other takes years for `*a*a*a*a*a*a*a*b`, and patterns and names come from strangers.
 */

type Step =
  | { readonly kind: "one"; readonly isOne: (character: string) => boolean }
  /** `*`: within a folder. */
  | { readonly kind: "many" }
  /** `**`: across folders. */
  | { readonly kind: "any" }
  /** `**` and a slash: no folders, or some; `inside` follows. */
  | { readonly kind: "folders" }
  | { readonly kind: "inside" };

/** Without regard to upper and lower case. An open bracket that is never closed stands for itself. */
export function globMatcher(glob: string): (text: string) => boolean {
  const steps = stepsOf(glob);
  let now = new Uint8Array(steps.length + 1);
  let then = new Uint8Array(steps.length + 1);
  return (text) => {
    now.fill(0);
    now[0] = 1;
    for (const character of text) {
      if (!advance(steps, { now, then }, character)) return false;
      [now, then] = [then, now];
    }
    skip(steps, now);
    return now[steps.length] === 1;
  };
}

/** One character further; false: nowhere. */
function advance(
  steps: readonly Step[],
  { now, then }: { now: Uint8Array; then: Uint8Array },
  character: string,
): boolean {
  skip(steps, now);
  then.fill(0);
  const folded = fold(character);
  let isAnywhere = false;
  for (const [at, step] of steps.entries()) {
    if (now[at] === 0) continue;
    const stays = step.kind === "any" || step.kind === "inside" || (step.kind === "many" && character !== "/");
    const goesOn = step.kind === "one" ? step.isOne(folded) : step.kind === "inside" && character === "/";
    if (stays) then[at] = 1;
    if (goesOn) then[at + 1] = 1;
    isAnywhere ||= stays || goesOn;
  }
  return isAnywhere;
}

/** What may be nothing is passed over. */
function skip(steps: readonly Step[], now: Uint8Array): void {
  for (const [at, { kind }] of steps.entries()) {
    if (now[at] === 0 || kind === "one" || kind === "inside") continue;
    now[at + 1] = 1;
    if (kind === "folders") now[at + 2] = 1;
  }
}

function stepsOf(glob: string): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < glob.length; ) {
    const rest = glob.slice(at);
    const [taken, ...more] = firstOf(rest);
    at += taken.length;
    // A second star of a kind adds nothing.
    const [first] = more;
    if (first?.kind === "one" || first?.kind !== steps.at(-1)?.kind) steps.push(...more);
  }
  return steps;
}

function firstOf(rest: string): readonly [taken: string, ...steps: readonly Step[]] {
  const [whole = "", not, members = ""] = /^\[([!^]?)(\]?[^\]/]+)\]/.exec(rest) ?? [];
  if (rest.startsWith("**/")) return ["**/", { kind: "folders" }, { kind: "inside" }];
  if (rest.startsWith("**")) return ["**", { kind: "any" }];
  if (rest.startsWith("*")) return ["*", { kind: "many" }];
  if (rest.startsWith("?")) return ["?", { kind: "one", isOne: (character) => character !== "/" }];
  if (whole !== "") {
    const set = new RegExp(`^[${not ? "^/" : ""}${setSource(members)}]$`, "isu");
    return [whole, { kind: "one", isOne: (character) => set.test(character) }];
  }
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  const wanted = fold(character);
  return [character, { kind: "one", isOne: (folded) => folded === wanted }];
}

/** Both ways, since some letters have two small ones (\u03c3 and \u03c2). What would become two characters stays as it is. */
function fold(character: string): string {
  const folded = character.toLowerCase().toUpperCase();
  return folded.length === character.length ? folded : character.toLowerCase();
}

/** Ranges stay ranges when they go upwards; everything else is a plain character. */
function setSource(members: string): string {
  const characters = [...members];
  let source = "";
  for (let at = 0; at < characters.length; at++) {
    const [from = "", dash, to] = characters.slice(at, at + 3);
    source += plain(from);
    if (dash !== "-" || to === undefined || from > to) continue;
    source += `-${plain(to)}`;
    at += 2;
  }
  return source;
}

const plain = (character: string): string => character.replace(/[\\\]^[-]/, "\\$&");

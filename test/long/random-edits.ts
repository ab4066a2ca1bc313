/** What people and programs do to a folder, at random: the same seed does the same to the same tree. Paths are Latin-1, which keeps every byte. */
import {
  appendFileSync,
  chmodSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { platform } from "../../agent/disk/platform/platform.ts";
import { systemCode } from "../../base/system-reason.ts";
import { type SeededRandom, seededRandom } from "../../bench/workloads/seeded-random.ts";

/** How often each thing happens, roughly as where people and programs work. */
const WEIGHTS = {
  overwrite: 20,
  append: 20,
  create: 14,
  save: 10,
  remove: 12,
  truncate: 4,
  rename: 6,
  chmod: 3,
  times: 2,
  symlink: 1.5,
  hardLink: 1.5,
  attribute: 2,
  makeFolder: 2,
  moveFolder: 0.5,
  chmodFolder: 0.5,
  removeFolder: 0.3,
  moveOut: 0.35,
  moveIn: 0.35,
};
type Kind = keyof typeof WEIGHTS;

export interface EditsOptions {
  /** Absolute; made, with the tree in it. */
  readonly root: string;
  /** Absolute; what is moved out goes there, and comes back. On the same disk. */
  readonly outside: string;
  readonly files: number;
  readonly seed: number;
  /** chokidar doesn't see into folders with other names (decision 0023); macOS and Windows have none. */
  readonly hasTextNamesOnly: boolean;
}

const FILES_A_FOLDER = 18;

export class RandomEdits {
  readonly #options: EditsOptions;
  readonly #random: SeededRandom;
  readonly #files: string[] = [];
  readonly #folders: string[];
  readonly #out: string[] = [];
  #made = 0;
  /** How often each was done. */
  readonly done: Record<string, number> = {};

  constructor(options: EditsOptions) {
    this.#options = options;
    this.#random = seededRandom("edits", options.seed);
    this.#folders = [options.root];
    for (const folder of [options.root, options.outside]) mkdirSync(folder, { recursive: true });
    while (this.#files.length < options.files) {
      const folder = this.#newFolder();
      for (let n = 0; n < FILES_A_FOLDER && this.#files.length < options.files; n++) this.#create(folder);
    }
  }

  /** One, chosen at random. What is not there any more is left alone. */
  edit(): void {
    const kind = this.#keptInBounds(this.#random.weighted(WEIGHTS));
    try {
      this.#do(kind);
      this.done[kind] = (this.done[kind] ?? 0) + 1;
    } catch (error) {
      // Names are forgotten late: what went with its folder, or a link without its file.
      const code = (systemCode(error) ?? "").replace("ERR_FS_", "");
      if (!["ENOENT", "ENOTDIR", "EEXIST", "EISDIR", "ELOOP", "EINVAL", "EMLINK", "EPERM", "ENOTEMPTY"].includes(code))
        throw error;
    }
  }

  /** So many at once, most of them in one new folder: an unpacked archive, a build, a checkout. */
  storm(count: number): void {
    const folder = this.#newFolder();
    for (let n = 0; n < count / 2; n++) this.#create(this.#random.number() < 0.02 ? this.#newFolder(folder) : folder);
    for (let n = 0; n < count / 2; n++) this.edit();
    this.done.storm = (this.done.storm ?? 0) + 1;
    rmSync(disk(folder), { recursive: true, force: true }); // It may have been moved by then.
  }

  /** What was moved out is gone for good: it may hold other names of what is in the tree, which no snapshot has. */
  emptyOutside(): void {
    this.#out.length = 0;
    rmSync(this.#options.outside, { recursive: true });
    mkdirSync(this.#options.outside);
  }

  #keptInBounds(kind: Kind): Kind {
    if (this.#files.length < this.#options.files * 0.95 && (kind === "remove" || kind === "removeFolder"))
      return "create";
    if (this.#files.length > this.#options.files * 1.05 && (kind === "create" || kind === "makeFolder"))
      return "remove";
    return kind;
  }

  #do(kind: Kind): void {
    const random = this.#random;
    switch (kind) {
      case "overwrite":
        writeFileSync(disk(this.#file()), this.#content());
        break;
      case "append":
        appendFileSync(disk(this.#file()), this.#content());
        break;
      case "create":
        this.#create(this.#folder());
        break;
      case "save": {
        // As editors do: beside it, then in its place.
        const file = this.#file();
        const beside = `${file}.tmp`;
        writeFileSync(disk(beside), this.#content());
        renameSync(disk(beside), disk(file));
        break;
      }
      case "remove":
        rmSync(disk(this.#takeFile()));
        break;
      case "truncate":
        truncateSync(disk(this.#file()), random.integer(0, 2000));
        break;
      case "rename": {
        const to = this.#newName(this.#folder());
        renameSync(disk(this.#takeFile()), disk(to));
        this.#files.push(to);
        break;
      }
      case "chmod":
        chmodSync(disk(this.#file()), random.pick([0o600, 0o644, 0o755, 0o640]));
        break;
      case "times": {
        const at = random.integer(1, 1_700_000_000);
        lutimesSync(disk(this.#file()), at, at);
        break;
      }
      case "symlink": {
        const link = this.#newName(this.#folder());
        symlinkSync(disk(this.#file()), disk(link));
        this.#files.push(link);
        break;
      }
      case "hardLink": {
        const link = this.#newName(this.#folder());
        // Never written through: when a name comes, is written through and goes between two backups, no watcher knows the file's other
        // names (docs/agent.md); a walk finds it.
        linkSync(disk(this.#file()), disk(link));
        break;
      }
      case "attribute":
        platform.attributes?.set(
          disk(this.#file()),
          Buffer.from(`user.edit${random.integer(0, 2)}`),
          random.bytes(20),
          "link",
        );
        break;
      case "makeFolder":
        this.#newFolder();
        break;
      case "moveFolder": {
        const [from, to] = [this.#smallFolder(), this.#newName(this.#folder())];
        renameSync(disk(from), disk(to));
        this.#renamed(from, to);
        break;
      }
      case "chmodFolder":
        chmodSync(disk(this.#folder()), random.pick([0o700, 0o755, 0o775]));
        break;
      case "removeFolder": {
        const folder = this.#smallFolder();
        rmSync(disk(folder), { recursive: true });
        this.#renamed(folder, undefined);
        break;
      }
      case "moveOut": {
        const [folder, to] = [this.#smallFolder(), this.#newName(latin1(this.#options.outside))];
        renameSync(disk(folder), disk(to));
        this.#out.push(to);
        this.#renamed(folder, undefined);
        break;
      }
      case "moveIn": {
        const from = this.#out.pop();
        if (from === undefined) break;
        const to = this.#newName(this.#folder());
        renameSync(disk(from), disk(to));
        this.#folders.push(to);
        for (const name of readdirSync(disk(to), "latin1")) this.#files.push(`${to}/${name}`);
        break;
      }
    }
  }

  #create(folder: string): void {
    const file = this.#newName(folder);
    writeFileSync(disk(file), this.#content());
    this.#files.push(file);
  }

  #newFolder(above = this.#folder()): string {
    const folder = this.#newName(above);
    mkdirSync(disk(folder));
    this.#folders.push(folder);
    return folder;
  }

  /** Most are small; some are empty, some large. */
  #content(): Buffer {
    const random = this.#random;
    const kind = random.number();
    if (kind < 0.05) return Buffer.alloc(0);
    if (kind > 0.9995) return random.bytes(random.integer(300_000, 2_000_000));
    return random.bytes(random.integer(1, kind < 0.9 ? 1_000 : 20_000));
  }

  #newName(folder: string): string {
    const odd = this.#random.number();
    const number = ++this.#made;
    if (odd < 0.002 && !this.#options.hasTextNamesOnly) return `${folder}/\xff\xfe${number}`; // Not UTF-8.
    if (odd < 0.01) return `${folder}/${latin1(`Übung "${number}" 🗎\n`)}`;
    return `${folder}/${number}`;
  }

  #file = (): string => this.#files[this.#random.integer(0, this.#files.length - 1)] ?? this.#options.root;

  /** From the list, too. */
  #takeFile(): string {
    const at = this.#random.integer(0, this.#files.length - 1);
    const file = this.#files[at] ?? this.#options.root;
    this.#files[at] = this.#files.at(-1) ?? file;
    this.#files.pop();
    return file;
  }

  #folder(): string {
    const at = this.#random.integer(0, this.#folders.length - 1);
    const folder = this.#folders[at] ?? this.#options.root;
    // Not ever deeper, or the last ones could not be named.
    if (folder.length < 1_000 && lstatSync(disk(folder), { throwIfNoEntry: false })?.isDirectory()) return folder;
    return this.#options.root;
  }

  /** Not the root, nor one with half the tree below it. */
  #smallFolder(): string {
    for (let tries = 0; tries < 50; tries++) {
      const folder = this.#folder();
      if (folder === this.#options.root) continue;
      const names = readdirSync(disk(folder), { encoding: "latin1", withFileTypes: true });
      if (names.filter((each) => each.isDirectory()).length <= 2) return folder;
    }
    return this.#newFolder(this.#options.root);
  }

  /** Without a new name: gone. */
  #renamed(from: string, to: string | undefined): void {
    for (const list of [this.#files, this.#folders]) {
      let kept = 0;
      for (const path of list) {
        const isBelow = path === from || path.startsWith(`${from}/`);
        if (!isBelow) list[kept++] = path;
        else if (to !== undefined) list[kept++] = to + path.slice(from.length);
      }
      list.length = kept;
    }
  }
}

const disk = (path: string): Buffer => Buffer.from(path, "latin1");
const latin1 = (text: string): string => Buffer.from(text).toString("latin1");

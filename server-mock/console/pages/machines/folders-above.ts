/** A folder and all above it, from the top. Paths begin with `/`; the top's name is `/`. */
export function foldersAbove(folder: string): readonly { readonly path: string; readonly name: string }[] {
  const names = folder.split("/").filter((name) => name !== "");
  return [
    { path: "/", name: "/" },
    ...names.map((name, index) => ({ path: `/${names.slice(0, index + 1).join("/")}`, name: plain(name) })),
  ];
}

/** As people read it: `%25` is a percent sign; bytes that are no text stay spelled. */
const plain = (name: string): string => name.replaceAll("%25", "%");

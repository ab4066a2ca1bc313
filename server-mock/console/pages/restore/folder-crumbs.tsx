import { Fragment } from "react";
import { Link } from "wouter";
import { text } from "../../messages/messages.ts";
import { NameText } from "../../parts/name-text.tsx";
import { crumbsOf, ROOT } from "./spelled-path.ts";
import type { PlaceState } from "./use-place.ts";

/** From the machine down to the folder that is shown; each step is a link. */
export function FolderCrumbs({ place, machine }: { readonly place: PlaceState; readonly machine: string }) {
  const crumbs = [{ name: machine, path: ROOT }, ...crumbsOf(place.folder)];
  return (
    <nav aria-label={text.restore.folder}>
      <ol className="folder-crumbs">
        {crumbs.map(({ name, path }, at) => (
          <Fragment key={path}>
            <li>
              {at > 0 && <span aria-hidden="true">›</span>}
              {at === crumbs.length - 1 && place.search === "" ? (
                <strong aria-current="location">
                  <NameText value={name} />
                </strong>
              ) : (
                <Link href={place.hrefOf({ folder: path, search: "" })} className="entry-open">
                  <NameText value={name} />
                </Link>
              )}
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}

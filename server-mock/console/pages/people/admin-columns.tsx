/** Admins as rows. */
import { Anchor, Badge } from "@mantine/core";
import { Link } from "wouter";
import type { AdminView } from "../../../../protocol/messages/roles.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { shortDate } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";

const { admins: says } = text.people;

export const AdminState = ({ state }: Pick<AdminView, "state">) => (
  <Badge variant="dot" color={COLORS[state] ?? "gray"}>
    {text.users.states[state]}
  </Badge>
);

const COLORS: Readonly<Partial<Record<AdminView["state"], string>>> = { active: "teal", suspended: "orange" };

/** `own`: of who looks. */
export const adminColumns = (own: string): readonly Column<AdminView>[] => [
  {
    id: "email",
    title: says.columns.email,
    isMain: true,
    cell: ({ id, email }) => (
      <>
        <Anchor component={Link} href={paths.admin(id)} inherit>
          <NameText value={email} />
        </Anchor>{" "}
        {id === own && says.you}
      </>
    ),
  },
  { id: "name", title: says.columns.name, cell: ({ name }) => <NameText value={name} /> },
  {
    id: "role",
    title: says.columns.role,
    cell: ({ role }) => (role === null ? says.everything : <NameText value={role.name} />),
  },
  { id: "state", title: says.columns.state, cell: ({ state }) => <AdminState state={state} /> },
  {
    id: "factor",
    title: says.columns.factor,
    cell: ({ hasSecondFactor }) => (hasSecondFactor ? says.on : says.off),
  },
  { id: "created", title: says.columns.created, cell: ({ createdAt }) => shortDate(createdAt) },
];

/** Rights as a table to tick: areas down, verbs across. Only what the reader has is there. */
import { Checkbox, Input, Table, Text } from "@mantine/core";
import type { Capability } from "../../../protocol/capabilities.ts";
import { text } from "../messages/messages.ts";
import { type CapabilityRow, capabilityRows, toggled, VERBS } from "./capability-rows.ts";
import "./capability-table.css";

const { roles: says } = text.people;

export interface CapabilityTableProps {
  /** Those that can be given. */
  readonly own: readonly Capability[];
  readonly chosen: readonly string[];
  readonly isReadOnly?: boolean;
  readonly error?: string | undefined;
  readonly onChange: (chosen: readonly string[]) => void;
}

export function CapabilityTable({ own, chosen, isReadOnly = false, error, onChange }: CapabilityTableProps) {
  const rows = capabilityRows(own);
  const verbs = VERBS.filter((verb) => rows.some((row) => row.verbs[verb] !== undefined));
  return (
    <div>
      <Input.Label component="div">{says.rightsTitle}</Input.Label>
      <Input.Description mb={6}>{says.rightsHint}</Input.Description>
      <section className="table-box" aria-label={says.rightsTitle}>
        <Table className="capability-table" verticalSpacing={4} aria-label={says.rightsTitle}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{says.area}</Table.Th>
              {verbs.map((verb) => (
                <Table.Th key={verb} scope="col" className="verb-cell">
                  {says.verbs[verb]}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.area}>
                <Table.Th scope="row">
                  {areaName(row)}
                  {row.area === "restores" && (
                    <Text size="xs" c="dimmed" fw={400}>
                      {says.areaHints.restores}
                    </Text>
                  )}
                </Table.Th>
                {verbs.map((verb) => {
                  const capability = row.verbs[verb];
                  return (
                    <Table.Td key={verb} className="verb-cell">
                      {capability !== undefined && (
                        <Checkbox
                          aria-label={says.checkbox(areaName(row), says.verbs[verb])}
                          checked={chosen.includes(capability)}
                          disabled={isReadOnly}
                          onChange={(event) => onChange(toggled(row, verb, event.currentTarget.checked, chosen))}
                        />
                      )}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      {error !== undefined && <Input.Error role="alert">{error}</Input.Error>}
    </div>
  );
}

const AREAS: Readonly<Record<string, string>> = { ...says.areas, ...says.serviceAreas };
const areaName = ({ area }: CapabilityRow): string => AREAS[area] ?? area;

/** `Users: View, Edit` for people. */
export const capabilitiesText = (capabilities: readonly Capability[]): string =>
  capabilityRows(capabilities)
    .map((row) => {
      const verbs = VERBS.filter((verb) => row.verbs[verb] !== undefined).map((verb) => says.verbs[verb]);
      return `${areaName(row)}: ${verbs.join(", ")}`;
    })
    .join("; ");

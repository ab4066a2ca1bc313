/**
 * The HTML of a mail, drawn again with our own components: only the elements that our letters have, only their texts. Nothing of it runs, loads or
 * styles anything, so it needs no frame of its own.
 */
import { Anchor, Divider, List, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { visibleText } from "./name-text.tsx";

/** `depth`: of the first heading, below the page's. */
export function MailBody({ html, depth = 3 }: { readonly html: string; readonly depth?: 3 | 4 }) {
  // Styles are for mail programs; the page's policy forbids them even in a document that is only read.
  const { body } = new DOMParser().parseFromString(html.replace(/ style="[^"]*"/g, ""), "text/html");
  return <div className="mail-body">{childrenOf(body, depth)}</div>;
}

const childrenOf = (node: Node, depth: 3 | 4): ReactNode[] =>
  [...node.childNodes].map((child, index) => drawn(child, `${index}`, depth));

function drawn(node: Node, key: string, depth: 3 | 4): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return visibleText(node.textContent?.replaceAll("\n", " ") ?? "");
  if (!(node instanceof HTMLElement)) return null;
  const inner = childrenOf(node, depth);
  switch (node.tagName) {
    case "P":
      return (
        <Text key={key} size="sm" my="xs">
          {inner}
        </Text>
      );
    case "H2":
      return (
        <Title key={key} order={depth} size="h5" mt="md" mb={4}>
          {inner}
        </Title>
      );
    case "HR":
      return <Divider key={key} my="sm" />;
    case "UL":
      return (
        <List key={key} size="sm">
          {inner}
        </List>
      );
    case "LI":
      return <List.Item key={key}>{inner}</List.Item>;
    case "PRE":
      return (
        <Text key={key} component="pre" size="sm" ff="monospace" className="mail-pre">
          {inner}
        </Text>
      );
    case "A":
      // A picture of the mail: where it leads is written below each button.
      return (
        <Anchor key={key} component="span" size="sm">
          {inner}
        </Anchor>
      );
    case "TABLE":
      return (
        <div key={key} className="table-box">
          <Table withTableBorder withColumnBorders verticalSpacing={4} highlightOnHover={false} w="auto">
            <MailRows table={node} depth={depth} />
          </Table>
        </div>
      );
    default:
      return inner;
  }
}

function MailRows({ table, depth }: { readonly table: HTMLElement; readonly depth: 3 | 4 }) {
  const [head, ...rows] = [...table.querySelectorAll("tr")];
  const columns = head?.children.length ?? 1;
  return (
    <>
      <Table.Thead>
        <Table.Tr>
          {[...(head?.children ?? [])].map((cell) => (
            <Table.Th key={cell.textContent}>{childrenOf(cell, depth)}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a mail never move.
          <Table.Tr key={at}>
            {[...row.children].map((cell, place) => (
              <Table.Td
                // biome-ignore lint/suspicious/noArrayIndexKey: as above.
                key={place}
                {...(row.children.length === 1 ? { colSpan: columns } : {})}
              >
                {childrenOf(cell, depth)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </>
  );
}

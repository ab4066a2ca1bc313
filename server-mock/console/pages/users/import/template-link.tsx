/** A file to fill in, made here: it has what the import reads. */
import { Anchor } from "@mantine/core";
import { text } from "../../../messages/messages.ts";

const { import: words } = text.users;

const TEMPLATE = [
  "Username,Email,External ID,User Group,Type,Storage Limit,Devices",
  "Ann Berg,ann@example.com,E-1001,,Desktop,50 GB,2",
  "File server,files@example.com,,,Server,,1",
  "",
].join("\r\n");

export function TemplateLink() {
  return (
    <Anchor
      size="sm"
      href={`data:text/csv;charset=utf-8,${encodeURIComponent(TEMPLATE)}`}
      download={words.templateFile}
    >
      {words.template}
    </Anchor>
  );
}

/** Organization Settings. */
import { Alert, Group, Text } from "@mantine/core";
import type { OrganizationDetails } from "../../../../protocol/messages/organizations.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { CopyText } from "../../parts/copy-text.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { shortDate } from "../../parts/relative-time.tsx";
import { useSession } from "../../session/session.tsx";
import { MissingPage } from "../missing-page.tsx";
import { OrganizationForm } from "./organization-form.tsx";
import { RecoveryCertificates } from "./recovery-certificates.tsx";

const { facts: says, readOnly, title } = text.organization;

export function OrganizationPage() {
  const { isOwner } = useSession();
  return isOwner ? <MissingPage /> : <OwnOrganization />;
}

function OwnOrganization() {
  const { can } = useSession();
  const { data, error, refetch } = useRead("ownOrganization");
  if (data === undefined && error === null) return <PageSkeleton />;
  return (
    <Page title={title}>
      {data === undefined ? (
        <ErrorBox error={error} onRetry={() => void refetch()} />
      ) : (
        <>
          {!can("organization.edit") && <Alert color="gray">{readOnly}</Alert>}
          <OrganizationFacts organization={data} />
          <OrganizationForm key={data.id} organization={data} isReadOnly={!can("organization.edit")} />
          <RecoveryCertificates isReadOnly={!can("organization.edit")} />
        </>
      )}
    </Page>
  );
}

function OrganizationFacts({ organization }: { readonly organization: OrganizationDetails }) {
  const { edition, createdAt, logInUrl, settings } = organization;
  return (
    <Facts
      rows={[
        [
          says.edition,
          <Group key="edition" gap={6}>
            <Text span fw={600} inherit>
              {says.editions[edition]}
            </Text>
            <Text span inherit c="dimmed">
              {`${says.editionHints[edition]}. ${says.editionBy}`}
            </Text>
          </Group>,
        ],
        [says.created, shortDate(createdAt)],
        [
          says.logInUrl,
          logInUrl === null || !settings.usersLogIn ? (
            says.noLogIn
          ) : (
            <CopyText key="url" value={logInUrl} label={says.logInUrl} />
          ),
        ],
      ]}
    />
  );
}

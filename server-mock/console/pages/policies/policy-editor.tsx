/** The client configuration that one level says: of each setting whether it is set here, locked, or where it comes from. For organizations, groups and machines. */
import { Button, Group, Stack, Text } from "@mantine/core";
import type { PolicySettings, PolicyView } from "../../../../protocol/messages/policies.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { FormNotes } from "../../parts/form-notes.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { notify } from "../../parts/notify.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { Theirs, useSeenVersion } from "../../parts/seen-version.tsx";
import { type ApiForm, useApiForm } from "../../parts/use-api-form.ts";
import { useSession } from "../../session/session.tsx";
import { BackupSetFields } from "./backup-set-fields.tsx";
import { BandwidthFields } from "./bandwidth-fields.tsx";
import { cleanSettings } from "./clean-settings.ts";
import { type PlacedPolicy, type PolicyPlace, usePolicy } from "./policy-place.ts";
import { ScheduleFields } from "./schedule-fields.tsx";
import { Setting } from "./setting.tsx";
import { SETTING_NAMES, type SettingName, settingLines } from "./setting-lines.ts";
import {
  AgentVersionFields,
  KeyKindFields,
  LocationFields,
  WarningDaysField,
  WebRestoreField,
} from "./small-fields.tsx";

export interface PolicyValues extends Record<string, unknown> {
  readonly settings: PolicySettings;
}
export type PolicyForm = ApiForm<PolicyValues>;

export function PolicyEditor({ place }: { readonly place: PolicyPlace }) {
  const policy = usePolicy(place);
  const { view, error, refetch } = policy;
  if (view === undefined) return error ? <ErrorBox error={error} onRetry={() => void refetch()} /> : <PageSkeleton />;
  return <EditorForm key={`${view.holder} ${view.kind}`} view={view} save={policy.save} />;
}

function EditorForm({ view, save }: { readonly view: PolicyView; readonly save: PlacedPolicy["save"] }) {
  const { can } = useSession();
  const seen = useSeenVersion(view);
  const form = useApiForm<PolicyValues>({
    draft: `policy-${view.holder}-${view.kind}`,
    initial: { settings: view.settings },
  });
  const mayEdit = can("policies.edit");
  const shared = { form, inherited: view.inherited, mayEdit };
  return (
    <form
      noValidate
      onSubmit={form.sending(async ({ settings }) => {
        await seen.guard((version) => save(cleanSettings(settings), version));
        notify(text.policies.saved);
      })}
    >
      <Stack gap="md">
        <FormNotes form={form} />
        <Theirs seen={seen} current={view} fields={THEIRS} />
        <Text size="sm" c="dimmed">
          {view.changedAt === null || view.changedBy === null ? (
            text.policies.neverChanged
          ) : (
            <>
              {text.policies.changedBy(visibleText(view.changedBy))}, <RelativeTime at={view.changedAt} />
            </>
          )}
          {!mayEdit && ` ${text.policies.mayNotEdit}`}
        </Text>
        <Setting name="backupSets" {...shared} render={(props) => <BackupSetFields {...props} />} />
        <Setting name="schedules" {...shared} render={(props) => <ScheduleFields {...props} />} />
        <Setting name="bandwidth" {...shared} render={(props) => <BandwidthFields {...props} />} />
        <Setting name="keyKinds" {...shared} render={(props) => <KeyKindFields {...props} />} />
        <Setting name="warningDays" {...shared} render={(props) => <WarningDaysField {...props} />} />
        <Setting name="locations" {...shared} render={(props) => <LocationFields {...props} />} />
        <Setting name="webRestore" {...shared} render={(props) => <WebRestoreField {...props} />} />
        <Setting name="agentVersion" {...shared} render={(props) => <AgentVersionFields {...props} />} />
        {mayEdit && (
          <Group className="sticky-actions">
            <Button type="submit" loading={form.isSending}>
              {text.common.save}
            </Button>
            {JSON.stringify(form.values.settings) !== JSON.stringify(view.settings) && (
              <Button variant="default" onClick={form.startAfresh}>
                {text.common.discardDraft}
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </form>
  );
}

const shownAt =
  (name: SettingName) =>
  ({ settings }: PolicyView): string =>
    linesOf(settings, name)?.join("; ") ?? text.policies.inheritedFrom("…");

/** undefined: it says nothing of it. */
function linesOf<Name extends SettingName>(settings: PolicySettings, name: Name): readonly string[] | undefined {
  const said = settings[name];
  return said === undefined ? undefined : settingLines<Name>(name, said.value as never); // The value under this very name.
}

const THEIRS = SETTING_NAMES.map((name) => [text.policies.settings[name], shownAt(name)] as const);

/** Subject, when, to whom, of which groups: what reports and e-mail alerts that are mailed regularly have in common. */
import { Checkbox, NativeSelect, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { text } from "../../messages/messages.ts";
import { GroupScope } from "../../parts/group-scope.tsx";
import { timeZones } from "../../parts/time-zones.ts";
import type { ApiForm } from "../../parts/use-api-form.ts";
import { useSession } from "../../session/session.tsx";
import type { ScheduleValues } from "./schedule-values.ts";

const { form: labels, frequencies, weekdays } = text.reports;

const FREQUENCIES = Object.entries(frequencies).map(([value, label]) => ({ value, label }));
const WEEKDAYS = weekdays.map((label, index) => ({ value: String(index + 1), label }));

/** Forms with more fields pass theirs: only these are touched. */
export function ScheduleFields({ form }: { readonly form: ApiForm<ScheduleValues & Record<string, unknown>> }) {
  const { can } = useSession();
  const { values } = form;
  // `recipients.1` is a line of the one field.
  const recipientError = Object.entries(form.errors).find(([field]) => field.startsWith("recipients"))?.[1];
  const groupError = Object.entries(form.errors).find(([field]) => field.startsWith("groups"))?.[1];
  return (
    <>
      <TextInput label={labels.subject} description={labels.subjectHint} required {...form.getInputProps("subject")} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NativeSelect label={labels.frequency} data={FREQUENCIES} {...form.getInputProps("frequency")} />
        <TextInput label={labels.time} type="time" required {...form.getInputProps("time")} />
        {values.frequency === "weekly" && (
          <NativeSelect label={labels.weekday} data={WEEKDAYS} {...form.getInputProps("weekday")} />
        )}
        {values.frequency === "monthly" && (
          <TextInput
            label={labels.monthday}
            description={labels.monthdayHint}
            type="number"
            min={1}
            max={31}
            required
            {...form.getInputProps("monthday")}
          />
        )}
        <NativeSelect
          label={labels.timeZone}
          data={[...timeZones(values.timeZone)]}
          {...form.getInputProps("timeZone")}
        />
      </SimpleGrid>
      {can("groups.view") && (
        <GroupScope
          label={labels.scope}
          scope={values.scope}
          groups={values.groups}
          error={typeof groupError === "string" ? groupError : undefined}
          allLabel={labels.scopeAll}
          chosenLabel={labels.scopeChosen}
          onScope={(scope) => form.setFieldValue("scope", scope)}
          onGroups={(groups) => form.setFieldValue("groups", groups)}
        />
      )}
      <Textarea
        label={labels.recipients}
        description={labels.recipientsHint}
        required
        autosize
        minRows={2}
        maxRows={8}
        {...form.getInputProps("recipients")}
        error={recipientError}
      />
      <Checkbox
        label={labels.isActive}
        description={labels.isActiveHint}
        {...form.getInputProps("isActive", { type: "checkbox" })}
      />
    </>
  );
}

import { visibleText } from "./name-text.tsx";

/** An address that somebody chose: where it must break, it breaks before the @. */
export function EmailText({ value }: { readonly value: string }) {
  const shown = visibleText(value);
  const at = shown.lastIndexOf("@");
  return (
    <bdi className="email-text">
      {at > 0 ? (
        <>
          {shown.slice(0, at)}
          <wbr />
          {shown.slice(at)}
        </>
      ) : (
        shown
      )}
    </bdi>
  );
}

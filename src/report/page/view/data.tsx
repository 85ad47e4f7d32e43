/** Data for the page's script, as JSON that cannot end its element. */
export function Data({ id, value }: { id: string; value: unknown }) {
  return (
    <script
      type="application/json"
      id={id}
      dangerouslySetInnerHTML={{ __html: jsonInHtml(value) }}
    />
  );
}

/** JSON has no 64-bit integers, NaN or infinities: they become text. */
const plain = (_: string, value: unknown) =>
  typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))
    ? String(value)
    : value;

export function jsonInHtml(value: unknown): string {
  return JSON.stringify(value, plain).replaceAll(/[<>&\u2028\u2029]/g, (mark) => {
    return `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

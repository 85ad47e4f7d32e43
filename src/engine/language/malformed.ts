/** What to write in place of what is not a reference: expressions, defaults, resolvers. */

const operand = String.raw`([A-Za-z_]\w*|[-+]?[\d.]+(?:e[-+]?\d+)?)`;
const product = new RegExp(`^${operand}\\s*(?:\\*\\s*${operand}\\s*)+$`);
const quotient = new RegExp(`^${operand}\\s*/\\s*${operand}$`);

/** @param written - from `${` to `}` */
export function hintForMalformed(written: string): string {
  const inner = written.replace(/^\$\{|\}$/g, "").trim();
  const derived = (formula: string) =>
    `there are no expressions: write derived: { name: { ${formula} } }, then "\${name}"`;
  const [, dividend, divisor] = quotient.exec(inner) ?? [];
  if (dividend !== undefined) return derived(`divide: [${dividend}, ${divisor}]`);
  if (product.test(inner)) return derived(`multiply: [${inner.split(/\s*\*\s*/).join(", ")}]`);
  const [, list, index] = /^(\w+)\[["']?([\w-]+)["']?\]$/.exec(inner) ?? [];
  if (list !== undefined) return `write \${${list}.${index}}`;
  const [, plain] = /^\{\s*([\w.]+)\s*\}?$/.exec(inner) ?? [];
  if (plain !== undefined) return `write \${${plain}}`;
  if (/^[\w.]+:/.test(inner)) {
    return "there are no defaults and no resolvers: write the value under params:, and override it with --set";
  }
  if (/[-+*/%()]/.test(inner)) {
    return "there are no expressions; derived: has products and quotients of params, and a node can compute the rest";
  }
  return `write \${name} or \${axis.key}; $\${ is a literal \${`;
}

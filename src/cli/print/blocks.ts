/** A line of blocks, of which a share is full. */
export function blocks(share: number, width: number): string {
  const full = Math.max(0, Math.min(width, Math.floor(share * width)));
  return "█".repeat(full) + "░".repeat(width - full);
}

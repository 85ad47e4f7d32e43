/** Words of a command line that a person may copy into a shell. Knows no command. */

/** The text as one word: as it is where a shell takes it so, else in quotes. */
export function shellWord(text: string): string {
  return /^[\w./=:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The output of the launcher: plain lines, coloured only on a terminal. */
export interface Terminal {
  line(text: string): void;
  step(text: string): void;
  failed(text: string): void;
  /** A block of `name  value` lines, aligned. */
  table(rows: readonly (readonly [string, string])[]): void;
}

export const createTerminal = (out: NodeJS.WriteStream): Terminal => {
  const startedAt = performance.now();
  // A reader that goes away (make up | head) does not end the stack.
  out.on('error', () => {});
  const paint = (code: number, text: string): string => (out.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);
  const line = (text: string): void => void out.write(`${text}\n`);
  return {
    line,
    step: (text) => line(`${paint(90, `${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s`)}  ${text}`),
    failed: (text) => line(paint(31, text)),
    table(rows) {
      const width = Math.max(...rows.map(([name]) => name.length));
      for (const [name, value] of rows) line(`  ${paint(1, name.padEnd(width))}  ${value}`);
    },
  };
};

import { createFileAtomically, readOrCreatePrivateFile, writeFileAtomically } from '@guildhall/files';

/** Does one thing with a file in a process of its own: `replace` goes on until it is killed. */
const [how = '', file = '', bytes = '0'] = process.argv.slice(2);
const contents = ['a', 'b'].map((letter) => letter.repeat(Number(bytes)));

/** Runs at the time that the parent names, to the millisecond, so that processes do it at once. */
const atSameTime = (run: () => void): void => {
  process.on('message', (atMs: number) => {
    while (Date.now() < atMs);
    run();
  });
};

switch (how) {
  case 'replace':
    writeFileAtomically(file, contents[0] ?? '');
    process.send?.('first');
    for (let turn = 1; ; turn += 1) writeFileAtomically(file, contents[turn % 2] ?? '', { isDurable: false });
  case 'create':
    atSameTime(() => {
      process.send?.(createFileAtomically(file, String(process.pid)) ? String(process.pid) : 'late');
    });
    process.send?.('ready');
    break;
  case 'read-or-create':
    atSameTime(() => process.send?.(readOrCreatePrivateFile(file, () => String(process.pid).repeat(400_000))));
    process.send?.('ready');
    break;
  default:
    throw new Error(`There is no way ${how}.`);
}

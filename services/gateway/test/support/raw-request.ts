import { connect } from 'node:net';

/** Sends bytes as they are and answers with everything that came back until the server closed or `isEnough`. */
export const sendRaw = (url: string, bytes: string, isEnough: (text: string) => boolean = () => false): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) }, () => void socket.write(bytes));
    let text = '';
    socket.setTimeout(20_000, () => {
      reject(new Error(`neither closed nor answered enough: ${text}`));
      socket.destroy();
    });
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (isEnough(text)) socket.destroy();
    });
    socket.on('error', (error) => (text === '' ? reject(error) : resolve(text)));
    socket.on('close', () => resolve(text));
  });

/** The statuses of the answers in a raw text. */
export const statusesOf = (raw: string): number[] => [...raw.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

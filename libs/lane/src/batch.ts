import { messageCharactersTarget } from './protocol.ts';

/** Items of one turn of the event loop, to be sent as one message. */
export interface Batch {
  /** Adds an item, written. It is sent at the end of the turn, or with this call when the message has become long. */
  add(item: string): void;
  /** Sends what waits. */
  flush(): void;
  /** True while something waits. */
  isGathering(): boolean;
}

/** Gathers items into messages, each a JSON list. `send` is called once a turn, and once more for each message that has become long. */
export const createBatch = (send: (message: string) => void): Batch => {
  let items: string[] = [];
  let characters = 0;
  let turn: NodeJS.Immediate | undefined;
  const flush = (): void => {
    clearImmediate(turn);
    turn = undefined;
    if (items.length === 0) return;
    const message = `[${items.join(',')}]`;
    items = [];
    characters = 0;
    send(message);
  };
  return {
    add(item) {
      items.push(item);
      characters += item.length;
      if (characters >= messageCharactersTarget) flush();
      else turn ??= setImmediate(flush);
    },
    flush,
    isGathering: () => items.length > 0,
  };
};

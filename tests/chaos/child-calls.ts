import { fork, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Calls of functions in a process of its own. Both sides are given the same type of calls. */

export type Calls = Readonly<Record<string, (argument: never) => Promise<void>>>;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly argument?: Serializable;
}
/** The answer to the call of that id; 0 answers none and says that the process is ready. */
interface Answer {
  readonly id: number;
  readonly ready?: Serializable;
  readonly fault?: string;
}

const reply = (message: Answer): void => void process.send?.(message);

/** Answers the calls of the process that forked this one, and ends with it. `ready` is what it is told first. */
export const answerCalls = (calls: Calls, ready: Serializable): void => {
  const run = async ({ name, argument }: Call): Promise<void> => {
    const call = calls[name];
    if (call === undefined) throw new Error(`There is no call ${name}.`);
    await call(argument as never);
  };
  process.on('message', (call: Call) => {
    run(call).then(
      () => reply({ id: call.id }),
      (error: unknown) => reply({ id: call.id, fault: String(error) }),
    );
  });
  process.once('disconnect', () => process.exit(0));
  reply({ id: 0, ready });
};

export interface CalledProcess<Made extends Calls, Ready> {
  readonly ready: Ready;
  call<Name extends keyof Made & string>(name: Name, ...argument: Parameters<Made[Name]>): Promise<void>;
  /** Lets the process end, and waits for it. */
  end(): Promise<void>;
}

/** Starts a module of this folder that answers calls, and resolves when it is ready. */
export const forkCalls = async <Made extends Calls, Ready extends Serializable>(
  file: string,
  args: readonly string[],
): Promise<CalledProcess<Made, Ready>> => {
  const child = fork(join(import.meta.dirname, file), [...args], { execArgv: [] });
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  const expectAnswer = (id: number): Promise<Answer> => {
    const answer = Promise.withResolvers<Answer>();
    waiting.set(id, answer);
    return answer.promise;
  };
  child.on('message', (answer: Answer) => {
    const { resolve, reject } = waiting.get(answer.id) ?? {};
    waiting.delete(answer.id);
    if (answer.fault === undefined) resolve?.(answer);
    else reject?.(new Error(answer.fault));
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} has ended with code ${code}.`));
  });
  let lastId = 0;
  const { ready } = await expectAnswer(lastId);
  return {
    ready: ready as Ready,
    call: async (name, ...[argument]) => {
      lastId += 1;
      const answered = expectAnswer(lastId);
      child.send({ id: lastId, name, argument } satisfies Call);
      await answered;
    },
    end: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
};

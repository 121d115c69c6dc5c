import { useEffect, useEffectEvent, useState } from 'react';

/** The pause after which a text is taken as typed, in milliseconds. */
const settledMs = 250;

/** A text once nothing more was typed for a moment: what is half a word is not searched for. */
export const useSettled = (text: string, pauseMs = settledMs): string => {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text, pauseMs]);
  return settled;
};

export interface Typed {
  /** What the field shows: the text under the hands, else the one that is sought. */
  readonly text: string;
  readonly type: (text: string) => void;
  /** Seeks what was typed so far at once. */
  readonly settle: () => void;
}

/** A text that is typed, and sought for once nothing more was typed for a moment. A page that is left in between is not sought in. */
export const useTyped = (sought: string, onSeek: (text: string) => void): Typed => {
  const [typed, setTyped] = useState<string | null>(null);
  const seek = (text: string): void => {
    onSeek(text);
    setTyped(null);
  };
  const onPause = useEffectEvent(seek);
  useEffect(() => {
    if (typed === null) return undefined;
    const timer = setTimeout(() => onPause(typed), settledMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return {
    text: typed ?? sought,
    type: setTyped,
    settle: () => {
      if (typed !== null) seek(typed);
    },
  };
};

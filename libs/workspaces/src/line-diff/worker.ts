import type { LineDiff } from '@guildhall/contracts';
import { diffLines } from './diff-lines.ts';

// Runs in a worker thread: the event loop of a process compares no long texts.

export default ({ from, to }: { readonly from: string; readonly to: string }): LineDiff => diffLines(from, to);

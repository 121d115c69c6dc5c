import { isSecondStep, type SignInAnswer } from '../core/challenges.ts';
import { tokensAnswer } from './browser-session.ts';

/** The answer to a first factor that was right: 200 with the tokens of a session, 202 with the challenge of the second step. */
export const toSignInAnswer = (answer: SignInAnswer, isInCookie: boolean) =>
  isSecondStep(answer) ? ({ status: 202, body: answer } as const) : tokensAnswer(answer, isInCookie);

import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { submitting } from '../ui/field.tsx';
import { Problem } from '../ui/notice.tsx';

interface RequestFormParts {
  readonly request: { readonly error: Error | null; readonly isPending: boolean; mutate(input: undefined): void };
  /** The label of the button that sends it. */
  readonly action: string;
  readonly look?: 'main' | 'danger';
  readonly isReady?: boolean;
  /** The error of something else that the form does. */
  readonly otherError?: unknown;
  /** Buttons beside the one that sends it. */
  readonly more?: ReactNode;
  readonly children: ReactNode;
}

/** A form that sends one request: why the last one was refused, its fields, and the button. */
export const RequestForm = ({ request, action, look = 'main', isReady = true, otherError, more, children }: RequestFormParts) => (
  <form className="stack" onSubmit={submitting(() => request.mutate(undefined))}>
    <Problem error={request.error ?? otherError} />
    {children}
    <div className="buttons">
      <Button type="submit" look={look} isBusy={request.isPending} disabled={!isReady}>
        {action}
      </Button>
      {more}
    </div>
  </form>
);

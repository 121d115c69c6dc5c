import { lazy, Suspense } from 'react';
import type { FormParts } from './form.tsx';

const LoadedForm = lazy(async () => {
  const { FormDialog } = await import('./form.tsx');
  return { default: (parts: FormParts<never>) => <FormDialog {...parts} /> };
});

/** A form that is loaded when it is first shown, for screens that are large without it. */
export const FormDialogLater = <Output,>(parts: FormParts<Output>) => (
  <Suspense>
    <LoadedForm {...(parts as unknown as FormParts<never>)} />
  </Suspense>
);

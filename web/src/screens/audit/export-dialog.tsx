import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select, submitting } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import type { Filters } from './events.ts';
import type { ExportFormat } from './export-records.ts';
import { exportTexts } from './export-texts.ts';
import { useExport } from './use-export.ts';

interface ExportParts {
  readonly filters: Filters;
  readonly onClose: () => void;
}

/** Saves the events that the search finds as a file, in the order of the log. */
export const ExportDialog = ({ filters, onClose }: ExportParts) => {
  const t = useTexts(exportTexts);
  const { number } = useFormat();
  const { format, choose, events, run, stop } = useExport(filters);
  const isCut = run.isError && events > 0;
  const close = (): void => {
    stop();
    onClose();
  };
  return (
    <Dialog title={t.title} onClose={close}>
      <form className="stack" onSubmit={submitting(() => run.mutate(undefined))}>
        <p className="muted">{Object.keys(filters).length === 0 ? t.all : t.filtered}</p>
        <Select
          label={t.format}
          value={format}
          disabled={run.isPending}
          onChange={(event) => choose(event.target.value as ExportFormat)}
        >
          <option value="ndjson">{t.ndjson}</option>
          <option value="csv">{t.csv}</option>
          <option value="ocsf">{t.ocsf}</option>
        </Select>
        {isCut ? <Notice look="warn">{t.cut(number(events))}</Notice> : <Problem error={run.error} />}
        {run.isPending ? <p role="status">{t.read(number(events))}</p> : null}
        {run.data === undefined ? null : <Notice look="good">{t.done(number(run.data.position.events))}</Notice>}
        <div>
          <Button type="submit" look="main" isBusy={run.isPending}>
            {isCut ? t.goOn : t.start}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};

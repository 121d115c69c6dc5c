import type { Script } from '@guildhall/contracts';
import { graphAddress } from '../../control-m/addresses.ts';
import { useScriptLinks } from '../../control-m/script-links.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { scriptTexts } from './texts.ts';

/** The jobs that run a script. Whoever may not read Control-M is shown nothing. */
export const RunBy = ({ script }: { readonly script: Script }) => {
  const t = useTexts(scriptTexts);
  const links = useScriptLinks(script.workspaceId, script.id);
  if (links.data === undefined) return null;
  return (
    <section aria-labelledby="run-by">
      <h2 id="run-by">{t.runBy}</h2>
      {links.data.size === 0 ? <p className="muted">{t.runByNone}</p> : null}
      <ul className="path-list">
        {[...links.data.keys()].map((path) => (
          <li key={path}>
            <Link to={graphAddress(script.workspaceId, path)}>{path}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
};

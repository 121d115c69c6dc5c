import { Notice } from './notice.tsx';

interface UnreadParts {
  readonly title: string;
  readonly parts: readonly { readonly part: string; readonly reason: string }[];
}

/** Names what could not be read, and why. Nothing where everything was. */
export const Unread = ({ title, parts }: UnreadParts) =>
  parts.length === 0 ? null : (
    <Notice look="warn" title={title}>
      <ul>
        {parts.map(({ part, reason }) => (
          <li key={part}>
            <strong>{part}</strong>: {reason}
          </li>
        ))}
      </ul>
    </Notice>
  );

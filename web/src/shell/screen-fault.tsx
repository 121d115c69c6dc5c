import { Component, type ReactNode } from 'react';
import { Problem } from '../ui/notice.tsx';

interface Fault {
  readonly error: unknown;
}

/** Shows the error of a screen that could not be drawn in its place: the rest of the page goes on. */
export class ScreenFault extends Component<{ readonly children: ReactNode }, Fault> {
  override state: Fault = { error: null };

  static getDerivedStateFromError(error: unknown): Fault {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === null ? this.props.children : <Problem error={error} onAgain={() => location.reload()} />;
  }
}

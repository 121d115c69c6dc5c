const name = 'guildhall.reloaded';

const storage = (run: (store: Storage) => void): void => {
  try {
    run(sessionStorage);
  } catch {
    // Storage is off: the person loads the page anew.
  }
};

/** Loads the page anew, once: a second time only after `screenCame` said that one helped. */
export const reloadOnce = (): void =>
  storage((store) => {
    if (store.getItem(name) === 'yes') return;
    store.setItem(name, 'yes');
    location.reload();
  });

/** Notes that the file of a screen has come. */
export const screenCame = (): void => storage((store) => store.removeItem(name));

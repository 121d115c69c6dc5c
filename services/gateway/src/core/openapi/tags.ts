/** The tags of the operations, in the order of the document. */
export const tags: readonly { readonly name: string; readonly description: string }[] = [
  {
    name: 'installation',
    description: 'Connecting this gateway to a shared database, moving to another one, going back to solo.',
  },
  { name: 'auth', description: 'Accounts, log-in, tokens and the devices that are signed in.' },
  { name: 'users and roles', description: 'The global roles and who holds them.' },
  { name: 'communities', description: 'Communities and their members: who shares work with whom.' },
  { name: 'invites', description: 'Invites into a community, to an address or by link.' },
  { name: 'workspaces', description: 'Workspaces: solo on this machine, or shared by a community.' },
  { name: 'scripts', description: 'The scripts of a workspace, with every saved version.' },
  { name: 'control-m', description: "The Control-M folders of a workspace, in BMC's 'jobs as code' form." },
  { name: 'audit', description: 'The audit trail: reading, exporting, following, proving and keeping it.' },
];

import { Type } from 'typebox';
import { group } from '../route.ts';
import { authTag } from './auth.ts';

export const sessionsLinkRoutes = group(authTag, {
  endSessionsByLink: {
    method: 'POST',
    path: '/v1/auth/logout/everywhere',
    summary: 'Sign every device out, and end every sign-in under way, by the link in a mail about a changed credential.',
    action: 'session.revoke',
    subject: { type: 'user', id: 'unknown' },
    body: {
      linkToken: Type.String({
        minLength: 1,
        maxLength: 1024,
        description: 'What stands in the link.',
        examples: ['9sDf0gHj1kLq2wEr3tYu4iOp5aSd6fGh7Zx8cVb7nMa9sDf0gHj1kLq2wEr3tYu4'],
      }),
    },
    responses: { 204: null },
    errors: ['WRONG_CODE'],
  },
});

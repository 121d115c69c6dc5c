import { defineTexts } from '../../i18n/texts.ts';

export const rejectedTexts = defineTexts(
  {
    title: 'Rejected events',
    lead: 'Messages that could not be stored as events of the trail. They wait here, and hold up no other.',
    none: 'No event was rejected',
    noneText: 'Every message so far became an event of the trail.',
    rejected: (when: string) => `rejected ${when}`,
    message: 'The message as it came',
    retry: 'Try again',
    retryOne: (id: string) => `Try again: ${id}`,
    stored: 'The event is stored, and stands in the trail.',
  },
  {
    title: '被拒绝的事件',
    lead: '无法作为审计事件存储的消息。它们在此等候,不会阻碍其他消息。',
    none: '没有被拒绝的事件',
    noneText: '至今每条消息都已成为审计事件。',
    rejected: (when) => `${when}被拒绝`,
    message: '消息原文',
    retry: '重试',
    retryOne: (id) => `重试:${id}`,
    stored: '事件已存储,并已进入审计记录。',
  },
);

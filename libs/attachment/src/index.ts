export { createAttachment, type Address, type Attachment, type AttachmentParts } from './attachment.ts';
export { addDatabaseRoutes } from './routes.ts';

/** True if a database can store the text unchanged: PostgreSQL has no NUL in texts, and UTF-8 no lone surrogate. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

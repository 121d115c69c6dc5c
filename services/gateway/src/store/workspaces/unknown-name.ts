/** The name of who made what lies in the solo file: the file keeps no names, not even those of the users whose work was copied. */
export const unknownName = '';

/** Why an answer did not come, or not to its end, for the reader. */
export interface Problem {
  message: string;
  requestId?: string;
  /** Fields that the server found wrong. */
  details: { field?: string; message: string }[];
}

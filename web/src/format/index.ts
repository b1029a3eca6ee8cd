export * from './bytes';
export * from './duration';
export * from './money';
export * from './number';
export * from './time';

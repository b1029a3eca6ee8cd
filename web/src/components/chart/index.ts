export { Chart } from './chart';
export { colourOfProvider, colourOfRest, colourOfState, coloursOf, distinct, palette } from './colours';
export { download, fileName, toCsv, type Cell } from './csv';
export type { ChartPoint, ChartSeries, ChartSpec } from './types';
export { useProviderColours } from './provider-colours';

import type { CrossAnswer } from '@/api/generated'

/** More than anybody reads on a page; the exported file has everything. */
const mostRows = 100
const mostCols = 62

export function cutCross({ rows, cols, cells }: CrossAnswer): CrossAnswer & { isCut: boolean } {
  return {
    rows: rows.slice(0, mostRows),
    cols: cols.slice(0, mostCols),
    cells: cells.slice(0, mostRows).map((line) => line.slice(0, mostCols)),
    isCut: rows.length > mostRows || cols.length > mostCols,
  }
}

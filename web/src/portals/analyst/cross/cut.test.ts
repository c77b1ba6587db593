import { expect, it } from 'vitest'
import { cutCross } from './cut'

const headings = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: String(index), name: '' }))

it('shows what a page has room for and says so', () => {
  const cells = Array.from({ length: 120 }, () => Array.from({ length: 70 }, () => 1))
  const cut = cutCross({ rows: headings(120), cols: headings(70), cells })
  expect([cut.rows.length, cut.cols.length, cut.cells.length, cut.cells[0]?.length]).toEqual([
    100, 62, 100, 62,
  ])
  expect(cut.isCut).toBe(true)
})

it('leaves a small one as it is', () => {
  const cut = cutCross({ rows: headings(1), cols: headings(2), cells: [[1, 2]] })
  expect(cut).toMatchObject({ cells: [[1, 2]], isCut: false })
})

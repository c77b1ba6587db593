import { QRCode } from 'antd'

/**
 * Dark on white in either look: not every scanner reads it the other way round. Whoever shows it says in words what it
 * is, as the drawing has no name of its own.
 */
export default function Code({ text, size }: { text: string; size: number }) {
  return (
    <div aria-hidden>
      <QRCode value={text} size={size} type="svg" errorLevel="M" color="#000000" bgColor="#ffffff" />
    </div>
  )
}

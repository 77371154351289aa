/** The mark and the name: a K of two strokes that lean on one. */
export function Wordmark({ size = 26 }: { size?: number }) {
  return (
    <span className="wordmark" style={{ fontSize: size }}>
      <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
        <path d="M9 5v22M9 19c7 0 12-5 13.5-12M13.5 18c4 1 7.5 4 9.5 9" />
      </svg>
      Kith
    </span>
  )
}

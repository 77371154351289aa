/** The same keys as `T`, with words of another language. Chinese has one form for all numbers, so `_one` may be missing. */
export type SameKeys<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : SameKeys<T[K]>
}

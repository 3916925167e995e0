/** Answers what `read` answered last for as long as it is younger than `milliseconds`; those who ask meanwhile share one reading. */
export function remembered<T>(milliseconds: number, read: () => Promise<T>): () => Promise<T> {
  let latest: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (latest === undefined || performance.now() - latest.at >= milliseconds) {
      const answer = read();
      latest = { at: performance.now(), answer };
      // a failure is not remembered
      answer.catch(() => {
        latest = undefined;
      });
    }
    return latest.answer;
  };
}

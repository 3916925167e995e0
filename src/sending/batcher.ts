interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Answers together what is asked under one key while an earlier answer is being found: under load one statement serves many, and a
 * single one waits for nobody.
 */
export function createBatcher<Ask, Answer>(
  answerAll: (key: string, asks: readonly Ask[]) => Promise<readonly Answer[]>,
): (key: string, ask: Ask) => Promise<Answer> {
  const queues = new Map<string, Waiting<Ask, Answer>[]>();
  const serve = async (key: string): Promise<void> => {
    for (let batch = queues.get(key) ?? []; batch.length > 0; batch = queues.get(key) ?? []) {
      queues.set(key, []);
      await answerBatch(key, batch, answerAll);
    }
    queues.delete(key);
  };
  return (key, ask) =>
    new Promise((resolve, reject) => {
      const queue = queues.get(key);
      if (queue !== undefined) queue.push({ ask, resolve, reject });
      else {
        queues.set(key, [{ ask, resolve, reject }]);
        void serve(key);
      }
    });
}

async function answerBatch<Ask, Answer>(
  key: string,
  batch: readonly Waiting<Ask, Answer>[],
  answerAll: (key: string, asks: readonly Ask[]) => Promise<readonly Answer[]>,
): Promise<void> {
  try {
    const answers = await answerAll(
      key,
      batch.map(({ ask }) => ask),
    );
    for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

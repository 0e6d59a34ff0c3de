//! One question to the database for all who ask the same at the same time.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

/// A question that many ask. While one is being answered, those who come wait, and the next is put for
/// all of them: what they learn is never older than their asking.
pub(crate) struct Together<T: Clone> {
    waiting: Mutex<Option<Shared<BoxFuture<'static, T>>>>,
    turn: tokio::sync::Mutex<()>,
}

impl<T: Clone> Default for Together<T> {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }
}

impl<T: Clone> fmt::Debug for Together<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Together")
    }
}

impl<T: Clone + Send + Sync + 'static> Together<T> {
    /// The answer to `question`, put after this was called by whoever asks first.
    pub async fn ask(self: &Arc<Self>, question: impl Future<Output = T> + Send + 'static) -> T {
        let shared = self
            .waiting()
            .get_or_insert_with(|| Arc::clone(self).next(question).boxed().shared())
            .clone();
        shared.await
    }

    async fn next(self: Arc<Self>, question: impl Future<Output = T> + Send) -> T {
        let _turn = self.turn.lock().await;
        // Who comes now comes too late for this one.
        drop(self.waiting().take());
        question.await
    }

    fn waiting(&self) -> MutexGuard<'_, Option<Shared<BoxFuture<'static, T>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    /// Asks `count` times at once; gives the answers and how often the question was put.
    async fn asked(count: usize) -> (Vec<usize>, usize) {
        let together = Arc::new(Together::default());
        let put = Arc::new(AtomicUsize::new(0));
        let ask = || {
            let put = Arc::clone(&put);
            together.ask(async move {
                let number = put.fetch_add(1, Ordering::SeqCst) + 1;
                tokio::task::yield_now().await;
                number
            })
        };
        let answers = join_all((0..count).map(|_| ask())).await;
        (answers, put.load(Ordering::SeqCst))
    }

    #[tokio::test]
    async fn those_who_ask_before_the_question_is_put_share_it() {
        let (answers, put) = asked(100).await;
        assert_eq!(answers.len(), 100);
        assert!(put < 100, "put {put} times");
        assert!(answers.iter().all(|answer| (1..=put).contains(answer)));
    }

    #[tokio::test]
    async fn who_asks_while_it_is_answered_waits_for_the_next() {
        let together = Arc::new(Together::default());
        let (begun, answer) = (
            Arc::new(tokio::sync::Notify::new()),
            Arc::new(tokio::sync::Notify::new()),
        );
        let first = tokio::spawn({
            let (together, begun, answer) = (
                Arc::clone(&together),
                Arc::clone(&begun),
                Arc::clone(&answer),
            );
            async move {
                let question = async move {
                    begun.notify_one();
                    answer.notified().await;
                    1
                };
                together.ask(question).await
            }
        });
        begun.notified().await;
        let late = together.ask(async { 2 });
        answer.notify_one();
        assert_eq!(late.await, 2);
        assert_eq!(first.await.unwrap(), 1);
    }

    #[tokio::test]
    async fn who_gives_up_holds_nobody_back() {
        let together = Arc::new(Together::default());
        let never = std::future::pending::<u8>();
        let given_up =
            tokio::time::timeout(std::time::Duration::from_millis(1), together.ask(never));
        assert!(given_up.await.is_err());
        assert_eq!(together.ask(async { 2 }).await, 2);
    }
}

//! What ends a loop's rest: news, which keep a wait that the loop was told to keep,
//! and *now*, which keeps none.

use tokio::sync::Notify;

/// The bell of one loop. Rung while nobody listens, it is heard at the next rest.
#[derive(Default)]
pub struct Bell {
    news: Notify,
    now: Notify,
}

/// What was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// There may be something new to do.
    News,
    /// Its person says *now*, or the connection is another one: no wait is kept.
    Now,
}

impl Bell {
    /// There may be something new to do.
    pub fn news(&self) {
        self.news.notify_one();
    }

    /// Try again now, whatever was told to wait.
    pub fn now(&self) {
        self.now.notify_one();
    }

    /// Waits for either.
    pub async fn heard(&self) -> Rung {
        tokio::select! {
            // One order: a run of a seed is the same every time.
            biased;
            () = self.now.notified() => Rung::Now,
            () = self.news.notified() => Rung::News,
        }
    }

    /// Waits for *now*; news are kept for later.
    pub async fn told_now(&self) {
        self.now.notified().await;
    }
}

use super::*;

/// A keychain whose app is killed while it answers: it does what it was asked, and nobody hears.
#[derive(Default)]
struct Killing {
    secrets: Mutex<BTreeMap<String, String>>,
}

#[async_trait]
impl Keychain for Killing {
    async fn get(&self, entry: &str) -> Result<Option<String>, Shut> {
        Ok(self.secrets.lock().unwrap().get(entry).cloned())
    }

    async fn put(&self, entry: &str, secret: &str) -> Result<(), Shut> {
        self.secrets.lock().unwrap().insert(entry.to_owned(), secret.to_owned());
        std::future::pending().await
    }

    async fn remove(&self, _entry: &str) -> Result<(), Shut> {
        Err(Shut)
    }
}

async fn tokens(folder: &std::path::Path, keychain: &Arc<Killing>) -> Tokens {
    let files = Blobs::open(folder).await.unwrap();
    let clock = Arc::new(Clock::virtual_from(0, 1));
    Tokens::new(Some(keychain.clone()), files, "here".into(), clock)
}

async fn found(tokens: &Tokens) -> Option<String> {
    match tokens.find("p").await.unwrap() {
        Found::Token(token) => token,
        Found::Shut | Found::Late(_) => panic!("it answers"),
    }
}

/// The app is killed after the keychain took a token and before it was heard, with and without
/// a file of the token before.
#[tokio::test(start_paused = true)]
async fn a_kill_while_a_token_is_kept_loses_none() {
    let (folder, keychain) = (tempfile::tempdir().unwrap(), Arc::new(Killing::default()));
    for (token, is_in_file) in [("first", false), ("second", true)] {
        let it = tokens(folder.path(), &keychain).await;
        if is_in_file {
            it.to_file("p", "an older one").await.unwrap();
        }
        tokio::select! {
            biased;
            _ = it.keep("p", token) => panic!("it was killed"),
            () = it.clock.sleep(Duration::from_secs(1)) => {}
        }
        drop(it);
        assert_eq!(found(&tokens(folder.path(), &keychain).await).await.as_deref(), Some(token));
    }
}

/// A keychain that does not answer is waited for once, and not at each token.
#[tokio::test(start_paused = true)]
async fn a_keychain_that_does_not_answer_costs_its_patience_once() {
    let (folder, keychain) = (tempfile::tempdir().unwrap(), Arc::new(Killing::default()));
    let it = tokens(folder.path(), &keychain).await;
    let began = it.clock.ticks_ms();
    for token in ["first", "second", "third"] {
        it.keep("p", token).await.unwrap();
        assert_eq!(it.in_file("p").await.unwrap().as_deref(), Some(token));
    }
    assert_eq!(it.clock.ticks_ms() - began, PATIENCE.as_millis() as i64);
    assert_eq!(found(&tokens(folder.path(), &keychain).await).await.as_deref(), Some("third"));
}

/// A keychain that is being unlocked.
#[derive(Default)]
struct Unlocking(tokio::sync::Notify);

#[async_trait]
impl Keychain for Unlocking {
    async fn get(&self, _entry: &str) -> Result<Option<String>, Shut> {
        Err(Shut)
    }

    async fn put(&self, _entry: &str, _secret: &str) -> Result<(), Shut> {
        self.0.notified().await;
        Ok(())
    }

    async fn remove(&self, _entry: &str) -> Result<(), Shut> {
        Ok(())
    }
}

/// What was moved goes from the file, and what came into it meanwhile stays.
#[tokio::test(start_paused = true)]
async fn a_token_that_comes_while_an_older_one_moves_into_the_keychain_stays_in_the_file() {
    let (folder, keychain) = (tempfile::tempdir().unwrap(), Arc::new(Unlocking::default()));
    let files = Blobs::open(folder.path()).await.unwrap();
    let clock = Arc::new(Clock::virtual_from(0, 1));
    let it = Tokens::new(Some(keychain.clone()), files, "here".into(), clock);
    for newer in [Some("newer"), None] {
        it.to_file("p", "older").await.unwrap();
        let comes = async {
            if let Some(newer) = newer {
                it.to_file("p", newer).await.unwrap();
            }
            keychain.0.notify_one();
        };
        tokio::join!(biased; it.move_in("p"), comes);
        assert_eq!(it.in_file("p").await.unwrap().as_deref(), newer);
    }
}

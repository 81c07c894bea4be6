//! The command line of `fieldline-server`.

#[path = "command/admin.rs"]
mod admin;

use fieldline_model::Role;
use fieldline_server::demo::Demo;
use fieldline_server::media::{Apart, Limits, Media, worker};
use fieldline_server::serve::{Certificate, Listener};
use fieldline_server::{Clock, Config, NewPerson, Server, demo};
use std::collections::BTreeMap;
use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;

const USAGE: &str = "\
fieldline-server init   --data DIR --workspace NAME --admin NAME --login LOGIN [--url URL]
fieldline-server admin VERB --data DIR [--OPTION VALUE …] [--url URL]
fieldline-server serve  --data DIR --listen ADDR [--tls-cert FILE --tls-key FILE]
                        [--behind-proxy] [--web DIR] [--log text|json] [--metrics-token-file FILE]
fieldline-server backup  --data DIR --to DIR
fieldline-server restore --from DIR --data DIR
fieldline-server demo   --data DIR --port PORT --hand-over FILE [--web DIR]

init sets a workspace up and prints a one-time link by which its admin sets a password.
admin does what the Configurator does, also while the server runs: `admin help` lists its verbs. It
prints a link, or what else is answered as JSON. Somebody is named by --login, or by --contact with a name,
number or address; --file stands for the text of a file, where a verb takes csv.
backup copies everything to a new folder; the server may be running. restore makes such a
copy the data of a new folder; devices then send again what it does not know.
serve says faults on standard error, with --log json as JSON with a line for each request. Who shows
the token in FILE reads /metrics; without one, who asks from this machine, unless --behind-proxy.
URL is how people reach the server; without it the link is for http://127.0.0.1:8080.";

/// What a message takes of the writer is to a tenth asking for memory and giving it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// What stands behind the command: `--name value`, or a bare `--name`.
struct Asked(BTreeMap<String, String>);

impl Asked {
    fn read(mut words: impl Iterator<Item = String>, bare: &[&str]) -> Outcome<Self> {
        let mut asked = BTreeMap::new();
        while let Some(word) = words.next() {
            let name =
                word.strip_prefix("--").ok_or_else(|| format!("{word} is not understood\n\n{USAGE}"))?;
            let value = if bare.contains(&name) { Some(String::new()) } else { words.next() };
            let value = value.ok_or_else(|| format!("--{name} needs a value"))?;
            if asked.insert(name.to_owned(), value).is_some() {
                return Err(format!("--{name} is there twice").into());
            }
        }
        Ok(Self(asked))
    }

    fn may(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    fn put(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }

    /// What nobody asked after yet.
    fn rest(self) -> BTreeMap<String, String> {
        self.0
    }

    fn must(&mut self, name: &str) -> Outcome<String> {
        self.may(name).ok_or_else(|| format!("--{name} is missing\n\n{USAGE}").into())
    }

    fn dir(&mut self) -> Outcome<PathBuf> {
        self.must("data").map(PathBuf::from)
    }

    /// Refuses what nobody asked after: a mistyped option must not be passed over.
    fn end(self) -> Outcome {
        match self.0.keys().next() {
            Some(name) => Err(format!("--{name} is not understood\n\n{USAGE}").into()),
            None => Ok(()),
        }
    }
}

fn main() {
    if let Err(error) = begin() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

/// The worker of a picture is no part of what people type, and starts before any thread.
fn begin() -> Outcome {
    let mut words = std::env::args().skip(1);
    if words.next().as_deref() == Some("media-worker") {
        let mut number = || words.next().and_then(|word| word.parse().ok()).ok_or("two numbers are missing");
        return Ok(worker::serve(&Limits { memory_bytes: number()?, cpu_s: number()? })?);
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run())
}

async fn run() -> Outcome {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let verb = if command == "admin" { words.next() } else { None };
    let asked = Asked::read(words, &["behind-proxy"])?;
    match command.as_str() {
        "init" => init(asked).await,
        "admin" => admin::run(verb.unwrap_or_default(), asked).await,
        "serve" => serve(asked).await,
        "backup" => backup(asked),
        "restore" => restore(asked),
        "demo" => run_demo(asked).await,
        _ => Err(USAGE.into()),
    }
}

/// Where the built web app is when nobody says: beside the program, or, at work on
/// it, in the repository.
fn web(asked: &mut Asked) -> Option<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("web")));
    let mut known = beside.into_iter().chain([PathBuf::from("ui/dist")]);
    asked.may("web").map(PathBuf::from).or_else(|| known.find(|dir| dir.join("index.html").is_file()))
}

fn link(url: Option<String>, secret: &str) -> String {
    let url = url.unwrap_or_else(|| "http://127.0.0.1:8080".into());
    format!("{}/#invite={secret}", url.trim_end_matches('/'))
}

async fn init(mut asked: Asked) -> Outcome {
    let (dir, workspace) = (asked.dir()?, asked.must("workspace")?);
    let admin =
        NewPerson { name: asked.must("admin")?, login: Some(asked.must("login")?), role: Role::Admin };
    let url = asked.may("url");
    asked.end()?;
    Server::found(&dir, &workspace, &Clock::system())?;
    let server = Server::open(Config::new(dir))?;
    let admin = server.add_person(admin).await.map_err(in_words)?;
    println!("{}", link(url, &server.invite(admin.id).await.map_err(in_words)?));
    Ok(())
}

/// The token in a file: an argument would show in every list of processes.
fn token_of(file: String) -> Outcome<String> {
    let token = std::fs::read_to_string(file)?.trim().to_owned();
    if token.len() < 22 {
        return Err("the token in --metrics-token-file is shorter than 22 characters".into());
    }
    Ok(token)
}

async fn serve(mut asked: Asked) -> Outcome {
    let (dir, address) = (asked.dir()?, asked.must("listen")?.parse::<SocketAddr>()?);
    let certificate = match (asked.may("tls-cert"), asked.may("tls-key")) {
        (Some(cert), Some(key)) => Some(Certificate { cert: cert.into(), key: key.into() }),
        (None, None) => None,
        _ => return Err("--tls-cert and --tls-key go together".into()),
    };
    let behind_proxy = asked.may("behind-proxy").is_some();
    let metrics_token = asked.may("metrics-token-file").map(token_of).transpose()?;
    match asked.may("log").as_deref() {
        None | Some("text") => {}
        Some("json") => fieldline_server::log::as_json(),
        Some(_) => return Err("--log is text or json".into()),
    }
    let web = web(&mut asked);
    asked.end()?;
    let media = Media::Apart(Apart::own()?);
    let server = Server::open(Config { behind_proxy, web, metrics_token, media, ..Config::new(dir) })?;
    let listener = Listener::bind(address, certificate, behind_proxy).await?;
    println!("listening on {}", listener.url()?);
    Ok(listener.serve(server, stopped()).await?)
}

fn backup(mut asked: Asked) -> Outcome {
    let (dir, to) = (asked.dir()?, PathBuf::from(asked.must("to")?));
    asked.end()?;
    report(fieldline_server::backup::backup(&dir, &to, &Clock::system())?);
    Ok(())
}

fn restore(mut asked: Asked) -> Outcome {
    let (from, dir) = (PathBuf::from(asked.must("from")?), asked.dir()?);
    asked.end()?;
    report(fieldline_server::backup::restore(&from, &dir, &Clock::system())?);
    Ok(())
}

fn report(copied: fieldline_server::backup::Copied) {
    println!("done: the database and {} photos", copied.blobs);
    if copied.damaged > 0 {
        println!("{} more photos are missing or damaged on the disk", copied.damaged);
    }
}

async fn run_demo(mut asked: Asked) -> Outcome {
    let dir = asked.dir()?;
    let port: u16 = asked.must("port")?.parse()?;
    let hand_over = PathBuf::from(asked.must("hand-over")?);
    let web = web(&mut asked);
    asked.end()?;
    let demo = Demo::open(dir, web, Media::Apart(Apart::own()?)).await?;
    let listener = Listener::bind(SocketAddr::from(([127, 0, 0, 1], port)), None, false).await?;
    let url = listener.url()?;
    demo.hand_over(&url, &hand_over)?;
    println!(
        "listening on {url}\nThe web app, with the demo's sign-in filled in: {}",
        demo.web_address(&url)
    );
    let customers = tokio::spawn(demo::customers::keep_coming(demo.visitors.clone(), url));
    let served = listener.serve(demo.server, stopped()).await;
    customers.abort();
    Ok(served?)
}

/// A refusal of the store at the command line.
fn in_words(stop: fieldline_server::store::Stop) -> Box<dyn Error> {
    use fieldline_server::store::Stop;
    match stop {
        Stop::Refused(problem) => format!("refused: {:?}", problem.code).into(),
        Stop::Fault(fault) => format!("{fault:?}").into(),
    }
}

/// Ends when the operator or the system says stop.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

//! The command line of `fieldline-server`.

use fieldline_model::offer::OFFER_DEFAULT_MS;
use fieldline_model::policy::Map;
use fieldline_model::{Module, QueueMode, Role};
use fieldline_server::demo::Demo;
use fieldline_server::serve::{Certificate, Listener};
use fieldline_server::{Clock, Config, Imported, NewPerson, Server, demo};
use std::collections::BTreeMap;
use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;

const USAGE: &str = "\
fieldline-server init   --data DIR --workspace NAME --admin NAME --login LOGIN [--url URL]
fieldline-server invite --data DIR --login LOGIN --name NAME --role agent|admin [--url URL]
fieldline-server invite --data DIR --contact NAME|NUMBER|ADDRESS [--url URL]
fieldline-server sign-out --data DIR --login LOGIN
fieldline-server module grant|take --data DIR --login LOGIN --module messaging.company
fieldline-server contacts import --data DIR --file FILE
fieldline-server queue  --data DIR --mode pick|offer [--seconds N]
fieldline-server map    --data DIR --tiles URL [--credit TEXT] | --off
fieldline-server canned set    --data DIR --shortcut WORD --text TEXT
fieldline-server canned list   --data DIR
fieldline-server canned remove --data DIR --shortcut WORD
fieldline-server serve  --data DIR --listen ADDR [--tls-cert FILE --tls-key FILE]
                        [--behind-proxy] [--web DIR] [--log text|json] [--metrics-token-file FILE]
fieldline-server backup  --data DIR --to DIR
fieldline-server restore --from DIR --data DIR
fieldline-server demo   --data DIR --port PORT --hand-over FILE [--web DIR]

init sets a workspace up and prints a one-time link by which its admin sets a password.
invite adds a person, or finds one by login, and prints such a link; with --contact it does so for
a client of the contact list, whose link works for 72 hours; the server may be running.
sign-out ends a person's sessions on every device; the server may be running.
module grants a person a module, or takes it away: messaging.company lets them start message
threads and choose who is in them; the server may be running.
contacts import adds the clients of a CSV file (a header of name, phone, email in any order) to
the contact list, or changes who is there already; the server may be running.
queue says whether agents pick from the picklist, or conversations are also offered to the
longest-idle available agent, each for N seconds (30, of 5 to 600); the server may be running.
map says where the tiles of the map come from: URL holds {z}, {x} and {y}; the server fetches and
keeps them, so that devices ask nobody else. TEXT is shown on every map.
canned keeps the texts staff insert by typing / and a word; {name} in one stands for the customer's
name; the server may be running.
backup copies everything to a new folder; the server may be running. restore makes such a
copy the data of a new folder; devices then send again what it does not know.
serve says faults on standard error, with --log json as JSON with a line for each request. Who shows
the token in FILE reads /metrics; without one, who asks from this machine, unless --behind-proxy.
URL is how people reach the server; without it the link is for http://127.0.0.1:8080.";

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

#[tokio::main]
async fn main() {
    if let Err(error) = run().await {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

async fn run() -> Outcome {
    let mut words = std::env::args().skip(1);
    let mut command = words.next().unwrap_or_default();
    if matches!(command.as_str(), "module" | "contacts" | "canned") {
        command = format!("{command} {}", words.next().unwrap_or_default());
    }
    let asked = Asked::read(words, &["behind-proxy", "off"])?;
    match command.as_str() {
        "init" => init(asked).await,
        "invite" => invite(asked).await,
        "sign-out" => sign_out(asked).await,
        "queue" => queue(asked).await,
        "map" => map(asked).await,
        "canned set" => set_canned(asked).await,
        "canned list" => list_canned(asked).await,
        "canned remove" => remove_canned(asked).await,
        "module grant" => module(asked, true).await,
        "module take" => module(asked, false).await,
        "contacts import" => import(asked).await,
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

async fn invite(mut asked: Asked) -> Outcome {
    if let Some(contact) = asked.may("contact") {
        return invite_client(asked, &contact).await;
    }
    let (dir, login, name) = (asked.dir()?, asked.must("login")?, asked.must("name")?);
    let role = match asked.must("role")?.as_str() {
        "agent" => Role::Agent,
        "admin" => Role::Admin,
        _ => return Err("--role is agent or admin".into()),
    };
    let url = asked.may("url");
    asked.end()?;
    let server = Server::open_beside(Config::new(dir))?;
    let who = match server.person_of(&login).await.map_err(in_words)? {
        Some(person) => person,
        None => server.add_person(NewPerson { name, login: Some(login), role }).await.map_err(in_words)?,
    };
    println!("{}", link(url, &server.invite(who.id).await.map_err(in_words)?));
    Ok(())
}

async fn invite_client(mut asked: Asked, contact: &str) -> Outcome {
    let (dir, url) = (asked.dir()?, asked.may("url"));
    asked.end()?;
    let server = Server::open_beside(Config::new(dir))?;
    let found = server.clients_called(contact).await.map_err(in_words)?;
    let [client] = found.as_slice() else {
        return Err(
            format!("{} clients are called {contact}; name one by number or address", found.len()).into()
        );
    };
    println!("{}", link(url, &server.invite_client(client.id).await.map_err(in_words)?));
    Ok(())
}

async fn sign_out(mut asked: Asked) -> Outcome {
    let (dir, login) = (asked.dir()?, asked.must("login")?);
    asked.end()?;
    let server = Server::open_beside(Config::new(dir))?;
    let who = server.person_of(&login).await.map_err(in_words)?.ok_or("nobody signs in with that login")?;
    server.sign_out_everywhere(who.id).await.map_err(in_words)
}

async fn module(mut asked: Asked, on: bool) -> Outcome {
    let (dir, login, module) = (asked.dir()?, asked.must("login")?, asked.must("module")?);
    asked.end()?;
    if module != "messaging.company" {
        return Err("--module is messaging.company".into());
    }
    let server = Server::open_beside(Config::new(dir))?;
    let who = server.person_of(&login).await.map_err(in_words)?.ok_or("nobody signs in with that login")?;
    server.grant(who.id, Module::MessagingCompany, on).await.map_err(in_words)
}

async fn import(mut asked: Asked) -> Outcome {
    let (dir, file) = (asked.dir()?, asked.must("file")?);
    asked.end()?;
    let csv = std::fs::read_to_string(file)?;
    let Imported { added, changed, same } =
        Server::open_beside(Config::new(dir))?.import_contacts(&csv).await?;
    println!("{added} clients are new, {changed} were changed, {same} were there already");
    Ok(())
}

async fn queue(mut asked: Asked) -> Outcome {
    let dir = asked.dir()?;
    let mode = match asked.must("mode")?.as_str() {
        "pick" => QueueMode::Pick,
        "offer" => QueueMode::Offer,
        _ => return Err("--mode is pick or offer".into()),
    };
    let seconds: i64 = asked.may("seconds").map_or(Ok(OFFER_DEFAULT_MS / 1000), |n| n.parse())?;
    asked.end()?;
    let server = Server::open_beside(Config::new(dir))?;
    server.set_queue(mode, seconds.saturating_mul(1000)).await.map_err(in_words)
}

async fn map(mut asked: Asked) -> Outcome {
    let dir = asked.dir()?;
    let map = match asked.may("off") {
        Some(_) => None,
        None => Some((asked.must("tiles")?, Map { credit: asked.may("credit").unwrap_or_default() })),
    };
    asked.end()?;
    Server::open_beside(Config::new(dir))?.set_map(map).await.map_err(in_words)
}

async fn set_canned(mut asked: Asked) -> Outcome {
    let (dir, shortcut, text) = (asked.dir()?, asked.must("shortcut")?, asked.must("text")?);
    asked.end()?;
    Server::open_beside(Config::new(dir))?.set_canned(&shortcut, &text).await.map_err(in_words)
}

async fn list_canned(mut asked: Asked) -> Outcome {
    let dir = asked.dir()?;
    asked.end()?;
    for it in Server::open_beside(Config::new(dir))?.canned().await.map_err(in_words)? {
        println!("/{}\t{}", it.shortcut, it.text.replace('\n', "\\n"));
    }
    Ok(())
}

async fn remove_canned(mut asked: Asked) -> Outcome {
    let (dir, shortcut) = (asked.dir()?, asked.must("shortcut")?);
    asked.end()?;
    Server::open_beside(Config::new(dir))?.remove_canned(&shortcut).await.map_err(in_words)
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
    let server = Server::open(Config { behind_proxy, web, metrics_token, ..Config::new(dir) })?;
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
    let demo = Demo::open(dir, web).await?;
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

//! `fieldline-server admin VERB …`: the Configurator's verbs for scripts. Each is the very ask that
//! the screens ask; here stands only how people and files are named in words.

use super::{Asked, Outcome, in_words, link};
use fieldline_model::{AdminAnswer, PersonId};
use fieldline_server::admin::words::{self, Verb};
use fieldline_server::{Config, Server};
use std::io::Write;
use uuid::Uuid;

/// Asks one verb, and prints what is answered.
pub async fn run(name: String, mut asked: Asked) -> Outcome {
    if name == "export" {
        return export(asked).await;
    }
    let Some(verb) = words::named(&name) else { return help(&name) };
    let (dir, url) = (asked.dir()?, asked.may("url"));
    let server = Server::open_beside(Config::new(dir))?;
    name_person(&server, &verb, &mut asked).await?;
    if let Some(file) = asked.may("file") {
        asked.put("csv", std::fs::read_to_string(file)?);
    }
    name_new(&server, &verb, &mut asked).await?;
    name_members(&server, &mut asked).await?;
    match server.admin(verb.ask(asked.rest())?).await.map_err(in_words)? {
        AdminAnswer::Done => {}
        AdminAnswer::Link(made) => println!("{}", link(url, &made.secret)),
        answer => println!("{}", serde_json::to_string_pretty(&answer)?),
    }
    Ok(())
}

/// A conversation as a file: the same as the screens', written as it comes.
async fn export(mut asked: Asked) -> Outcome {
    let (dir, to) = (asked.dir()?, asked.must("to")?);
    let which = asked.must("conversation")?.parse()?;
    asked.end()?;
    let mut parts = Server::open_beside(Config::new(dir))?.export(which).await.map_err(in_words)?;
    let mut file = std::fs::File::create_new(to)?;
    while let Some(part) = parts.recv().await {
        file.write_all(&part?)?;
    }
    Ok(file.sync_all()?)
}

fn help(name: &str) -> Outcome {
    if name != "help" {
        return Err(format!("{name} is no verb; `fieldline-server admin help` lists them").into());
    }
    println!("export --conversation … --to FILE");
    for verb in words::verbs() {
        let options: Vec<_> = verb.options.iter().map(|option| format!("--{option} …")).collect();
        println!("{} {}", verb.name, options.join(" "));
    }
    Ok(())
}

/// `--login` or `--contact` in place of the id of who is there already.
async fn name_person(server: &Server, verb: &Verb, asked: &mut Asked) -> Outcome {
    let field = if verb.takes("person") { "person" } else { "id" };
    if verb.name == "add-person" || !(verb.takes("person") || verb.name == "edit-person") {
        return Ok(());
    }
    if let Some(login) = asked.may("login") {
        asked.put(field, person(server, &login).await?.to_string());
    } else if let Some(contact) = asked.may("contact") {
        let found = server.clients_called(&contact).await.map_err(in_words)?;
        let [client] = found.as_slice() else {
            return Err(format!(
                "{} clients are called {contact}; name one by number or address",
                found.len()
            )
            .into());
        };
        asked.put(field, client.id.to_string());
    }
    Ok(())
}

async fn person(server: &Server, login: &str) -> Outcome<PersonId> {
    let who = server.person_of(login).await.map_err(in_words)?;
    Ok(who.ok_or_else(|| format!("nobody signs in as {login}"))?.id)
}

/// The id of what is added is minted here; `first` is the queue that is always there.
async fn name_new(server: &Server, verb: &Verb, asked: &mut Asked) -> Outcome {
    let id = match (verb.name.as_str(), asked.may("id")) {
        ("add-person", None) => server.mint().to_string(),
        ("put-queue", Some(id)) if id == "new" => server.mint().to_string(),
        ("put-queue", Some(id)) if id == "first" => server.first_queue().await.map_err(in_words)?.to_string(),
        (_, Some(id)) => id,
        (_, None) => return Ok(()),
    };
    asked.put("id", id);
    Ok(())
}

/// Members by login, where they are not by id.
async fn name_members(server: &Server, asked: &mut Asked) -> Outcome {
    let Some(members) = asked.may("members") else { return Ok(()) };
    let mut ids = Vec::new();
    for member in members.split(',').map(str::trim).filter(|member| !member.is_empty()) {
        match member.parse::<Uuid>() {
            Ok(id) => ids.push(id.to_string()),
            Err(_) => ids.push(person(server, member).await?.to_string()),
        }
    }
    asked.put("members", ids.join(","));
    Ok(())
}

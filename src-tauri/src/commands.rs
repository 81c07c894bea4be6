//! The commands of the window, a line each: they hand over to the engine, whose
//! list `fieldline_core::door` names. Bytes cross beside JSON, never in it.

use fieldline_core::view::{
    Begin, Block, Colleague, Contacts, Draft, GroupPeople, GroupTab, Groups, MembersChange, NewGroup, Notes,
    OutboxRow, Page, PictureOf, Previous, RowHit, Rows, Section, Sort, Status, Thread, Typed,
};
use fieldline_model::api::{Hello, Invited, OwnDevice};
use fieldline_model::second_factor::{SecondFactor, SecondFactorBegun};
use fieldline_model::{
    AdminAnswer, AdminAsk, BlobHash, Canned, Code, ConversationId, DeviceId, IntentId, Location, MessageId,
    PersonId, PlaceId, Problem, Ready, SoundLevel,
};
use tauri::ipc::{InvokeBody, Request, Response};
use tauri::{AppHandle, State};

use crate::engine::Core;
use crate::export;
use crate::gallery::{self, Attached};
use crate::profile::{self, DemoSignIn};

/// The engine as a command gets it.
type Desk<'a> = State<'a, Core>;
/// What a command answers: its reply, or the refusal as the engine made it.
type Answer<T> = Result<T, Problem>;

#[tauri::command]
pub async fn status(desk: Desk<'_>) -> Answer<Status> {
    desk.engine()?.status().await
}

#[tauri::command]
pub async fn check_server(desk: Desk<'_>, server: String) -> Answer<Hello> {
    desk.engine()?.check_server(server).await
}

#[tauri::command]
pub async fn sign_in(
    desk: Desk<'_>,
    server: String,
    login: String,
    password: String,
    code: Option<String>,
) -> Answer<Status> {
    desk.engine()?.sign_in(server, login, password, code).await
}

#[tauri::command]
pub async fn invited(desk: Desk<'_>, server: String, secret: String) -> Answer<Invited> {
    desk.engine()?.invited(server, secret).await
}

#[tauri::command]
pub async fn join(
    desk: Desk<'_>,
    server: String,
    secret: String,
    password: String,
    code: Option<String>,
) -> Answer<Status> {
    desk.engine()?.join(server, secret, password, code).await
}

#[tauri::command]
pub async fn sign_out(desk: Desk<'_>, discard: bool) -> Answer<Status> {
    desk.engine()?.sign_out(discard).await
}

#[tauri::command]
pub async fn rows(desk: Desk<'_>, section: Section, sort: Sort, search: String, page: Page) -> Answer<Rows> {
    desk.engine()?.rows(section, sort, search, page).await
}

#[tauri::command]
pub async fn find(desk: Desk<'_>, place: PlaceId, search: String) -> Answer<Vec<RowHit>> {
    desk.engine()?.find(place, search).await
}

#[tauri::command]
pub async fn thread(desk: Desk<'_>, place: PlaceId, limit: u32) -> Answer<Thread> {
    desk.engine()?.thread(place, limit).await
}

#[tauri::command]
pub async fn thread_until(desk: Desk<'_>, place: PlaceId, until: i64, limit: u32) -> Answer<Thread> {
    desk.engine()?.thread_until(place, until, limit).await
}

#[tauri::command]
pub async fn older(desk: Desk<'_>, place: PlaceId) -> Answer<bool> {
    desk.engine()?.older(place).await
}

#[tauri::command]
pub async fn fetch_at(desk: Desk<'_>, place: PlaceId, n: i64) -> Answer<bool> {
    desk.engine()?.fetch_at(place, n).await
}

#[tauri::command]
pub async fn previous(desk: Desk<'_>, place: PlaceId, limit: u32) -> Answer<Previous> {
    desk.engine()?.previous(place, limit).await
}

#[tauri::command]
pub async fn fetch_previous(desk: Desk<'_>, place: PlaceId) -> Answer<bool> {
    desk.engine()?.fetch_previous(place).await
}

#[tauri::command]
pub async fn read(desk: Desk<'_>, place: PlaceId, n: i64) -> Answer<()> {
    desk.engine()?.read(place, n).await
}

#[tauri::command]
pub async fn pick(desk: Desk<'_>, id: IntentId, place: PlaceId) -> Answer<()> {
    desk.engine()?.pick(id, place).await
}

#[tauri::command]
pub async fn accept(desk: Desk<'_>, id: IntentId, place: PlaceId) -> Answer<()> {
    desk.engine()?.accept(id, place).await
}

#[tauri::command]
pub async fn pass(desk: Desk<'_>, id: IntentId, place: PlaceId) -> Answer<()> {
    desk.engine()?.pass(id, place).await
}

#[tauri::command]
pub async fn set_availability(desk: Desk<'_>, id: IntentId, ready: Ready) -> Answer<()> {
    desk.engine()?.set_availability(id, ready).await
}

#[tauri::command]
pub async fn end(desk: Desk<'_>, id: IntentId, place: PlaceId) -> Answer<()> {
    desk.engine()?.end(id, place).await
}

#[tauri::command]
pub async fn reopen(desk: Desk<'_>, id: IntentId, place: PlaceId) -> Answer<()> {
    desk.engine()?.reopen(id, place).await
}

#[tauri::command]
pub async fn signal(desk: Desk<'_>, place: PlaceId, typing: bool, viewing: bool) -> Answer<()> {
    desk.engine()?.signal(place, typing, viewing).await
}

#[tauri::command]
pub async fn save_draft(desk: Desk<'_>, place: PlaceId, text: Typed) -> Answer<()> {
    desk.engine()?.save_draft(place, text).await
}

#[tauri::command]
pub async fn detach(desk: Desk<'_>, place: PlaceId, hash: BlobHash) -> Answer<Draft> {
    desk.engine()?.detach(place, hash).await
}

#[tauri::command]
pub async fn set_location(desk: Desk<'_>, place: PlaceId, location: Option<Location>) -> Answer<Draft> {
    desk.engine()?.set_location(place, location).await
}

#[tauri::command]
pub async fn set_reply(desk: Desk<'_>, place: PlaceId, message: Option<MessageId>) -> Answer<Draft> {
    desk.engine()?.set_reply(place, message).await
}

#[tauri::command]
pub async fn send(desk: Desk<'_>, id: IntentId, place: PlaceId, text: Typed) -> Answer<()> {
    desk.engine()?.send(id, place, text).await
}

#[tauri::command]
pub async fn delete(desk: Desk<'_>, id: IntentId, place: PlaceId, message: MessageId) -> Answer<()> {
    desk.engine()?.delete(id, place, message).await
}

#[tauri::command]
pub async fn transfer(
    desk: Desk<'_>,
    id: IntentId,
    place: PlaceId,
    to: Option<PersonId>,
    note: String,
) -> Answer<()> {
    desk.engine()?.transfer(id, place, to, note).await
}

#[tauri::command]
pub async fn colleagues(desk: Desk<'_>) -> Answer<Vec<Colleague>> {
    desk.engine()?.colleagues().await
}

#[tauri::command]
pub async fn canned(desk: Desk<'_>) -> Answer<Vec<Canned>> {
    desk.engine()?.canned().await
}

#[tauri::command]
pub async fn notes(desk: Desk<'_>, place: PlaceId) -> Answer<Notes> {
    desk.engine()?.notes(place).await
}

#[tauri::command]
pub async fn save_note_draft(desk: Desk<'_>, place: PlaceId, text: String) -> Answer<()> {
    desk.engine()?.save_note_draft(place, text).await
}

#[tauri::command]
pub async fn note(desk: Desk<'_>, id: IntentId, place: PlaceId, text: String) -> Answer<()> {
    desk.engine()?.note(id, place, text).await
}

#[tauri::command]
pub async fn groups(desk: Desk<'_>, tab: GroupTab, search: String, page: Page) -> Answer<Groups> {
    desk.engine()?.groups(tab, search, page).await
}

#[tauri::command]
pub async fn contacts(
    desk: Desk<'_>,
    block: Block,
    search: String,
    from: u32,
    limit: u32,
) -> Answer<Contacts> {
    desk.engine()?.contacts(block, search, from, limit).await
}

#[tauri::command]
pub async fn admin(desk: Desk<'_>, ask: AdminAsk) -> Answer<AdminAnswer> {
    desk.engine()?.admin(ask).await
}

#[tauri::command]
pub async fn new_group(desk: Desk<'_>) -> Answer<NewGroup> {
    desk.engine()?.new_group().await
}

#[tauri::command]
pub async fn start_group(desk: Desk<'_>, id: IntentId, begin: Begin) -> Answer<PlaceId> {
    desk.engine()?.start_group(id, begin).await
}

#[tauri::command]
pub async fn group_people(desk: Desk<'_>, place: PlaceId) -> Answer<GroupPeople> {
    desk.engine()?.group_people(place).await
}

#[tauri::command]
pub async fn save_members(desk: Desk<'_>, id: IntentId, place: PlaceId, change: MembersChange) -> Answer<()> {
    desk.engine()?.save_members(id, place, change).await
}

#[tauri::command]
pub async fn leave_group(desk: Desk<'_>, id: IntentId, place: PlaceId) -> Answer<()> {
    desk.engine()?.leave_group(id, place).await
}

#[tauri::command]
pub async fn rename_group(desk: Desk<'_>, id: IntentId, place: PlaceId, name: String) -> Answer<()> {
    desk.engine()?.rename_group(id, place, name).await
}

#[tauri::command]
pub async fn set_sound(
    desk: Desk<'_>,
    id: IntentId,
    place: PlaceId,
    sound: Option<SoundLevel>,
) -> Answer<()> {
    desk.engine()?.set_sound(id, place, sound).await
}

#[tauri::command]
pub async fn outbox(desk: Desk<'_>) -> Answer<Vec<OutboxRow>> {
    desk.engine()?.outbox().await
}

#[tauri::command]
pub async fn retry(desk: Desk<'_>, intent: Option<IntentId>) -> Answer<()> {
    desk.engine()?.retry(intent).await
}

#[tauri::command]
pub async fn discard(desk: Desk<'_>, intent: IntentId, keep: bool) -> Answer<()> {
    desk.engine()?.discard(intent, keep).await
}

#[tauri::command]
pub async fn discard_draft(desk: Desk<'_>, place: PlaceId, note: bool) -> Answer<()> {
    desk.engine()?.discard_draft(place, note).await
}

#[tauri::command]
pub async fn own_devices(desk: Desk<'_>) -> Answer<Vec<OwnDevice>> {
    desk.engine()?.own_devices().await
}

#[tauri::command]
pub async fn sign_out_device(desk: Desk<'_>, device: DeviceId) -> Answer<()> {
    desk.engine()?.sign_out_device(device).await
}

#[tauri::command]
pub async fn sign_out_others(desk: Desk<'_>) -> Answer<()> {
    desk.engine()?.sign_out_others().await
}

#[tauri::command]
pub async fn change_password(desk: Desk<'_>, old: String, new: String) -> Answer<()> {
    desk.engine()?.change_password(old, new).await
}

#[tauri::command]
pub async fn second_factor(desk: Desk<'_>) -> Answer<SecondFactor> {
    desk.engine()?.second_factor().await
}

#[tauri::command]
pub async fn begin_second_factor(desk: Desk<'_>, password: String) -> Answer<SecondFactorBegun> {
    desk.engine()?.begin_second_factor(password).await
}

#[tauri::command]
pub async fn turn_second_factor_on(desk: Desk<'_>, code: String) -> Answer<()> {
    desk.engine()?.turn_second_factor_on(code).await
}

#[tauri::command]
pub async fn turn_second_factor_off(desk: Desk<'_>, password: String, code: String) -> Answer<()> {
    desk.engine()?.turn_second_factor_off(password, code).await
}

#[tauri::command]
pub async fn mended_seen(desk: Desk<'_>) -> Answer<()> {
    desk.engine()?.mended_seen().await
}

#[tauri::command]
pub async fn sync_now(desk: Desk<'_>) -> Answer<()> {
    desk.engine()?.sync_now().await
}

/// A picture's bytes, as the answer's body.
#[tauri::command]
pub async fn picture(desk: Desk<'_>, of: PictureOf) -> Answer<Response> {
    desk.engine()?.picture(of).await.map(|bytes| Response::new(bytes.to_vec()))
}

/// Copies the bytes in the call's body into the draft of the place its header names, instead of the
/// photo another header names, if there is one.
#[tauri::command]
pub async fn attach(desk: Desk<'_>, request: Request<'_>) -> Answer<Draft> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let place = header("place").and_then(|text| text.parse().ok()).ok_or(Code::BadRequest)?;
    let name = header("name").and_then(gallery::unescape).ok_or(Code::BadRequest)?;
    let instead = match header("instead") {
        Some(hash) => Some(BlobHash::try_from(hash.to_owned()).map_err(|_| Code::BadRequest)?),
        None => None,
    };
    let InvokeBody::Raw(bytes) = request.body() else { return Err(Code::BadRequest.into()) };
    desk.engine()?.attach_instead(place, instead, name, bytes.clone().into()).await
}

/// The system's own picker, several photos at once; nothing when it was closed.
#[tauri::command]
pub async fn attach_from_gallery(app: AppHandle, desk: Desk<'_>, place: PlaceId) -> Answer<Option<Attached>> {
    gallery::attach(&app, desk.engine()?, place).await
}

/// A picture as a file of the person's own, by the system's dialog; whether it was kept.
#[tauri::command]
pub async fn save_picture(app: AppHandle, desk: Desk<'_>, of: PictureOf, name: String) -> Answer<bool> {
    gallery::save(&app, desk.engine()?, of, name).await
}

/// A conversation as a file of the person's own, by the system's dialog; whether it was kept.
#[tauri::command]
pub async fn save_export(app: AppHandle, desk: Desk<'_>, conversation: ConversationId) -> Answer<bool> {
    export::save(&app, desk.engine()?, conversation).await
}

#[tauri::command]
pub fn demo_sign_in() -> Option<DemoSignIn> {
    profile::demo_sign_in()
}

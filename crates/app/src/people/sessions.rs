//! Signing in and out, and what a signed-in person does about themselves.

use std::net::IpAddr;
use std::time::Duration;

use bellwether_base::{Page, PageRequest, PersonId, Say, Secret, SessionId};
use bellwether_db::Tx;
use serde_json::json;

use super::team::owners_only;
use super::throttle::{self, Try};
use super::{
    Language, Person, Role, Session, after, bearer, grants, password, record, rules, store,
};
use crate::{App, Caller, Denied, Error, Permission, Result, workspaces};

/// A session ends when it is not used for 30 days,
const IDLE: Duration = Duration::from_hours(30 * 24);
/// and in any case after 90.
const LONGEST: Duration = Duration::from_hours(90 * 24);
/// Using it is written down once an hour.
const TOUCH: Duration = Duration::from_hours(1);
/// Characters of a browser's name for itself that are kept.
const USER_AGENT: usize = 200;

/// What somebody signs in with.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// As typed.
    pub email: String,
    /// As typed.
    pub password: Secret,
    /// Where they come from.
    pub address: IpAddr,
    /// What their browser calls itself.
    pub user_agent: String,
}

/// Somebody has signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// For the cookie; not kept.
    pub token: Secret,
    /// Who.
    pub person: Person,
    /// The browser.
    pub session: Session,
}

/// Who holds a session.
#[derive(Debug, Clone)]
pub struct Signed {
    /// As use cases take them.
    pub caller: Caller,
    /// Who.
    pub person: Person,
    /// The browser.
    pub session: Session,
}

/// Opens a session for whoever knows the password.
///
/// A wrong password, an unknown address and somebody who may not sign in any
/// more get the same answer after the same work. Too many of them, from one
/// network address or about one e-mail address, are told how long to wait.
pub async fn sign_in(app: &App, with: SignIn) -> Result<SignedIn> {
    // What is no address belongs to nobody, but is counted all the same.
    let email = rules::email(&with.email).unwrap_or_else(|_| with.email.trim().to_lowercase());
    let attempt = Try::take(app, &email, Some(with.address)).await?;
    let found = store::people::find_by_email(&mut app.db.read().await?, &email).await?;
    let (person, hash) = found.unzip();
    let is_right = password::is_right(&with.password, hash.clone()).await?;
    let wrong = || Error::invalid("sign-in-wrong");
    let person = person.filter(|_| is_right).ok_or_else(wrong)?;

    let now = app.now();
    let token = bearer::generate(&*app.rng, "");
    let session = Session {
        id: SessionId::new(&*app.clock, &*app.rng),
        person_id: person.id,
        user_agent: with.user_agent.chars().filter(|c| !c.is_control()).take(USER_AGENT).collect(),
        created_at: now,
        seen_at: now,
        expires_at: now + IDLE,
    };
    let caller =
        Caller::Person { id: person.id, organization: person.organization_id, grants: Vec::new() };
    let mut tx = app.db.begin().await?;
    // They may be shut out, or the password be another one since it was verified.
    if store::people::lock_hash(&mut tx, person.id).await? != hash {
        return Err(wrong());
    }
    attempt.succeed(&mut tx).await?;
    store::sessions::delete_expired(&mut tx, now).await?;
    store::sessions::insert(&mut tx, &session, &bearer::digest(token.expose())).await?;
    record_session(&mut tx, &person, &caller, "session.started", session.id);
    tx.commit().await?;
    Ok(SignedIn { token, person, session })
}

/// Who holds `token`, if it opens a session. Using a session keeps it open.
pub async fn session_caller(app: &App, token: &str) -> Result<Option<Signed>> {
    let now = app.now();
    let mut tx = app.db.read().await?;
    let digest = bearer::digest(token);
    let Some(mut session) = store::sessions::find_by_token(&mut tx, &digest, now).await? else {
        return Ok(None);
    };
    let person = store::people::find(&mut tx, session.person_id).await?;
    let Some(person) = person.filter(|person| person.is_active) else { return Ok(None) };
    let caller = caller_of(&mut tx, &person).await?;
    drop(tx);
    if now.since(session.seen_at) >= TOUCH {
        session.seen_at = now;
        session.expires_at = (now + IDLE).min(session.created_at + LONGEST);
        let mut tx = app.db.begin().await?;
        store::sessions::touch(&mut tx, session.id, now, session.expires_at).await?;
        tx.commit().await?;
    }
    Ok(Some(Signed { caller, person, session }))
}

/// `person`, as use cases take them, with what they may do at this moment.
pub(super) async fn caller_of(tx: &mut Tx, person: &Person) -> Result<Caller> {
    let somewhere = store::members::roles_of(tx, person.id).await?;
    Ok(Caller::Person {
        id: person.id,
        organization: person.organization_id,
        grants: grants(person.role, &somewhere),
    })
}

/// Ends the session that `token` opens. There may be none: then it is over already.
pub async fn sign_out(app: &App, token: &str) -> Result<()> {
    let Some(signed) = session_caller(app, token).await? else { return Ok(()) };
    end(app, &signed.caller, signed.session.id).await
}

/// The caller's open sessions, oldest first.
pub async fn list(app: &App, caller: &Caller, page: &PageRequest) -> Result<Page<Session>> {
    let person = themselves(caller)?;
    list_open(app, person, page).await
}

/// Somebody's open sessions, oldest first: for themselves, and for whoever
/// administers the team.
pub async fn list_of(
    app: &App,
    caller: &Caller,
    person: PersonId,
    page: &PageRequest,
) -> Result<Page<Session>> {
    let mut tx = app.db.read().await?;
    whose(&mut tx, caller, person).await?;
    drop(tx);
    list_open(app, person, page).await
}

async fn list_open(app: &App, person: PersonId, page: &PageRequest) -> Result<Page<Session>> {
    let mut tx = app.db.read().await?;
    let from = after(page)?;
    let rows = store::sessions::list(&mut tx, person, app.now(), from, page.rows() + 1).await?;
    Ok(Page::cut(rows, page.rows(), |session| session.id))
}

/// Ends one of the caller's own sessions.
pub async fn end(app: &App, caller: &Caller, id: SessionId) -> Result<()> {
    let person = themselves(caller)?;
    end_of(app, caller, person, id).await
}

/// Ends one of somebody's sessions: for themselves, and for whoever may change
/// what they are.
pub async fn end_of(app: &App, caller: &Caller, person: PersonId, id: SessionId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let person = endable(&mut tx, caller, person).await?;
    if !store::sessions::delete(&mut tx, person.id, id).await? {
        return Err(Error::not_found("session"));
    }
    record_session(&mut tx, &person, caller, "session.ended", id);
    Ok(tx.commit().await?)
}

/// Ends all of somebody's sessions: they are signed out everywhere, at once.
/// Again does no harm.
pub async fn end_all(app: &App, caller: &Caller, person: PersonId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let person = endable(&mut tx, caller, person).await?;
    store::sessions::delete_all(&mut tx, person.id, None).await?;
    let subject = ("person", person.id.0);
    record(&mut tx, person.organization_id, caller, "person.signed_out", subject, json!({}));
    Ok(tx.commit().await?)
}

/// The person, if the caller is that person in a browser or administers the
/// team. To others there is no such person.
async fn whose(tx: &mut Tx, caller: &Caller, id: PersonId) -> Result<Person> {
    let person = store::people::find(tx, id).await?;
    let person = person.ok_or_else(|| Error::not_found("person"))?;
    if matches!(caller, Caller::Person { id: own, .. } if *own == id) {
        return Ok(person);
    }
    let organization = workspaces::organization_of(tx, caller).await?;
    if person.organization_id != organization {
        return Err(Error::not_found("person"));
    }
    caller.may_everywhere(Permission::Administer, organization)?;
    Ok(person)
}

/// The same; owners are signed out by owners only.
async fn endable(tx: &mut Tx, caller: &Caller, id: PersonId) -> Result<Person> {
    let person = whose(tx, caller, id).await?;
    let is_own = matches!(caller, Caller::Person { id: own, .. } if *own == id);
    if !is_own && person.role == Some(Role::Owner) {
        owners_only(tx, caller).await?;
    }
    Ok(person)
}

/// Ends all of the caller's own sessions but `keep`, the one they sit at.
pub async fn end_others(app: &App, caller: &Caller, keep: SessionId) -> Result<()> {
    let person = themselves(caller)?;
    let mut tx = app.db.begin().await?;
    let person = store::people::find(&mut tx, person).await?;
    let person = person.ok_or_else(|| Error::not_found("person"))?;
    store::sessions::delete_all(&mut tx, person.id, Some(keep)).await?;
    let subject = ("person", person.id.0);
    record(&mut tx, person.organization_id, caller, "session.others_ended", subject, json!({}));
    Ok(tx.commit().await?)
}

/// Gives the caller another password and ends every session of theirs but `keep`.
///
/// `current` is counted like a try to sign in: whoever finds an open browser
/// must not guess on.
pub async fn change_password(
    app: &App,
    caller: &Caller,
    keep: Option<SessionId>,
    current: &Secret,
    new: &Secret,
) -> Result<()> {
    let id = themselves(caller)?;
    let mut tx = app.db.read().await?;
    let person = store::people::find(&mut tx, id).await?;
    let person = person.ok_or_else(|| Error::not_found("person"))?;
    let old = store::people::find_hash(&mut tx, id).await?;
    drop(tx);
    rules::password(new, &person.email, &person.name)?;
    let attempt = Try::take(app, &person.email, None).await?;
    if !password::is_right(current, old.clone()).await? {
        return Err(Error::invalid("password-wrong"));
    }
    let hash = password::hash(&*app.rng, new).await?;
    let mut tx = app.db.begin().await?;
    if store::people::lock_hash(&mut tx, id).await? != old {
        return Err(Error::conflict("password-just-changed"));
    }
    attempt.succeed(&mut tx).await?;
    replace_password(&mut tx, caller, &person, &hash, keep, "person.password_changed").await?;
    Ok(tx.commit().await?)
}

/// Gives somebody who forgot theirs another password and ends all their
/// sessions: for whoever has the machine.
pub async fn reset_password(
    app: &App,
    caller: &Caller,
    email: &str,
    new: &Secret,
) -> Result<PersonId> {
    if *caller != Caller::Operator {
        return Err(Denied { say: Say::new("denied-operator-only") }.into());
    }
    let email = rules::email(email)?;
    let found = store::people::find_by_email(&mut app.db.read().await?, &email).await?;
    let (person, _) = found.ok_or_else(|| Error::not_found("person"))?;
    rules::password(new, &person.email, &person.name)?;
    let hash = password::hash(&*app.rng, new).await?;
    let mut tx = app.db.begin().await?;
    // The person before their tries, as whoever signs in at this moment does: the
    // other way round the two would wait for each other.
    store::people::lock_hash(&mut tx, person.id).await?;
    throttle::forget(&mut tx, &email).await?;
    replace_password(&mut tx, caller, &person, &hash, None, "person.password_reset").await?;
    tx.commit().await?;
    Ok(person.id)
}

/// Sets the language in which the product speaks to the caller.
pub async fn change_language(app: &App, caller: &Caller, language: Language) -> Result<()> {
    let id = themselves(caller)?;
    let mut tx = app.db.begin().await?;
    let person = store::people::find(&mut tx, id).await?;
    let person = person.ok_or_else(|| Error::not_found("person"))?;
    if person.language == language {
        return Ok(());
    }
    store::people::set_language(&mut tx, id, language).await?;
    let subject = ("person", id.0);
    record(&mut tx, person.organization_id, caller, "person.language_set", subject, json!({}));
    Ok(tx.commit().await?)
}

async fn replace_password(
    tx: &mut Tx,
    caller: &Caller,
    person: &Person,
    hash: &str,
    keep: Option<SessionId>,
    kind: &'static str,
) -> Result<()> {
    store::people::set_password(tx, person.id, hash).await?;
    store::sessions::delete_all(tx, person.id, keep).await?;
    record(tx, person.organization_id, caller, kind, ("person", person.id.0), json!({}));
    Ok(())
}

/// The caller, if that is a person in a browser: a script has no sessions and
/// must not change its maker's password.
fn themselves(caller: &Caller) -> Result<PersonId> {
    match caller {
        Caller::Person { id, .. } => Ok(*id),
        _ => Err(Denied { say: Say::new("denied-person-only") }.into()),
    }
}

fn record_session(
    tx: &mut Tx,
    person: &Person,
    caller: &Caller,
    kind: &'static str,
    session: SessionId,
) {
    let data = json!({ "person": person.id });
    record(tx, person.organization_id, caller, kind, ("session", session.0), data);
}

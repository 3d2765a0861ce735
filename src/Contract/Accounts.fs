namespace GopherFlow.Contract

/// Who is signed in.
type Session = {
    Username: string
    [<OneOf("viewer", "operator", "admin")>]
    Role: string
    /// When the session ends; null for an API key that never does.
    Expires: Instant option
    /// The id of the user.
    UserId: Id
}

/// Whether somebody is signed in.
type CurrentSession = {
    /// Null when nobody is.
    Session: Session option
}

/// How people can sign in here.
type SignInMethods = {
    /// With a user name and a password, at POST /api/session.
    Password: bool
    /// With the OpenID Connect provider, by way of GET /api/session/oidc.
    OpenIdConnect: bool
}

/// Who somebody is for an OpenID Connect provider.
type ExternalAccount = { Issuer: string; Subject: string }

/// A user.
type User = {
    Id: Id
    Username: string
    DisplayName: string option
    [<OneOf("viewer", "operator", "admin")>]
    Role: string
    /// Whether the user may sign in and use keys.
    Enabled: bool
    /// Whether the user can sign in with a password.
    HasPassword: bool
    /// The account at a provider with which the user signs in; null for none.
    External: ExternalAccount option
    Created: Instant
    /// When the user last opened a session.
    LastSignIn: Instant option
}

/// A page of users, by id.
type UserPage = {
    Users: User list
    /// The cursor of the next page; null when this is the last.
    Next: string option
}

/// An open session of a user.
type UserSession = {
    Id: Id
    Created: Instant
    /// When it ends; use does not prolong it.
    Expires: Instant
    /// When it was last used, to the minute.
    LastUsed: Instant
    /// From where it was opened.
    Address: string option
    /// What the browser calls itself.
    UserAgent: string option
    /// Whether it is the one of this request.
    Current: bool
}

/// How many sessions were ended.
type EndedSessions = { Ended: int }

/// An API key of a user, without the key itself.
type ApiKey = {
    Id: Id
    Name: string
    /// The first characters of the key; empty for a key that came from the settings.
    Beginning: string
    /// What it may do at most; never more than its owner.
    [<OneOf("viewer", "operator", "admin")>]
    Role: string
    Created: Instant
    /// Until when it opens anything; null for ever.
    Expires: Instant option
    /// When it was last used, to the minute.
    LastUsed: Instant option
    /// When it was revoked.
    Revoked: Instant option
}

/// A new API key.
type CreatedApiKey = {
    /// The key itself. It is shown this once.
    Key: string
    Details: ApiKey
}

/// What somebody did, or was refused.
type AuditLogEntry = {
    Id: Id
    At: Instant
    /// Who, by the name of that time.
    Actor: string
    UserId: Id option
    /// With which API key, if with one.
    ApiKeyId: Id option
    /// From where.
    Address: string option
    /// What, such as "workflow.cancel".
    Action: string
    /// To what kind of thing; empty for none.
    TargetKind: string
    /// To which one.
    TargetId: string
    [<OneOf("done", "refused")>]
    Outcome: string
    /// What was before, as far as it was changed.
    Before: RawJson option
    /// What was so afterwards, or why it was refused.
    After: RawJson option
    /// Under which the request stands in the logs of the server.
    RequestId: string option
}

/// A page of the audit log, newest first.
type AuditLogPage = {
    Entries: AuditLogEntry list
    /// The cursor of the next page; null when this is the last.
    Next: string option
}

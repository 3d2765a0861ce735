namespace GopherFlow.Contract

/// The signed-in user.
type Session = {
    Username: string
    [<OneOf("viewer", "operator", "admin")>]
    Role: string
    /// When the session or API key expires; null for an API key without an expiry.
    Expires: Instant option
    /// The id of the user.
    UserId: Id
}

/// The caller's session, if the caller is signed in.
type CurrentSession = {
    /// Null when the caller is not signed in.
    Session: Session option
}

/// The sign-in methods that this server offers.
type SignInMethods = {
    /// Whether users can sign in with a user name and a password (POST /api/session).
    Password: bool
    /// Whether users can sign in through an OpenID Connect provider (GET /api/session/oidc).
    OpenIdConnect: bool
}

/// A user's identity at an OpenID Connect provider.
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
    /// The account at an OpenID Connect provider that the user signs in with; null if there is none.
    External: ExternalAccount option
    Created: Instant
    /// When the user last signed in; null if never.
    LastSignIn: Instant option
}

/// A page of users, ordered by id.
type UserPage = {
    Users: User list
    /// The cursor for the next page; null on the last page.
    Next: string option
}

/// An open session of a user.
type UserSession = {
    Id: Id
    Created: Instant
    /// When it expires; using it does not extend it.
    Expires: Instant
    /// When it was last used, accurate to the minute.
    LastUsed: Instant
    /// The IP address from which it was opened.
    Address: string option
    /// The User-Agent header of the sign-in request.
    UserAgent: string option
    /// Whether it is the session of this request.
    Current: bool
}

/// The number of sessions that were ended.
type EndedSessions = { Ended: int }

/// An API key of a user, without the key itself.
type ApiKey = {
    Id: Id
    Name: string
    /// The first characters of the key, to recognize it by; empty for a key that was taken from the settings.
    Beginning: string
    /// The highest role that the key grants. A key never grants more than its owner's role.
    [<OneOf("viewer", "operator", "admin")>]
    Role: string
    Created: Instant
    /// When it expires; null if it does not expire.
    Expires: Instant option
    /// When it was last used, accurate to the minute; null if never.
    LastUsed: Instant option
    /// When it was revoked; null if it was not.
    Revoked: Instant option
}

/// A new API key.
type CreatedApiKey = {
    /// The key itself. It is returned only in this response.
    Key: string
    Details: ApiKey
}

/// An entry of the audit log: a change that was made or refused.
type AuditLogEntry = {
    Id: Id
    At: Instant
    /// Who made the request, by the user name at that time.
    Actor: string
    UserId: Id option
    /// The API key of the request; null if none was used.
    ApiKeyId: Id option
    /// The IP address of the client.
    Address: string option
    /// The action, such as "workflow.cancel".
    Action: string
    /// The kind of the target, such as "workflow"; empty if there is no target.
    TargetKind: string
    /// The id or name of the target.
    TargetId: string
    [<OneOf("done", "refused")>]
    Outcome: string
    /// The previous values of what was changed.
    Before: RawJson option
    /// The new values, or the reason for the refusal.
    After: RawJson option
    /// The id of the request in the server's logs.
    RequestId: string option
}

/// A page of the audit log, newest first.
type AuditLogPage = {
    Entries: AuditLogEntry list
    /// The cursor for the next page; null on the last page.
    Next: string option
}

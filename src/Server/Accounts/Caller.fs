namespace GopherFlow.Server

open System
open GopherFlow.Storage
open Microsoft.AspNetCore.Http

/// How a caller was authenticated.
type Credential =
    | BySession of SessionRecord
    | ByApiKey of ApiKeyRecord

/// The user who makes a request.
type Caller = {
    UserId: int64
    Username: string
    /// With a key: the lower of the key's and its owner's role.
    Role: Role
    Credential: Credential
} with

    /// When the session or API key expires; None if it does not.
    member caller.Expires =
        match caller.Credential with
        | BySession session -> Some session.Expires
        | ByApiKey key -> Option.ofNullable key.Expires

    member caller.SessionId =
        match caller.Credential with
        | BySession session -> Some session.Id
        | ByApiKey _ -> None

    member caller.ApiKeyId =
        match caller.Credential with
        | BySession _ -> None
        | ByApiKey key -> Some key.Id

module internal Caller =

    let private place = obj ()

    /// A caller with a session.
    let ofSession (session: SessionRecord) = {
        UserId = session.User.Id
        Username = session.User.Username
        Role = Role.ofStored session.User.Role
        Credential = BySession session
    }

    /// A caller with an API key.
    let ofApiKey (owner: ApiKeyOwner) = {
        UserId = owner.User.Id
        Username = owner.User.Username
        Role = min (Role.ofStored owner.User.Role) (Role.ofStored owner.Key.Role)
        Credential = ByApiKey owner.Key
    }

    /// Stores the caller with the request, for the audit log.
    let keep (http: HttpContext) (caller: Caller) = http.Items[place] <- caller

    /// The caller of a request; None before authentication.
    let tryFind (http: HttpContext) =
        match http.Items.TryGetValue place with
        | true, (:? Caller as caller) -> Some caller
        | _ -> None

    /// Whether the use of a session or key should be recorded now; it is recorded once a minute.
    let isToNote (now: DateTimeOffset) (caller: Caller) =
        let last =
            match caller.Credential with
            | BySession session -> Nullable session.LastUsed
            | ByApiKey key -> key.LastUsed

        not last.HasValue || now - last.Value >= TimeSpan.FromMinutes 1.

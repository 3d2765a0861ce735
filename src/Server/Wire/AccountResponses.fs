namespace GopherFlow.Server

open GopherFlow.Contract
open GopherFlow.Rules
open GopherFlow.Storage

/// Maps account records to the contract: one function for each kind of record.
module internal AccountResponses =

    let user (user: UserRecord) : User = {
        Id = user.Id
        Username = user.Username
        DisplayName = Option.ofObj user.DisplayName
        Role = user.Role
        Enabled = user.Enabled
        HasPassword = not (isNull user.PasswordHash)
        External =
            user.External
            |> Option.ofObj
            |> Option.map (fun identity -> {
                Issuer = identity.Issuer
                Subject = identity.Subject
            })
        Created = user.Created
        LastSignIn = Option.ofNullable user.LastSignIn
    }

    let session (current: int64 option) (session: SessionRecord) : UserSession = {
        Id = session.Id
        Created = session.Created
        Expires = session.Expires
        LastUsed = session.LastUsed
        Address = Option.ofObj session.Address
        UserAgent = Option.ofObj session.UserAgent
        Current = (current = Some session.Id)
    }

    let apiKey (key: ApiKeyRecord) : ApiKey = {
        Id = key.Id
        Name = key.Name
        Beginning = key.Beginning
        Role = key.Role
        Created = key.Created
        Expires = Option.ofNullable key.Expires
        LastUsed = Option.ofNullable key.LastUsed
        Revoked = Option.ofNullable key.Revoked
    }

    let auditEntry (record: AuditRecord) : AuditLogEntry =
        let entry = record.Entry

        {
            Id = record.Id
            At = record.At
            Actor = entry.Actor
            UserId = Option.ofNullable entry.UserId
            ApiKeyId = Option.ofNullable entry.ApiKeyId
            Address = Option.ofObj entry.Address
            Action = entry.Action
            TargetKind = entry.TargetKind
            TargetId = entry.TargetId
            Outcome = entry.Outcome.ToName()
            Before = entry.Before |> Option.ofObj |> Option.map RawJson
            After = entry.After |> Option.ofObj |> Option.map RawJson
            RequestId = Option.ofObj entry.RequestId
        }

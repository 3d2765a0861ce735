using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>Reads users, sessions, keys and entries of the audit log.</summary>
internal static class AccountRows
{
    /// <summary>The columns of <see cref="User"/>.</summary>
    public const string UserColumns = """
        u.id, u.username, u.display_name, u.role, u.password_hash, u.enabled, u.created, u.last_sign_in, u.issuer,
        u.subject, u.revision
        """;

    /// <summary>The columns of <see cref="Session"/>.</summary>
    public const string SessionColumns = $"""
        s.id, s.created, s.expires, s.last_used, s.address, s.user_agent, {UserColumns}
        """;

    /// <summary>The columns of <see cref="ApiKey"/>.</summary>
    public const string ApiKeyColumns = """
        k.id, k.user_id, k.name, k.beginning, k.role, k.created, k.expires, k.last_used, k.revoked
        """;

    /// <summary>The columns of <see cref="Audit"/>.</summary>
    public const string AuditColumns = """
        id, at, actor, user_id, api_key_id, address, action, target_kind, target_id, outcome, before_json, after_json,
        request_id
        """;

    public static UserRecord User(IStoredRow row) =>
        new()
        {
            Id = row.Number(),
            Username = row.Text(),
            DisplayName = row.OptionalText(),
            Role = row.Text(),
            PasswordHash = row.OptionalText(),
            Enabled = row.Flag(),
            Created = row.Instant(),
            LastSignIn = row.OptionalInstant(),
            External = (row.OptionalText(), row.OptionalText()) is ({ } issuer, { } subject)
                ? new ExternalIdentity(issuer, subject)
                : null,
            Revision = row.Number(),
        };

    public static SessionRecord Session(IStoredRow row) =>
        new()
        {
            Id = row.Number(),
            Created = row.Instant(),
            Expires = row.Instant(),
            LastUsed = row.Instant(),
            Address = row.OptionalText(),
            UserAgent = row.OptionalText(),
            User = User(row),
        };

    public static ApiKeyRecord ApiKey(IStoredRow row) =>
        new()
        {
            Id = row.Number(),
            UserId = row.Number(),
            Name = row.Text(),
            Beginning = row.Text(),
            Role = row.Text(),
            Created = row.Instant(),
            Expires = row.OptionalInstant(),
            LastUsed = row.OptionalInstant(),
            Revoked = row.OptionalInstant(),
        };

    public static ApiKeyOwner ApiKeyOwner(IStoredRow row) => new(ApiKey(row), User(row));

    public static AuditRecord Audit(IStoredRow row) =>
        new(
            row.Number(),
            row.Instant(),
            new AuditEntry
            {
                Actor = row.Text(),
                UserId = row.OptionalNumber(),
                ApiKeyId = row.OptionalNumber(),
                Address = row.OptionalText(),
                Action = row.Text(),
                TargetKind = row.Text(),
                TargetId = row.Text(),
                Outcome = AuditOutcomeNames.Parse(row.Text()),
                Before = row.OptionalText(),
                After = row.OptionalText(),
                RequestId = row.OptionalText(),
            }
        );
}

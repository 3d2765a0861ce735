namespace GopherFlow.Storage.Sql;

/// <summary>API keys.</summary>
internal sealed partial class SqlAccounts
{
    private const string UsableApiKey = $"""
        SELECT {AccountRows.ApiKeyColumns}, {AccountRows.UserColumns}
          FROM api_keys AS k
          JOIN users AS u ON u.id = k.user_id
         WHERE k.key_hash = @key_hash
           AND k.revoked IS NULL
           AND (k.expires IS NULL OR k.expires > @now)
        """;

    private const string ApiKeyByHash = $"""
        SELECT {AccountRows.ApiKeyColumns}
          FROM api_keys AS k
         WHERE k.key_hash = @key_hash
        """;

    private const string ApiKeyById = $"""
        SELECT {AccountRows.ApiKeyColumns}
          FROM api_keys AS k
         WHERE k.id = @id
        """;

    private const string ApiKeysOfUser = $"""
          SELECT {AccountRows.ApiKeyColumns}
            FROM api_keys AS k
           WHERE k.user_id = @user
        ORDER BY k.id DESC
        """;

    private const string HoldUser = """
        UPDATE users
           SET revision = revision
         WHERE id = @user
        """;

    private const string InsertApiKey = """
        INSERT INTO api_keys (user_id, name, key_hash, beginning, role, created, expires)
        VALUES (@user, @name, @key_hash, @beginning, @role, @created, @expires)
        """;

    private const string NoteApiKeyUse = """
        UPDATE api_keys
           SET last_used = @now
         WHERE id = @id
           AND (last_used IS NULL OR last_used <= @before)
        """;

    private const string RevokeApiKey = """
        UPDATE api_keys
           SET revoked = @now
         WHERE id = @id
           AND user_id = @user
           AND revoked IS NULL
        """;

    private const string DeleteApiKeys = """
        DELETE FROM api_keys
         WHERE user_id = @user
        """;

    public Task<ApiKeyOwner?> FindApiKeyAsync(string keyHash, DateTimeOffset now, CancellationToken cancellation) =>
        database.FindAsync(UsableApiKey, AccountRows.ApiKeyOwner, cancellation, ("@key_hash", keyHash), ("@now", now));

    public Task<IReadOnlyList<ApiKeyRecord>> ApiKeysAsync(long userId, CancellationToken cancellation) =>
        database.AllAsync(ApiKeysOfUser, AccountRows.ApiKey, cancellation, ("@user", userId));

    public Task<ApiKeyRecord?> AddApiKeyAsync(long userId, NewApiKey key, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
                await session.RunAsync(HoldUser, cancellation, ("@user", userId)) == 1
                    ? await InsertAsync(session, userId, key, cancellation)
                    : null,
            cancellation
        );

    public Task NoteApiKeyUseAsync(long id, DateTimeOffset now, CancellationToken cancellation) =>
        RunAsync(NoteApiKeyUse, cancellation, ("@id", id), ("@now", now), ("@before", now - UseInterval));

    public Task<ApiKeyRecord?> RevokeApiKeyAsync(
        long userId,
        long id,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteAsync(
            async session =>
                await session.RunAsync(RevokeApiKey, cancellation, ("@id", id), ("@user", userId), ("@now", now)) == 1
                    ? await session.FindAsync(ApiKeyById, AccountRows.ApiKey, cancellation, ("@id", id))
                    : null,
            cancellation
        );

    private static async Task<ApiKeyRecord> InsertAsync(
        SqlSession session,
        long userId,
        NewApiKey key,
        CancellationToken cancellation
    )
    {
        await session.RunAsync(
            InsertApiKey,
            cancellation,
            ("@user", userId),
            ("@name", key.Name),
            ("@key_hash", key.KeyHash),
            ("@beginning", key.Beginning),
            ("@role", key.Role),
            ("@created", key.Created),
            ("@expires", key.Expires)
        );
        return (await session.FindAsync(ApiKeyByHash, AccountRows.ApiKey, cancellation, ("@key_hash", key.KeyHash)))!;
    }
}

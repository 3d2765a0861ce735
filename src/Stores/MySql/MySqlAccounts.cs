using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>Users, sessions and keys in the same database.</summary>
internal sealed class MySqlAccounts(MySqlDatabase database) : IAccountStore
{
    private const string UserColumns = "u.id, u.username, u.password_hash, u.role, u.enabled, u.created";

    /// <summary>Of several that would be the first at once, one goes first: a row that is always there is their lock.</summary>
    private const string OneAtATime = """
        SELECT version
          FROM schema_version
         WHERE version = 1
           FOR UPDATE
        """;

    private const string InsertFirstUser = """
        INSERT INTO users (username, password_hash, role, created)
        SELECT @username, @password_hash, @role, @created
          FROM DUAL
         WHERE NOT EXISTS (SELECT 1 FROM users)
        """;

    private const string InsertApiKey = """
        INSERT INTO api_keys (key_hash, user_id, created)
        SELECT @key_hash, id, @created
          FROM users
         WHERE username = CAST(@username AS BINARY)
        """;

    private const string UserByName = $"""
        SELECT {UserColumns}
          FROM users AS u
         WHERE u.username = CAST(@username AS BINARY)
        """;

    private const string UserByApiKey = $"""
        SELECT {UserColumns}
          FROM api_keys AS k
          JOIN users AS u ON u.id = k.user_id
         WHERE k.key_hash = CAST(@key_hash AS BINARY)
        """;

    private const string OpenSession = $"""
        SELECT {UserColumns}, s.expires
          FROM sessions AS s
          JOIN users AS u ON u.id = s.user_id
         WHERE s.token_hash = CAST(@token_hash AS BINARY)
           AND s.expires > @now
        """;

    private const string DeleteExpired = """
        DELETE FROM sessions
         WHERE expires <= @now
        """;

    private const string InsertSession = """
        INSERT INTO sessions (token_hash, user_id, created, expires)
        VALUES (@token_hash, @user, @created, @expires)
        """;

    private const string DeleteSession = """
        DELETE FROM sessions
         WHERE token_hash = CAST(@token_hash AS BINARY)
        """;

    public Task<bool> AddFirstUserAsync(NewUser user, string? apiKeyHash, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.QueryAsync(OneAtATime, row => row.Number());
                var added =
                    await session.RunAsync(
                        InsertFirstUser,
                        ("@username", user.Username),
                        ("@password_hash", user.PasswordHash),
                        ("@role", user.Role),
                        ("@created", user.Created)
                    ) == 1;
                if (added && apiKeyHash is not null)
                {
                    await session.RunAsync(
                        InsertApiKey,
                        ("@key_hash", apiKeyHash),
                        ("@username", user.Username),
                        ("@created", user.Created)
                    );
                }

                return added;
            },
            cancellation
        );

    public Task<UserRecord?> FindUserAsync(string username, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
                (await session.QueryAsync(UserByName, StoredRows.User, ("@username", username))).SingleOrDefault(),
            cancellation
        );

    public Task<UserRecord?> FindUserByApiKeyAsync(string apiKeyHash, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
                (await session.QueryAsync(UserByApiKey, StoredRows.User, ("@key_hash", apiKeyHash))).SingleOrDefault(),
            cancellation
        );

    public Task<SessionRecord?> FindSessionAsync(
        string tokenHash,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.ReadAsync(
            async session =>
                (
                    await session.QueryAsync(OpenSession, StoredRows.Session, ("@token_hash", tokenHash), ("@now", now))
                ).SingleOrDefault(),
            cancellation
        );

    public Task AddSessionAsync(NewSession session, CancellationToken cancellation) =>
        database.WriteAsync(
            async open =>
            {
                await open.RunAsync(DeleteExpired, ("@now", session.Created));
                return await open.RunAsync(
                    InsertSession,
                    ("@token_hash", session.TokenHash),
                    ("@user", session.UserId),
                    ("@created", session.Created),
                    ("@expires", session.Expires)
                );
            },
            cancellation
        );

    public Task DeleteSessionAsync(string tokenHash, CancellationToken cancellation) =>
        database.WriteAsync(session => session.RunAsync(DeleteSession, ("@token_hash", tokenHash)), cancellation);
}

namespace GopherFlow.Storage.Sql;

/// <summary>Users, sessions and API keys.</summary>
internal sealed class SqlAccounts(ISqlDatabase database) : IAccountStore
{
    private const string UserColumns = "u.id, u.username, u.password_hash, u.role, u.enabled, u.created";

    private const string AnyUser = """
        SELECT id
          FROM users
         LIMIT 1
        """;

    private const string InsertUser = """
        INSERT INTO users (username, password_hash, role, created)
        VALUES (@username, @password_hash, @role, @created)
        """;

    private const string InsertApiKey = """
        INSERT INTO api_keys (key_hash, user_id, created)
        SELECT @key_hash, id, @created
          FROM users
         WHERE username = @username
        """;

    private const string UserByName = $"""
        SELECT {UserColumns}
          FROM users AS u
         WHERE u.username = @username
        """;

    private const string UserByApiKey = $"""
        SELECT {UserColumns}
          FROM api_keys AS k
          JOIN users AS u ON u.id = k.user_id
         WHERE k.key_hash = @key_hash
        """;

    private const string OpenSession = $"""
        SELECT {UserColumns}, s.expires
          FROM sessions AS s
          JOIN users AS u ON u.id = s.user_id
         WHERE s.token_hash = @token_hash
           AND s.expires > @now
        """;

    private const string InsertSession = """
        INSERT INTO sessions (token_hash, user_id, created, expires)
        VALUES (@token_hash, @user, @created, @expires)
        """;

    private const string DeleteSession = """
        DELETE FROM sessions
         WHERE token_hash = @token_hash
        """;

    public Task<bool> AddFirstUserAsync(NewUser user, string? apiKeyHash, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.LockAsync(cancellation);
                if ((await session.ReadAsync(AnyUser, row => row.Number(), cancellation)).Count > 0)
                {
                    return false;
                }

                await session.RunAsync(
                    InsertUser,
                    cancellation,
                    ("@username", user.Username),
                    ("@password_hash", user.PasswordHash),
                    ("@role", user.Role),
                    ("@created", user.Created)
                );
                if (apiKeyHash is not null)
                {
                    await session.RunAsync(
                        InsertApiKey,
                        cancellation,
                        ("@key_hash", apiKeyHash),
                        ("@username", user.Username),
                        ("@created", user.Created)
                    );
                }

                return true;
            },
            cancellation
        );

    public Task<UserRecord?> FindUserAsync(string username, CancellationToken cancellation) =>
        database.FindAsync(UserByName, StoredRows.User, cancellation, ("@username", username));

    public Task<UserRecord?> FindUserByApiKeyAsync(string apiKeyHash, CancellationToken cancellation) =>
        database.FindAsync(UserByApiKey, StoredRows.User, cancellation, ("@key_hash", apiKeyHash));

    public Task<SessionRecord?> FindSessionAsync(
        string tokenHash,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => database.FindAsync(OpenSession, StoredRows.Session, cancellation, ("@token_hash", tokenHash), ("@now", now));

    public Task AddSessionAsync(NewSession session, CancellationToken cancellation) =>
        database.WriteAsync(
            sql =>
                sql.RunAsync(
                    InsertSession,
                    cancellation,
                    ("@token_hash", session.TokenHash),
                    ("@user", session.UserId),
                    ("@created", session.Created),
                    ("@expires", session.Expires)
                ),
            cancellation
        );

    public Task DeleteSessionAsync(string tokenHash, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.RunAsync(DeleteSession, cancellation, ("@token_hash", tokenHash)),
            cancellation
        );
}

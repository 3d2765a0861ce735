using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>Users, sessions and keys in the same file.</summary>
internal sealed class SqliteAccounts(SqliteDatabase database) : IAccountStore
{
    private const string UserColumns = "u.id, u.username, u.password_hash, u.role, u.enabled, u.created";

    private const string InsertFirstUser = """
        INSERT INTO users (username, password_hash, role, created)
        SELECT ?1, ?2, ?3, ?4
         WHERE NOT EXISTS (SELECT 1 FROM users)
        """;

    private const string InsertApiKey = """
        INSERT INTO api_keys (key_hash, user_id, created)
        SELECT ?1, id, ?3
          FROM users
         WHERE username = ?2
        """;

    private const string UserByName = $"""
        SELECT {UserColumns}
          FROM users AS u
         WHERE u.username = ?1
        """;

    private const string UserByApiKey = $"""
        SELECT {UserColumns}
          FROM api_keys AS k
          JOIN users AS u ON u.id = k.user_id
         WHERE k.key_hash = ?1
        """;

    private const string OpenSession = $"""
        SELECT {UserColumns}, s.expires
          FROM sessions AS s
          JOIN users AS u ON u.id = s.user_id
         WHERE s.token_hash = ?1
           AND s.expires > ?2
        """;

    private const string DeleteExpired = """
        DELETE FROM sessions
         WHERE expires <= ?1
        """;

    private const string InsertSession = """
        INSERT INTO sessions (token_hash, user_id, created, expires)
        VALUES (?1, ?2, ?3, ?4)
        """;

    private const string DeleteSession = """
        DELETE FROM sessions
         WHERE token_hash = ?1
        """;

    public Task<bool> AddFirstUserAsync(NewUser user, string? apiKeyHash, CancellationToken cancellation) =>
        database.Writer.RunAsync(
            _ =>
            {
                var statements = database.Writer.Statements;
                var added =
                    statements
                        .Statement(InsertFirstUser)
                        .Bind(user.Username)
                        .Bind(user.PasswordHash)
                        .Bind(user.Role)
                        .Bind(user.Created)
                        .Run() == 1;
                if (added && apiKeyHash is not null)
                {
                    statements.Statement(InsertApiKey).Bind(apiKeyHash).Bind(user.Username).Bind(user.Created).Run();
                }

                return added;
            },
            cancellation
        );

    public Task<UserRecord?> FindUserAsync(string username, CancellationToken cancellation) =>
        database.ReadAsync(
            reader => reader.Statement(UserByName).Bind(username).ReadFirst(StoredRows.User),
            cancellation
        );

    public Task<UserRecord?> FindUserByApiKeyAsync(string apiKeyHash, CancellationToken cancellation) =>
        database.ReadAsync(
            reader => reader.Statement(UserByApiKey).Bind(apiKeyHash).ReadFirst(StoredRows.User),
            cancellation
        );

    public Task<SessionRecord?> FindSessionAsync(
        string tokenHash,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.ReadAsync(
            reader => reader.Statement(OpenSession).Bind(tokenHash).Bind(now).ReadFirst(StoredRows.Session),
            cancellation
        );

    public Task AddSessionAsync(NewSession session, CancellationToken cancellation) =>
        database.Writer.RunAsync(
            _ =>
            {
                var statements = database.Writer.Statements;
                statements.Statement(DeleteExpired).Bind(session.Created).Run();
                return statements
                    .Statement(InsertSession)
                    .Bind(session.TokenHash)
                    .Bind(session.UserId)
                    .Bind(session.Created)
                    .Bind(session.Expires)
                    .Run();
            },
            cancellation
        );

    public Task DeleteSessionAsync(string tokenHash, CancellationToken cancellation) =>
        database.Writer.RunAsync(
            _ => database.Writer.Statements.Statement(DeleteSession).Bind(tokenHash).Run(),
            cancellation
        );
}

using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Users, sessions and keys in the same database.</summary>
internal sealed class PostgresAccounts(NpgsqlDataSource source) : IAccountStore
{
    private const string UserColumns = "u.id, u.username, u.password_hash, u.role, u.enabled, u.created";

    /// <summary>Of several processes that start at once over an empty database, one adds the first user.</summary>
    private const string LockUsers = "LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE";

    private const string InsertFirstUser = """
        WITH added AS (
               INSERT INTO users (username, password_hash, role, created)
               SELECT $1, $2, $3, $4
                WHERE NOT EXISTS (SELECT 1 FROM users)
            RETURNING id
        ), key AS (
            INSERT INTO api_keys (key_hash, user_id, created)
            SELECT $5, id, $4
              FROM added
             WHERE $5 IS NOT NULL
        )
        SELECT id
          FROM added
        """;

    private const string UserByName = $"""
        SELECT {UserColumns}
          FROM users AS u
         WHERE u.username = $1
        """;

    private const string UserByApiKey = $"""
        SELECT {UserColumns}
          FROM api_keys AS k
          JOIN users AS u ON u.id = k.user_id
         WHERE k.key_hash = $1
        """;

    private const string OpenSession = $"""
        SELECT {UserColumns}, s.expires
          FROM sessions AS s
          JOIN users AS u ON u.id = s.user_id
         WHERE s.token_hash = $1
           AND s.expires > $2
        """;

    private const string DeleteExpired = """
        DELETE FROM sessions
         WHERE expires <= $1
        """;

    private const string InsertSession = """
        INSERT INTO sessions (token_hash, user_id, created, expires)
        VALUES ($1, $2, $3, $4)
        """;

    private const string DeleteSession = """
        DELETE FROM sessions
         WHERE token_hash = $1
        """;

    public async Task<bool> AddFirstUserAsync(NewUser user, string? apiKeyHash, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Statement(LockUsers);
        batch
            .Statement(InsertFirstUser)
            .With(user.Username)
            .With(user.PasswordHash)
            .With(user.Role)
            .With(user.Created)
            .With(apiKeyHash);
        var added = await batch.ReadAllAsync(row => row.Number(), cancellation);
        await transaction.CommitAsync(cancellation);
        return added.Count == 1;
    }

    public async Task<UserRecord?> FindUserAsync(string username, CancellationToken cancellation) =>
        (
            await source.ReadAllAsync(
                batch => batch.Statement(UserByName).With(username),
                StoredRows.User,
                cancellation
            )
        ).FirstOrDefault();

    public async Task<UserRecord?> FindUserByApiKeyAsync(string apiKeyHash, CancellationToken cancellation) =>
        (
            await source.ReadAllAsync(
                batch => batch.Statement(UserByApiKey).With(apiKeyHash),
                StoredRows.User,
                cancellation
            )
        ).FirstOrDefault();

    public async Task<SessionRecord?> FindSessionAsync(
        string tokenHash,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        (
            await source.ReadAllAsync(
                batch => batch.Statement(OpenSession).With(tokenHash).With(now),
                StoredRows.Session,
                cancellation
            )
        ).FirstOrDefault();

    public Task AddSessionAsync(NewSession session, CancellationToken cancellation) =>
        source.RunAsync(
            batch =>
            {
                batch.Statement(DeleteExpired).With(session.Created);
                batch
                    .Statement(InsertSession)
                    .With(session.TokenHash)
                    .With(session.UserId)
                    .With(session.Created)
                    .With(session.Expires);
            },
            cancellation
        );

    public Task DeleteSessionAsync(string tokenHash, CancellationToken cancellation) =>
        source.RunAsync(batch => batch.Statement(DeleteSession).With(tokenHash), cancellation);
}

namespace GopherFlow.Storage.Sql;

/// <summary>Sessions. Opening one locks the row of the user, so that none is opened while a change ends the user's sessions.</summary>
internal sealed partial class SqlAccounts
{
    private const string OpenSession = $"""
        SELECT {AccountRows.SessionColumns}
          FROM sessions AS s
          JOIN users AS u ON u.id = s.user_id
         WHERE s.token_hash = @token_hash
           AND s.expires > @now
        """;

    private const string OpenSessions = $"""
          SELECT {AccountRows.SessionColumns}
            FROM sessions AS s
            JOIN users AS u ON u.id = s.user_id
           WHERE s.user_id = @user
             AND s.expires > @now
        ORDER BY s.id DESC
        """;

    private const string NoteSignIn = """
        UPDATE users
           SET last_sign_in = @created
         WHERE id = @user
           AND revision = @revision
           AND enabled
        """;

    private const string InsertSession = """
        INSERT INTO sessions (token_hash, user_id, created, expires, last_used, address, user_agent)
        VALUES (@token_hash, @user, @created, @expires, @created, @address, @user_agent)
        """;

    private const string NoteSessionUse = """
        UPDATE sessions
           SET last_used = @now
         WHERE id = @id
           AND last_used <= @before
        """;

    private const string EndSessionByToken = """
        DELETE FROM sessions
         WHERE token_hash = @token_hash
        """;

    private const string EndSession = """
        DELETE FROM sessions
         WHERE id = @id
           AND user_id = @user
        """;

    private const string EndSessions = """
        DELETE FROM sessions
         WHERE user_id = @user
           AND id <> @kept
        """;

    /// <summary>How precisely the last use of a session or key is recorded.</summary>
    private static readonly TimeSpan UseInterval = TimeSpan.FromMinutes(1);

    public Task<SessionRecord?> FindSessionAsync(
        string tokenHash,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => database.FindAsync(OpenSession, AccountRows.Session, cancellation, ("@token_hash", tokenHash), ("@now", now));

    public Task<IReadOnlyList<SessionRecord>> SessionsAsync(
        long userId,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => database.AllAsync(OpenSessions, AccountRows.Session, cancellation, ("@user", userId), ("@now", now));

    public Task<bool> AddSessionAsync(NewSession session, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
                await sql.RunAsync(
                    NoteSignIn,
                    cancellation,
                    ("@user", session.User.Id),
                    ("@revision", session.User.Revision),
                    ("@created", session.Created)
                ) == 1
                && await sql.RunAsync(
                    InsertSession,
                    cancellation,
                    ("@token_hash", session.TokenHash),
                    ("@user", session.User.Id),
                    ("@created", session.Created),
                    ("@expires", session.Expires),
                    ("@address", session.Address),
                    ("@user_agent", session.UserAgent)
                ) == 1,
            cancellation
        );

    public Task NoteSessionUseAsync(long id, DateTimeOffset now, CancellationToken cancellation) =>
        RunAsync(NoteSessionUse, cancellation, ("@id", id), ("@now", now), ("@before", now - UseInterval));

    public Task DeleteSessionAsync(string tokenHash, CancellationToken cancellation) =>
        RunAsync(EndSessionByToken, cancellation, ("@token_hash", tokenHash));

    public async Task<bool> DeleteSessionAsync(long userId, long id, CancellationToken cancellation) =>
        await RunAsync(EndSession, cancellation, ("@user", userId), ("@id", id)) == 1;

    public Task<int> DeleteSessionsAsync(long userId, long? exceptId, CancellationToken cancellation) =>
        RunAsync(EndSessions, cancellation, ("@user", userId), ("@kept", exceptId ?? 0));

    private Task<int> RunAsync(
        string sql,
        CancellationToken cancellation,
        params (string Name, object? Value)[] values
    ) => database.WriteAsync(session => session.RunAsync(sql, cancellation, values), cancellation);
}

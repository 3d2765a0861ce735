namespace GopherFlow.Storage.Sql;

/// <summary>
/// Users; sessions and API keys are in files of their own. Users are changed one after the other, under the same lock as scripts.
/// </summary>
internal sealed partial class SqlAccounts(ISqlDatabase database) : IAccountStore
{
    private const string AnyUser = """
        SELECT id
          FROM users
         LIMIT 1
        """;

    private const string UserById = $"""
        SELECT {AccountRows.UserColumns}
          FROM users AS u
         WHERE u.id = @id
        """;

    private const string UserByName = $"""
        SELECT {AccountRows.UserColumns}
          FROM users AS u
         WHERE u.username_key = @key
        """;

    private const string UserByIdentity = $"""
        SELECT {AccountRows.UserColumns}
          FROM users AS u
         WHERE u.issuer = @issuer
           AND u.subject = @subject
        """;

    private const string PageOfUsers = $"""
          SELECT {AccountRows.UserColumns}
            FROM users AS u
           WHERE u.id > @after
        ORDER BY u.id
           LIMIT @limit
        """;

    private const string OtherEnabledAdmin = """
        SELECT id
          FROM users
         WHERE role = 'admin'
           AND enabled
           AND id <> @id
         LIMIT 1
        """;

    private const string InsertUser = """
        INSERT INTO users (username, username_key, display_name, role, password_hash, enabled, created, issuer, subject)
        VALUES (@username, @key, @display_name, @role, @password_hash, @enabled, @created, @issuer, @subject)
        """;

    private const string UpdateUser = """
        UPDATE users
           SET display_name  = @display_name,
               role          = @role,
               password_hash = @password_hash,
               enabled       = @enabled,
               revision      = @revision
         WHERE id = @id
        """;

    private const string DeleteUser = """
        DELETE FROM users
         WHERE id = @id
        """;

    public Task<bool> AddFirstUserAsync(NewUser user, NewApiKey? key, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.LockAsync(cancellation);
                if ((await session.ReadAsync(AnyUser, row => row.Number(), cancellation)).Count > 0)
                {
                    return false;
                }

                var added = await InsertAsync(session, user, cancellation);
                if (key is not null)
                {
                    await InsertAsync(session, added.Id, key, cancellation);
                }

                return true;
            },
            cancellation
        );

    public Task<UserRecord?> AddUserAsync(NewUser user, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.LockAsync(cancellation);
                var isTaken =
                    await FindAsync(session, user.Username, cancellation) is not null
                    || user.External is { } identity && await FindAsync(session, identity, cancellation) is not null;
                return isTaken ? null : await InsertAsync(session, user, cancellation);
            },
            cancellation
        );

    public Task<UserRecord?> FindUserAsync(long id, CancellationToken cancellation) =>
        database.FindAsync(UserById, AccountRows.User, cancellation, ("@id", id));

    public Task<UserRecord?> FindUserAsync(string username, CancellationToken cancellation) =>
        Usernames.IsValid(username)
            ? database.ReadAsync(session => FindAsync(session, username, cancellation), cancellation)
            : Task.FromResult<UserRecord?>(null);

    public Task<UserRecord?> FindUserAsync(ExternalIdentity identity, CancellationToken cancellation) =>
        database.ReadAsync(session => FindAsync(session, identity, cancellation), cancellation);

    public Task<IReadOnlyList<UserRecord>> UsersAsync(UserSearch search, CancellationToken cancellation) =>
        database.AllAsync(
            PageOfUsers,
            AccountRows.User,
            cancellation,
            ("@after", search.AfterId),
            ("@limit", search.Limit)
        );

    public Task<UserChangeResult> ChangeUserAsync(long id, UserChange change, CancellationToken cancellation) =>
        WithUserAsync(
            id,
            async (session, before) =>
            {
                var after = before.After(change);
                if (change.Revision is { } revision && revision != before.Revision)
                {
                    return new UserChangeResult(UserVerdict.Outdated, before);
                }

                if (before.IsEnabledAdmin && !after.IsEnabledAdmin && await IsLastAdminAsync(session, id, cancellation))
                {
                    return new UserChangeResult(UserVerdict.LastAdmin, before);
                }

                await UpdateAsync(session, after, cancellation);
                if (!after.Enabled || change.PasswordHash is not null)
                {
                    await session.RunAsync(
                        EndSessions,
                        cancellation,
                        ("@user", id),
                        ("@kept", after.Enabled ? change.KeptSessionId ?? 0 : 0)
                    );
                }

                return new UserChangeResult(UserVerdict.Done, before, after);
            },
            cancellation
        );

    public Task<UserChangeResult> DeleteUserAsync(long id, CancellationToken cancellation) =>
        WithUserAsync(
            id,
            async (session, before) =>
            {
                if (before.IsEnabledAdmin && await IsLastAdminAsync(session, id, cancellation))
                {
                    return new UserChangeResult(UserVerdict.LastAdmin, before);
                }

                // Change the row of the user first: opening a session or adding a key locks it, too.
                await UpdateAsync(session, before with { Enabled = false }, cancellation);
                await session.RunAsync(EndSessions, cancellation, ("@user", id), ("@kept", 0L));
                await session.RunAsync(DeleteApiKeys, cancellation, ("@user", id));
                await session.RunAsync(DeleteUser, cancellation, ("@id", id));
                return new UserChangeResult(UserVerdict.Done, before);
            },
            cancellation
        );

    private Task<UserChangeResult> WithUserAsync(
        long id,
        Func<SqlSession, UserRecord, Task<UserChangeResult>> change,
        CancellationToken cancellation
    ) =>
        database.WriteAsync(
            async session =>
            {
                await session.LockAsync(cancellation);
                return await FindAsync(session, id, cancellation) is { } before
                    ? await change(session, before)
                    : new UserChangeResult(UserVerdict.NotFound);
            },
            cancellation
        );

    private static async Task<bool> IsLastAdminAsync(SqlSession session, long id, CancellationToken cancellation) =>
        (await session.ReadAsync(OtherEnabledAdmin, row => row.Number(), cancellation, ("@id", id))).Count == 0;

    private static Task<UserRecord?> FindAsync(SqlSession session, long id, CancellationToken cancellation) =>
        session.FindAsync(UserById, AccountRows.User, cancellation, ("@id", id));

    private static Task<UserRecord?> FindAsync(SqlSession session, string username, CancellationToken cancellation) =>
        session.FindAsync(UserByName, AccountRows.User, cancellation, ("@key", Usernames.KeyOf(username)));

    private static Task<UserRecord?> FindAsync(
        SqlSession session,
        ExternalIdentity identity,
        CancellationToken cancellation
    ) =>
        session.FindAsync(
            UserByIdentity,
            AccountRows.User,
            cancellation,
            ("@issuer", identity.Issuer),
            ("@subject", identity.Subject)
        );

    private static async Task<UserRecord> InsertAsync(SqlSession session, NewUser user, CancellationToken cancellation)
    {
        await session.RunAsync(
            InsertUser,
            cancellation,
            ("@username", user.Username),
            ("@key", Usernames.KeyOf(user.Username)),
            ("@display_name", user.DisplayName),
            ("@role", user.Role),
            ("@password_hash", user.PasswordHash),
            ("@enabled", user.Enabled),
            ("@created", user.Created),
            ("@issuer", user.External?.Issuer),
            ("@subject", user.External?.Subject)
        );
        return (await FindAsync(session, user.Username, cancellation))!;
    }

    private static Task<int> UpdateAsync(SqlSession session, UserRecord user, CancellationToken cancellation) =>
        session.RunAsync(
            UpdateUser,
            cancellation,
            ("@id", user.Id),
            ("@display_name", user.DisplayName),
            ("@role", user.Role),
            ("@password_hash", user.PasswordHash),
            ("@enabled", user.Enabled),
            ("@revision", user.Revision)
        );
}

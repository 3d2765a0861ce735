namespace GopherFlow.Storage.Sql;

/// <summary>Roles that one process at a time can have, until its lease expires by the database's clock.</summary>
internal sealed class SqlRoles(ISqlDatabase database)
{
    private const string Known = """
        SELECT count(*)
          FROM role_leases
         WHERE name = @name
        """;

    private readonly string take = $"""
        UPDATE role_leases
           SET executor_id = @executor,
               lease_until = {database.Dialect.Now} + @lease
         WHERE name = @name
           AND (executor_id = @executor OR lease_until < {database.Dialect.Now})
        """;

    private readonly string insert = $"""
        INSERT INTO role_leases (name, executor_id, lease_until)
        SELECT @name, @executor, clock.now + @lease
          FROM (SELECT {database.Dialect.Now} AS now) AS clock
        """;

    public Task<bool> TakeAsync(RoleClaim claim, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                (string, object?)[] values =
                [
                    ("@now", session.Now),
                    ("@name", claim.Role),
                    ("@executor", claim.ExecutorId),
                    ("@lease", claim.Lease),
                ];
                if (await session.RunAsync(take, cancellation, values) == 1)
                {
                    return true;
                }

                // If the role does not exist yet, two processes may try to create it at the same time.
                if (await IsKnownAsync(session, claim.Role, cancellation))
                {
                    return false;
                }

                await session.LockAsync(cancellation);
                return !await IsKnownAsync(session, claim.Role, cancellation)
                    && await session.RunAsync(insert, cancellation, values) == 1;
            },
            cancellation
        );

    private static async Task<bool> IsKnownAsync(SqlSession session, string role, CancellationToken cancellation) =>
        (await session.ReadAsync(Known, row => row.Number(), cancellation, ("@name", role)))[0] > 0;
}

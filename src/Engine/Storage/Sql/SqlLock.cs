namespace GopherFlow.Storage.Sql;

/// <summary>
/// The one row that every change of scripts, definitions or users locks. Such changes are rare, and run one after the other.
/// </summary>
internal static class SqlLock
{
    private const string Hold = """
        UPDATE script_revision
           SET revision = revision
        """;

    /// <summary>
    /// Waits for the row and locks it until the transaction ends. Later reads see what other transactions have committed.
    /// </summary>
    public static Task LockAsync(this SqlSession session, CancellationToken cancellation) =>
        session.RunAsync(Hold, cancellation);
}

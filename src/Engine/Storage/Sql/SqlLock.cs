namespace GopherFlow.Storage.Sql;

/// <summary>
/// The one row that everybody holds who changes scripts or definitions, or users: such changes are few, and go one
/// after the other.
/// </summary>
internal static class SqlLock
{
    private const string Hold = """
        UPDATE script_revision
           SET revision = revision
        """;

    /// <summary>Waits for the row and holds it until the transaction ends. What is read after this is what others have committed.</summary>
    public static Task LockAsync(this SqlSession session, CancellationToken cancellation) =>
        session.RunAsync(Hold, cancellation);
}

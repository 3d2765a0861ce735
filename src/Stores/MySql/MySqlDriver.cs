using System.Net.Sockets;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>The settings of the driver, MySqlConnector, and the classification of its errors.</summary>
internal static class MySqlDriver
{
    /// <summary>An error code that only MariaDB has.</summary>
    private const MySqlErrorCode ConnectionKilled = (MySqlErrorCode)1927;

    private const MySqlErrorCode ReadOnlyMode = (MySqlErrorCode)1836;

    /// <summary>A subquery has returned more than one row.</summary>
    private const MySqlErrorCode SubqueryHasRows = (MySqlErrorCode)1242;

    /// <summary>
    /// Transient errors: the server is unreachable, full, read-only, shutting down or cut off from its cluster, has closed the connection,
    /// or has chosen the transaction as the deadlock victim. In a Galera cluster the loser of a conflict with another server gets the same
    /// error.
    /// </summary>
    private static readonly HashSet<MySqlErrorCode> Transient =
    [
        MySqlErrorCode.CommandTimeoutExpired,
        MySqlErrorCode.LockWaitTimeout,
        MySqlErrorCode.LockDeadlock,
        MySqlErrorCode.CheckRead, // the record has changed since it was read
        MySqlErrorCode.ConnectionCountError,
        MySqlErrorCode.UnableToConnectToHost,
        MySqlErrorCode.HandshakeError,
        MySqlErrorCode.ServerShutdown,
        MySqlErrorCode.NormalShutdown,
        MySqlErrorCode.ShutdownComplete,
        MySqlErrorCode.ForcingClose,
        MySqlErrorCode.AbortingConnection,
        MySqlErrorCode.NewAbortingConnection,
        MySqlErrorCode.NetReadErrorFromPipe,
        MySqlErrorCode.NetPacketsOutOfOrder,
        MySqlErrorCode.NetUncompressError,
        MySqlErrorCode.NetReadError,
        MySqlErrorCode.NetReadInterrupted,
        MySqlErrorCode.NetErrorOnWrite,
        MySqlErrorCode.NetWriteInterrupted,
        MySqlErrorCode.TooManyUserConnections,
        MySqlErrorCode.UserLimitReached,
        MySqlErrorCode.QueryInterrupted,
        ConnectionKilled,
        MySqlErrorCode.UnknownCommand, // the server does not take part in its cluster
        MySqlErrorCode.ErrorDuringCommit,
        MySqlErrorCode.DiskFull,
        MySqlErrorCode.ErrorOnWrite,
        MySqlErrorCode.RecordFileFull,
        MySqlErrorCode.OptionPreventsStatement, // the server is read-only
        ReadOnlyMode,
        MySqlErrorCode.ClientInteractionTimeout,
    ];

    /// <summary>Parses a connection string and sets the options that the store needs.</summary>
    /// <exception cref="StoreSetupException">It cannot be read.</exception>
    public static MySqlConnectionStringBuilder Settings(string connectionString)
    {
        try
        {
            return new MySqlConnectionStringBuilder(connectionString)
            {
                PersistSecurityInfo = false,
                // The store leaves no session state behind, so a reused connection needs no reset, which would be a round trip.
                ConnectionReset = false,
                // An OnCommit callback may run commands without naming the transaction.
                IgnoreCommandTransaction = true,
                UseAffectedRows = false,
                // Pomelo's provider for Entity Framework requires this to use the connection of an OnCommit callback.
                AllowUserVariables = true,
                TreatTinyAsBoolean = false,
                AutoEnlist = false,
            };
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidOperationException)
        {
            // The message of the original exception may contain a part of the password.
            throw new StoreSetupException(
                "The connection string of the MySQL database cannot be read. Write it as "
                    + "'Server=...;Port=3306;Database=...;User ID=...;Password=...'."
            );
        }
    }

    /// <summary>Whether the error is transient, so that the call can be retried.</summary>
    public static bool IsTransient(Exception exception) =>
        exception switch
        {
            MySqlException known when Transient.Contains(known.ErrorCode) => true,
            MySqlException refused when IsTooLarge(refused) => false,
            MySqlException { InnerException: { } inner } => IsTransient(inner),
            AggregateException several => several.InnerExceptions.Any(IsTransient),
            IOException or SocketException or TimeoutException => true,
            _ => false,
        };

    /// <summary>Whether the driver has thrown the exception or its cause.</summary>
    public static bool IsOfDriver(Exception exception) =>
        exception switch
        {
            MySqlException => true,
            AggregateException several => several.InnerExceptions.Any(IsOfDriver),
            { InnerException: { } inner } => IsOfDriver(inner),
            _ => false,
        };

    /// <summary>
    /// Whether the server closed the connection because a packet was too large. The driver only guesses this, for packets of 4 MiB or more;
    /// a smaller batch may succeed.
    /// </summary>
    private static bool IsTooLarge(MySqlException exception) =>
        exception.InnerException is not null
        && exception.Message.Contains("max_allowed_packet", StringComparison.Ordinal);

    /// <summary>Whether the transaction was the deadlock victim, or its server refuses to work, so that nothing was written.</summary>
    public static bool IsUndone(Exception exception) =>
        exception is MySqlException { ErrorCode: MySqlErrorCode.LockDeadlock } || IsCutOff(exception);

    /// <summary>
    /// Whether the server refuses writes: it is cut off from its cluster, has not caught up with it yet, or has become a replica.
    /// </summary>
    public static bool IsCutOff(Exception exception) =>
        exception
            is MySqlException
            {
                ErrorCode: MySqlErrorCode.UnknownCommand or MySqlErrorCode.OptionPreventsStatement or ReadOnlyMode
            };

    /// <summary>Whether a unique key already contains the value.</summary>
    public static bool IsDuplicate(Exception exception, string key) =>
        exception is MySqlException { ErrorCode: MySqlErrorCode.DuplicateKeyEntry } duplicate
        && duplicate.Message.Contains(key, StringComparison.Ordinal);

    /// <summary>Whether rows have changed since they were planned, see <see cref="MySqlWriting"/>.</summary>
    public static bool IsUnexpected(Exception exception) => exception is MySqlException { ErrorCode: SubqueryHasRows };
}

using System.Net.Sockets;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>The settings of the driver, MySqlConnector, and what its errors mean.</summary>
internal static class MySqlDriver
{
    /// <summary>MariaDB's own code.</summary>
    private const MySqlErrorCode ConnectionKilled = (MySqlErrorCode)1927;

    private const MySqlErrorCode ReadOnlyMode = (MySqlErrorCode)1836;

    /// <summary>A subquery has more than one row.</summary>
    private const MySqlErrorCode SubqueryHasRows = (MySqlErrorCode)1242;

    /// <summary>
    /// The server is away, full, read-only, going down or cut off from its cluster, has cut the connection, or made the transaction the deadlock
    /// victim. In a Galera cluster the victim of a conflict with another server gets the same error.
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
        MySqlErrorCode.UnknownCommand, // it does not take part in its cluster
        MySqlErrorCode.ErrorDuringCommit,
        MySqlErrorCode.DiskFull,
        MySqlErrorCode.ErrorOnWrite,
        MySqlErrorCode.RecordFileFull,
        MySqlErrorCode.OptionPreventsStatement, // it is read-only
        ReadOnlyMode,
        MySqlErrorCode.ClientInteractionTimeout,
    ];

    /// <summary>A connection string as the store uses it.</summary>
    /// <exception cref="StoreSetupException">It cannot be read.</exception>
    public static MySqlConnectionStringBuilder Settings(string connectionString)
    {
        try
        {
            return new MySqlConnectionStringBuilder(connectionString)
            {
                PersistSecurityInfo = false,
                // Nothing that the store does outlives its transaction, so a connection that is used again needs no round trip.
                ConnectionReset = false,
                // An OnCommit callback may run commands without naming the transaction.
                IgnoreCommandTransaction = true,
                UseAffectedRows = false,
                // Pomelo's provider for Entity Framework takes the connection of an OnCommit callback only with it.
                AllowUserVariables = true,
                TreatTinyAsBoolean = false,
                AutoEnlist = false,
            };
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidOperationException)
        {
            // The message of the fault may contain a part of the password.
            throw new StoreSetupException(
                "The connection string of the MySQL database cannot be read. Write it as "
                    + "'Server=...;Port=3306;Database=...;User ID=...;Password=...'."
            );
        }
    }

    /// <summary>Whether the same call may well succeed later.</summary>
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

    /// <summary>Whether the driver has raised it, or what raised it.</summary>
    public static bool IsOfDriver(Exception exception) =>
        exception switch
        {
            MySqlException => true,
            AggregateException several => several.InnerExceptions.Any(IsOfDriver),
            { InnerException: { } inner } => IsOfDriver(inner),
            _ => false,
        };

    /// <summary>
    /// Whether the server closed the connection because a packet was too large. The driver can only guess: its message says so for packets from
    /// 4 MiB on; a smaller batch may well be written.
    /// </summary>
    private static bool IsTooLarge(MySqlException exception) =>
        exception.InnerException is not null
        && exception.Message.Contains("max_allowed_packet", StringComparison.Ordinal);

    /// <summary>Whether the transaction was the deadlock victim, or its server refuses to work: nothing of it is written.</summary>
    public static bool IsUndone(Exception exception) =>
        exception is MySqlException { ErrorCode: MySqlErrorCode.LockDeadlock } || IsCutOff(exception);

    /// <summary>
    /// Whether the server refuses to write: it is cut off from its cluster, has still to catch up with it, or is a replica now.
    /// </summary>
    public static bool IsCutOff(Exception exception) =>
        exception
            is MySqlException
            {
                ErrorCode: MySqlErrorCode.UnknownCommand or MySqlErrorCode.OptionPreventsStatement or ReadOnlyMode
            };

    /// <summary>Whether a unique key has the value already.</summary>
    public static bool IsDuplicate(Exception exception, string key) =>
        exception is MySqlException { ErrorCode: MySqlErrorCode.DuplicateKeyEntry } duplicate
        && duplicate.Message.Contains(key, StringComparison.Ordinal);

    /// <summary>Whether rows were not as they were thought to be, see <see cref="MySqlWriting"/>.</summary>
    public static bool IsUnexpected(Exception exception) => exception is MySqlException { ErrorCode: SubqueryHasRows };
}

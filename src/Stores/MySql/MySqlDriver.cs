using System.Data.Common;
using System.Net.Sockets;
using GopherFlow.Storage;
using MySql.Data.MySqlClient;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// All that the store knows of its driver, MySql.Data. Everything else speaks System.Data.Common, so another driver (MySqlConnector)
/// is a change of this file alone.
/// </summary>
internal static class MySqlDriver
{
    /// <summary>
    /// The driver reads every warning, and fails on texts in utf8mb3, in which MariaDB answers that and other questions about
    /// itself; so all texts are asked for in utf8mb4, and notes are not made.
    /// </summary>
    private const string LegibleAnswers = "SET SESSION character_set_results = utf8mb4, sql_notes = 0";

    private const int DuplicateEntry = 1062;
    private const int LockWaitTimeout = 1205;
    private const int Deadlock = 1213;

    /// <summary>
    /// The server is away, full, going down, or has cut the connection; or the transaction had to give way to another.
    /// </summary>
    private static readonly HashSet<int> Passing =
    [
        LockWaitTimeout,
        Deadlock,
        1020, // the record has changed since it was read
        1040, // too many connections
        1042, // the host cannot be reached
        1043, // bad handshake
        1053, // the server shuts down
        1080, // forced close
        1152, // aborted connection
        1158, // communication packets
        1159,
        1160,
        1161,
        1184, // aborted new connection
        1203, // too many connections of this user
        1226, // this user has used up what it may
        1317, // the statement was interrupted
        1927, // the connection was killed
        2002, // cannot connect
        2003,
        2006, // the server has gone away
        2013, // the connection was lost
        2055,
        4031, // closed for inactivity
    ];

    /// <summary>A connection, open, without a pool behind it: the store keeps its own.</summary>
    /// <param name="connectionString">Server, database, user and password.</param>
    /// <param name="patience">How many seconds an answer may take before the connection is given up.</param>
    public static DbConnection Open(string connectionString, int patience)
    {
        var settings = new MySqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            DefaultCommandTimeout = (uint)patience,
            ConnectionTimeout = (uint)Math.Min(patience, 15),
            CharacterSet = "utf8mb4",
            UseAffectedRows = false,
            AllowUserVariables = false,
        };
        var connection = new MySqlConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = LegibleAnswers;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Server and database as words for a person; never the password.</summary>
    public static string Describe(string connectionString)
    {
        try
        {
            var settings = new MySqlConnectionStringBuilder(connectionString);
            return $"'{settings.Database}' on {settings.Server}:{settings.Port}";
        }
        catch (Exception trouble) when (trouble is ArgumentException or FormatException or KeyNotFoundException)
        {
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
            MySqlException known when Passing.Contains(known.Number) => true,
            MySqlException { InnerException: { } inner } => IsTransient(inner),
            IOException or SocketException or TimeoutException => true,
            _ => false,
        };

    /// <summary>Whether the transaction was the one to give way to another: nothing of it is written.</summary>
    public static bool IsDeadlock(Exception exception) => exception is MySqlException { Number: Deadlock };

    /// <summary>Whether a unique key has the value already.</summary>
    public static bool IsDuplicate(Exception exception) => exception is MySqlException { Number: DuplicateEntry };
}

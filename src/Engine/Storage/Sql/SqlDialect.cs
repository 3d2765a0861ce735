using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>The differences between databases in the statements that they share.</summary>
internal sealed record SqlDialect
{
    /// <summary>Whether each statement must be sent separately, although the driver supports batches.</summary>
    public bool SendsOneByOne { get; init; }

    /// <summary>The clock of the database, as an expression; null if the clock of the process is used.</summary>
    public required string? Clock { get; init; }

    /// <summary>The id that the last insert of the connection has generated, as an expression.</summary>
    public required string LastId { get; init; }

    /// <summary>Whether an insert can return what it has written. MySQL cannot.</summary>
    public bool HasReturning { get; init; } = true;

    /// <summary>The function that returns the greatest of its arguments.</summary>
    public required string Greatest { get; init; }

    /// <summary>
    /// Whether instants and durations are stored as whole microseconds (since 1970-01-01 UTC) and not in types of their own.
    /// </summary>
    public required bool StoresMicroseconds { get; init; }

    /// <summary>Converts a sum to a 64-bit integer, if the database gives it another type.</summary>
    public Func<string, string> Whole { get; init; } = static sum => sum;

    /// <summary>The expression by which rows are grouped to have one identifier, if grouping by the identifier itself is slow.</summary>
    public Func<string, string> GroupKey { get; init; } = static identifier => identifier;

    /// <summary>The identifier that all rows of a group have.</summary>
    public Func<string, string> OfGroup { get; init; } = static identifier => identifier;

    /// <summary>Whether identifiers are stored as bytes, so that a text is compared with them as bytes.</summary>
    public bool StoresIdentifiersAsBytes { get; init; }

    /// <summary>A join that reads the table on its left first.</summary>
    public string JoinInOrder { get; init; } = "JOIN";

    /// <summary>Makes a statement read a table by its primary key, if the database needs a hint for that.</summary>
    public string ByPrimaryKey { get; init; } = "";

    /// <summary>Whether statements name the index that they use, because the planner has no statistics.</summary>
    public bool NamesIndexes { get; init; }

    /// <summary>
    /// Whether the planner may turn a look-up of a few ids into a walk through a table, unless the statement rules that out.
    /// </summary>
    public bool PinsLookups { get; init; }

    /// <summary>Whether an index finds unfinished workflows by their status.</summary>
    public bool FindsUnfinishedByStatus { get; init; } = true;

    /// <summary>Converts an array to what the driver takes as one parameter.</summary>
    public Func<Array, object> ToArray { get; init; } = static values => values;

    /// <summary>The current instant, as an expression: the parameter <c>@now</c>, or the database's clock where that is NULL.</summary>
    public string Now => Clock is null ? "@now" : $"coalesce(@now, {Clock})";

    /// <summary>The milliseconds from one instant to another, as an expression.</summary>
    public string MillisecondsBetween(string from, string to) =>
        StoresMicroseconds ? $"({to} - {from}) / 1000" : $"extract(epoch FROM {to} - {from}) * 1000";

    /// <summary>The expression for a parameter that is compared with an identifier.</summary>
    public string Identifier(string parameter) => StoresIdentifiersAsBytes ? $"CAST({parameter} AS BINARY)" : parameter;

    /// <summary>The end of a query that locks the rows that it reads, and skips those that another transaction has locked.</summary>
    public string LockFree { get; init; } = "";

    /// <summary>Makes a statement read a table in the order of an index, if the database needs a hint for that.</summary>
    public Func<string, string> WalkedBy { get; init; } = static _ => "";

    /// <summary>The column of the priority in the index of parked workflows.</summary>
    public string DuePriority { get; init; } = "priority";

    /// <summary>The condition that all rows in the index of parked workflows fulfil, if it is a partial index.</summary>
    public string IsInDueIndex { get; init; } = "next_activation IS NOT NULL AND permit <> 1";

    /// <summary>The condition on rows (<c>r</c>) that wait for a permit at a place.</summary>
    public string WaitsAtPlace { get; init; } =
        "r.workflow_type = @type AND r.version = @version AND r.executor_group = @group AND r.permit = 1 "
        + "AND r.next_activation IS NOT NULL";

    /// <summary>The condition on rows (<c>r</c>) of a type that have a permit.</summary>
    public string HasPermit { get; init; } = "r.workflow_type = @type AND r.permit = 1 AND r.executor_id IS NOT NULL";

    /// <summary>The column of the state in the index of rows that need a permit.</summary>
    public string PermitState { get; init; } = "permit_state";

    /// <summary>The index of the rows that have permits.</summary>
    public string PermitsIndex { get; init; } = "workflow_run_permits";

    /// <summary>The column of the slot of a count; a constant if a count is one row.</summary>
    public string CountSlot { get; init; } = "slot";

    /// <summary>The end of a query that locks the row that it reads.</summary>
    public string LockRow { get; init; } = "FOR UPDATE";

    /// <summary>Makes an INSERT skip rows that exist, in dialects in which this comes after INSERT.</summary>
    public string OrIgnore { get; init; } = "";

    /// <summary>The same, in dialects in which this comes at the end of the statement.</summary>
    public string OnConflictIgnore { get; init; } = "ON CONFLICT DO NOTHING";

    /// <summary>Makes a statement read a table by an index, if statements name their indexes.</summary>
    public string By(string? index) => NamesIndexes && index is not null ? $"INDEXED BY {index}" : "";

    /// <summary>The condition of a join with the row of an id.</summary>
    public string IsOf(string id, string known) => PinsLookups ? $"{id} = ANY (ARRAY[{known}])" : $"{id} = {known}";

    /// <summary>
    /// An identifier that is compared row by row and not looked up, because its index may contain most rows, and in no useful order.
    /// </summary>
    public string Unindexed(string identifier) => PinsLookups ? $"({identifier} || '')" : identifier;

    /// <summary>Converts a value to what the driver takes.</summary>
    public object ToColumn(object? value) =>
        value switch
        {
            null => DBNull.Value,
            DateTimeOffset instant when StoresMicroseconds => Microseconds(instant),
            DateTimeOffset instant => instant.AsStored(),
            TimeSpan duration when StoresMicroseconds => Microseconds(duration),
            long[] or string[] => ToArray((Array)value),
            _ => value,
        };

    /// <summary>An instant as whole microseconds since 1970-01-01 UTC.</summary>
    public static long Microseconds(DateTimeOffset instant) => Microseconds(instant - DateTimeOffset.UnixEpoch);

    /// <summary>The instant that is a number of microseconds after 1970-01-01 UTC.</summary>
    public static DateTimeOffset Instant(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    private static long Microseconds(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMicrosecond;
}

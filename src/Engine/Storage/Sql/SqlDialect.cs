using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>The few things that databases write differently in the statements that all of them share.</summary>
internal sealed record SqlDialect
{
    /// <summary>Whether each statement has to go out by itself, although the driver can send several at once.</summary>
    public bool SendsOneByOne { get; init; }

    /// <summary>The clock of the database, as an expression; null where it is that of the process.</summary>
    public required string? Clock { get; init; }

    /// <summary>The id that the last insert of the connection has made, as an expression.</summary>
    public required string LastId { get; init; }

    /// <summary>Whether an insert can answer with what it has written. MySQL cannot.</summary>
    public bool HasReturning { get; init; } = true;

    /// <summary>The function that gives the greatest of its arguments.</summary>
    public required string Greatest { get; init; }

    /// <summary>Whether instants and durations are columns of whole microseconds (since 1970-01-01 UTC), not of types of their own.</summary>
    public required bool StoresMicroseconds { get; init; }

    /// <summary>A sum as a 64-bit integer, where the database gives it another type.</summary>
    public Func<string, string> Whole { get; init; } = static sum => sum;

    /// <summary>What rows are grouped by so that they have one identifier, where grouping by the identifier itself is slow.</summary>
    public Func<string, string> GroupKey { get; init; } = static identifier => identifier;

    /// <summary>The identifier that all rows of a group have.</summary>
    public Func<string, string> OfGroup { get; init; } = static identifier => identifier;

    /// <summary>Whether identifiers are stored as bytes, which a text is compared with as bytes.</summary>
    public bool StoresIdentifiersAsBytes { get; init; }

    /// <summary>A join that reads the table on its left first.</summary>
    public string JoinInOrder { get; init; } = "JOIN";

    /// <summary>Says that a table is walked by its primary key, where that has to be said.</summary>
    public string ByPrimaryKey { get; init; } = "";

    /// <summary>Whether a statement says which index it uses, since the planner has no statistics.</summary>
    public bool NamesIndexes { get; init; }

    /// <summary>Whether the planner may take a look-up of a few ids for a walk through a table, unless it sees no other way.</summary>
    public bool PinsLookups { get; init; }

    /// <summary>Whether an index finds unfinished workflows by their status.</summary>
    public bool FindsUnfinishedByStatus { get; init; } = true;

    /// <summary>How the driver is given many values as one.</summary>
    public Func<Array, object> ToArray { get; init; } = static values => values;

    /// <summary>The current instant, as an expression: the parameter <c>@now</c>, or the database's clock where that is NULL.</summary>
    public string Now => Clock is null ? "@now" : $"coalesce(@now, {Clock})";

    /// <summary>The milliseconds from one instant to another, as an expression.</summary>
    public string MillisecondsBetween(string from, string to) =>
        StoresMicroseconds ? $"({to} - {from}) / 1000" : $"extract(epoch FROM {to} - {from}) * 1000";

    /// <summary>A text to compare an identifier with.</summary>
    public string Identifier(string parameter) => StoresIdentifiersAsBytes ? $"CAST({parameter} AS BINARY)" : parameter;

    /// <summary>What ends a query that locks the rows that it reads, but for those that another transaction has locked.</summary>
    public string LockFree { get; init; } = "";

    /// <summary>Has a table read in the order of an index, where that has to be said.</summary>
    public Func<string, string> WalkedBy { get; init; } = static _ => "";

    /// <summary>The priority in the index of what is parked.</summary>
    public string DuePriority { get; init; } = "priority";

    /// <summary>What every row in the index of what is parked has, where the index leaves the others out.</summary>
    public string IsInDueIndex { get; init; } = "next_activation IS NOT NULL AND permit <> 1";

    /// <summary>What every row (<c>r</c>) has that waits for a permit at a place.</summary>
    public string WaitsAtPlace { get; init; } =
        "r.workflow_type = @type AND r.version = @version AND r.executor_group = @group AND r.permit = 1 "
        + "AND r.next_activation IS NOT NULL";

    /// <summary>What every row (<c>r</c>) of a type has that has a permit.</summary>
    public string HasPermit { get; init; } = "r.workflow_type = @type AND r.permit = 1 AND r.executor_id IS NOT NULL";

    /// <summary>The state of a row that needs a permit, as the index of those has it.</summary>
    public string PermitState { get; init; } = "permit_state";

    /// <summary>The index of the rows that have permits.</summary>
    public string PermitsIndex { get; init; } = "workflow_run_permits";

    /// <summary>Which slot of a count a row has; always the same where a count is one row.</summary>
    public string CountSlot { get; init; } = "slot";

    /// <summary>What ends a query that locks the row that it reads.</summary>
    public string LockRow { get; init; } = "FOR UPDATE";

    /// <summary>Makes an INSERT skip rows that exist, in a dialect that says so after INSERT.</summary>
    public string OrIgnore { get; init; } = "";

    /// <summary>The same, in a dialect that says so at the end of the statement.</summary>
    public string OnConflictIgnore { get; init; } = "ON CONFLICT DO NOTHING";

    /// <summary>Has a table read by an index.</summary>
    public string By(string? index) => NamesIndexes && index is not null ? $"INDEXED BY {index}" : "";

    /// <summary>The condition of a join with the row of an id.</summary>
    public string IsOf(string id, string known) => PinsLookups ? $"{id} = ANY (ARRAY[{known}])" : $"{id} = {known}";

    /// <summary>An identifier that is compared row by row, not looked up: its index may hold most rows, and none of them in order.</summary>
    public string Unindexed(string identifier) => PinsLookups ? $"({identifier} || '')" : identifier;

    /// <summary>What the driver is given for a value.</summary>
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

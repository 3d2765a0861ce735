using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>The few things that databases write differently in the statements that all of them share.</summary>
internal sealed record SqlDialect
{
    /// <summary>The clock of the database, as an expression; null where it is that of the process.</summary>
    public required string? Clock { get; init; }

    /// <summary>The id that the last insert of the connection has made, as an expression.</summary>
    public required string LastId { get; init; }

    /// <summary>The function that gives the greatest of its arguments.</summary>
    public required string Greatest { get; init; }

    /// <summary>Whether instants and durations are columns of whole microseconds (since 1970-01-01 UTC), not of types of their own.</summary>
    public required bool StoresMicroseconds { get; init; }

    /// <summary>The current instant, as an expression: the parameter <c>@now</c>, or the database's clock where that is NULL.</summary>
    public string Now => Clock is null ? "@now" : $"coalesce(@now, {Clock})";

    /// <summary>What the driver is given for a value.</summary>
    public object ToColumn(object? value) =>
        value switch
        {
            null => DBNull.Value,
            DateTimeOffset instant when StoresMicroseconds => Microseconds(
                instant.AsStored() - DateTimeOffset.UnixEpoch
            ),
            DateTimeOffset instant => instant.AsStored(),
            TimeSpan duration when StoresMicroseconds => Microseconds(duration),
            _ => value,
        };

    private static long Microseconds(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMicrosecond;
}

using System.Text;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>The current row of a result, read column by column.</summary>
internal sealed class MySqlRow(MySqlDataReader reader) : IStoredRow
{
    private int column;

    public static long Microseconds(DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The variables of a workflow, by its id.</summary>
    public static KeyValuePair<long, string> StateVars(MySqlRow row) => KeyValuePair.Create(row.Number(), row.Text());

    public MySqlRow Begin()
    {
        column = 0;
        return this;
    }

    public long Number() => reader.GetInt64(column++);

    public int SmallNumber() => reader.GetInt32(column++);

    public bool Flag() => Number() != 0;

    public DateTimeOffset Instant() => DateTimeOffset.UnixEpoch.AddTicks(Number() * TimeSpan.TicksPerMicrosecond);

    public long? OptionalNumber() => Missing() ? null : Number();

    public string? OptionalText() => Missing() ? null : Text();

    public DateTimeOffset? OptionalInstant() => Missing() ? null : Instant();

    /// <summary>A text; identifiers are stored as their UTF-8 bytes.</summary>
    public string Text() =>
        reader.GetValue(column++) is var value && value is byte[] bytes
            ? Encoding.UTF8.GetString(bytes)
            : (string)value;

    private bool Missing()
    {
        if (!reader.IsDBNull(column))
        {
            return false;
        }

        column++;
        return true;
    }
}

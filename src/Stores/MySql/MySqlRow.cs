using System.Data.Common;
using System.Globalization;
using System.Text;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>The current row of a result, read column by column.</summary>
internal sealed class MySqlRow(DbDataReader reader) : IStoredRow
{
    private int column;

    public static long Microseconds(DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Goes to the next row, if there is one.</summary>
    public bool Next()
    {
        column = 0;
        return reader.Read();
    }

    public long Number() => Convert.ToInt64(reader.GetValue(column++), CultureInfo.InvariantCulture);

    public int SmallNumber() => (int)Number();

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

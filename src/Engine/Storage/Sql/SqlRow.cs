using System.Data.Common;
using System.Globalization;
using System.Text;

namespace GopherFlow.Storage.Sql;

/// <summary>The current row of a result.</summary>
internal sealed class SqlRow(DbDataReader reader, SqlDialect dialect) : IStoredRow
{
    private int column;

    public long Number() => Convert.ToInt64(reader.GetValue(column++), CultureInfo.InvariantCulture);

    public int SmallNumber() => (int)Number();

    public bool Flag() => Convert.ToBoolean(reader.GetValue(column++), CultureInfo.InvariantCulture);

    /// <summary>A text; some are stored as their UTF-8 bytes.</summary>
    public string Text() =>
        reader.GetValue(column++) switch
        {
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            var text => (string)text,
        };

    public DateTimeOffset Instant() =>
        dialect.StoresMicroseconds
            ? DateTimeOffset.UnixEpoch.AddTicks(Number() * TimeSpan.TicksPerMicrosecond)
            : reader.GetFieldValue<DateTimeOffset>(column++);

    public long? OptionalNumber() => IsNull() ? null : Number();

    public string? OptionalText() => IsNull() ? null : Text();

    public DateTimeOffset? OptionalInstant() => IsNull() ? null : Instant();

    private bool IsNull()
    {
        var isNull = reader.IsDBNull(column);
        column += isNull ? 1 : 0;
        return isNull;
    }
}

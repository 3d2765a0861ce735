using System.Data.Common;
using System.Text;

namespace GopherFlow.Storage.Sql;

/// <summary>The current row of a result.</summary>
internal sealed class SqlRow(DbDataReader reader, SqlDialect dialect) : IStoredRow
{
    private int column;

    /// <summary>Starts to read the current row of the reader.</summary>
    public SqlRow Begin()
    {
        column = 0;
        return this;
    }

    public long Number() => reader.GetInt64(column++);

    public int SmallNumber() => reader.GetInt32(column++);

    public bool Flag() => reader.GetBoolean(column++);

    /// <summary>A text; some texts are stored as UTF-8 bytes.</summary>
    public string Text() =>
        reader.GetValue(column++) switch
        {
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            var text => (string)text,
        };

    public DateTimeOffset Instant() =>
        dialect.StoresMicroseconds ? SqlDialect.Instant(Number()) : reader.GetFieldValue<DateTimeOffset>(column++);

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

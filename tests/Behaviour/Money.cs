using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GopherFlow.Behaviour;

/// <summary>An amount in a currency, for which the application registers a JSON converter.</summary>
public sealed record Money(decimal Amount, string Currency);

/// <summary>Writes money as a text, such as "5.50 EUR".</summary>
internal sealed class MoneyConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var parts = reader.GetString()!.Split(' ');
        return new Money(decimal.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
        writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{value.Amount} {value.Currency}"));
}

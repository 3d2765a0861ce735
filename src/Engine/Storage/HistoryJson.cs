using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>The parts of a history entry that are stored as JSON. Fields without a value are left out.</summary>
internal static class HistoryJson
{
    private static readonly JsonSerializerOptions Serialization = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string? Of(StepError? error) => error is null ? null : JsonSerializer.Serialize(error, Serialization);

    public static string? Of(HistoryDetails? details) => details?.ToJson();

    public static StepError? ErrorOf(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<StepError>(json, Serialization);

    public static HistoryDetails? DetailsOf(string? json) => json is null ? null : HistoryDetails.Parse(json);
}

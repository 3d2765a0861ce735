using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>How operations, filters and what is pending are stored: as JSON, with names for everything that has one.</summary>
internal static class JobJson
{
    private static readonly JsonSerializerOptions Serialization = new(JsonSerializerDefaults.Web)
    {
        Converters = { new StatusConverter(), new JsonStringEnumConverter<WaitReason>(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Serialization);

    /// <summary>Reads what was written by <see cref="Write"/>.</summary>
    /// <exception cref="JsonException">It was not, or by a newer program.</exception>
    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Serialization) ?? throw new JsonException("It is null.");

    private sealed class StatusConverter : JsonConverter<WorkflowStatus>
    {
        public override WorkflowStatus Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) =>
            WorkflowStatusNames.TryParse(reader.GetString(), out var status)
                ? status
                : throw new JsonException("It is not a workflow status.");

        public override void Write(Utf8JsonWriter writer, WorkflowStatus value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToName());
    }
}

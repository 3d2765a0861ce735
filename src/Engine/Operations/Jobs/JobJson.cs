using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>The JSON form in which operations, filters and pending work are stored. Enums are written by name.</summary>
internal static class JobJson
{
    private static readonly JsonSerializerOptions Serialization = new(JsonSerializerDefaults.Web)
    {
        Converters = { new StatusConverter(), new JsonStringEnumConverter<WaitReason>(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Serialization);

    /// <summary>Parses the output of <see cref="Write"/>.</summary>
    /// <exception cref="JsonException">The text is not valid, or was written by a newer version.</exception>
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

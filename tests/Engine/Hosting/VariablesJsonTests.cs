using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;
using GopherFlow.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Engine.Tests.Hosting;

/// <summary>How an application customizes the JSON serialization of variables.</summary>
public sealed class VariablesJsonTests
{
    [Fact]
    public void A_converter_of_the_application_precedes_the_existing_ones()
    {
        var variables = new Variables(
            OptionsOf(
                new(),
                flow => flow.ConfigureVariables(json => json.Converters.Add(new DayNumber()))
            ).VariablesJson
        );
        variables.Set("day", DayOfWeek.Friday);
        variables.Set("kind", StateType.End);

        Assert.Equal("""{"day":5,"kind":"End"}""", variables.ToJson());
    }

    [Fact]
    public void Converters_are_added_to_those_of_the_options()
    {
        var given = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
        var json = OptionsOf(
            new() { VariablesJson = given },
            flow => flow.ConfigureVariables(json => json.Converters.Add(new DayNumber()))
        ).VariablesJson!;

        Assert.Equal(JsonNamingPolicy.SnakeCaseLower, json.PropertyNamingPolicy);
        Assert.IsType<DayNumber>(Assert.Single(json.Converters));
        Assert.Empty(given.Converters);
    }

    [Fact]
    public void Without_a_customization_the_options_are_unchanged() =>
        Assert.Null(OptionsOf(new(), _ => { }).VariablesJson);

    private static EngineOptions OptionsOf(EngineOptions options, Action<GopherFlowRegistration> register)
    {
        using var services = new ServiceCollection()
            .AddLogging()
            .AddGopherFlowEngine(
                options,
                flow =>
                {
                    flow.UseInMemory();
                    register(flow);
                }
            )
            .BuildServiceProvider();
        return services.GetRequiredService<EngineOptions>();
    }

    private sealed class DayNumber : JsonConverter<DayOfWeek>
    {
        public override DayOfWeek Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            (DayOfWeek)reader.GetInt32();

        public override void Write(Utf8JsonWriter writer, DayOfWeek value, JsonSerializerOptions options) =>
            writer.WriteNumberValue((int)value);
    }
}

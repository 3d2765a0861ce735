namespace GopherFlow.Behaviour;

/// <summary>The C# and the F# version of a scenario declare the same definition.</summary>
public sealed class ShapeTests
{
    public static TheoryData<string> Names => [.. Scenarios.All.Select(scenario => scenario.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Both_languages_declare_the_same_definition(string scenario)
    {
        var inCSharp = await DefinitionsAsync(scenario, Language.CSharp);
        var inFSharp = await DefinitionsAsync(scenario, Language.FSharp);

        Assert.Equal(inCSharp.Select(definition => definition.Name), inFSharp.Select(definition => definition.Name));
        Assert.Equal(inCSharp.Select(MermaidText.Of), inFSharp.Select(MermaidText.Of));
        Assert.Equal(inCSharp.Select(ShapeOf), inFSharp.Select(ShapeOf));
    }

    [Fact]
    public void Every_script_belongs_to_a_scenario_and_every_scenario_is_listed()
    {
        Assert.Equal(
            CompiledScripts.Names.Order(StringComparer.Ordinal),
            Scenarios.All.SelectMany(scenario => scenario.Scripts).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            typeof(Scenario).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(Scenario))),
            Scenarios.All.Count
        );
    }

    private static async Task<IReadOnlyList<WorkflowDefinition>> DefinitionsAsync(string scenario, Language language)
    {
        var flow = new GopherFlowRegistration();
        (await Scenarios.Named(scenario).InAsync(language))(flow);
        return flow.Build().All;
    }

    /// <summary>Includes retry policies and timeouts, which are not in the Mermaid text.</summary>
    private static string ShapeOf(WorkflowDefinition definition) => DefinitionShape.Of(definition).ToJson();
}

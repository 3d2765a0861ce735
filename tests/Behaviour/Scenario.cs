using GopherFlow.Scripting;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Behaviour;

/// <summary>
/// A behaviour of the engine: the same definition in C# and in F#, and one method that drives the workflow and asserts the result.
/// The workflow and its script have the name of the scenario.
/// </summary>
internal abstract class Scenario
{
    /// <summary>The name of the scenario, of its workflow and of its script.</summary>
    public string Name => GetType().Name;

    /// <summary>The stores on which it runs.</summary>
    public virtual IReadOnlyList<StoreKind> Stores => [StoreKind.InMemory, StoreKind.Sqlite];

    /// <summary>The scripts: its own, and those of its children.</summary>
    public virtual IReadOnlyList<string> Scripts => [Name];

    /// <summary>The options of the engine.</summary>
    protected virtual EngineOptions Options => new();

    /// <summary>Registers the C# definitions.</summary>
    public abstract void InCSharp(GopherFlowRegistration flow);

    /// <summary>Drives the workflow and asserts its behaviour.</summary>
    protected abstract Task PlayAsync(Scene scene);

    /// <summary>Adds further services for the steps, besides gates and notebook.</summary>
    protected virtual void AddServices(IServiceCollection services) { }

    /// <summary>The definitions in a language.</summary>
    public async Task<Action<GopherFlowRegistration>> InAsync(Language language)
    {
        if (language == Language.CSharp)
        {
            return InCSharp;
        }

        var loaded = new List<LoadedScript>();
        foreach (var script in Scripts)
        {
            loaded.Add(await CompiledScripts.FindAsync(script));
        }

        return flow => loaded.ForEach(script => flow.AddDefinition(script.Definition));
    }

    /// <summary>Runs the scenario once.</summary>
    public async Task RunAsync(Language language, StoreKind kind)
    {
        var gates = new Gates();
        var notes = new Notebook();
        var register = await InAsync(language);
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            register,
            Options,
            configure: services =>
            {
                services.AddSingleton(gates).AddSingleton(notes);
                AddServices(services);
            }
        );
        await PlayAsync(new Scene(engine, store, gates, notes, Name));
    }

    /// <summary>Begins the C# definition.</summary>
    protected WorkflowDefinitionBuilder Machine() => WorkflowDefinitionBuilder.Named(Name);
}
